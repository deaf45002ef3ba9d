import { ENGINE } from "@tensorflow/tfjs-core/dist/engine.js";
import type { BackendKind } from "./backends.ts";
import { cast, concat, mul, reduce, reshape, sub, type Tensor } from "./kernels.ts";
import { download, product, range, tensorOf, type Value } from "./value.ts";

/** Of all elements; `std` is the population's. */
export interface Statistics {
  readonly mean: number;
  readonly std: number;
  readonly min: number;
  readonly max: number;
}

/** On the graphics card four numbers are read back instead of the whole tensor. */
export async function statisticsOf(value: Value, backend: BackendKind): Promise<Statistics> {
  if (product(value.shape) === 0) return { mean: Number.NaN, std: Number.NaN, min: Number.NaN, max: Number.NaN };
  return backend === "webgl" ? onDevice(value) : onHost(await download(value));
}

function onHost(data: Float32Array): Statistics {
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < data.length; i++) {
    const x = data[i] ?? 0;
    sum += x;
    if (x < min) min = x;
    if (max < x) max = x;
  }
  const mean = sum / data.length;
  let squares = 0;
  for (let i = 0; i < data.length; i++) {
    const off = (data[i] ?? 0) - mean;
    squares += off * off;
  }
  return { mean, std: Math.sqrt(squares / data.length), min, max };
}

async function onDevice(value: Value): Promise<Statistics> {
  const numbers = ENGINE.tidy((): Tensor => {
    const x = cast(tensorOf(value), "float32");
    const over = range(0, x.shape.length);
    const mean = reduce("Mean", x, over, true);
    const centred = sub(x, mean);
    const parts = [
      mean,
      reduce("Mean", mul(centred, centred), over, true),
      reduce("Min", x, over, true),
      reduce("Max", x, over, true),
    ];
    return concat(
      parts.map((part) => reshape(part, [1])),
      0,
    );
  });
  const [mean = 0, variance = 0, min = 0, max = 0] = await numbers.data<"float32">();
  numbers.dispose();
  return { mean, std: Math.sqrt(variance), min, max };
}

import { ENGINE } from "@tensorflow/tfjs-core/dist/engine.js";
import { kernel, matmul, type Tensor, upload } from "./kernels.ts";

/** Largest difference, relative to the largest value, that a float32 backend may show on sums this short. */
const TOLERANCE = 1e-4;

/** A picture of 6×6 with 2 channels, a filter of 3×3 to 3 channels. */
const SIZE = 6;
const IN = 2;
const OUT = 3;

/**
 * Runs a convolution, a maximum pool and a matrix product on the backend in use and in plain JavaScript; gives the
 * largest relative difference, and whether it is small enough for a backend that computes in float32.
 */
export async function selfCheck(): Promise<{ readonly ok: boolean; readonly difference: number }> {
  const image = Float32Array.from({ length: SIZE * SIZE * IN }, (_, i) => Math.sin(i * 0.7) * 3);
  const filter = Float32Array.from({ length: 9 * IN * OUT }, (_, i) => Math.cos(i * 1.3));
  const matrix = Float32Array.from({ length: OUT * 4 }, (_, i) => Math.sin(i * 2.1 + 1));
  const result = ENGINE.tidy((): Tensor => {
    const x = upload(image, [1, SIZE, SIZE, IN]);
    const attrs = {
      strides: [1, 1],
      dilations: [1, 1],
      dataFormat: "NHWC",
      dimRoundingMode: "floor",
      activation: "linear",
    };
    const around = [
      [0, 0],
      [1, 1],
      [1, 1],
      [0, 0],
    ];
    const conv = kernel("FusedConv2D", { x, filter: upload(filter, [3, 3, IN, OUT]) }, { ...attrs, pad: around });
    const pool = { filterSize: [2, 2], strides: [2, 2], pad: 0, dimRoundingMode: "floor" };
    const pooled = kernel("MaxPool", { x: conv }, pool);
    const rows = kernel("Reshape", { x: pooled }, { shape: [9, OUT] });
    return matmul(rows, upload(matrix, [OUT, 4]));
  });
  const actual = await result.data<"float32">();
  result.dispose();
  const expected = reference(image, filter, matrix);
  let difference = 0;
  let largest = 0;
  for (const [i, value] of expected.entries()) {
    const off = Math.abs((actual[i] ?? Number.NaN) - value);
    difference = Number.isNaN(off) ? Number.POSITIVE_INFINITY : Math.max(difference, off);
    largest = Math.max(largest, Math.abs(value));
  }
  return { ok: difference <= TOLERANCE * largest, difference: difference / largest };
}

function reference(image: Float32Array, filter: Float32Array, matrix: Float32Array): readonly number[] {
  const conv = (y: number, x: number, o: number): number => {
    let sum = 0;
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 3; j++) {
        const row = y + i - 1;
        const column = x + j - 1;
        if (row < 0 || column < 0 || SIZE <= row || SIZE <= column) continue;
        for (let c = 0; c < IN; c++)
          sum += (image[(row * SIZE + column) * IN + c] ?? 0) * (filter[((i * 3 + j) * IN + c) * OUT + o] ?? 0);
      }
    return sum;
  };
  const half = SIZE / 2;
  const out: number[] = [];
  for (let cell = 0; cell < half * half; cell++) {
    const y = 2 * Math.floor(cell / half);
    const x = 2 * (cell % half);
    for (let k = 0; k < 4; k++) {
      let sum = 0;
      for (let o = 0; o < OUT; o++) {
        const top = Math.max(conv(y, x, o), conv(y, x + 1, o), conv(y + 1, x, o), conv(y + 1, x + 1, o));
        sum += top * (matrix[o * 4 + k] ?? 0);
      }
      out.push(sum);
    }
  }
  return out;
}

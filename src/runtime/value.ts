import { ENGINE } from "@tensorflow/tfjs-core/dist/engine.js";
import { type Tensor, type TensorType, transpose, upload } from "./kernels.ts";

/**
 * A tensor of the program. `shape` is in PyTorch's axis order; a tensor stored with layout `last` has its second axis
 * (channels) moved to the end, as TensorFlow.js' convolutions want it. Only ranks of 3 and above are ever `last`.
 */
export interface Value {
  readonly shape: readonly number[];
  readonly layout: "first" | "last";
  readonly stored: Tensor | HostWeight;
}

/** A weight on the host, uploaded in whichever form an operator asks for first, and kept on the device. */
export interface HostWeight {
  readonly kind: "weight";
  readonly shape: readonly number[];
  readonly dtype: TensorType;
  readonly data: Float32Array;
  readonly forms: Map<string, Tensor>;
}

/** `make` gives the elements, once, when they are first needed. */
export function hostWeight(shape: readonly number[], dtype: TensorType, make: () => Float32Array): HostWeight {
  let made: Float32Array | undefined;
  return {
    kind: "weight",
    shape,
    dtype,
    get data() {
      made ??= make();
      return made;
    },
    forms: new Map(),
  };
}

export function isWeight(stored: Tensor | HostWeight): stored is HostWeight {
  return "forms" in stored;
}

/** One form of a weight (`key` names it), made and uploaded at the first use. */
export function formOf(
  weight: HostWeight,
  key: string,
  make: () => { readonly shape: readonly number[]; readonly data: Float32Array },
): Tensor {
  const known = weight.forms.get(key);
  if (known !== undefined) return known;
  const { shape, data } = make();
  const tensor = ENGINE.keep(upload(data, shape, weight.dtype));
  weight.forms.set(key, tensor);
  return tensor;
}

/** As it is stored, `layout` unchanged. */
export function tensorOf(value: Value): Tensor {
  const { stored } = value;
  return isWeight(stored) ? formOf(stored, "as given", () => stored) : stored;
}

/** In PyTorch's axis order. */
export function first(value: Value): Tensor {
  const tensor = tensorOf(value);
  if (value.layout === "first") return tensor;
  const rank = tensor.shape.length;
  return transpose(tensor, [0, rank - 1, ...range(1, rank - 1)]);
}

/** With the second axis moved to the end. */
export function last(value: Value): Tensor {
  const tensor = tensorOf(value);
  const rank = tensor.shape.length;
  if (value.layout === "last" || rank < 3) return tensor;
  return transpose(tensor, [0, ...range(2, rank), 1]);
}

export function ofFirst(tensor: Tensor): Value {
  return { shape: tensor.shape, layout: "first", stored: tensor };
}

export function ofLast(tensor: Tensor): Value {
  const { shape } = tensor;
  const rank = shape.length;
  if (rank < 3) return ofFirst(tensor);
  return { shape: [shape[0] ?? 0, shape[rank - 1] ?? 0, ...shape.slice(1, -1)], layout: "last", stored: tensor };
}

export function ofLayout(tensor: Tensor, layout: "first" | "last"): Value {
  return layout === "last" ? ofLast(tensor) : ofFirst(tensor);
}

/** In the given layout; the rank is at least 3 for `last`. */
export function inLayout(value: Value, layout: "first" | "last"): Tensor {
  return layout === "last" ? last(value) : first(value);
}

/** Where PyTorch's axis (0-based, negative from the end) lies in the stored tensor. */
export function physicalAxis(value: Value, axis: number): number {
  const rank = value.shape.length;
  const at = axis < 0 ? axis + rank : axis;
  if (value.layout === "first" || at === 0) return at;
  return at === 1 ? rank - 1 : at - 1;
}

/** Per-axis list in PyTorch's order to the stored order. */
export function physicalOrder<T>(value: Value, perAxis: readonly T[]): readonly T[] {
  if (value.layout === "first") return perAxis;
  return [...perAxis.slice(0, 1), ...perAxis.slice(2), ...perAxis.slice(1, 2)];
}

/** Elements permuted: axis i of the result is axis `perm[i]` of the source. */
export function permuteHost(
  data: Float32Array,
  shape: readonly number[],
  perm: readonly number[],
): { readonly shape: readonly number[]; readonly data: Float32Array } {
  const target = perm.map((axis) => shape[axis] ?? 1);
  if (1 < shape.length && perm.at(-1) === 0) return { shape: target, data: firstAxisLast(data, shape, perm) };
  const strides: number[] = shape.map(() => 1);
  for (let axis = shape.length - 2; 0 <= axis; axis--)
    strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1);
  const steps = perm.map((axis) => strides[axis] ?? 1);
  const out = new Float32Array(data.length);
  eachRow(target, steps, (to, from, width, step) => {
    for (let i = 0, at = from; i < width; i++, at += step) out[to + i] = data[at] ?? 0;
  });
  return { shape: target, data: out };
}

/**
 * Calls back for each row along the last axis, in order: where it starts, where it starts in an array that an axis is
 * gone along by `steps`, its length, and its own step there.
 */
export function eachRow(
  shape: readonly number[],
  steps: readonly number[],
  row: (to: number, from: number, width: number, step: number) => void,
): void {
  const total = product(shape);
  const last = shape.length - 1;
  const width = shape[last] ?? 1;
  const step = steps[last] ?? 0;
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < total; to += width) {
    row(to, from, width, step);
    for (let axis = last - 1; 0 <= axis; axis--) {
      const next = (index[axis] ?? 0) + 1;
      from += steps[axis] ?? 0;
      if (next < (shape[axis] ?? 0)) {
        index[axis] = next;
        break;
      }
      index[axis] = 0;
      from -= (steps[axis] ?? 0) * (shape[axis] ?? 0);
    }
  }
}

/** What is read and written meanwhile fits the innermost cache, for channel counts that are powers of 2 too. */
const BLOCK = { rows: 8, columns: 64 };

/** {@link permuteHost} where the first axis becomes the last, as in every filter. */
function firstAxisLast(data: Float32Array, shape: readonly number[], perm: readonly number[]): Float32Array {
  const [width = 0, ...rest] = shape;
  const rows = product(rest);
  const order = rowOrder(
    rest,
    perm.slice(0, -1).map((axis) => axis - 1),
  );
  const out = new Float32Array(data.length);
  for (let top = 0; top < rows; top += BLOCK.rows)
    for (let left = 0; left < width; left += BLOCK.columns) {
      const right = Math.min(width, left + BLOCK.columns);
      for (let row = top; row < Math.min(rows, top + BLOCK.rows); row++) {
        const to = (order[row] ?? 0) * width;
        for (let column = left; column < right; column++) out[to + column] = data[column * rows + row] ?? 0;
      }
    }
  return out;
}

/** Where each element of an array of this shape, row-major, stands after its axes are permuted. */
function rowOrder(shape: readonly number[], perm: readonly number[]): Int32Array {
  const target = perm.map((axis) => shape[axis] ?? 1);
  const steps = shape.map((_, axis) => product(target.slice(perm.indexOf(axis) + 1)));
  let order = Int32Array.of(0);
  for (const [axis, size] of shape.entries()) {
    const step = steps[axis] ?? 0;
    const next = new Int32Array(order.length * size);
    for (let i = 0; i < next.length; i++) next[i] = (order[Math.floor(i / size)] ?? 0) + (i % size) * step;
    order = next;
  }
  return order;
}

/** Elements as float32 in PyTorch's axis order, read from the device. */
export async function download(value: Value): Promise<Float32Array> {
  if (isWeight(value.stored)) return value.stored.data;
  const raw = await value.stored.data<"float32">();
  const data = raw instanceof Float32Array ? raw : Float32Array.from(raw);
  if (value.layout === "first") return data;
  const rank = value.stored.shape.length;
  return permuteHost(data, value.stored.shape, [0, rank - 1, ...range(1, rank - 1)]).data;
}

export function range(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}

export function product(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a * b, 1);
}

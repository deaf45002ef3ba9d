import { type Args, flag, input, number, numbers, type Run } from "../args.ts";
import {
  alongAxis,
  concat,
  kernel,
  matmul,
  mul,
  pad,
  reduce,
  reshape,
  scale,
  slab,
  type Tensor,
  upload,
} from "../kernels.ts";
import { first, last, ofFirst, ofLast, product, range, type Value } from "../value.ts";
import { batched, unbatched } from "./conv.ts";

/** One window axis, in elements. */
export interface Window {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly pad: number;
  readonly dilation: number;
  readonly out: number;
}

/**
 * PyTorch's output length: with ceil_mode the last window may hang over, but must start inside the input or its
 * left padding.
 * @see https://github.com/pytorch/pytorch/blob/main/aten/src/ATen/native/Pool.h (`pooling_output_shape_pad_lr`)
 */
export function windowsOf(shape: readonly number[], args: Args): readonly Window[] {
  const spatial = numbers(args, "kernel").length === 1 ? shape.length - 2 : numbers(args, "kernel").length;
  const kernels = numbers(args, "kernel", spatial);
  const strides = args.stride === undefined || args.stride === null ? kernels : numbers(args, "stride", spatial);
  const pads = numbers(args, "padding", spatial, 0);
  const dilations = numbers(args, "dilation", spatial, 1);
  const ceil = flag(args, "ceil_mode");
  return shape.slice(-spatial).map((size, i) => {
    const k = kernels[i] ?? 1;
    const stride = strides[i] ?? k;
    const padding = pads[i] ?? 0;
    const dilation = dilations[i] ?? 1;
    const free = size + 2 * padding - dilation * (k - 1) - 1;
    let out = (ceil ? Math.ceil(free / stride) : Math.floor(free / stride)) + 1;
    if (ceil && size + padding <= (out - 1) * stride) out--;
    return { size, kernel: k, stride, pad: padding, dilation, out };
  });
}

/** Elements needed after the input so that every window is whole; at least the padding. */
function after(w: Window): number {
  return Math.max(0, (w.out - 1) * w.stride + w.dilation * (w.kernel - 1) + 1 - w.size - w.pad);
}

export function spatialOf(value: Pick<Value, "shape">, args: Args): number {
  const given = numbers(args, "kernel").length;
  return given === 1 ? value.shape.length - 2 : given;
}

/** Maximum over windows; padding never wins. x [N, C, *S] or [C, *S]. */
export const maxPool: Run = (inputs, args) => {
  const given = input(inputs, 0);
  const spatial = spatialOf(given, args);
  const x = batched(given, spatial);
  const windows = windowsOf(x.shape, args);
  const source = last(x);
  const plain = windows.every((w) => w.dilation === 1) && spatial < 3 && windows.some((w) => 1 < w.kernel);
  const out = plain ? maxPool2d(source, windows) : maxOfShifts(source, windows);
  return [unbatched(ofLast(out), given, spatial)];
};

function maxPool2d(x: Tensor, windows: readonly Window[]): Tensor {
  const flat = windows.length === 1;
  const source = flat ? reshape(x, [x.shape[0] ?? 0, 1, x.shape[1] ?? 0, x.shape[2] ?? 0]) : x;
  const all = flat ? [ONE_WINDOW, ...windows] : windows;
  const attrs = {
    filterSize: all.map((w) => w.kernel),
    strides: all.map((w) => w.stride),
    pad: [[0, 0], ...all.map((w) => [w.pad, after(w)]), [0, 0]],
    dimRoundingMode: "floor",
  };
  const out = kernel("MaxPool", { x: source }, attrs);
  return flat ? dropHeight(out) : out;
}

const ONE_WINDOW: Window = { size: 1, kernel: 1, stride: 1, pad: 0, dilation: 1, out: 1 };

function dropHeight(x: Tensor): Tensor {
  return reshape(x, [x.shape[0] ?? 0, x.shape[2] ?? 0, x.shape[3] ?? 0]);
}

/** Any dilation and rank: the maximum of the strided views that one window offset each gives, axis by axis. */
function maxOfShifts(x: Tensor, windows: readonly Window[]): Tensor {
  return windows.reduce((tensor, w, i) => {
    const axis = i + 1;
    const around = tensor.shape.map((_, j) => (j === axis ? ([w.pad, after(w)] as const) : ([0, 0] as const)));
    // Below every float32 that a pool compares; −∞ itself turns into NaN in some shaders' arithmetic.
    const padded = pad(tensor, around, -3.4028234e38);
    const views = range(0, w.kernel).map((k) => strided(padded, axis, k * w.dilation, w.stride, w.out));
    return views.reduce((a, b) => kernel("Maximum", { a, b }));
  }, x);
}

/** `count` elements of one axis from `from` on, every `step`-th. */
export function strided(x: Tensor, axis: number, from: number, step: number, count: number): Tensor {
  if (step === 1) return slab(x, axis, from, count);
  return alongAxis(x, axis, (flat, at) => {
    const begin = flat.shape.map((_, i) => (i === at ? from : 0));
    const end = flat.shape.map((n, i) => (i === at ? from + (count - 1) * step + 1 : n));
    const strides = flat.shape.map((_, i) => (i === at ? step : 1));
    const masks = { beginMask: 0, endMask: 0, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 };
    return kernel("StridedSlice", { x: flat }, { begin, end, strides, ...masks });
  });
}

/** Mean over windows; the divisor counts as `count_include_pad`, `ceil_mode` and `divisor` say. */
export const avgPool: Run = (inputs, args) => {
  const given = input(inputs, 0);
  const spatial = spatialOf(given, args);
  const x = batched(given, spatial);
  const windows = windowsOf(x.shape, args);
  const around = [[0, 0], ...windows.map((w) => [w.pad, after(w)]), [0, 0]] as [number, number][];
  const padded = pad(last(x), around);
  const mean = meanOfWindows(padded, windows);
  const area = product(windows.map((w) => w.kernel));
  const divisor = args.divisor;
  if (typeof divisor === "number") return [unbatched(ofLast(scale(mean, area / divisor)), given, spatial)];
  const counts = countMap(windows, flag(args, "count_include_pad", true));
  if (counts.every((count) => count === area)) return [unbatched(ofLast(mean), given, spatial)];
  const factors = upload(
    Float32Array.from(counts, (count) => area / count),
    [...windows.map((w) => w.out), 1],
  );
  return [unbatched(ofLast(mul(mean, factors)), given, spatial)];
};

function meanOfWindows(x: Tensor, windows: readonly Window[]): Tensor {
  if (windows.every((w) => w.kernel === 1))
    return windows.reduce((tensor, w, i) => strided(tensor, i + 1, 0, w.stride, w.out), x);
  if (windows.length === 3) {
    const sum = windows.reduce((tensor, w, i) => {
      const views = range(0, w.kernel).map((k) => strided(tensor, i + 1, k, w.stride, w.out));
      return views.reduce((a, b) => kernel("Add", { a, b }));
    }, x);
    return scale(sum, 1 / product(windows.map((w) => w.kernel)));
  }
  const flat = windows.length === 1;
  const source = flat ? reshape(x, [x.shape[0] ?? 0, 1, x.shape[1] ?? 0, x.shape[2] ?? 0]) : x;
  const all = flat ? [ONE_WINDOW, ...windows] : windows;
  // A single number as padding would use one stride for both axes.
  const none = [[0, 0], ...all.map(() => [0, 0]), [0, 0]];
  const attrs = {
    filterSize: all.map((w) => w.kernel),
    strides: all.map((w) => w.stride),
    pad: none,
    dimRoundingMode: "floor",
  };
  const out = kernel("AvgPool", { x: source }, attrs);
  return flat ? dropHeight(out) : out;
}

/** Elements that PyTorch counts in each window, row-major over the output. */
export function countMap(windows: readonly Window[], includePad: boolean): readonly number[] {
  const perAxis = windows.map((w) =>
    range(0, w.out).map((i) => {
      const start = i * w.stride - w.pad;
      const end = Math.min(start + w.kernel, w.size + w.pad);
      return includePad ? end - start : Math.min(end, w.size) - Math.max(start, 0);
    }),
  );
  return perAxis.reduce((all, axis) => all.flatMap((a) => axis.map((b) => a * b)), [1] as readonly number[]);
}

/** First element and the one after the last, of each of `out` adaptive windows over `size` elements. */
export function adaptiveWindows(size: number, out: number): readonly (readonly [number, number])[] {
  return range(0, out).map((i) => [Math.floor((i * size) / out), Math.ceil(((i + 1) * size) / out)] as const);
}

export function adaptiveSizes(x: Pick<Value, "shape">, args: Args, spatial: number): readonly number[] {
  const wanted = args.output;
  const list = Array.isArray(wanted) ? wanted : Array(spatial).fill(wanted);
  return x.shape.slice(-spatial).map((size, i) => {
    const n = list[i] ?? (list.length === 1 ? list[0] : null);
    return typeof n === "number" ? n : size;
  });
}

export function adaptiveRank(x: Pick<Value, "shape">, args: Args): number {
  const wanted = args.output;
  return Array.isArray(wanted) && wanted.length !== 1 ? wanted.length : x.shape.length - 2;
}

/**
 * x with a batch and a channel axis in front of `spatial` others: PyTorch takes the mean over the last axes of any rank.
 * `restore` gives a result the leading axes of x again.
 */
function twoLeading(given: Value, spatial: number): { readonly x: Value; readonly restore: (out: Value) => Value } {
  const lead = given.shape.slice(0, -spatial);
  if (lead.length === 1 || lead.length === 2)
    return { x: batched(given, spatial), restore: (out) => unbatched(out, given, spatial) };
  const rest = given.shape.slice(-spatial);
  return {
    x: ofFirst(reshape(first(given), [product(lead), 1, ...rest])),
    restore: (out) => ofFirst(reshape(first(out), [...lead, ...out.shape.slice(2)])),
  };
}

/** Mean over windows that divide each axis as evenly as possible; `output` per axis, null keeps the size. */
export const adaptiveAvgPool: Run = (inputs, args) => {
  const given = input(inputs, 0);
  const spatial = adaptiveRank(given, args);
  const { x, restore } = twoLeading(given, spatial);
  const sizes = adaptiveSizes(x, args, spatial);
  const tensor = last(x);
  if (sizes.every((n) => n === 1)) return [restore(ofLast(reduce("Mean", tensor, range(1, spatial + 1), true)))];
  const even = sizes.every((n, i) => 0 < n && (x.shape[i + 2] ?? 0) % n === 0);
  if (even) {
    const windows = sizes.map((out, i) => {
      const size = x.shape[i + 2] ?? 0;
      return { size, kernel: size / out, stride: size / out, pad: 0, dilation: 1, out };
    });
    return [restore(ofLast(meanOfWindows(tensor, windows)))];
  }
  return [restore(sizes.reduce((value, n, i) => mixAxis(value, i + 2, averaging(value.shape[i + 2] ?? 0, n)), x))];
};

/** [out, size] matrix that averages adaptive windows. */
function averaging(size: number, out: number): readonly Float32Array[] {
  return adaptiveWindows(size, out).map(([start, end]) => {
    const row = new Float32Array(size);
    row.fill(1 / (end - start), start, end);
    return row;
  });
}

/** Replaces one axis of x [N, C, *S] by the given combinations of its elements: `rows[i]` holds the weights of output i. */
export function mixAxis(x: Value, axis: number, rows: readonly Float32Array[]): Value {
  const tensor = first(x);
  const size = tensor.shape[axis] ?? 0;
  const before = product(tensor.shape.slice(0, axis));
  const behind = product(tensor.shape.slice(axis + 1));
  const weights = new Float32Array(rows.length * size);
  rows.forEach((row, i) => {
    weights.set(row, i * size);
  });
  const shape = tensor.shape.map((n, i) => (i === axis ? rows.length : n));
  const matrix = upload(weights, [rows.length, size]);
  if (behind === 1) {
    const flat = reshape(tensor, [before, size]);
    return ofFirst(reshape(matmul(flat, matrix, false, true), shape));
  }
  const stacked = reshape(tensor, [before, size, behind]);
  const lifted = reshape(matrix, [1, rows.length, size]);
  return ofFirst(reshape(matmul(lifted, stacked), shape));
}

/** Maximum over windows that divide each axis as evenly as possible. */
export const adaptiveMaxPool: Run = (inputs, args) => {
  const given = input(inputs, 0);
  const spatial = adaptiveRank(given, args);
  const x = batched(given, spatial);
  const out = adaptiveSizes(x, args, spatial).reduce((tensor, n, i) => {
    const windows = adaptiveWindows(tensor.shape[i + 1] ?? 0, n);
    const parts = windows.map(([start, end]) => reduce("Max", slab(tensor, i + 1, start, end - start), [i + 1], true));
    return concat(parts, i + 1);
  }, last(x));
  return [unbatched(ofLast(out), given, spatial)];
};

/** x / (k + alpha / size · Σ x²)^beta over `size` neighbouring channels. */
export const localResponseNorm: Run = (inputs, args) => {
  const x = last(input(inputs, 0));
  const size = number(args, "size");
  const channelAxis = x.shape.length - 1;
  const channels = x.shape[channelAxis] ?? 0;
  const lo = Math.floor(size / 2);
  const around = x.shape.map((_, i) => (i === channelAxis ? ([lo, size - 1 - lo] as const) : ([0, 0] as const)));
  const squares = pad(mul(x, x), around);
  const sum = range(0, size)
    .map((k) => slab(squares, channelAxis, k, channels))
    .reduce((a, b) => kernel("Add", { a, b }));
  const { alpha, beta, k } = {
    alpha: number(args, "alpha", 1e-4),
    beta: number(args, "beta", 0.75),
    k: number(args, "k", 1),
  };
  const base = kernel("Add", { a: scale(sum, alpha / size), b: upload(Float32Array.of(k), []) });
  const power = kernel("Pow", { a: base, b: upload(Float32Array.of(beta), []) });
  return [ofLast(kernel("RealDiv", { a: x, b: power }))];
};

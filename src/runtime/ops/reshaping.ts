import { t } from "../../text/text.ts";
import {
  type Args,
  axes,
  axis,
  flag,
  input,
  number,
  numbers,
  perAxis,
  type Run,
  sides,
  type Unsupported,
} from "../args.ts";
import {
  broadcastTo,
  cast,
  concat,
  gather,
  kernel,
  pad,
  reshape,
  reverse,
  scalar,
  slab,
  type Tensor,
  transpose,
  upload,
} from "../kernels.ts";
import {
  first,
  inLayout,
  ofFirst,
  ofLayout,
  physicalAxis,
  physicalOrder,
  product,
  range,
  tensorOf,
  type Value,
} from "../value.ts";
import { deviceType } from "./elementwise.ts";
import { strided } from "./pool.ts";

/** Same elements in row-major order, in the shape that the program declares: axes joined, split, added or dropped. */
const viewed: Run = (inputs, _args, outputs) => {
  const x = first(input(inputs, 0));
  return [ofFirst(reshape(x, outputs[0]?.shape ?? x.shape))];
};

/** Same elements in row-major order; a single −1 in `shape` is inferred. */
const reshapeTo: Run = (inputs, args) => {
  const x = first(input(inputs, 0));
  const wanted = numbers(args, "shape");
  const known = product(wanted.filter((n) => n !== -1));
  const shape = wanted.map((n) => (n === -1 ? product(x.shape) / known : n));
  return [ofFirst(reshape(x, shape))];
};

/** Axis i of the result is axis `axes[i]` of the input. */
const permute: Run = (inputs, args) => {
  const x = input(inputs, 0);
  const perm = axes(args, x.shape.length).map((at) => physicalAxis(x, at));
  return [ofFirst(transpose(tensorOf(x), perm))];
};

/** Axes `a` and `b` exchanged. */
const exchange: Run = (inputs, args) => {
  const x = first(input(inputs, 0));
  const rank = x.shape.length;
  const [a, b] = [axis(args, rank, "a"), axis(args, rank, "b")];
  return [
    ofFirst(
      transpose(
        x,
        range(0, rank).map((i) => (i === a ? b : i === b ? a : i)),
      ),
    ),
  ];
};

/** Axes of length 1 repeated; −1 keeps a length, new axes come in front. */
const expand: Run = (inputs, args) => {
  const x = first(input(inputs, 0));
  const wanted = numbers(args, "shape");
  const missing = wanted.length - x.shape.length;
  const shape = wanted.map((n, i) => (n === -1 ? (x.shape[i - missing] ?? 1) : n));
  return [ofFirst(throughFloat(x, (tensor) => broadcastTo(tensor, shape)))];
};

const repeat: Run = (inputs, args) => {
  const x = first(input(inputs, 0));
  const reps = numbers(args, "times");
  const lifted = [...Array<number>(reps.length - x.shape.length).fill(1), ...x.shape];
  return [ofFirst(throughFloat(x, (tensor) => kernel("Tile", { x: reshape(tensor, lifted) }, { reps: [...reps] })))];
};

/** Moving kernels that lack bool run on float32. */
function throughFloat(x: Tensor, f: (x: Tensor) => Tensor): Tensor {
  if (x.dtype !== "bool") return f(x);
  return cast(f(cast(x, "int32")), "bool");
}

const concatenate: Run = (inputs, args) => {
  const x = input(inputs, 0);
  const at = axis(args, x.shape.length);
  const layout = inputs.some((value) => value.layout === "last") ? "last" : "first";
  const tensors = sameType(inputs.map((value) => inLayout(value, layout)));
  // Empty 1-d inputs are skipped, as PyTorch does for its legacy idiom.
  const parts = tensors.filter((tensor) => product(tensor.shape) !== 0 || tensors.length === 1);
  const physical = physicalAxis({ ...x, layout }, at);
  return [ofLayout(concat(parts, physical), layout)];
};

const stack: Run = (inputs, args) => {
  const rank = input(inputs, 0).shape.length + 1;
  const at = axis(args, rank);
  const tensors = sameType(inputs.map(first)).map((tensor) =>
    reshape(tensor, [...tensor.shape.slice(0, at), 1, ...tensor.shape.slice(at)]),
  );
  return [ofFirst(concat(tensors, at))];
};

function sameType(tensors: readonly Tensor[]): readonly Tensor[] {
  const type = tensors.some((x) => x.dtype === "float32")
    ? "float32"
    : tensors.some((x) => x.dtype === "int32")
      ? "int32"
      : "bool";
  return tensors.map((x) => cast(x, type));
}

/** As many elements of the axis for each output as the program declares. */
const split: Run = (inputs, args, outputs) => {
  const x = input(inputs, 0);
  const along = axis(args, x.shape.length);
  const at = physicalAxis(x, along);
  const tensor = tensorOf(x);
  let from = 0;
  return outputs.map(({ shape }) => {
    const size = shape[along] ?? 0;
    const part = slab(tensor, at, from, size);
    from += size;
    return ofLayout(part, x.layout);
  });
};

/** Every element of the axis as an output of its own, without the axis. */
const unbind: Run = (inputs, args, outputs) => {
  const x = first(input(inputs, 0));
  const at = axis(args, x.shape.length);
  return outputs.map((_, i) => {
    const part = slab(x, at, i, 1);
    return ofFirst(reshape(part, [...x.shape.slice(0, at), ...x.shape.slice(at + 1)]));
  });
};

/** One element of an axis, without the axis. */
const select: Run = (inputs, args) => {
  const x = first(input(inputs, 0));
  const at = axis(args, x.shape.length);
  const index = number(args, "index");
  const part = slab(x, at, index < 0 ? index + (x.shape[at] ?? 0) : index, 1);
  return [ofFirst(reshape(part, [...x.shape.slice(0, at), ...x.shape.slice(at + 1)]))];
};

/** Each element `repeats` times; without an axis, of the flattened input. */
const repeatInterleave: Run = (inputs, args) => {
  const x = first(input(inputs, 0));
  const source = typeof args.axis === "number" ? x : reshape(x, [product(x.shape)]);
  const at = typeof args.axis === "number" ? axis(args, x.shape.length) : 0;
  const times = number(args, "repeats");
  const indices = range(0, (source.shape[at] ?? 0) * times).map((i) => Math.floor(i / times));
  return [ofFirst(gather(source, indices, at))];
};

/** Sliding windows as columns: [N, C, H, W] to [N, C·kh·kw, positions]. */
const unfold: Run = (inputs, args) => {
  const given = input(inputs, 0);
  const single = given.shape.length === 3;
  const x = single ? reshape(first(given), [1, ...given.shape]) : first(given);
  const [kernels, dilations] = [numbers(args, "kernel", 2), numbers(args, "dilation", 2, 1)];
  const [pads, strides] = [numbers(args, "padding", 2, 0), numbers(args, "stride", 2, 1)];
  const around = [[0, 0], [0, 0], ...pads.map((n) => [n, n] as const)] as readonly (readonly [number, number])[];
  const padded = pad(x, around);
  const windows = [0, 1].map((i) => {
    const reach = (dilations[i] ?? 1) * ((kernels[i] ?? 1) - 1) + 1;
    const count = Math.floor(((padded.shape[i + 2] ?? 0) - reach) / (strides[i] ?? 1)) + 1;
    const taps = range(0, kernels[i] ?? 1);
    const indices = taps.flatMap((k) => range(0, count).map((j) => j * (strides[i] ?? 1) + k * (dilations[i] ?? 1)));
    return { count, taps: taps.length, indices };
  });
  const [rows, columns] = windows;
  if (rows === undefined || columns === undefined) throw new Error("two spatial axes are expected");
  const [batch = 0, channels = 0] = padded.shape;
  const picked = gather(gather(padded, rows.indices, 2), columns.indices, 3);
  const parts = reshape(picked, [batch * channels, rows.taps, rows.count, columns.taps, columns.count]);
  const ordered = transpose(parts, [0, 1, 3, 2, 4]);
  const shape = [channels * rows.taps * columns.taps, rows.count * columns.count];
  return [ofFirst(reshape(ordered, single ? shape : [batch, ...shape]))];
};

/** Windows of `size` elements along one axis, every `step`; their elements lie along a new last axis. */
const unfoldAxis: Run = (inputs, args) => {
  const x = first(input(inputs, 0));
  const rank = x.shape.length;
  const at = axis(args, rank);
  const [size, step] = [number(args, "size"), number(args, "step")];
  const count = Math.floor(((x.shape[at] ?? 0) - size) / step) + 1;
  const picked = gather(
    x,
    range(0, count).flatMap((i) => range(i * step, i * step + size)),
    at,
  );
  const parts = reshape(picked, [...x.shape.slice(0, at), count, size, ...x.shape.slice(at + 1)]);
  return [ofFirst(transpose(parts, [...range(0, at + 1), ...range(at + 2, rank + 1), at + 1]))];
};

/** 1 at each id along a new last axis. */
const oneHot: Run = (inputs, args, outputs) => {
  const ids = first(input(inputs, 0));
  const shape = outputs[0]?.shape ?? [];
  const classes = shape[shape.length - 1] ?? number(args, "classes");
  const steps = upload(Float32Array.from(range(0, classes)), [classes], "int32");
  const found = kernel("Equal", { a: cast(reshape(ids, [...ids.shape, 1]), "int32"), b: steps });
  return [ofFirst(cast(found, "int32"))];
};

/** `starts`, `ends` (exclusive) and positive `steps` per axis; negative bounds count from the end. */
const sliceAxes: Run = (inputs, args) => {
  const x = input(inputs, 0);
  const starts = perAxis(
    args,
    "starts",
    x.shape.map(() => 0),
  );
  const ends = perAxis(args, "ends", x.shape);
  const steps = perAxis(
    args,
    "steps",
    x.shape.map(() => 1),
  );
  const out = x.shape.reduce((tensor, size, i) => {
    const from = bound(starts[i] ?? 0, size);
    const to = bound(ends[i] ?? size, size);
    const step = steps[i] ?? 1;
    const count = Math.max(0, Math.ceil((to - from) / step));
    return strided(tensor, physicalAxis(x, i), from, step, count);
  }, tensorOf(x));
  return [ofLayout(out, x.layout)];
};

function bound(value: number, size: number): number {
  return Math.max(0, Math.min(size, value < 0 ? value + size : value));
}

const gatherIndex: Run = (inputs, args) => {
  const x = input(inputs, 0);
  const at = axis(args, x.shape.length);
  const size = x.shape[at] ?? 0;
  const picker = inputs[1];
  if (picker !== undefined) return gatherBy(x, at, picker);
  const indices = numbers(args, "indices").map((i) => (i < 0 ? i + size : i));
  return [ofLayout(gather(tensorOf(x), indices, physicalAxis(x, at)), x.layout)];
};

/** Elements along an axis at the places that another tensor of whole numbers holds. */
function gatherBy(x: Value, at: number, picker: Value): readonly Value[] | Unsupported {
  const source = first(x);
  const places = first(picker);
  if (places.dtype === "bool") return { kind: "unsupported", reason: t("indexing with a mask") };
  const size = scalar(x.shape[at] ?? 0, "int32");
  const flat = cast(reshape(places, [product(places.shape)]), "int32");
  const negative = cast(kernel("Less", { a: flat, b: scalar(0, "int32") }), "int32");
  const indices = kernel("Add", { a: flat, b: kernel("Multiply", { a: negative, b: size }) });
  const out = kernel("GatherV2", { x: source, indices }, { axis: at, batchDims: 0 });
  return [ofFirst(reshape(out, [...x.shape.slice(0, at), ...places.shape, ...x.shape.slice(at + 1)]))];
}

const flip: Run = (inputs, args) => {
  const x = input(inputs, 0);
  const dims = axes(args, x.shape.length).map((at) => physicalAxis(x, at));
  return [ofLayout(dims.reduce(reverse, tensorOf(x)), x.layout)];
};

/** Without axes, the elements are rolled as one row. */
const roll: Run = (inputs, args) => {
  const x = input(inputs, 0);
  const shifts = numbers(args, "shifts");
  if (args.axes === null || args.axes === undefined || (Array.isArray(args.axes) && args.axes.length === 0)) {
    const flat = reshape(first(x), [product(x.shape)]);
    return [ofFirst(reshape(rolled(flat, 0, shifts[0] ?? 0), x.shape))];
  }
  const out = axes(args, x.shape.length).reduce(
    (tensor, at, i) => rolled(tensor, physicalAxis(x, at), shifts[i] ?? 0),
    tensorOf(x),
  );
  return [ofLayout(out, x.layout)];
};

function rolled(x: Tensor, at: number, shift: number): Tensor {
  const size = x.shape[at] ?? 0;
  const by = size === 0 ? 0 : ((shift % size) + size) % size;
  if (by === 0) return x;
  return concat([slab(x, at, size - by, by), slab(x, at, 0, size - by)], at);
}

/** `sides` per axis, elements before and after; negative ones crop. */
const padAxes: Run = (inputs, args) => {
  const x = input(inputs, 0);
  const rank = x.shape.length;
  const around = sides(args, "sides", rank);
  const mode = args.mode ?? "constant";
  const cropped = around.reduce((tensor, [lo, hi], i) => {
    const from = Math.max(0, -lo);
    const size = x.shape[i] ?? 0;
    return slab(tensor, physicalAxis(x, i), from, size - from - Math.max(0, -hi));
  }, tensorOf(x));
  const grow = around.map(([lo, hi]) => [Math.max(0, lo), Math.max(0, hi)] as const);
  if (mode === "constant") return [ofLayout(pad(cropped, physicalOrder(x, grow), number(args, "value", 0)), x.layout)];
  const source = PAD_SOURCE[String(mode)];
  if (source === undefined) return { kind: "unsupported", reason: t("padding mode {0}", String(mode)) };
  const out = grow.reduce((tensor, [lo, hi], i) => {
    if (lo === 0 && hi === 0) return tensor;
    const at = physicalAxis(x, i);
    const size = tensor.shape[at] ?? 0;
    return gather(
      tensor,
      range(-lo, size + hi).map((j) => source(j, size)),
      at,
    );
  }, cropped);
  return [ofLayout(out, x.layout)];
};

/** Which element stands at index `j` of an axis of `size`, outside of it too. */
const PAD_SOURCE: Readonly<Record<string, (j: number, size: number) => number>> = {
  reflect: (j, size) => (j < 0 ? -j : j < size ? j : 2 * (size - 1) - j),
  replicate: (j, size) => Math.max(0, Math.min(size - 1, j)),
  circular: (j, size) => ((j % size) + size) % size,
};

/** [N, C·r², H, W] to [N, C, H·r, W·r]. */
const pixelShuffle: Run = (inputs, args) => {
  const x = first(input(inputs, 0));
  const r = number(args, "factor");
  const [height = 0, width = 0] = x.shape.slice(-2);
  const lead = x.shape.slice(0, -3);
  const channels = (x.shape[x.shape.length - 3] ?? 0) / (r * r);
  const n = product(lead) * channels;
  const parts = reshape(x, [n, r, r, height, width]);
  return [ofFirst(reshape(transpose(parts, [0, 3, 1, 4, 2]), [...lead, channels, height * r, width * r]))];
};

/** [N, C, H·r, W·r] to [N, C·r², H, W]. */
const pixelUnshuffle: Run = (inputs, args) => {
  const x = first(input(inputs, 0));
  const r = number(args, "factor");
  const [height = 0, width = 0] = x.shape.slice(-2).map((n) => n / r);
  const lead = x.shape.slice(0, -3);
  const channels = x.shape[x.shape.length - 3] ?? 0;
  const n = product(lead) * channels;
  const parts = reshape(x, [n, height, r, width, r]);
  return [ofFirst(reshape(transpose(parts, [0, 2, 4, 1, 3]), [...lead, channels * r * r, height, width]))];
};

/** Rows of weight [n, d] at ids of any shape. */
const embedding: Run = (inputs) => {
  const ids = first(input(inputs, 0));
  const table = tensorOf(input(inputs, 1));
  const indices = cast(reshape(ids, [product(ids.shape)]), "int32");
  const rows = kernel("GatherV2", { x: table, indices }, { axis: 0, batchDims: 0 });
  return [ofFirst(reshape(rows, [...ids.shape, ...table.shape.slice(1)]))];
};

/** `values` row-major, or `fill` everywhere. */
const constant: Run = (_inputs, args) => {
  if (typeof args.fill === "string") return { kind: "unsupported", reason: t("a tensor filled by {0}", args.fill) };
  const shape = numbers(args, "shape");
  const count = product(shape);
  const data =
    args.values === undefined || args.values === null
      ? new Float32Array(count).fill(number(args, "fill", 0))
      : Float32Array.from(numbers(args, "values"));
  return [ofFirst(upload(data, shape, constantType(args)))];
};

function constantType(args: Args): "float32" | "int32" | "bool" {
  return typeof args.dtype === "string" ? deviceType(args.dtype) : "float32";
}

const arange: Run = (_inputs, args) => {
  const start = number(args, "start", 0);
  const step = number(args, "step", 1);
  const count = Math.max(0, Math.ceil((number(args, "end") - start) / step));
  const data = Float32Array.from(range(0, count), (i) => start + i * step);
  return [ofFirst(upload(data, [count], constantType(args)))];
};

/** Running sums along one axis. */
const cumsum: Run = (inputs, args) => {
  const x = first(input(inputs, 0));
  const at = axis(args, x.shape.length);
  const rank = x.shape.length;
  // Not every kernel takes another axis than the last.
  const perm = [...range(0, rank).filter((i) => i !== at), at];
  const back = range(0, rank).map((i) => perm.indexOf(i));
  const attrs = { axis: rank - 1, exclusive: false, reverse: flag(args, "reverse") };
  return [ofFirst(transpose(kernel("Cumsum", { x: transpose(x, perm) }, attrs), back))];
};

export const RESHAPING: Readonly<Record<string, Run>> = {
  reshape: reshapeTo,
  flatten: viewed,
  unflatten: viewed,
  squeeze: viewed,
  unsqueeze: viewed,
  transpose: exchange,
  select,
  unbind,
  chunk: split,
  repeat_interleave: repeatInterleave,
  unfold,
  unfold_axis: unfoldAxis,
  one_hot: oneHot,
  permute,
  expand,
  repeat,
  concat: concatenate,
  stack,
  split,
  slice: sliceAxes,
  gather_index: gatherIndex,
  flip,
  roll,
  pad: padAxes,
  pixel_shuffle: pixelShuffle,
  pixel_unshuffle: pixelUnshuffle,
  embedding,
  constant,
  arange,
  cumsum,
};

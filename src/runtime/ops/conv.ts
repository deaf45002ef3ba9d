import { t } from "../../text/text.ts";
import { type Args, input, number, numbers, type Run, sides, type Unsupported, type Upload } from "../args.ts";
import {
  add,
  concat,
  kernel,
  type NamedAttrMap,
  pad,
  reshape,
  reverse,
  slab,
  type Tensor,
  transpose,
} from "../kernels.ts";
import { first, isWeight, last, ofLast, product, range, tensorOf, type Value } from "../value.ts";
import { filterOf, lifted, partsOf, transposedFilter } from "./filters.ts";
import { activated, fusedActivation } from "./finish.ts";

type Sides = readonly (readonly [number, number])[];

/**
 * Convolution over 1, 2 or 3 spatial axes: x [N, C, *S] (or [C, *S]), weight [O, C/groups, *K], bias [O].
 * One spatial axis runs as two with a height of 1.
 */
export const conv: Run = (inputs, args) => {
  const weight = filterOf(input(inputs, 1));
  const spatial = weight.shape.length - 2;
  const x = batched(input(inputs, 0), spatial);
  const stride = numbers(args, "stride", spatial, 1);
  const dilation = numbers(args, "dilation", spatial, 1);
  const padding = sides(args, "padding", spatial);
  const geometry = lift({ stride, dilation, padding }, spatial);
  const source = liftTensor(last(x), spatial);
  const { kind, parts } = partsOf(weight, inputs[2], x.shape[1] ?? 0, args);
  const along = source.shape.length - 1;
  const width = (x.shape[1] ?? 0) / parts.length;
  const outs = parts.map(({ filter, bias }, part) => {
    const slice = slab(source, along, part * width, width);
    return (kind === "depthwise" ? depthwise : dense)(slice, filter, geometry, { bias, args });
  });
  return [unbatched(ofLast(lower(concat(outs, along), spatial)), input(inputs, 0), spatial)];
};

/** Filter and bias, in the forms that a convolution of data of this shape takes. */
export const uploadConv: Upload = (shape, [weight, bias], args) => {
  if (weight === undefined) return;
  const spatial = weight.shape.length - 2;
  partsOf(weight, bias, shape[shape.length - spatial - 1] ?? 0, args);
};

/**
 * A factor and a summand for each channel of x [N, C, *S] or [N, C], as a convolution of one element, which WebAssembly
 * and shaders compute in one pass with the activation behind it: weight [C, 1, 1, 1], bias [C].
 */
export const channelScale: Run = (inputs, args) => {
  const given = input(inputs, 0);
  const channels = given.shape[1] ?? 0;
  const x = last(given);
  const flat = x.shape.length === 4 ? x : reshape(x, [1, 1, product(x.shape) / Math.max(channels, 1), channels]);
  const { kind, parts } = partsOf(input(inputs, 1), inputs[2], channels, { groups: channels });
  const [part] = parts;
  if (part === undefined) throw new Error("there are no channels");
  const geometry = { stride: [1, 1], dilation: [1, 1], padding: [[0, 0], [0, 0]] } as const; // biome-ignore format: one line
  const out = (kind === "depthwise" ? depthwise : dense)(flat, part.filter, geometry, { bias: part.bias, args });
  return [ofLast(reshape(out, x.shape))];
};

/** Factors and summands, in the forms that {@link channelScale} takes. */
export const uploadScale: Upload = (shape, [weight, bias]) => {
  if (weight !== undefined) partsOf(weight, bias, shape[1] ?? 0, { groups: shape[1] ?? 0 });
};

/** What follows a sum of products in the same step: a bias per output channel and an activation. */
interface Finish {
  readonly bias: Tensor | undefined;
  readonly args: Args;
}

function finished(sum: Tensor, { bias, args }: Finish): Tensor {
  const shifted = bias === undefined ? sum : add(sum, bias);
  return tensorOf(activated(ofLast(shifted), args));
}

/**
 * Transposed convolution over 1, 2 or 3 spatial axes: x [N, C, *S], weight [C, O/groups, *K], bias [O].
 * It is the gradient of a convolution whose input has the output's size.
 */
export const convTranspose: Run = (inputs, args) => {
  const weight = filterOf(input(inputs, 1));
  const spatial = weight.shape.length - 2;
  const x = batched(input(inputs, 0), spatial);
  const stride = numbers(args, "stride", spatial, 1);
  const dilation = numbers(args, "dilation", spatial, 1);
  const padding = numbers(args, "padding", spatial, 0);
  const extra = numbers(args, "output_padding", spatial, 0);
  const groups = number(args, "groups", 1);
  if (dilation.some((d) => d !== 1) && !isWeight(weight.stored)) return computedFilter;
  const reach = weight.shape.slice(2).map((k, i) => (dilation[i] ?? 1) * (k - 1) + 1);
  const size = x.shape
    .slice(2)
    .map((n, i) => (n - 1) * (stride[i] ?? 1) - 2 * (padding[i] ?? 0) + (reach[i] ?? 1) + (extra[i] ?? 0));
  const source = liftTensor(last(x), spatial);
  const rank = source.shape.length;
  const width = (x.shape[1] ?? 0) / groups;
  // Made in full, then cropped: the kernels take no padding above the filter's reach.
  const full = size.map((n, i) => n + 2 * (padding[i] ?? 0));
  const outs = range(0, groups).map((group) => {
    const part = slab(source, rank - 1, group * width, width);
    const filter = transposedFilter(weight, spatial, dilation, groups, group);
    if (spatial === 3) return spread(part, filter, stride, full);
    const out = filter.shape[filter.shape.length - 2] ?? 0;
    const inputShape = [source.shape[0] ?? 0, ...lifted(full, spatial, 1), out];
    const attrs = { strides: lifted(stride, spatial, 1), pad: "valid", inputShape };
    return kernel(
      "Conv2DBackpropInput",
      { dy: part, filter },
      { ...attrs, dataFormat: "NHWC", dimRoundingMode: "floor" },
    );
  });
  const joined = lower(concat(outs, rank - 1), spatial);
  const cropped = size.reduce((tensor, n, i) => slab(tensor, i + 1, padding[i] ?? 0, n), joined);
  const bias = inputs[2] === undefined ? undefined : tensorOf(inputs[2]);
  return [unbatched(ofLast(finished(cropped, { bias, args })), input(inputs, 0), spatial)];
};

/**
 * The transposed convolution as a convolution of the input with zeros between its elements (the WebAssembly kernel for
 * the gradient in three axes is wrong). Filter [*K, O, C], unpadded output `size`.
 */
function spread(x: Tensor, filter: Tensor, stride: readonly number[], size: readonly number[]): Tensor {
  const between = spaced(x, stride);
  const reach = filter.shape.slice(0, 3);
  const around = reach.map((k, i) => {
    const missing = (size[i] ?? 0) - (between.shape[i + 1] ?? 0) - (k - 1);
    return [k - 1, k - 1 + missing] as const;
  });
  const flipped = transpose([0, 1, 2].reduce(reverse, filter), [0, 1, 2, 4, 3]);
  const unit = reach.map(() => 1);
  return dense(between, flipped, { stride: unit, dilation: unit, padding: around }, NO_FINISH);
}

/** x [N, *S, C] with `stride` − 1 zeros between the elements of each spatial axis. */
export function spaced(x: Tensor, stride: readonly number[]): Tensor {
  return stride.reduce((tensor, step, i) => {
    if (step === 1) return tensor;
    const axis = i + 1;
    const n = tensor.shape[axis] ?? 0;
    const before = tensor.shape.slice(0, axis);
    const behind = tensor.shape.slice(axis + 1);
    const column = reshape(tensor, [product(before), n, 1, product(behind)]);
    const gaps = pad(column, [[0, 0], [0, 0], [0, step - 1], [0, 0]]); // biome-ignore format: one pair an axis
    return slab(reshape(gaps, [...before, n * step, ...behind]), axis, 0, (n - 1) * step + 1);
  }, x);
}

const computedFilter: Unsupported = {
  kind: "unsupported",
  reason: t("a dilated transposed convolution with a computed weight"),
};

interface Geometry {
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  readonly padding: Sides;
}

function lift(geometry: Geometry, spatial: number): Geometry {
  if (spatial !== 1) return geometry;
  return {
    stride: [1, ...geometry.stride],
    dilation: [1, ...geometry.dilation],
    padding: [[0, 0], ...geometry.padding],
  };
}

/** [N, L, C] to [N, 1, L, C]; other ranks as they are. */
function liftTensor(x: Tensor, spatial: number): Tensor {
  const { shape } = x;
  return spatial === 1 ? reshape(x, [shape[0] ?? 0, 1, shape[1] ?? 0, shape[2] ?? 0]) : x;
}

function lower(x: Tensor, spatial: number): Tensor {
  const { shape } = x;
  return spatial === 1 ? reshape(x, [shape[0] ?? 0, shape[2] ?? 0, shape[3] ?? 0]) : x;
}

/** Adds the batch axis that PyTorch lets out. */
export function batched(x: Value, spatial: number): Value {
  if (x.shape.length !== spatial + 1) return x;
  const shape = [1, ...x.shape];
  return { shape, layout: "first", stored: reshape(first(x), shape) };
}

/** Takes the batch axis away again if `like` had none. */
export function unbatched(value: Value, like: Value, spatial: number): Value {
  if (like.shape.length !== spatial + 1) return value;
  const rank = value.shape.length;
  const tensor = tensorOf(value);
  const ordered = value.layout === "first" ? tensor : transpose(tensor, [0, rank - 1, ...range(1, rank - 1)]);
  const shape = value.shape.slice(1);
  return { shape, layout: "first", stored: reshape(ordered, shape) };
}

/**
 * The kernels add the products of one output one after another; beyond so many the rounding grows to several times
 * PyTorch's, which adds in blocks. ResNet's largest has 4,608.
 */
const MAX_TERMS = 8192;

/** x [N, *S, C], filter [*K, C, O]. */
function dense(x: Tensor, filter: Tensor, geometry: Geometry, finish: Finish): Tensor {
  const axis = filter.shape.length - 2;
  const channels = filter.shape[axis] ?? 0;
  if (product(filter.shape.slice(0, -1)) <= MAX_TERMS || channels < 2) return convolved(x, filter, geometry, finish);
  const half = Math.floor(channels / 2);
  const part = (from: number, width: number): Tensor =>
    dense(slab(x, x.shape.length - 1, from, width), slab(filter, axis, from, width), geometry, NO_FINISH);
  return finished(add(part(0, half), part(half, channels - half)), finish);
}

const NO_FINISH: Finish = { bias: undefined, args: {} };

function convolved(x: Tensor, filter: Tensor, { stride, dilation, padding }: Geometry, finish: Finish): Tensor {
  if (x.shape.length === 5) {
    // The 3-d kernel takes no explicit padding.
    const padded = pad(x, [[0, 0], ...padding, [0, 0]]);
    const attrs = { strides: [...stride], dilations: [...dilation], pad: "valid", dataFormat: "NDHWC" };
    return finished(kernel("Conv3D", { x: padded, filter }, attrs), finish);
  }
  const attrs = {
    strides: [...stride],
    dilations: [...dilation],
    pad: explicit(padding),
    dataFormat: "NHWC",
    dimRoundingMode: "floor",
  };
  return fused("FusedConv2D", { x, filter }, attrs, finish);
}

function depthwise(x: Tensor, filter: Tensor, { stride, dilation, padding }: Geometry, finish: Finish): Tensor {
  const attrs = {
    strides: [...stride],
    dilations: [...dilation],
    pad: explicit(padding),
    dataFormat: "NHWC",
    dimRoundingMode: "floor",
  };
  return fused("FusedDepthwiseConv2D", { x, filter }, attrs, finish);
}

function fused(name: string, inputs: Readonly<Record<string, Tensor>>, attrs: NamedAttrMap, finish: Finish): Tensor {
  const { bias, args } = finish;
  const all = bias === undefined ? inputs : { ...inputs, bias };
  return kernel(name, all, { ...attrs, ...fusedActivation(args) });
}

function explicit(padding: Sides): number[][] {
  return [[0, 0], ...padding.map(([lo, hi]) => [lo, hi]), [0, 0]];
}

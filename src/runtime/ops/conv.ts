import { t } from "../../text/text.ts";
import { type Args, input, number, numbers, type Run, sides, type Unsupported } from "../args.ts";
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
import {
  first,
  formOf,
  isWeight,
  last,
  ofFirst,
  ofLast,
  permuteHost,
  product,
  range,
  tensorOf,
  type Value,
} from "../value.ts";
import { activated, fusedActivation } from "./finish.ts";

type Sides = readonly (readonly [number, number])[];

/**
 * Convolution over 1, 2 or 3 spatial axes: x [N, C, *S] (or [C, *S]), weight [O, C/groups, *K], bias [O].
 * One spatial axis runs as two with a height of 1.
 */
export const conv: Run = (inputs, args) => {
  const weight = filterOf(inputs);
  const spatial = weight.shape.length - 2;
  const x = batched(input(inputs, 0), spatial);
  const stride = numbers(args, "stride", spatial, 1);
  const dilation = numbers(args, "dilation", spatial, 1);
  const padding = sides(args, "padding", spatial);
  const groups = number(args, "groups", 1);
  const geometry = { stride, dilation, padding };
  const source = liftTensor(last(x), spatial);
  const channels = x.shape[1] ?? 0;
  const parts = partsOf(groups, channels, weight, spatial, geometry);
  const finish = { bias: inputs[2], args };
  const out =
    parts === "depthwise"
      ? depthwise(source, depthwiseFilter(weight, spatial, channels), lift(geometry, spatial), finish)
      : concat(
          range(0, parts).map((part) => {
            const width = channels / parts;
            const slice = slab(source, source.shape.length - 1, part * width, width);
            const filter = denseFilter(weight, spatial, groups, parts, part);
            return dense(slice, filter, lift(geometry, spatial), { ...finish, bias: biasOf(finish.bias, parts, part) });
          }),
          source.shape.length - 1,
        );
  return [unbatched(ofLast(lower(out, spatial)), input(inputs, 0), spatial)];
};

/** What follows a sum of products in the same step: a bias per output channel and an activation. */
interface Finish {
  readonly bias: Value | undefined;
  readonly args: Args;
}

/** The bias of part number `part`. */
function biasOf(bias: Value | undefined, parts: number, part: number): Value | undefined {
  if (bias === undefined || parts === 1) return bias;
  const width = (bias.shape[0] ?? 0) / parts;
  const { stored } = bias;
  if (!isWeight(stored)) return ofFirst(slab(stored, 0, part * width, width));
  const data = (): Float32Array => stored.data.subarray(part * width, (part + 1) * width);
  return ofFirst(formOf(stored, `part ${part} of ${parts}`, () => ({ shape: [width], data: data() })));
}

function finished(sum: Tensor, { bias, args }: Finish): Tensor {
  const shifted = bias === undefined ? sum : add(sum, tensorOf(bias));
  return tensorOf(activated(ofLast(shifted), args));
}

/**
 * Transposed convolution over 1, 2 or 3 spatial axes: x [N, C, *S], weight [C, O/groups, *K], bias [O].
 * It is the gradient of a convolution whose input has the output's size.
 */
export const convTranspose: Run = (inputs, args) => {
  const weight = filterOf(inputs);
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
  return [unbatched(ofLast(finished(cropped, { bias: inputs[2], args })), input(inputs, 0), spatial)];
};

/**
 * The transposed convolution as a convolution of the input with zeros between its elements (the WebAssembly kernel for
 * the gradient in three axes is wrong). Filter [*K, O, C], unpadded output `size`.
 */
function spread(x: Tensor, filter: Tensor, stride: readonly number[], size: readonly number[]): Tensor {
  const spaced = stride.reduce((tensor, step, i) => {
    if (step === 1) return tensor;
    const axis = i + 1;
    const n = tensor.shape[axis] ?? 0;
    const before = tensor.shape.slice(0, axis);
    const behind = tensor.shape.slice(axis + 1);
    const column = reshape(tensor, [product(before), n, 1, product(behind)]);
    const gaps = pad(column, [[0, 0], [0, 0], [0, step - 1], [0, 0]]); // biome-ignore format: one pair an axis
    return slab(reshape(gaps, [...before, n * step, ...behind]), axis, 0, (n - 1) * step + 1);
  }, x);
  const reach = filter.shape.slice(0, 3);
  const around = reach.map((k, i) => {
    const missing = (size[i] ?? 0) - (spaced.shape[i + 1] ?? 0) - (k - 1);
    return [k - 1, k - 1 + missing] as const;
  });
  const flipped = transpose([0, 1, 2].reduce(reverse, filter), [0, 1, 2, 4, 3]);
  const unit = reach.map(() => 1);
  return dense(spaced, flipped, { stride: unit, dilation: unit, padding: around }, NO_FINISH);
}

/** A computed filter is brought into PyTorch's order; a weight stays on the host until its form is known. */
function filterOf(inputs: readonly Value[]): Value {
  const weight = input(inputs, 1);
  return isWeight(weight.stored) ? weight : ofFirst(first(weight));
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

function lifted(perAxis: readonly number[], spatial: number, filler: number): number[] {
  return spatial === 1 ? [filler, ...perAxis] : [...perAxis];
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
  const all = bias === undefined ? inputs : { ...inputs, bias: tensorOf(bias) };
  return kernel(name, all, { ...attrs, ...fusedActivation(args) });
}

function explicit(padding: Sides): number[][] {
  return [[0, 0], ...padding.map(([lo, hi]) => [lo, hi]), [0, 0]];
}

/** A merged group has about this many input channels: below it, a convolution costs more to start than to compute. */
const MERGED_CHANNELS = 16;

/** How many dense convolutions a grouped one becomes, each over whole groups, or the depthwise kernel. */
function partsOf(
  groups: number,
  channels: number,
  weight: Value,
  spatial: number,
  { stride, dilation }: Geometry,
): number | "depthwise" {
  if (groups === 1) return 1;
  const free = stride.every((s) => s === 1) || dilation.every((d) => d === 1);
  // The depthwise kernels refuse a stride together with a dilation.
  if (groups === channels && spatial < 3 && free) return "depthwise";
  if (!isWeight(weight.stored)) return groups;
  const perGroup = channels / groups;
  let merged = 1;
  for (let m = 1; m <= groups && m * perGroup <= MERGED_CHANNELS; m++) if (groups % m === 0) merged = m;
  return groups / merged;
}

function filterShape(shape: readonly number[], spatial: number): readonly number[] {
  return spatial === 1 ? [shape[0] ?? 0, shape[1] ?? 0, 1, shape[2] ?? 0] : shape;
}

/** [*K, C/groups · merged, O/parts] of part number `part`: block-diagonal where it merges several groups. */
function denseFilter(weight: Value, spatial: number, groups: number, parts: number, part: number): Tensor {
  const shape = filterShape(weight.shape, spatial);
  const rank = shape.length;
  const perm = [...range(2, rank), 1, 0];
  const outs = (shape[0] ?? 0) / parts;
  const { stored } = weight;
  if (!isWeight(stored)) return transpose(slab(reshape(stored, shape), 0, part * outs, outs), perm);
  return formOf(stored, `conv ${groups} ${parts} ${part}`, () => {
    const each = product(shape.slice(1));
    const rows = stored.data.subarray(part * outs * each, (part + 1) * outs * each);
    const merged = groups / parts;
    if (merged === 1) return permuteHost(rows, [outs, ...shape.slice(1)], perm);
    const area = product(shape.slice(2));
    const perGroupIn = shape[1] ?? 0;
    const perGroupOut = outs / merged;
    const spread = new Float32Array(outs * merged * perGroupIn * area);
    for (let o = 0; o < outs; o++) {
      const block = Math.floor(o / perGroupOut);
      spread.set(rows.subarray(o * each, (o + 1) * each), (o * merged + block) * perGroupIn * area);
    }
    return permuteHost(spread, [outs, merged * perGroupIn, ...shape.slice(2)], perm);
  });
}

/** [kh, kw, C, O/C]: output channel c·m + j belongs to input channel c in both libraries. */
function depthwiseFilter(weight: Value, spatial: number, channels: number): Tensor {
  const [outs = 0, , height = 1, width = 1] = filterShape(weight.shape, spatial);
  const shape = [height, width, channels, outs / channels];
  const { stored } = weight;
  if (!isWeight(stored)) return reshape(transpose(reshape(stored, [outs, height, width]), [1, 2, 0]), shape);
  return formOf(stored, "depthwise", () => ({
    shape,
    data: permuteHost(stored.data, [outs, height, width], [1, 2, 0]).data,
  }));
}

/** [*K', O/groups, C/groups] with zeros between the taps of a dilated filter. */
function transposedFilter(
  weight: Value,
  spatial: number,
  dilation: readonly number[],
  groups: number,
  group: number,
): Tensor {
  const shape = filterShape(weight.shape, spatial);
  const steps = lifted(dilation, spatial, 1);
  const perm = [...range(2, shape.length), 1, 0];
  const ins = (shape[0] ?? 0) / groups;
  const { stored } = weight;
  if (!isWeight(stored)) return transpose(slab(reshape(stored, shape), 0, group * ins, ins), perm);
  return formOf(stored, `transposed ${steps} ${groups} ${group}`, () => {
    const each = product(shape.slice(1));
    const rows = stored.data.subarray(group * ins * each, (group + 1) * ins * each);
    const sparse = dilateHost(rows, [ins, ...shape.slice(1)], steps);
    return permuteHost(sparse.data, sparse.shape, perm);
  });
}

function dilateHost(
  data: Float32Array,
  shape: readonly number[],
  steps: readonly number[],
): { readonly shape: readonly number[]; readonly data: Float32Array } {
  if (steps.every((s) => s === 1)) return { shape, data };
  const kernelShape = shape.slice(2);
  const wide = kernelShape.map((k, i) => (steps[i] ?? 1) * (k - 1) + 1);
  const out = new Float32Array((shape[0] ?? 0) * (shape[1] ?? 0) * product(wide));
  const area = product(kernelShape);
  const wideArea = product(wide);
  for (let i = 0; i < data.length; i++) {
    let rest = i % area;
    let at = 0;
    let unit = 1;
    for (let axis = kernelShape.length - 1; 0 <= axis; axis--) {
      const k = kernelShape[axis] ?? 1;
      at += (rest % k) * (steps[axis] ?? 1) * unit;
      rest = Math.floor(rest / k);
      unit *= wide[axis] ?? 1;
    }
    out[Math.floor(i / area) * wideArea + at] = data[i] ?? 0;
  }
  return { shape: [...shape.slice(0, 2), ...wide], data: out };
}

import { type Args, number, numbers } from "../args.ts";
import { reshape, slab, type Tensor, transpose } from "../kernels.ts";
import { first, formOf, isWeight, ofFirst, permuteHost, product, range, tensorOf, type Value } from "../value.ts";

/** A merged group has about this many input channels: below it, a convolution costs more to start than to compute. */
const MERGED_CHANNELS = 16;

/** One of the convolutions that a grouped one becomes, over its own channels. */
interface Part {
  readonly filter: Tensor;
  readonly bias: Tensor | undefined;
}

/** Dense convolutions over neighbouring whole groups, or one of the depthwise kernel. */
export interface Parts {
  readonly kind: "dense" | "depthwise";
  readonly parts: readonly Part[];
}

/** What a convolution of an input with so many channels becomes. The weights are uploaded. */
export function partsOf(weight: Value, bias: Value | undefined, channels: number, args: Args): Parts {
  const spatial = weight.shape.length - 2;
  const groups = number(args, "groups", 1);
  const count = countOf(weight, spatial, groups, channels, args);
  if (count === "depthwise") {
    const filter = depthwiseFilter(weight, spatial, channels);
    return { kind: "depthwise", parts: [{ filter, bias: biasOf(bias, 1, 0) }] };
  }
  const parts = range(0, count).map((part) => ({
    filter: denseFilter(weight, spatial, groups, count, part),
    bias: biasOf(bias, count, part),
  }));
  return { kind: "dense", parts };
}

function countOf(weight: Value, spatial: number, groups: number, channels: number, args: Args): number | "depthwise" {
  if (groups === 1) return 1;
  const alone = (name: string): boolean => numbers(args, name, spatial, 1).every((n) => n === 1);
  // The depthwise kernels refuse a stride together with a dilation.
  if (groups === channels && spatial < 3 && (alone("stride") || alone("dilation"))) return "depthwise";
  if (!isWeight(weight.stored)) return groups;
  const perGroup = channels / groups;
  let merged = 1;
  for (let m = 1; m <= groups && m * perGroup <= MERGED_CHANNELS; m++) if (groups % m === 0) merged = m;
  return groups / merged;
}

/** A computed filter is brought into PyTorch's order; a weight stays on the host until its form is known. */
export function filterOf(weight: Value): Value {
  return isWeight(weight.stored) ? weight : ofFirst(first(weight));
}

/** The bias of part number `part`. */
function biasOf(bias: Value | undefined, parts: number, part: number): Tensor | undefined {
  if (bias === undefined || parts === 1) return bias === undefined ? undefined : tensorOf(bias);
  const width = (bias.shape[0] ?? 0) / parts;
  const { stored } = bias;
  if (!isWeight(stored)) return slab(stored, 0, part * width, width);
  const data = (): Float32Array => stored.data.subarray(part * width, (part + 1) * width);
  return formOf(stored, `part ${part} of ${parts}`, () => ({ shape: [width], data: data() }));
}

export function lifted(perAxis: readonly number[], spatial: number, filler: number): number[] {
  return spatial === 1 ? [filler, ...perAxis] : [...perAxis];
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
export function transposedFilter(
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

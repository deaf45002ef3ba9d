import { number, numbers, sides } from "../args.ts";
import { pad, reshape, reverse, slab, type Tensor, transpose } from "../kernels.ts";
import { batched, conv as convolve, spaced, unbatched } from "../ops/conv.ts";
import { first, hostWeight, isWeight, last, ofFirst, ofLast, product, range, type Value } from "../value.ts";
import { type Backward, incoming, type Rule, read, shapeOf } from "./rule.ts";

/**
 * With respect to the data alone: a convolution, without stride, of the output's gradient with zeros between its
 * elements, by the filter turned around, in and out exchanged.
 */
export const conv: Rule = {
  reads: "inputs",
  through: [0],
  run: (b) => {
    const { weight, spatial, like, stride, dilation } = partsOf(b);
    const padding = sides(b.args, "padding", spatial);
    const groups = number(b.args, "groups", 1);
    const spread = spaced(last(batched(incoming(b), spatial)), stride);
    const around = like.slice(-spatial).map((size, i) => {
      const reach = (dilation[i] ?? 1) * ((weight.shape[i + 2] ?? 1) - 1);
      const before = reach - (padding[i]?.[0] ?? 0);
      return [before, size - (spread.shape[i + 1] ?? 0) - before + reach] as const;
    });
    // Padding wider than the filter's reach leaves elements that no input has a part in.
    const cropped = around.reduce((tensor, [lo, hi], i) => {
      const size = tensor.shape[i + 1] ?? 0;
      return slab(tensor, i + 1, Math.max(0, -lo), size - Math.max(0, -lo) - Math.max(0, -hi));
    }, spread);
    const turned = turnedAround(weight, groups);
    const given = { shape: like, layout: "first", stored: cropped } as const;
    const args = {
      stride: stride.map(() => 1),
      dilation,
      padding: around.map(([lo, hi]) => [Math.max(0, lo), Math.max(0, hi)]),
      groups,
    };
    const out = convolve([ofLast(cropped), turned], args, [{ shape: like }]);
    if (isWeight(turned.stored)) for (const tensor of turned.stored.forms.values()) tensor.dispose();
    const [only] = "kind" in out ? [] : out;
    if (only === undefined) throw new Error("the convolution of the gradient is not computed");
    return [unbatched(only, given, spatial)];
  },
};

/** What both forms of a convolution have: the filter, its axes, the input's shape. */
function partsOf(b: Backward) {
  const weight = read(b, 1);
  const spatial = weight.shape.length - 2;
  const stride = numbers(b.args, "stride", spatial, 1);
  return { weight, spatial, like: shapeOf(b), stride, dilation: numbers(b.args, "dilation", spatial, 1) };
}

/** [O, C/groups, *K] as [C, O/groups, *K], the taps of each axis in the opposite order. */
function turnedAround(weight: Value, groups: number): Value {
  const { shape } = weight;
  const [outs = 0, perGroup = 0] = shape;
  const kernelShape = shape.slice(2);
  const each = outs / groups;
  const turned = [groups * perGroup, each, ...kernelShape];
  if (!isWeight(weight.stored)) {
    const parts = reshape(first(weight), [groups, each, perGroup, product(kernelShape)]);
    const exchanged = reshape(transpose(parts, [0, 2, 1, 3]), turned);
    return ofFirst(range(2, turned.length).reduce(reverse, exchanged as Tensor));
  }
  const { data } = weight.stored;
  const area = product(kernelShape);
  const out = new Float32Array(data.length);
  for (let group = 0; group < groups; group++)
    for (let o = 0; o < each; o++)
      for (let c = 0; c < perGroup; c++) {
        const from = ((group * each + o) * perGroup + c) * area;
        const to = ((group * perGroup + c) * each + o) * area;
        for (let k = 0; k < area; k++) out[to + k] = data[from + area - 1 - k] ?? 0;
      }
  return { shape: turned, layout: "first", stored: hostWeight(turned, "float32", () => out) };
}

/** With respect to the data alone: a convolution of the output's gradient by the same filter. */
export const convTranspose: Rule = {
  reads: "inputs",
  through: [0],
  run: (b) => {
    const { weight, spatial, like, stride, dilation } = partsOf(b);
    const padding = numbers(b.args, "padding", spatial, 0);
    const gradient = batched(incoming(b), spatial);
    // Exactly what the input's elements reach: an output padding may lie beyond.
    const fitting = like.slice(-spatial).map((size, i) => {
      const reach = (dilation[i] ?? 1) * ((weight.shape[i + 2] ?? 1) - 1) + 1;
      const wanted = (size - 1) * (stride[i] ?? 1) + reach - (padding[i] ?? 0);
      return wanted - (gradient.shape[i + 2] ?? 0);
    });
    const source = last(gradient);
    const cut = fitting.reduce(
      (tensor, more, i) => (more < 0 ? slab(tensor, i + 1, 0, (tensor.shape[i + 1] ?? 0) + more) : tensor),
      source,
    );
    const around = fitting.map((more, i) => [padding[i] ?? 0, Math.max(0, more)] as const);
    const padded = pad(cut, [[0, 0], ...around, [0, 0]]);
    const args = { stride, dilation, padding: stride.map(() => 0), groups: number(b.args, "groups", 1) };
    const out = convolve([ofLast(padded), weight], args, [{ shape: like }]);
    const [only] = "kind" in out ? [] : out;
    if (only === undefined) throw new Error("the convolution of the gradient is not computed");
    return [unbatched(only, { shape: like, layout: "first", stored: padded }, spatial)];
  },
};

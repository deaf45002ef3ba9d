import type { Dim, TensorType } from "../shape/dim.ts";
import type { Guard } from "../shape/guard.ts";
import { floorDiv, mul } from "../shape/size.ts";
import { t } from "../text/text.ts";
import { dimArg, dimList, flag, whole } from "./args.ts";
import { below, differ } from "./claims.ts";
import { better, compute, declaredOr, product, setBy, show, showShape, unknownFrom } from "./dims.ts";
import { refuseIntegral } from "./dtypes.ts";
import type { Args, Operator, Refusal } from "./operator.ts";
import { badArgument, documented, entry, input, ok, type Rule, rankBelow, rankRefusal, refuse } from "./outcome.ts";
import { indivisible, misfitVector } from "./windows.ts";

/** Every further input is a vector with one element a channel: mean, variance, weight, bias. */
const batchNorm = entry({
  name: "batch_norm",
  signature: "n c h… -> n c h…",
  parameters: {
    eps: "added to the variance",
    spatial: "spatial axes that the layer demands (0 or 1 for the one-dimensional layer); null: any",
    channels: "declared channels; optional",
    running: "running mean and variance are among the inputs; optional",
    scaled: "a weight is among the inputs; optional",
  },
  shape: (inputs, args) => {
    const x = input(inputs, 0);
    const refusal = refusedRank(x, args, batchNormRanks(whole(args, "spatial")), 2);
    return refusal ?? withChannelVectors(inputs, args, 1);
  },
  link: documented("torch.nn.BatchNorm2d"),
  examples: [
    { inputs: [[2, 3, 4, 4], [3], [3], [3], [3]], args: { spatial: 2 }, gives: [[2, 3, 4, 4]] },
    { inputs: [["N", 64, "H", "W"], [64], [64], [64], [64]], args: { spatial: 2 }, gives: [["N", 64, "H", "W"]] },
    { inputs: [[2, 3, 4, 4], [4], [4], [4], [4]], args: { spatial: 2 }, gives: "channels" },
    { inputs: [[2, 3, 4], [3], [3]], args: { spatial: 2 }, gives: "rank" },
    { inputs: [[2, 3], [3], [3]], args: { spatial: 1 }, gives: [[2, 3]] },
    { inputs: [[2, 3, 5], [3], [3]], args: { spatial: 1 }, gives: [[2, 3, 5]] },
    { inputs: [[2, 3, 5, 5], [3], [3]], args: { spatial: 1 }, gives: "rank" },
    { inputs: [[2, 3, 4, 5, 6], [3], [3]], args: { spatial: 3 }, gives: [[2, 3, 4, 5, 6]] },
    { inputs: [[2, 3, 5, 5], [3], [3]], args: { spatial: 3 }, gives: "rank" },
    { inputs: [[2, 3, 4, 5, 6], [3], [3]], args: { spatial: null }, gives: [[2, 3, 4, 5, 6]] },
    { inputs: [[3], [3], [3]], args: { spatial: null }, gives: "rank" },
  ],
});

const instanceNorm = entry({
  name: "instance_norm",
  signature: "n? c h… -> n? c h…",
  parameters: {
    eps: "added to the variance",
    spatial: "spatial axes that the layer demands; null: any",
    channels: "declared channels, checked if the layer has weights; optional",
    running: "uses running statistics, not those of the input",
  },
  shape: (inputs, args) => {
    const x = input(inputs, 0);
    const spatial = whole(args, "spatial");
    if (spatial === undefined && args.spatial !== undefined && args.spatial !== null) return ok([x]);
    const ranks = spatial === undefined ? undefined : [spatial + 1, spatial + 2];
    const refusal = refusedRank(x, args, ranks, 2);
    if (refusal !== undefined) return refusal;
    const axis = spatial !== undefined && x.shape?.length === spatial + 1 ? 0 : 1;
    const out = withChannelVectors(inputs, args, axis);
    if (out.kind === "refused" || x.shape === undefined || flag(args, "running")) return out;
    const guards = [...(out.guards ?? [])];
    if (below(product(x.shape.slice(axis + 1)), 2, guards)) {
      return refuse("shapes", t("expects more than one spatial element, gets {0}", showShape(x.shape)), [x], {
        input: 0,
      });
    }
    return ok([x], guards);
  },
  link: documented("torch.nn.InstanceNorm2d"),
  examples: [
    { inputs: [[2, 3, 4, 4]], args: { spatial: 2 }, gives: [[2, 3, 4, 4]] },
    { inputs: [[3, 4, 4]], args: { spatial: 2 }, gives: [[3, 4, 4]] },
    { inputs: [[2, 3, 4, 4], [3], [3]], args: { spatial: 2 }, gives: [[2, 3, 4, 4]] },
    { inputs: [[2, 4, 4, 4], [3], [3]], args: { spatial: 2 }, gives: "channels" },
    { inputs: [[2, 3]], args: { spatial: 2 }, gives: "rank" },
    { inputs: [[2, 3, 1, 1]], args: { spatial: 2 }, gives: "shapes" },
    { inputs: [[2, 3, 5]], args: { spatial: null }, gives: [[2, 3, 5]] },
  ],
});

const layerNorm = entry({
  name: "layer_norm",
  signature: "… normalized -> … normalized",
  parameters: { normalized: "lengths of the last axes, which are normalized together", eps: "added to the variance" },
  shape: overLastAxes,
  link: documented("torch.nn.functional.layer_norm"),
  examples: [
    { inputs: [[2, 5, 10], [10], [10]], args: { normalized: [10] }, gives: [[2, 5, 10]] },
    { inputs: [["N", "L", 10]], args: { normalized: [10] }, gives: [["N", "L", 10]] },
    { inputs: [[2, 5, 10]], args: { normalized: [5, 10] }, gives: [[2, 5, 10]] },
    { inputs: [[2, 5]], args: { normalized: [10] }, gives: "channels" },
    { inputs: [[5]], args: { normalized: [2, 5] }, gives: "rank" },
    { inputs: [[2, 5], [4], [4]], args: { normalized: [5] }, gives: "shapes" },
    { inputs: [[2, 5]], args: { normalized: [] }, gives: "argument" },
  ],
});

const rmsNorm = entry({
  name: "rms_norm",
  signature: "… normalized -> … normalized",
  parameters: {
    normalized: "lengths of the last axes, which are normalized together",
    eps: "added to the mean square; null: the element type's precision",
  },
  shape: overLastAxes,
  link: documented("torch.nn.functional.rms_norm"),
  examples: [
    { inputs: [[2, 5, 10], [10]], args: { normalized: [10] }, gives: [[2, 5, 10]] },
    { inputs: [["N", "L", 10]], args: { normalized: [10] }, gives: [["N", "L", 10]] },
    { inputs: [[2, 5, 10]], args: { normalized: [5, 10] }, gives: [[2, 5, 10]] },
    { inputs: [[2, 5]], args: { normalized: [10] }, gives: "channels" },
    { inputs: [[5]], args: { normalized: [2, 5] }, gives: "rank" },
    { inputs: [[2, 5], [4]], args: { normalized: [5] }, gives: "shapes" },
    { inputs: [[2, 5]], args: { normalized: [5] }, dtypes: ["int64"], gives: "dtype" },
  ],
});

const groupNorm = entry({
  name: "group_norm",
  signature: "n c … -> n c …",
  parameters: {
    groups: "whole number that divides the channels",
    channels: "declared channels, checked if the layer has weights; optional",
    eps: "added to the variance",
  },
  shape: (inputs, args) => {
    const x = input(inputs, 0);
    const groups = whole(args, "groups");
    if (groups !== undefined && groups < 1) {
      return badArgument("num_groups", t("{0} must be at least {1}, is {2}", "num_groups", 1, groups), [x]);
    }
    const refusal = rankBelow(x, 2, [x]);
    if (refusal !== undefined) return refusal;
    const channels = x.shape?.[1];
    if (groups === undefined || channels === undefined || x.shape === undefined) return ok([x]);
    const guards: Guard[] = [];
    // PyTorch's own check of statistics over one element, before it looks at the channels.
    const perGroup = compute([x.shape[0] ?? unknownFrom([]), channels], (n, c) => floorDiv(mul(n, c), groups));
    const counted = product([perGroup, ...x.shape.slice(2)]);
    if (counted.size === 1) {
      return refuse("shapes", t("expects more than one value per channel, gets {0}", showShape(x.shape)), [x], {
        input: 0,
      });
    }
    if (typeof counted.size === "object" && !isPlural(x.shape)) below(counted, 2, guards);
    if (indivisible(groups, channels, guards)) {
      const detail = t("{0} groups do not divide {1} channels", groups, show(channels));
      return refuse("channels", detail, [x], { input: 0, axes: [1], argument: "num_groups", found: channels });
    }
    const out = withChannelVectors(inputs, args, 1);
    return out.kind === "refused" ? out : ok(out.outputs, [...guards, ...(out.guards ?? [])]);
  },
  link: documented("torch.nn.functional.group_norm"),
  examples: [
    { inputs: [[2, 6, 4, 4], [6], [6]], args: { groups: 3 }, gives: [[2, 6, 4, 4]] },
    { inputs: [["N", 64, "H", "W"], [64], [64]], args: { groups: 32 }, gives: [["N", 64, "H", "W"]] },
    { inputs: [[2, 6, 4, 4]], args: { groups: 4 }, gives: "channels" },
    { inputs: [[2, 8, 4, 4], [4], [4]], args: { groups: 4 }, gives: "channels" },
    { inputs: [[1, 3, 1]], args: { groups: 3 }, gives: "shapes" },
    { inputs: [[6]], args: { groups: 3 }, gives: "rank" },
    { inputs: [[2, 6]], args: { groups: 3 }, gives: [[2, 6]] },
    { inputs: [[2, 6]], args: { groups: 0 }, gives: "argument" },
  ],
});

const localResponseNorm = entry({
  name: "local_response_norm",
  signature: "n c h… -> n c h…",
  parameters: { size: "channels summed over", alpha: "factor", beta: "exponent", k: "addend" },
  shape: (inputs, args) => {
    const x = input(inputs, 0);
    const size = whole(args, "size");
    const rank = rankBelow(x, 3, [x]);
    if (rank !== undefined) return rank;
    if (size !== undefined && size < 1) {
      return badArgument("size", t("{0} must be at least {1}, is {2}", "size", 1, size), [x]);
    }
    return ok([x]);
  },
  link: documented("torch.nn.functional.local_response_norm"),
  examples: [
    { inputs: [[2, 3, 4, 4]], args: { size: 5, alpha: 0.0001, beta: 0.75, k: 1 }, gives: [[2, 3, 4, 4]] },
    { inputs: [[2, 3]], args: { size: 2, alpha: 0.0001, beta: 0.75, k: 1 }, gives: "rank" },
    { inputs: [[2, 3, 4]], args: { size: 0, alpha: 0.0001, beta: 0.75, k: 1 }, gives: "argument" },
  ],
});

export const NORMS: readonly Operator[] = [batchNorm, instanceNorm, layerNorm, rmsNorm, groupNorm, localResponseNorm];

/** The last axes must be those that are normalized, and weight and bias have their shape. */
function overLastAxes(inputs: readonly TensorType[], args: Args): ReturnType<Rule> {
  const x = input(inputs, 0);
  const normalized = dimList(args, "normalized")?.map((d) => d ?? unknownFrom([]));
  if (normalized === undefined || x.shape === undefined) return ok([x]);
  if (normalized.length === 0) {
    return badArgument("normalized_shape", t("expects at least one axis to normalize"), [x]);
  }
  const { shape } = x;
  const first = shape.length - normalized.length;
  const guards: Guard[] = [];
  const axes = normalized.flatMap((d, i) => {
    const found = shape[first + i];
    return found === undefined || differ(d, found, guards) ? [first + i] : [];
  });
  const [bad] = axes;
  if (bad !== undefined) {
    const detail = t("expects the last axes to be {0}, gets {1}", showShape(normalized), showShape(shape));
    const [expected, found] = [normalized[bad - first], shape[bad]];
    return refuse(first < 0 ? "rank" : "channels", detail, [x], {
      input: 0,
      argument: "normalized_shape",
      ...(first < 0 ? {} : { axes }),
      ...(expected === undefined ? {} : { expected }),
      ...(found === undefined ? {} : { found }),
    });
  }
  for (const [i, weight] of inputs.slice(1).entries()) {
    const { shape: own } = weight;
    if (own === undefined) continue;
    if (own.length === normalized.length && !own.some((d, k) => differ(normalized[k] ?? d, d, guards))) continue;
    const detail = t("expects a weight of shape {0}, gets {1}", showShape(normalized), showShape(own));
    return refuse("shapes", detail, [x], { input: i + 1 });
  }
  const out = shape.map((d, i) => (i < first ? d : better(d, normalized[i - first] ?? d)));
  return refuseIntegral(x, [x]) ?? ok([{ ...x, shape: out }], guards);
}

/** The one-dimensional layer takes features with or without a length. */
function batchNormRanks(spatial: number | undefined): readonly number[] | undefined {
  if (spatial === undefined) return undefined;
  return spatial < 2 ? [2, 3] : [spatial + 2];
}

function refusedRank(
  x: TensorType,
  _args: Args,
  ranks: readonly number[] | undefined,
  least: number,
): Refusal | undefined {
  return ranks === undefined ? rankBelow(x, least, [x]) : rankRefusal(x, ranks, [x]);
}

/** The input, whose channel count every further input must match. */
function withChannelVectors(inputs: readonly TensorType[], args: Args, axis: number): ReturnType<Rule> {
  const x = input(inputs, 0);
  const found = x.shape?.[axis];
  if (x.shape === undefined || found === undefined) return ok([x]);
  const guards: Guard[] = [];
  let channels = found;
  for (const vector of inputs.slice(1)) {
    if (!misfitVector(vector.shape, found, guards)) {
      if (channels.size === undefined) channels = better(channels, vector.shape?.[0] ?? channels);
      continue;
    }
    const own = vector.shape?.[0] ?? unknownFrom([vector]);
    const declared = dimArg(args, "channels");
    const expected = declaredOr(declared, own);
    const out = { ...x, shape: x.shape.map((d, i) => (i === axis ? setBy(expected, "num_features", [expected]) : d)) };
    const more = { input: 0, axes: [axis], argument: "num_features", expected, found };
    return refuse("channels", t("expects {0} channels, gets {1}", show(expected), show(found)), [out], more);
  }
  const out = channels === found ? x : { ...x, shape: x.shape.map((d, i) => (i === axis ? channels : d)) };
  return refuseIntegral(x, [out]) ?? ok([out], guards);
}

/** More than one element a channel, whatever the sizes are: an axis after the channels that is not 1. */
function isPlural(shape: readonly Dim[]): boolean {
  return shape.slice(2).some(({ size }) => typeof size === "number" && 1 < size);
}

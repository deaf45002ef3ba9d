import type { Dim, TensorType } from "../shape/dim.ts";
import type { Guard } from "../shape/guard.ts";
import { t } from "../text/text.ts";
import { dimArg } from "./args.ts";
import { broadcastShapes } from "./broadcast.ts";
import { differ } from "./claims.ts";
import { declaredOr, product, setBy, show, showShape, timesDim, unknownFrom } from "./dims.ts";
import { dtypesClash } from "./dtypes.ts";
import type { Args, Operator, Outcome } from "./operator.ts";
import {
  documented,
  entry,
  input,
  ok,
  type Rule,
  rankBelow,
  rankRefusal,
  refuse,
  tensor,
  unknownTensor,
} from "./outcome.ts";

const linear = entry({
  name: "linear",
  signature: "… in_features -> … out_features",
  parameters: {
    in_features: "declared input features; optional",
    out_features: "declared output features; optional",
  },
  shape: linearShape,
  cost: (inputs, _args, outputs) => {
    const weight = input(inputs, 1).shape;
    const out = outputs[0]?.shape;
    if (weight === undefined || out === undefined) return undefined;
    // PyTorch counts matrix products, not products with a vector.
    return weight.length === 1 ? 0 : timesDim(product(out), weight[1] ?? unknownFrom([])).size;
  },
  link: documented("torch.nn.functional.linear"),
  examples: [
    { inputs: [[2, 4], [5, 4], [5]], args: {}, gives: [[2, 5]] },
    {
      inputs: [
        ["N", "L", 4],
        [5, 4],
      ],
      args: {},
      gives: [["N", "L", 5]],
    },
    { inputs: [[2, 3, 6, 4], [5, 4], [5]], args: {}, gives: [[2, 3, 6, 5]] },
    { inputs: [[4], [5, 4], [5]], args: {}, gives: [[5]] },
    { inputs: [[2, 4], [4]], args: {}, gives: [[2]] },
    { inputs: [[2, 3], [5, 4], [5]], args: {}, gives: "channels" },
    {
      inputs: [
        [2, 3, 7],
        [5, 4],
      ],
      args: {},
      gives: "channels",
    },
    { inputs: [[], [5, 4]], args: {}, gives: "rank" },
    { inputs: [[2, 4], [5, 4], [3]], args: {}, gives: "shapes" },
    {
      inputs: [
        [2, 4],
        [5, 4],
      ],
      args: {},
      dtypes: ["int64", "float32"],
      gives: "dtype",
    },
  ],
});

const matmul = entry({
  name: "matmul",
  signature: "… i j, … j k -> … i k",
  parameters: {},
  shape: matmulShape,
  cost: matmulCost,
  link: documented("torch.matmul"),
  examples: [
    {
      inputs: [
        [3, 4],
        [4, 5],
      ],
      args: {},
      gives: [[3, 5]],
    },
    { inputs: [[4], [4]], args: {}, gives: [[]] },
    { inputs: [[3, 4], [4]], args: {}, gives: [[3]] },
    { inputs: [[4], [4, 5]], args: {}, gives: [[5]] },
    { inputs: [[4], [2, 4, 5]], args: {}, gives: [[2, 5]] },
    { inputs: [[2, 3, 4], [4]], args: {}, gives: [[2, 3]] },
    {
      inputs: [
        [2, 3, 4],
        [4, 5],
      ],
      args: {},
      gives: [[2, 3, 5]],
    },
    {
      inputs: [
        [7, 1, 3, 4],
        [2, 4, 5],
      ],
      args: {},
      gives: [[7, 2, 3, 5]],
    },
    {
      inputs: [
        ["N", 8, "L", 16],
        ["N", 8, 16, "L"],
      ],
      args: {},
      gives: [["N", 8, "L", "L"]],
    },
    {
      inputs: [
        [3, 4],
        [5, 4],
      ],
      args: {},
      gives: "shapes",
    },
    { inputs: [[4], [5]], args: {}, gives: "shapes" },
    { inputs: [[4], [5, 4]], args: {}, gives: "shapes" },
    { inputs: [[3, 4], [3]], args: {}, gives: "shapes" },
    {
      inputs: [
        [2, 3, 4],
        [3, 4, 5],
      ],
      args: {},
      gives: "broadcast",
    },
    { inputs: [[], [4]], args: {}, gives: "rank" },
  ],
});

const bmm = entry({
  name: "bmm",
  signature: "b i j, b j k -> b i k",
  parameters: {},
  shape: (inputs) => {
    const [a, b] = [input(inputs, 0), input(inputs, 1)];
    const none = unknownTensor(a.dtype, [a, b]);
    const refusal = rankRefusal(a, [3], [none], 0) ?? rankRefusal(b, [3], [none], 1);
    if (refusal !== undefined) return refusal;
    const [batch, other] = [a.shape?.[0], b.shape?.[0]];
    const guards: Guard[] = [];
    if (batch !== undefined && other !== undefined && differ(batch, other, guards)) {
      const detail = t("expects the same batch, gets {0} and {1}", show(batch), show(other));
      return refuse("shapes", detail, [none], { input: 1, axes: [0], expected: batch, found: other });
    }
    return more(matmulShape(inputs, {}), guards);
  },
  cost: matmulCost,
  link: documented("torch.bmm"),
  examples: [
    {
      inputs: [
        [2, 3, 4],
        [2, 4, 5],
      ],
      args: {},
      gives: [[2, 3, 5]],
    },
    {
      inputs: [
        ["N", 3, "L"],
        ["N", "L", 5],
      ],
      args: {},
      gives: [["N", 3, 5]],
    },
    {
      inputs: [
        [1, 3, 4],
        [2, 4, 5],
      ],
      args: {},
      gives: "shapes",
    },
    {
      inputs: [
        [2, 3, 4],
        [2, 5, 4],
      ],
      args: {},
      gives: "shapes",
    },
    {
      inputs: [
        [3, 4],
        [4, 5],
      ],
      args: {},
      gives: "rank",
    },
  ],
});

const mm = entry({
  name: "mm",
  signature: "i j, j k -> i k",
  parameters: {},
  shape: (inputs) => {
    const none = unknownTensor(input(inputs, 0).dtype, inputs);
    const refusal = rankRefusal(input(inputs, 0), [2], [none], 0) ?? rankRefusal(input(inputs, 1), [2], [none], 1);
    return refusal ?? matmulShape(inputs, {});
  },
  cost: matmulCost,
  link: documented("torch.mm"),
  examples: [
    {
      inputs: [
        [3, 4],
        [4, 5],
      ],
      args: {},
      gives: [[3, 5]],
    },
    {
      inputs: [
        [3, 4],
        [5, 4],
      ],
      args: {},
      gives: "shapes",
    },
    {
      inputs: [
        [2, 3, 4],
        [4, 5],
      ],
      args: {},
      gives: "rank",
    },
  ],
});

/** bias + a·b; the bias broadcasts to the product. */
const addmm = entry({
  name: "addmm",
  signature: "(i k), i j, j k -> i k",
  parameters: { alpha: "factor of the product", beta: "factor of the bias" },
  shape: (inputs) => withBias(inputs, 2),
  cost: (inputs, args, outputs) => matmulCost(inputs.slice(1), args, outputs),
  link: documented("torch.addmm"),
  examples: [
    { inputs: [[5], [3, 4], [4, 5]], args: {}, gives: [[3, 5]] },
    {
      inputs: [
        [3, 5],
        [3, 4],
        [4, 5],
      ],
      args: {},
      gives: [[3, 5]],
    },
    { inputs: [[4], [3, 4], [4, 5]], args: {}, gives: "broadcast" },
    { inputs: [[5], [3, 4], [5, 5]], args: {}, gives: "shapes" },
    { inputs: [[5], [2, 3, 4], [2, 4, 5]], args: {}, gives: "rank" },
  ],
});

const baddbmm = entry({
  name: "baddbmm",
  signature: "(b i k), b i j, b j k -> b i k",
  parameters: { alpha: "factor of the product", beta: "factor of the bias" },
  shape: (inputs) => withBias(inputs, 3),
  cost: (inputs, args, outputs) => matmulCost(inputs.slice(1), args, outputs),
  link: documented("torch.baddbmm"),
  examples: [
    {
      inputs: [
        [2, 3, 5],
        [2, 3, 4],
        [2, 4, 5],
      ],
      args: {},
      gives: [[2, 3, 5]],
    },
    {
      inputs: [
        [2, 3, 5],
        [2, 3, 4],
        [3, 4, 5],
      ],
      args: {},
      gives: "shapes",
    },
    {
      inputs: [
        [3, 5],
        [3, 4],
        [4, 5],
      ],
      args: {},
      gives: "rank",
    },
  ],
});

/** x1ᵀ·W·x2 + bias for each output feature. */
const bilinear = entry({
  name: "bilinear",
  signature: "… a, … b -> … out_features",
  parameters: {},
  shape: (inputs) => {
    const [a, b, weight] = [input(inputs, 0), input(inputs, 1), input(inputs, 2)];
    const none = unknownTensor(a.dtype, [a, b, weight]);
    if (a.shape === undefined || b.shape === undefined || weight.shape === undefined) return ok([none]);
    const rank =
      rankRefusal(weight, [3], [none], 2) ?? rankBelow(a, 1, [none], 0) ?? rankRefusal(b, [a.shape.length], [none], 1);
    if (rank !== undefined) return rank;
    const guards: Guard[] = [];
    const last = a.shape.length - 1;
    const { shape: left } = a;
    const { shape: right } = b;
    const out = [...left.slice(0, last), weight.shape[0] ?? unknownFrom([])];
    const assume = [tensor(out, a.dtype)];
    const axes = left.flatMap((d, i) => (i < last && differ(d, right[i] ?? d, guards) ? [i] : []));
    if (axes.length !== 0) {
      return refuse(
        "shapes",
        t("expects the same leading axes, gets {0} and {1}", showShape(left), showShape(right)),
        assume,
        { input: 1, axes },
      );
    }
    for (const [index, dims] of [left, right].entries()) {
      const [expected, found] = [weight.shape[index + 1], dims[last]];
      if (expected === undefined || found === undefined || !differ(expected, found, guards)) continue;
      const detail = t("expects {0} features, gets {1}", show(expected), show(found));
      return refuse("channels", detail, assume, { input: index, axes: [last], expected, found });
    }
    return ok(assume, guards);
  },
  link: documented("torch.nn.functional.bilinear"),
  examples: [
    { inputs: [[2, 3], [2, 4], [5, 3, 4], [5]], args: {}, gives: [[2, 5]] },
    {
      inputs: [
        [2, 3],
        [2, 3],
        [5, 3, 4],
      ],
      args: {},
      gives: "channels",
    },
    {
      inputs: [
        [2, 3],
        [3, 4],
        [5, 3, 4],
      ],
      args: {},
      gives: "shapes",
    },
  ],
});

export const PRODUCTS: readonly Operator[] = [linear, matmul, bmm, mm, addmm, baddbmm, bilinear];

function linearShape(inputs: readonly TensorType[], args: Args): ReturnType<Rule> {
  const [x, weight] = [input(inputs, 0), input(inputs, 1)];
  const bias = inputs[2];
  const vector = weight.shape?.length === 1;
  const unknown = unknownFrom([weight]);
  const declare = (name: string, dim: Dim | undefined): Dim => {
    const declared = dimArg(args, name);
    return dim === undefined ? (declared ?? unknown) : declaredOr(declared, dim);
  };
  const expected = declare("in_features", weight.shape?.at(-1));
  const out = declare("out_features", vector ? undefined : weight.shape?.[0]);
  if (x.shape === undefined) return ok([unknownTensor(x.dtype, [x])]);
  const rank =
    rankBelow(x, 1, [unknownTensor(x.dtype, [x])]) ?? rankRefusal(weight, [1, 2], [unknownTensor(x.dtype)], 1);
  if (rank !== undefined) return rank;
  // A weight of one axis would drop the features.
  if (weight.shape === undefined && out.size === undefined) return ok([unknownTensor(x.dtype, [weight])]);
  const leading = x.shape.slice(0, -1);
  const shape = vector ? leading : [...leading, setBy(out, "out_features", [out])];
  const assume = [tensor(shape, x.dtype)];
  const guards: Guard[] = [];
  const found = x.shape.at(-1);
  if (found !== undefined && differ(expected, found, guards)) {
    const detail = t("expects {0} features, gets {1}", show(expected), show(found));
    const at = { input: 0, axes: [x.shape.length - 1], argument: "in_features", expected, found };
    return refuse("channels", detail, assume, at);
  }
  if (bias?.shape !== undefined && broadcastShapes([shape, bias.shape], guards).misfits.length !== 0) {
    const detail = t("expects a bias of {0} elements", show(out));
    return refuse("shapes", detail, assume, { input: 2, axes: [0], expected: out });
  }
  return dtypesClash([x, weight], assume) ?? ok(assume, guards);
}

function matmulShape(inputs: readonly TensorType[], _args: Args): ReturnType<Rule> {
  const [a, b] = [input(inputs, 0), input(inputs, 1)];
  const none = unknownTensor(a.dtype, [a, b]);
  const refusal = rankBelow(a, 1, [none], 0) ?? rankBelow(b, 1, [none], 1);
  if (refusal !== undefined) return refusal;
  if (a.shape === undefined || b.shape === undefined) return ok([none]);
  const left = a.shape.length === 1 ? [ONE, ...a.shape] : a.shape;
  const right = b.shape.length === 1 ? [...b.shape, ONE] : b.shape;
  const guards: Guard[] = [];
  const batch = broadcastShapes([left.slice(0, -2), right.slice(0, -2)], guards);
  const rows = a.shape.length === 1 ? [] : left.slice(-2, -1);
  const columns = b.shape.length === 1 ? [] : right.slice(-1);
  const assume = [tensor([...batch.shape, ...rows, ...columns], a.dtype)];
  const [expected, found] = [left.at(-1), right.at(-2)];
  if (expected !== undefined && found !== undefined && differ(expected, found, guards)) {
    const detail = t("cannot multiply {0} with {1}", showShape(a.shape), showShape(b.shape));
    return refuse("shapes", detail, assume, { input: 1, axes: [Math.max(0, b.shape.length - 2)], expected, found });
  }
  if (batch.misfits.length !== 0) {
    const detail = t("cannot broadcast {0} with {1}", showShape(a.shape), showShape(b.shape));
    return refuse("broadcast", detail, assume, { input: 1, axes: batch.misfits });
  }
  return dtypesClash([a, b], assume) ?? ok(assume, guards);
}

/** PyTorch counts matrix products only; a product with a vector on the right becomes one without a count. */
function matmulCost(inputs: readonly TensorType[], _args: Args, outputs: readonly TensorType[]): Dim["size"] {
  const [a, b] = [input(inputs, 0), input(inputs, 1)];
  const out = outputs[0]?.shape;
  if (a.shape === undefined || b.shape === undefined || out === undefined) return undefined;
  if (b.shape.length === 1) return 0;
  if (a.shape.length === 1 && 2 < b.shape.length && isFolded(b.shape)) return 0;
  return timesDim(product(out), a.shape.at(-1) ?? unknownFrom([a])).size;
}

/** Whether a vector times this stack of matrices is one product of a matrix with the vector. */
function isFolded(stack: readonly Dim[]): boolean {
  return stack.at(-2)?.size === 1 || product(stack.slice(0, -2)).size === 1;
}

function withBias(inputs: readonly TensorType[], rank: 2 | 3): Outcome {
  const bias = input(inputs, 0);
  const pair = inputs.slice(1);
  const none = [unknownTensor(input(pair, 0).dtype, pair)];
  const refusal = rankRefusal(input(pair, 0), [rank], none, 1) ?? rankRefusal(input(pair, 1), [rank], none, 2);
  if (refusal !== undefined) return refusal;
  const result = rank === 2 ? matmulShape(pair, {}) : bmm.shape(pair, {});
  const out = result.kind === "ok" ? result.outputs[0]?.shape : undefined;
  if (result.kind === "refused" || bias.shape === undefined || out === undefined) return result;
  const guards: Guard[] = [];
  const { misfits } = broadcastShapes([out, bias.shape], guards);
  if (misfits.length !== 0 || out.length < bias.shape.length) {
    const detail = t("cannot broadcast {0} with {1}", showShape(bias.shape), showShape(out));
    return refuse("broadcast", detail, result.outputs, { input: 0, axes: misfits });
  }
  return more(result, guards);
}

function more(outcome: Outcome, guards: readonly Guard[]): Outcome {
  return outcome.kind === "ok" ? ok(outcome.outputs, [...guards, ...(outcome.guards ?? [])]) : outcome;
}

const ONE: Dim = { size: 1 };

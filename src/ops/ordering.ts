import type { DType, TensorType } from "../shape/dim.ts";
import type { Guard } from "../shape/guard.ts";
import { t } from "../text/text.ts";
import { dimArg, flag, whole } from "./args.ts";
import { below } from "./claims.ts";
import { setBy, show, unknownFrom } from "./dims.ts";
import type { Operator } from "./operator.ts";
import {
  axisIn,
  axisRefusal,
  badArgument,
  documented,
  entry,
  input,
  ok,
  refuse,
  tensor,
  unknownTensor,
} from "./outcome.ts";

/** What depends on the order of values: order statistics, running extremes, counting. */

const both = (values: TensorType): readonly TensorType[] => [values, { ...values, dtype: "int64" }];

/** One value along an axis with its position. */
function statistic(name: string, needsK: boolean): Operator {
  return entry({
    name,
    signature: "… n … -> … …, … …",
    parameters: {
      axis: "axis that is reduced",
      keepdim: "keep it as length 1",
      ...(needsK ? { k: "which one, from 1" } : {}),
    },
    shape: (inputs, args) => {
      const x = input(inputs, 0);
      const asked = whole(args, "axis");
      if (x.shape === undefined || asked === undefined) return ok(both(unknownTensor(x.dtype, [x])));
      const axis = axisIn(asked, x.shape.length);
      if (axis === undefined) return axisRefusal("dim", asked, x.shape.length, both(x));
      const out = both(
        tensor(
          x.shape.flatMap((d, i) => (i !== axis ? [d] : flag(args, "keepdim") ? [{ size: 1 }] : [])),
          x.dtype,
        ),
      );
      const [k, length] = [whole(args, "k"), x.shape[axis] ?? { size: 1 }];
      const guards: Guard[] = [];
      if (needsK && k !== undefined && (k < 1 || below(length, k, guards)))
        return badArgument("k", t("k {0} is out of range for a length of {1}", k, show(length)), out, { size: k });
      if (length.size === 0)
        return refuse("empty", t("axis {0} of the input is empty", axis), out, { input: 0, axes: [axis] });
      return ok(out, guards);
    },
    link: documented(`torch.${name.replace("_with_indices", "")}`),
    examples: [
      { inputs: [[2, 5]], args: { axis: 1, keepdim: false, k: 2 }, gives: [[2], [2]] },
      {
        inputs: [["N", 5]],
        args: { axis: -1, keepdim: true, k: 2 },
        gives: [
          ["N", 1],
          ["N", 1],
        ],
      },
      { inputs: [[2, 5]], args: { axis: 2, keepdim: false, k: 2 }, gives: "argument" },
      ...(needsK ? [{ inputs: [[2, 5]], args: { axis: 1, keepdim: false, k: 6 }, gives: "argument" as const }] : []),
    ],
  });
}

/** Along an axis, the shape kept. */
function running(name: string, withIndex: boolean): Operator {
  return entry({
    name,
    signature: withIndex ? "… -> …, …" : "… -> …",
    parameters: { axis: "axis along which it runs" },
    shape: (inputs, args) => {
      const x = input(inputs, 0);
      const asked = whole(args, "axis");
      const isWhole = x.dtype === "bool" || x.dtype?.includes("int") === true;
      const out: readonly TensorType[] = withIndex
        ? both(x)
        : [isWhole && name === "cumprod" ? { ...x, dtype: "int64" } : x];
      if (x.shape === undefined || asked === undefined || axisIn(asked, x.shape.length) !== undefined) return ok(out);
      return axisRefusal("dim", asked, x.shape.length, out);
    },
    link: documented(`torch.${name}`),
    examples: [
      {
        inputs: [[2, 3]],
        args: { axis: 1 },
        gives: withIndex
          ? [
              [2, 3],
              [2, 3],
            ]
          : [[2, 3]],
      },
      { inputs: [[2, 3]], args: { axis: 2 }, gives: "argument" },
    ],
  });
}

/** The place of each value among sorted boundaries. */
const bucketize = entry({
  name: "bucketize",
  signature: "…, k -> …",
  parameters: {},
  shape: (inputs) => {
    const [x, edges] = [input(inputs, 0), input(inputs, 1)];
    const out: TensorType = { ...x, dtype: "int64" };
    if (edges.shape === undefined || edges.shape.length === 1) return ok([out]);
    return refuse("rank", t("expects {0} axes, gets {1}", 1, edges.shape.length), [out], { input: 1 });
  },
  link: documented("torch.bucketize"),
  examples: [
    { inputs: [[2, 3], [5]], args: {}, gives: [[2, 3]] },
    {
      inputs: [
        [2, 3],
        [5, 1],
      ],
      args: {},
      gives: "rank",
    },
  ],
});

/** Counts in equal bins. */
const histc = entry({
  name: "histc",
  signature: "… -> bins",
  parameters: { bins: "how many" },
  shape: (inputs, args) => {
    const x = input(inputs, 0);
    const bins = dimArg(args, "bins") ?? unknownFrom([]);
    const out = [tensor([setBy(bins, "bins", [bins])], x.dtype)];
    if (typeof bins.size === "number" && bins.size < 1)
      return badArgument("bins", t("{0} must be at least {1}, is {2}", "bins", 1, bins.size), out, bins);
    return ok(out);
  },
  link: documented("torch.histc"),
  examples: [
    { inputs: [[2, 3]], args: { bins: 10 }, gives: [[10]] },
    { inputs: [[2, 3]], args: { bins: 0 }, gives: "argument" },
  ],
});

/** Square matrices: an inverse or another matrix function, a Cholesky factor, a determinant. */
function ofMatrix(name: string, output: "matrix" | "scalar", link: string): Operator {
  return entry({
    name,
    signature: output === "matrix" ? "… n n -> … n n" : "… n n -> …",
    parameters: {},
    shape: (inputs) => {
      const x = input(inputs, 0);
      if (x.shape === undefined) return ok([unknownTensor(x.dtype, [x])]);
      const { shape } = x;
      const out = [output === "matrix" ? x : tensor(shape.slice(0, -2), x.dtype)];
      if (shape.length < 2)
        return refuse("rank", t("expects at least {0} axes, gets {1}", 2, shape.length), out, { input: 0 });
      const [n, m] = [shape.at(-2)?.size, shape.at(-1)?.size];
      if (typeof n === "number" && typeof m === "number" && n !== m)
        return refuse("shapes", t("expects square matrices, gets {0} by {1}", n, m), out, { input: 0 });
      return x.dtype === undefined || isReal(x.dtype)
        ? ok(out)
        : refuse("dtype", t("expects floating-point numbers, gets {0}", x.dtype), out, { input: 0 });
    },
    link: documented(link),
    examples: [
      { inputs: [[3, 3]], args: {}, gives: output === "matrix" ? [[3, 3]] : [[]] },
      { inputs: [["N", 2, 2]], args: {}, gives: output === "matrix" ? [["N", 2, 2]] : [["N"]] },
      { inputs: [[3, 4]], args: {}, gives: "shapes" },
      { inputs: [[3]], args: {}, gives: "rank" },
      { inputs: [[3, 3]], args: {}, dtypes: ["int64"], gives: "dtype" },
    ],
  });
}

const isReal = (dtype: DType): boolean => dtype === "float32" || dtype === "float64" || dtype.startsWith("complex");

export const ORDERING: readonly Operator[] = [
  statistic("kthvalue", true),
  statistic("mode", false),
  statistic("median_with_indices", false),
  running("cummax", true),
  running("cummin", true),
  running("cumprod", false),
  running("logcumsumexp", false),
  bucketize,
  histc,
  ofMatrix("inverse", "matrix", "torch.linalg.inv"),
  ofMatrix("matrix_exp", "matrix", "torch.linalg.matrix_exp"),
  ofMatrix("det", "scalar", "torch.linalg.det"),
];

import type { DType, TensorType } from "../shape/dim.ts";
import type { Guard } from "../shape/guard.ts";
import { floorDiv } from "../shape/size.ts";
import { t } from "../text/text.ts";
import { dtypeArg, real, whole } from "./args.ts";
import { differ } from "./claims.ts";
import { toReal } from "./complex.ts";
import { compute, product, setBy, show, unknownFrom } from "./dims.ts";
import { refuseIntegral } from "./dtypes.ts";
import type { Args, Example, Operator, Refusal } from "./operator.ts";
import {
  axisIn,
  axisRefusal,
  badArgument,
  documented,
  entry,
  input,
  ok,
  rankBelow,
  refuse,
  tensor,
} from "./outcome.ts";
import { resultType, toFloat } from "./promote.ts";
import { indivisible } from "./windows.ts";

/**
 * What a function of one element does to the element type. `same`: keeps it. `number`: keeps it, refuses booleans.
 * `float`: whole numbers become float32;
 * `float-number`: so, and refuses booleans. `floating`: refuses whole numbers. `bool`: gives booleans.
 */
type Kind = "same" | "number" | "float" | "float-number" | "floating" | "bool";

interface Extra {
  readonly parameters?: Operator["parameters"];
  readonly args?: Readonly<Record<string, unknown>>;
  readonly link?: string;
  readonly refused?: (x: TensorType, args: Args) => Refusal | undefined;
  readonly dtype?: (x: TensorType, args: Args) => DType | undefined;
  readonly examples?: readonly Example[];
}

/** A function of each element: the output has the input's shape. */
function elementwise(name: string, kind: Kind, extra: Extra = {}): Operator {
  const args = extra.args ?? {};
  const integral: readonly Example[] =
    kind === "floating"
      ? [{ inputs: [[2, 3]], args, dtypes: ["int64"], gives: "dtype" }]
      : kind.endsWith("number")
        ? [{ inputs: [[2, 3]], args, dtypes: ["bool"], gives: "dtype" }]
        : [];
  return entry({
    name,
    signature: "… -> …",
    parameters: extra.parameters ?? {},
    shape: (inputs, given) => {
      const x = input(inputs, 0);
      const out: TensorType = { ...x, dtype: extra.dtype?.(x, given) ?? outputType(x.dtype, kind) };
      const refusal =
        extra.refused?.(x, given) ??
        (kind === "floating" ? refuseIntegral(x, [out]) : kind.endsWith("number") ? refuseBool(x, [out]) : undefined);
      return refusal ?? ok([out]);
    },
    link: extra.link ?? documented(`torch.nn.functional.${name}`),
    examples: [
      { inputs: [[2, 3, 4, 4]], args, gives: [[2, 3, 4, 4]] },
      { inputs: [["N", 3, "H", "W"]], args, gives: [["N", 3, "H", "W"]] },
      ...integral,
      ...(extra.examples ?? []),
    ],
  });
}

const math = (name: string, kind: Kind, extra: Extra = {}): Operator =>
  elementwise(name, kind, { link: documented(`torch.${name}`), ...extra });

const softmaxLike = (name: string): Operator =>
  entry({
    name,
    signature: "… -> …",
    parameters: { axis: "axis along which the values sum to 1; null: PyTorch's old rule" },
    shape: (inputs, args) => {
      const x = input(inputs, 0);
      const axis = whole(args, "axis");
      if (axis !== undefined && x.shape !== undefined && axisIn(axis, x.shape.length) === undefined) {
        return axisRefusal("dim", axis, x.shape.length, [x]);
      }
      return refuseIntegral(x, [x]) ?? ok([x]);
    },
    link: documented(`torch.nn.functional.${name}`),
    examples: [
      { inputs: [[2, 3]], args: { axis: 1 }, gives: [[2, 3]] },
      { inputs: [["N", "L", 8]], args: { axis: -1 }, gives: [["N", "L", 8]] },
      { inputs: [[2, 3]], args: { axis: 2 }, gives: "argument" },
      { inputs: [[2, 3]], args: { axis: -3 }, gives: "argument" },
      { inputs: [[2, 3]], args: { axis: 0 }, dtypes: ["int64"], gives: "dtype" },
    ],
  });

const prelu = entry({
  name: "prelu",
  signature: "n c … -> n c …",
  parameters: {},
  shape: (inputs) => {
    const [x, weight] = [input(inputs, 0), input(inputs, 1)];
    if (x.shape === undefined || weight.shape === undefined) return ok([x]);
    const count = product(weight.shape);
    if (1 < weight.shape.length) {
      return refuse("rank", t("expects a weight of {0} axis, gets {1}", 1, weight.shape.length), [x], { input: 1 });
    }
    if (count.size === 1) return ok([x]);
    const guards: Guard[] = [];
    const channels = x.shape.length < 2 ? { size: 1 } : (x.shape[1] ?? unknownFrom([]));
    if (differ(count, channels, guards)) {
      const detail = t("expects {0} channels, gets {1}", show(count), show(channels));
      return refuse("channels", detail, [x], {
        input: 0,
        axes: [Math.min(1, x.shape.length)],
        argument: "num_parameters",
        expected: count,
        found: channels,
      });
    }
    return ok([x], guards);
  },
  link: documented("torch.nn.functional.prelu"),
  examples: [
    { inputs: [[2, 3, 4], [3]], args: {}, gives: [[2, 3, 4]] },
    { inputs: [[2, 3, 4], [1]], args: {}, gives: [[2, 3, 4]] },
    { inputs: [[3], [1]], args: {}, gives: [[3]] },
    { inputs: [[2, 3, 4], [4]], args: {}, gives: "channels" },
    { inputs: [[3], [3]], args: {}, gives: "channels" },
  ],
});

const glu = entry({
  name: "glu",
  signature: "… 2·c -> … c",
  parameters: { axis: "axis that is halved; its length is even" },
  shape: (inputs, args) => {
    const x = input(inputs, 0);
    const asked = args.axis === undefined ? -1 : whole(args, "axis");
    if (x.shape === undefined || asked === undefined) return ok([{ ...x, shape: undefined }]);
    const rank = rankBelow(x, 1, [x]);
    if (rank !== undefined) return rank;
    const axis = axisIn(asked, x.shape.length);
    if (axis === undefined) return axisRefusal("dim", asked, x.shape.length, [x]);
    const length = x.shape[axis] ?? unknownFrom([x]);
    const half = setBy(
      compute([length], (size) => floorDiv(size, 2)),
      "dim",
      [length],
    );
    const out = tensor(
      x.shape.map((d, i) => (i === axis ? half : d)),
      x.dtype,
    );
    const guards: Guard[] = [];
    if (indivisible(2, length, guards)) {
      const detail = t("expects an even length along axis {0}, gets {1}", axis, show(length));
      return refuse("shapes", detail, [out], { input: 0, axes: [axis], found: length });
    }
    return refuseIntegral(x, [out]) ?? ok([out], guards);
  },
  link: documented("torch.nn.functional.glu"),
  examples: [
    { inputs: [[2, 4]], args: { axis: 1 }, gives: [[2, 2]] },
    { inputs: [[2, 4, 6]], args: { axis: -1 }, gives: [[2, 4, 3]] },
    { inputs: [[2, 3]], args: { axis: 1 }, gives: "shapes" },
    { inputs: [[2, 4]], args: { axis: 2 }, gives: "argument" },
  ],
});

const dropout = (name: string): Operator =>
  elementwise(name, "same", {
    parameters: { p: "share of elements that are set to 0, from 0 to 1" },
    args: { p: 0.5 },
    refused: (x, args) => {
      const p = real(args, "p");
      if (p === undefined || (0 <= p && p <= 1)) return undefined;
      return badArgument("p", t("{0} must be between 0 and 1, is {1}", "p", p), [x]);
    },
    examples: [{ inputs: [[2, 3]], args: { p: 1.5 }, gives: "argument" }],
  });

/** Clamping takes the bounds' types into account: whole numbers clamped to floats become floats. */
function clampType(x: TensorType, args: Args): DType | undefined {
  return [args.low, args.high].reduce<DType | undefined>(
    (dtype, bound) => (bound === undefined || bound === null ? dtype : resultType([{ ...x, dtype }, bound])),
    x.dtype,
  );
}

export const ELEMENTWISE: readonly Operator[] = [
  elementwise("relu", "number"),
  elementwise("relu6", "number"),
  elementwise("leaky_relu", "floating", { parameters: { slope: "factor below 0" }, args: { slope: 0.01 } }),
  elementwise("elu", "floating", { parameters: { alpha: "scale below 0" }, args: { alpha: 1 } }),
  elementwise("selu", "floating"),
  elementwise("celu", "floating", { parameters: { alpha: "scale below 0" }, args: { alpha: 1 } }),
  elementwise("gelu", "floating", { parameters: { approximate: "none or tanh" }, args: { approximate: "none" } }),
  elementwise("silu", "floating"),
  elementwise("mish", "floating"),
  elementwise("log_sigmoid", "floating", { link: documented("torch.nn.functional.logsigmoid") }),
  elementwise("hardtanh", "number", {
    parameters: { low: "least value", high: "greatest value" },
    args: { low: -1, high: 1 },
    refused: (x, args) =>
      x.dtype === "uint8" && (real(args, "low") ?? 0) < 0
        ? refuse("dtype", t("does not take {0} with a bound below 0", x.dtype), [x], { input: 0 })
        : undefined,
  }),
  elementwise("hardswish", "floating"),
  elementwise("hardsigmoid", "floating"),
  elementwise("hardshrink", "floating", { parameters: { lambda: "half width of the gap" }, args: { lambda: 0.5 } }),
  elementwise("softshrink", "floating", { parameters: { lambda: "half width of the gap" }, args: { lambda: 0.5 } }),
  elementwise("tanhshrink", "float-number"),
  elementwise("softplus", "floating", {
    parameters: { beta: "sharpness", threshold: "linear above it" },
    args: { beta: 1, threshold: 20 },
  }),
  elementwise("softsign", "float-number"),
  elementwise("threshold", "number", {
    parameters: { threshold: "values up to it are replaced", value: "replacement" },
    args: { threshold: 0.1, value: 20 },
  }),
  math("sigmoid", "float"),
  math("tanh", "float"),
  math("exp", "float"),
  math("expm1", "float"),
  math("log", "float"),
  math("log2", "float"),
  math("log10", "float"),
  math("log1p", "float"),
  math("sqrt", "float"),
  math("rsqrt", "float"),
  math("reciprocal", "float"),
  math("sin", "float"),
  math("cos", "float"),
  math("tan", "float"),
  math("erf", "float"),
  ...[
    "asin",
    "acos",
    "atan",
    "sinh",
    "cosh",
    "asinh",
    "acosh",
    "atanh",
    "exp2",
    "erfc",
    "erfinv",
    "lgamma",
    "digamma",
  ].map((name) => math(name, "float")),
  math("sinc", "float"),
  math("logit", "float"),
  math("deg2rad", "float"),
  math("rad2deg", "float"),
  math("isfinite", "bool"),
  math("isinf", "bool"),
  math("signbit", "bool"),
  math("nan_to_num", "same"),
  math("frac", "floating"),
  math("abs", "number", { dtype: (x) => toReal(x.dtype) }),
  math("neg", "number"),
  math("square", "same", { dtype: (x) => (x.dtype === "bool" ? "int64" : x.dtype) }),
  math("floor", "number"),
  math("ceil", "number"),
  math("round", "number"),
  math("trunc", "number"),
  math("sign", "same"),
  math("logical_not", "bool"),
  math("isnan", "bool"),
  math("clamp", "same", {
    parameters: { low: "least value or null", high: "greatest value or null" },
    args: { low: 0, high: 1 },
    dtype: clampType,
    refused: (x, args) => {
      const none = (name: string): boolean => args[name] === undefined || args[name] === null;
      if (!none("low") || !none("high")) return undefined;
      return badArgument("min", t("expects at least one of {0} and {1}", "min", "max"), [x]);
    },
    examples: [{ inputs: [[2, 3]], args: { low: null, high: null }, gives: "argument" }],
  }),
  elementwise("identity", "same", { link: documented("torch.nn.Identity") }),
  elementwise("cast", "same", {
    link: "https://docs.pytorch.org/docs/stable/generated/torch.Tensor.to.html",
    parameters: { dtype: "element type" },
    args: { dtype: "float64" },
    dtype: (_x, args) => dtypeArg(args, "dtype"),
  }),
  dropout("dropout"),
  softmaxLike("softmax"),
  softmaxLike("log_softmax"),
  prelu,
  glu,
];

function outputType(dtype: DType | undefined, kind: Kind): DType | undefined {
  if (kind === "bool") return "bool";
  return kind.startsWith("float") ? toFloat(dtype) : dtype;
}

function refuseBool(x: TensorType, assume: readonly TensorType[]): Refusal | undefined {
  if (x.dtype !== "bool") return undefined;
  return refuse("dtype", t("does not take booleans"), assume, { input: 0 });
}

import type { Interp } from "../../eval/interp.ts";
import { NONE, type TensorValue, type UnknownValue, unknown, type Value } from "../../eval/value.ts";
import { native } from "../../lang/native.ts";
import type { Arg, Args } from "../../ops/operator.ts";
import { t } from "../../text/text.ts";
import { tensorClass } from "../classes.ts";
import { dimOf, emit, flagOf, numberOf, writeInPlace } from "../convert.ts";
import { define, x } from "../define.ts";
import { binary } from "./arithmetic.ts";

/** Functions of single elements. */

/** Names, the operator behind them, where they are found. Out of place and, with `i`, in place. */
const UNARY: readonly (readonly [names: string, op: string])[] = [
  ["relu", "relu"],
  ["sigmoid", "sigmoid"],
  ["tanh", "tanh"],
  ["exp", "exp"],
  ["exp2", "exp2"],
  ["expm1", "expm1"],
  ["log", "log"],
  ["log2", "log2"],
  ["log10", "log10"],
  ["log1p", "log1p"],
  ["sqrt", "sqrt"],
  ["rsqrt", "rsqrt"],
  ["square", "square"],
  ["reciprocal", "reciprocal"],
  ["abs absolute", "abs"],
  ["neg negative", "neg"],
  ["sin", "sin"],
  ["cos", "cos"],
  ["tan", "tan"],
  ["asin arcsin", "asin"],
  ["acos arccos", "acos"],
  ["atan arctan", "atan"],
  ["sinh", "sinh"],
  ["cosh", "cosh"],
  ["asinh arcsinh", "asinh"],
  ["acosh arccosh", "acosh"],
  ["atanh arctanh", "atanh"],
  ["floor", "floor"],
  ["ceil", "ceil"],
  ["trunc fix", "trunc"],
  ["frac", "frac"],
  ["sign sgn", "sign"],
  ["erf", "erf"],
  ["erfc", "erfc"],
  ["erfinv", "erfinv"],
  ["lgamma", "lgamma"],
  ["digamma", "digamma"],
  ["sinc", "sinc"],
  ["deg2rad", "deg2rad"],
  ["rad2deg", "rad2deg"],
  ["logical_not", "logical_not"],
];
for (const [names, op] of UNARY)
  define("tmi", names, "input, *, out=None", (interp, get) => emit(interp, op, [x(interp, get, op)], {}));
define("t", "selu", "input", (interp, get) => emit(interp, "selu", [x(interp, get, "selu")], {}));
for (const name of ["isnan", "isfinite", "isinf"])
  define("tm", name, "input", (interp, get) => emit(interp, name, [x(interp, get, name)], {}));
define("tm", "signbit", "input, *, out=None", (interp, get) =>
  emit(interp, "signbit", [x(interp, get, "signbit")], {}),
);
define("tm", "positive conj conj_physical", "input", (interp, get) =>
  emit(interp, "identity", [x(interp, get, "positive")], {}),
);
define("tmi", "round", "input, *, decimals=0, out=None", (interp, get) => {
  const decimals = numberOf(get("decimals"));
  const source = x(interp, get, "round");
  if (decimals === 0) return emit(interp, "round", [source], {});
  const scale = typeof decimals === "number" ? 10 ** decimals : undefined;
  if (scale === undefined) return unknown({ reason: t("a number that is not known") });
  const scaled = binary(interp, "mul", source, { kind: "float", value: scale });
  const rounded = scaled.kind === "tensor" ? emit(interp, "round", [scaled], {}) : scaled;
  return binary(interp, "div", rounded, { kind: "float", value: scale });
});
define("tmi", "nan_to_num", "input, nan=0.0, posinf=None, neginf=None, *, out=None", (interp, get) =>
  emit(interp, "nan_to_num", [x(interp, get, "nan_to_num")], {}),
);
define("tmi", "logit", "input, eps=None, *, out=None", (interp, get) =>
  emit(interp, "logit", [x(interp, get, "logit")], {}),
);
define("tmi", "bitwise_not", "input, *, out=None", (interp, get) => invert(interp, x(interp, get, "bitwise_not")));
tensorClass.attrs.set(
  "__invert__",
  native("__invert__", "self", (interp, get) => invert(interp, x(interp, get, "bitwise_not", "self"))),
);
/** Bits of whole numbers turned over, which of booleans is negation. */
function invert(interp: Interp, source: TensorValue | UnknownValue): Value {
  if (source.kind !== "tensor" || source.type.dtype === "bool" || source.type.dtype === undefined)
    return emit(interp, "logical_not", [source], {});
  return emit(interp, "bitwise_xor", [source], { right: { size: -1 } });
}

/** An activation of `torch.nn.functional`: its own arguments, then `inplace`. */
function activation(name: string, signature: string, op: string, args: (get: (name: string) => Value) => Args): void {
  const parameters = signature === "" ? "input, inplace=False" : `input, ${signature}, inplace=False`;
  define("f", name, parameters, (interp, get) => {
    const source = x(interp, get, name);
    const made = emit(interp, op, [source], args(get));
    return flagOf(interp, get("inplace")) && source.kind === "tensor" && made.kind === "tensor"
      ? writeInPlace(interp, source, made)
      : made;
  });
}
for (const name of ["relu", "relu6", "selu", "silu", "mish", "hardswish", "hardsigmoid"])
  activation(name, "", name, () => ({}));
const ALPHA = (get: (name: string) => Value): Args => ({ alpha: numberOf(get("alpha")) });
activation("leaky_relu", "negative_slope=0.01", "leaky_relu", (get) => ({ slope: numberOf(get("negative_slope")) }));
for (const name of ["elu", "celu"]) activation(name, "alpha=1.0", name, ALPHA);
const BOUNDS = (get: (name: string) => Value): Args => ({
  low: numberOf(get("min_val")),
  high: numberOf(get("max_val")),
});
activation("hardtanh", "min_val=-1.0, max_val=1.0", "hardtanh", BOUNDS);
activation("threshold", "threshold, value", "threshold", (get) => ({
  threshold: numberOf(get("threshold")),
  value: numberOf(get("value")),
}));
/** The mean of its bounds, as in evaluation. */
activation("rrelu", "lower=0.125, upper=0.3333333333333333, training=False", "leaky_relu", (get) => {
  const [low, high] = [numberOf(get("lower")), numberOf(get("upper"))];
  return { slope: typeof low === "number" && typeof high === "number" ? (low + high) / 2 : low };
});
for (const [name, signature, op, args] of [
  ["relu_", "input", "relu", () => ({})],
  ["selu_", "input", "selu", () => ({})],
  ["leaky_relu_", "input, negative_slope=0.01", "leaky_relu", (get) => ({ slope: numberOf(get("negative_slope")) })],
  ["elu_", "input, alpha=1.0", "elu", ALPHA],
  ["celu_", "input, alpha=1.0", "celu", ALPHA],
  ["hardtanh_", "input, min_val=-1.0, max_val=1.0", "hardtanh", BOUNDS],
  [
    "threshold_",
    "input, threshold, value",
    "threshold",
    (get) => ({ threshold: numberOf(get("threshold")), value: numberOf(get("value")) }),
  ],
] as readonly (readonly [string, string, string, (get: (name: string) => Value) => Args])[])
  define(name === "selu_" || name === "relu_" ? "f" : "ft", name, signature, (interp, get) => {
    const source = x(interp, get, name);
    const made = emit(interp, op, [source], args(get));
    return source.kind === "tensor" && made.kind === "tensor" ? writeInPlace(interp, source, made) : made;
  });
for (const name of ["celu", "selu", "rrelu"])
  if (name === "celu")
    define("t", name, "input, alpha=1.0", (interp, get) => emit(interp, name, [x(interp, get, name)], ALPHA(get)));
for (const name of ["sigmoid", "tanh", "softsign", "tanhshrink"])
  define("f", name, "input", (interp, get) => emit(interp, name, [x(interp, get, name)], {}));
define("f", "logsigmoid", "input", (interp, get) => emit(interp, "log_sigmoid", [x(interp, get, "logsigmoid")], {}));
for (const name of ["hardshrink", "softshrink"])
  define(name === "hardshrink" ? "ftm" : "f", name, "input, lambd=0.5", (interp, get) =>
    emit(interp, name, [x(interp, get, name)], { lambda: numberOf(get("lambd")) }),
  );
define("f", "gelu", "input, *, approximate='none'", (interp, get) => {
  const a = get("approximate");
  return emit(interp, "gelu", [x(interp, get, "gelu")], { approximate: a.kind === "str" ? a.value : "none" });
});
define("f", "softplus", "input, beta=1.0, threshold=20.0", (interp, get) =>
  emit(interp, "softplus", [x(interp, get, "softplus")], {
    beta: numberOf(get("beta")),
    threshold: numberOf(get("threshold")),
  }),
);
define("ftm", "prelu", "input, weight", (interp, get) =>
  emit(interp, "prelu", [x(interp, get, "prelu"), x(interp, get, "prelu", "weight")], {}),
);
define("f", "glu", "input, dim=-1", (interp, get) =>
  emit(interp, "glu", [x(interp, get, "glu")], { axis: dimOf(get("dim")) }),
);

/** In evaluation dropout changes nothing. */
for (const [where, names, signature] of [
  ["f", "dropout", "input, p=0.5, training=True, inplace=False"],
  ["f", "dropout1d dropout2d dropout3d", "input, p=0.5, training=True, inplace=False"],
  ["f", "alpha_dropout feature_alpha_dropout", "input, p=0.5, training=False, inplace=False"],
  ["t", "dropout alpha_dropout feature_dropout feature_alpha_dropout", "input, p, train"],
] as const)
  define(where, names, signature, (interp, get) => {
    const p = get("p");
    return emit(interp, "dropout", [x(interp, get, "dropout")], p.kind === "none" ? {} : { p: numberOf(p) });
  });

/** Bounds that are numbers clamp; tensors are compared element by element. */
function clamp(interp: Interp, source: TensorValue | UnknownValue, low: Value, high: Value): Value {
  if (low.kind !== "tensor" && high.kind !== "tensor") {
    const bound = (value: Value): Arg => (value.kind === "int" ? value.dim : numberOf(value));
    return emit(interp, "clamp", [source], { low: bound(low), high: bound(high) });
  }
  const above = low.kind === "none" ? source : binary(interp, "maximum", source, low);
  return high.kind === "none" ? above : binary(interp, "minimum", above, high);
}
define("tmi", "clamp clip", "input, min=None, max=None, *, out=None", (interp, get) =>
  clamp(interp, x(interp, get, "clamp"), get("min"), get("max")),
);
define("tmi", "clamp_min", "input, min", (interp, get) => clamp(interp, x(interp, get, "clamp_min"), get("min"), NONE));
define("tmi", "clamp_max", "input, max", (interp, get) => clamp(interp, x(interp, get, "clamp_max"), NONE, get("max")));

for (const [where, name, signature] of [
  ["f", "softmax", "input, dim=None, _stacklevel=3, dtype=None"],
  ["tm", "softmax", "input, dim, dtype=None, *, out=None"],
  ["f", "log_softmax", "input, dim=None, _stacklevel=3, dtype=None"],
  ["tm", "log_softmax", "input, dim, dtype=None, *, out=None"],
] as const) {
  define(where, name, signature, (interp, get) => {
    const given = x(interp, get, name);
    const dtype = get("dtype");
    const cast =
      dtype.kind === "opaque"
        ? interp.lang.call(interp, interp.lang.getAttribute(interp, given, "to", undefined), {
            positional: [{ value: dtype }],
            keywords: [],
          })
        : given;
    const source = cast.kind === "tensor" ? cast : given;
    const rank = source.kind === "tensor" ? source.type.shape?.length : undefined;
    return emit(interp, name, [source], {
      axis: get("dim").kind === "none" ? { size: rank === 0 || rank === 1 || rank === 3 ? 0 : 1 } : dimOf(get("dim")),
    });
  });
}

import { dimOf, emit, flagOf, numberOf, writeInPlace } from "../convert.ts";
import { define, x } from "../define.ts";

for (const name of [
  "relu",
  "relu6",
  "selu",
  "silu",
  "mish",
  "sigmoid",
  "tanh",
  "hardswish",
  "hardsigmoid",
  "softsign",
  "exp",
  "log",
  "sqrt",
  "rsqrt",
  "abs",
  "neg",
  "square",
  "reciprocal",
  "sin",
  "cos",
  "tan",
  "floor",
  "ceil",
  "round",
  "sign",
  "erf",
  "trunc",
  "log2",
  "log10",
  "log1p",
  "expm1",
  "logical_not",
  "isnan",
]) {
  define("tmi", name, "input", (interp, get) => emit(interp, name, [x(interp, get, name)], {}));
}
for (const name of [
  "relu",
  "relu6",
  "selu",
  "silu",
  "mish",
  "hardswish",
  "hardsigmoid",
  "softsign",
  "sigmoid",
  "tanh",
]) {
  define("fi", name, "input, inplace=False", (interp, get) => {
    const source = x(interp, get, name);
    const made = emit(interp, name, [source], {});
    return flagOf(interp, get("inplace")) && source.kind === "tensor" && made.kind === "tensor"
      ? writeInPlace(interp, source, made)
      : made;
  });
}
define("f", "logsigmoid", "input", (interp, get) => emit(interp, "log_sigmoid", [x(interp, get, "logsigmoid")], {}));
define("f", "leaky_relu", "input, negative_slope=0.01, inplace=False", (interp, get) =>
  emit(interp, "leaky_relu", [x(interp, get, "leaky_relu")], { slope: numberOf(get("negative_slope")) }),
);
for (const name of ["elu", "celu"])
  define("f", name, "input, alpha=1.0, inplace=False", (interp, get) =>
    emit(interp, name, [x(interp, get, name)], { alpha: numberOf(get("alpha")) }),
  );
define("f", "gelu", "input, approximate='none'", (interp, get) => {
  const a = get("approximate");
  return emit(interp, "gelu", [x(interp, get, "gelu")], { approximate: a.kind === "str" ? a.value : "none" });
});
define("f", "softplus", "input, beta=1.0, threshold=20.0", (interp, get) =>
  emit(interp, "softplus", [x(interp, get, "softplus")], {
    beta: numberOf(get("beta")),
    threshold: numberOf(get("threshold")),
  }),
);
define("f", "hardtanh", "input, min_val=-1.0, max_val=1.0, inplace=False", (interp, get) =>
  emit(interp, "hardtanh", [x(interp, get, "hardtanh")], {
    low: numberOf(get("min_val")),
    high: numberOf(get("max_val")),
  }),
);
define("f", "prelu", "input, weight", (interp, get) =>
  emit(interp, "prelu", [x(interp, get, "prelu"), x(interp, get, "prelu", "weight")], {}),
);
define("f", "glu", "input, dim=-1", (interp, get) =>
  emit(interp, "glu", [x(interp, get, "glu")], { axis: dimOf(get("dim")) }),
);
define(
  "f",
  "dropout dropout1d dropout2d dropout3d alpha_dropout",
  "input, p=0.5, training=True, inplace=False",
  (interp, get) => emit(interp, "dropout", [x(interp, get, "dropout")], {}),
);
define("tmi", "clamp clip", "input, min=None, max=None", (interp, get) =>
  emit(interp, "clamp", [x(interp, get, "clamp")], { low: numberOf(get("min")), high: numberOf(get("max")) }),
);
for (const [where, name, signature] of [
  ["f", "softmax", "input, dim=None, _stacklevel=3, dtype=None"],
  ["tm", "softmax", "input, dim, dtype=None"],
  ["f", "log_softmax", "input, dim=None, _stacklevel=3, dtype=None"],
  ["tm", "log_softmax", "input, dim, dtype=None"],
] as const) {
  define(where, name, signature, (interp, get) => {
    const source = x(interp, get, name);
    const rank = source.kind === "tensor" ? source.type.shape?.length : undefined;
    return emit(interp, name, [source], {
      axis: get("dim").kind === "none" ? { size: rank === 0 || rank === 1 || rank === 3 ? 0 : 1 } : dimOf(get("dim")),
    });
  });
}

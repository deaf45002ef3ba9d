import { itemsOf } from "../eval/evaluate.ts";
import { fail, type Interp, isWhy, ownPlace } from "../eval/interp.ts";
import {
  type BuiltinValue,
  bool,
  type ClassValue,
  int,
  intOf,
  NONE,
  opaque,
  type TensorValue,
  tensor,
  tuple,
  type UnknownValue,
  unknown,
  type Value,
} from "../eval/value.ts";
import { toFloat, whyOf } from "../lang/arithmetic.ts";
import { iteratorOver, lostIterator } from "../lang/iteration.ts";
import { native, nativeClass, raw } from "../lang/native.ts";
import { objectClass, tupleClass } from "../lang/types.ts";
import type { Arg, Args } from "../ops/operator.ts";
import type { Dim, Why } from "../shape/dim.ts";
import { mul, type Size } from "../shape/size.ts";
import { t } from "../text/text.ts";
import {
  dimList,
  dimOf,
  dimsOf,
  dtypeOf,
  emit,
  emitAll,
  flagOf,
  numberOf,
  scalarOf,
  tensorOf,
  writeInPlace,
} from "./convert.ts";
import { paddingArg } from "./nn/convolution.ts";
import { padLast } from "./nn/padding.ts";
import { adaptivePool } from "./nn/pooling.ts";
import { interpolate } from "./nn/upsampling.ts";

type Get = (name: string) => Value;
type Run = (interp: Interp, get: Get) => Value;

export const tensorClass: ClassValue = nativeClass("Tensor", "torch", [objectClass]);
export const parameterClass: ClassValue = nativeClass("Parameter", "torch.nn", [tensorClass]);
export const sizeClass: ClassValue = nativeClass("Size", "torch", [tupleClass]);
/** `torch.*` and `torch.nn.functional.*` functions by name. */
export const torchFunctions = new Map<string, Value>();
export const functional = new Map<string, Value>();

/** Where a function is found: `t` torch, `m` a tensor's method, `f` functional; `i`: also in place, with `_`. */
function define(where: string, names: string, signature: string, run: Run): void {
  for (const name of names.split(" ")) {
    const made = native(name, signature, run, { free: true });
    if (where.includes("t")) torchFunctions.set(name, made);
    if (where.includes("f")) functional.set(name, made);
    if (where.includes("m")) tensorClass.attrs.set(name, native(name, signature, run));
    if (!where.includes("i")) continue;
    const inPlace: BuiltinValue = native(`${name}_`, signature, (interp, get) => {
      const target = get(signature.split(",")[0]?.trim() ?? "input");
      const made = run(interp, get);
      return target.kind === "tensor" && made.kind === "tensor" ? writeInPlace(interp, target, made) : made;
    });
    if (where.includes("t")) torchFunctions.set(`${name}_`, { ...inPlace, free: true });
    if (where.includes("f")) functional.set(`${name}_`, { ...inPlace, free: true });
    if (where.includes("m")) tensorClass.attrs.set(`${name}_`, inPlace);
  }
}

const x = (interp: Interp, get: Get, fn: string, name = "input"): TensorValue | UnknownValue =>
  tensorOf(interp, get(name), fn, name);
const lost = (why: Why): UnknownValue => unknown(why);
const axes = (interp: Interp, value: Value): Arg =>
  value.kind === "none" ? null : value.kind === "int" ? [dimOf(value)] : [...dimsOf(interp, value, 1)];

// --- elementwise -------------------------------------------------------------------------------------------------

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

const BINARY: readonly (readonly [string, string, string])[] = [
  ["add", "__add__", "__radd__"],
  ["sub", "__sub__", "__rsub__"],
  ["mul", "__mul__", "__rmul__"],
  ["div", "__truediv__", "__rtruediv__"],
  ["pow", "__pow__", "__rpow__"],
  ["floor_div", "__floordiv__", "__rfloordiv__"],
  ["remainder", "__mod__", "__rmod__"],
  ["eq", "__eq__", ""],
  ["ne", "__ne__", ""],
  ["lt", "__lt__", ""],
  ["le", "__le__", ""],
  ["gt", "__gt__", ""],
  ["ge", "__ge__", ""],
  ["logical_and", "__and__", "__rand__"],
  ["logical_or", "__or__", "__ror__"],
];

/** An elementwise operator on two operands, one of which may be a number. */
function binary(interp: Interp, op: string, left: Value, right: Value, extra: Args = {}): Value {
  if (left.kind === "unknown" || right.kind === "unknown") return left.kind === "unknown" ? left : right;
  const [a, b] = [left, right];
  if (a.kind === "tensor" && b.kind === "tensor")
    return op === "add" ? addTensors(interp, a, b, extra) : emit(interp, op, [a, b], extra);
  const scalar = scalarOf(a.kind === "tensor" ? b : a);
  if (scalar === undefined) return { kind: "not-implemented" };
  if (a.kind === "tensor") return emit(interp, op, [a], { ...extra, right: scalar });
  return b.kind === "tensor" ? emit(interp, op, [b], { ...extra, left: scalar }) : { kind: "not-implemented" };
}

/** Which operand's shape an add went on with after it was refused, by where it stands and in which instance. */
export type Recoveries = Map<string, 0 | 1>;

/**
 * An add that may be residual. What one run of a root goes on with after a refusal, the other does too: with open sizes
 * the same add may seem to fit for some.
 */
function addTensors(interp: Interp, a: TensorValue, b: TensorValue, extra: Args): Value {
  const recoveries = interp.store.get("recoveries") as Recoveries | undefined;
  const place = ownPlace(interp);
  const key = `${interp.path ?? ""} ${place?.file ?? ""}:${place?.span.start ?? 0}`;
  const made = emit(interp, "add", [a, b], extra, (outcome, inputs) => {
    if (outcome.kind !== "refused" || outcome.fault !== "broadcast") return undefined;
    const kept = recoverAdd(interp, inputs);
    if (kept !== undefined) recoveries?.set(key, kept === a.type ? 0 : 1);
    return kept;
  });
  const known = recoveries?.get(key);
  if (known === undefined || made.kind !== "tensor" || made.type.assumed) return made;
  return { ...made, type: { ...(known === 0 ? a : b).type, assumed: true } };
}

/**
 * The shape to go on with after a refused add: an identity shortcut keeps what the block was given where only the
 * spatial sizes differ (the main branch strides where nothing else does); otherwise the main branch's.
 */
function recoverAdd(interp: Interp, inputs: readonly TensorValue[]): TensorValue["type"] | undefined {
  const [a, b] = inputs;
  if (a === undefined || b === undefined || interp.graph === undefined) return undefined;
  const shortcut = isAncestor(interp, a, b) ? a : isAncestor(interp, b, a) ? b : undefined;
  const main = shortcut === a ? b : a;
  if (shortcut === undefined) return undefined;
  const left = main.type.shape?.[1]?.size;
  const right = shortcut.type.shape?.[1]?.size;
  return left !== undefined && left === right ? shortcut.type : main.type;
}

function isAncestor(interp: Interp, early: TensorValue, late: TensorValue): boolean {
  const nodes = interp.graph?.nodes;
  const goal = early.ref?.node;
  if (nodes === undefined || goal === undefined || late.ref === undefined) return false;
  const seen = new Set<number>();
  const queue = [late.ref.node];
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    if (node === goal) return true;
    if (node < goal || seen.has(node)) continue;
    seen.add(node);
    for (const ref of nodes[node]?.inputs ?? []) queue.push(ref.node);
  }
  return false;
}

for (const [op, dunder, reflected] of BINARY) {
  tensorClass.attrs.set(
    dunder,
    native(dunder, "self, other", (interp, get) => binary(interp, op, get("self"), get("other"))),
  );
  if (reflected !== "")
    tensorClass.attrs.set(
      reflected,
      native(reflected, "self, other", (interp, get) => binary(interp, op, get("other"), get("self"))),
    );
  const inPlace = `__i${dunder.slice(2)}`;
  tensorClass.attrs.set(
    inPlace,
    native(inPlace, "self, other", (interp, get) => {
      const self = get("self");
      const made = binary(interp, op, self, get("other"), { in_place: true });
      return self.kind === "tensor" && made.kind === "tensor" ? writeInPlace(interp, self, made) : made;
    }),
  );
}
tensorClass.attrs.set(
  "__neg__",
  native("__neg__", "self", (interp, get) => emit(interp, "neg", [x(interp, get, "neg", "self")], {})),
);
tensorClass.attrs.set(
  "__abs__",
  native("__abs__", "self", (interp, get) => emit(interp, "abs", [x(interp, get, "abs", "self")], {})),
);
tensorClass.attrs.set(
  "__invert__",
  native("__invert__", "self", (interp, get) =>
    emit(interp, "logical_not", [x(interp, get, "bitwise_not", "self")], {}),
  ),
);
for (const [names, op] of [
  ["add", "add"],
  ["sub subtract", "sub"],
  ["mul multiply", "mul"],
  ["div divide true_divide", "div"],
  ["pow", "pow"],
  ["maximum", "maximum"],
  ["minimum", "minimum"],
  ["eq", "eq"],
  ["ne", "ne"],
  ["lt", "lt"],
  ["le", "le"],
  ["gt", "gt"],
  ["ge", "ge"],
  ["floor_divide", "floor_div"],
  ["remainder", "remainder"],
  ["logical_and", "logical_and"],
  ["logical_or", "logical_or"],
] as const) {
  const options = op === "add" || op === "sub" ? ", alpha=1" : op === "div" ? ", rounding_mode=None" : "";
  define("tmi", names, `input, other, *${options}, out=None`, (interp, get) => {
    const extra: Record<string, Arg> = {};
    if (toFloat(get("alpha")) !== undefined && toFloat(get("alpha")) !== 1) extra.alpha = numberOf(get("alpha"));
    const rounding = get("rounding_mode");
    if (op === "div" && rounding.kind === "str") extra.rounding = rounding.value;
    return binary(interp, op, get("input"), get("other"), extra);
  });
}
define("tm", "where", "condition, input, other", (interp, get) => {
  const parts = ["condition", "input", "other"].map((name) => get(name));
  if (!parts.every((p) => p.kind === "tensor"))
    return unknown({ reason: t("torch.where of a number is not followed") });
  return emit(interp, "where", parts as TensorValue[], {});
});

// --- matrix products ---------------------------------------------------------------------------------------------

for (const name of ["matmul", "bmm", "mm"])
  define("tm", name, "input, other", (interp, get) =>
    emit(interp, name, [x(interp, get, name), x(interp, get, name, "other")], {}),
  );
tensorClass.attrs.set(
  "__matmul__",
  native("__matmul__", "self, other", (interp, get) =>
    emit(interp, "matmul", [x(interp, get, "matmul", "self"), x(interp, get, "matmul", "other")], {}),
  ),
);
torchFunctions.set(
  "einsum",
  raw(
    "einsum",
    (interp, args) => {
      const equation = args.positional[0]?.value;
      if (equation?.kind !== "str") return unknown({ reason: t("an einsum whose equation is not known") });
      const rest = args.positional.slice(1).map((arg) => arg.value);
      const operands =
        rest.length === 1 && rest[0] !== undefined && rest[0].kind !== "tensor" ? itemsOf(interp, rest[0]) : rest;
      return isWhy(operands)
        ? lost(operands)
        : emit(
            interp,
            "einsum",
            operands.map((o) => tensorOf(interp, o, "einsum", "operands")),
            { equation: equation.value },
          );
    },
    { free: true },
  ),
);
define(
  "f",
  "scaled_dot_product_attention",
  "query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None, enable_gqa=False",
  (interp, get) => {
    if (flagOf(interp, get("enable_gqa"))) return unknown({ reason: t("{0} is not known", "enable_gqa") });
    const names = get("attn_mask").kind === "none" ? ["query", "key", "value"] : ["query", "key", "value", "attn_mask"];
    return emit(
      interp,
      "attention",
      names.map((n) => x(interp, get, "scaled_dot_product_attention", n)),
      { causal: flagOf(interp, get("is_causal")), scale: numberOf(get("scale")) },
    );
  },
);
const bias = (get: Get): TensorValue[] =>
  ["weight", "bias"].flatMap((name) => {
    const v = get(name);
    return v.kind === "tensor" ? [v] : [];
  });
define("f", "linear", "input, weight, bias=None", (interp, get) =>
  emit(interp, "linear", [x(interp, get, "linear"), ...bias(get)], {}),
);
for (const n of [1, 2, 3]) {
  define("ft", `conv${n}d`, "input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1", (interp, get) => {
    const weight = get("weight");
    const kernel = weight.kind === "tensor" ? weight.type.shape?.slice(2) : undefined;
    if (kernel === undefined) return unknown(whyOf(weight) ?? { reason: t("a convolution whose weight is not known") });
    const dilation = dimsOf(interp, get("dilation"), n);
    return emit(interp, "conv", [x(interp, get, `conv${n}d`), ...bias(get)], {
      stride: [...dimsOf(interp, get("stride"), n)],
      padding: paddingArg(interp, get("padding"), kernel, dilation),
      dilation: [...dilation],
      groups: dimOf(get("groups")),
    });
  });
  for (const kind of ["max", "avg"] as const) {
    define(
      "f",
      `${kind}_pool${n}d`,
      kind === "max"
        ? "input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False"
        : "input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None",
      (interp, get) => {
        const stride = get("stride");
        const args: Record<string, Arg> = {
          kernel: [...dimsOf(interp, get("kernel_size"), n)],
          stride: [...dimsOf(interp, stride.kind === "none" ? get("kernel_size") : stride, n)],
          padding: [...dimsOf(interp, get("padding"), n)],
          ceil_mode: flagOf(interp, get("ceil_mode")),
        };
        if (kind === "max") args.dilation = [...dimsOf(interp, get("dilation"), n)];
        else
          Object.assign(args, {
            count_include_pad: flagOf(interp, get("count_include_pad")),
            divisor: get("divisor_override").kind === "none" ? null : dimOf(get("divisor_override")),
          });
        return emit(interp, `${kind}_pool`, [x(interp, get, `${kind}_pool${n}d`)], args);
      },
    );
    define("ft", `adaptive_${kind}_pool${n}d`, "input, output_size", (interp, get) =>
      adaptivePool(interp, `adaptive_${kind}_pool`, x(interp, get, "adaptive_pool"), get("output_size"), n),
    );
  }
}
define(
  "f",
  "batch_norm",
  "input, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-05",
  (interp, get) =>
    emit(
      interp,
      "batch_norm",
      [
        x(interp, get, "batch_norm"),
        ...["running_mean", "running_var", "weight", "bias"].flatMap((n) => {
          const v = get(n);
          return v.kind === "tensor" ? [v] : [];
        }),
      ],
      { eps: numberOf(get("eps")), spatial: null, training: flagOf(interp, get("training")) },
    ),
);
define("f", "layer_norm", "input, normalized_shape, weight=None, bias=None, eps=1e-05", (interp, get) =>
  emit(interp, "layer_norm", [x(interp, get, "layer_norm"), ...bias(get)], {
    normalized: [...dimsOf(interp, get("normalized_shape"), 1)],
    eps: numberOf(get("eps")),
  }),
);
define("f", "group_norm", "input, num_groups, weight=None, bias=None, eps=1e-05", (interp, get) =>
  emit(interp, "group_norm", [x(interp, get, "group_norm"), ...bias(get)], {
    groups: dimOf(get("num_groups")),
    eps: numberOf(get("eps")),
  }),
);
define("f", "pad", "input, pad, mode='constant', value=None", (interp, get) => {
  const mode = get("mode");
  return padLast(
    interp,
    x(interp, get, "pad"),
    get("pad"),
    mode.kind === "str" ? mode.value : "constant",
    get("value").kind === "none" ? 0 : numberOf(get("value")),
  );
});
define(
  "f",
  "interpolate upsample",
  "input, size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None, antialias=False",
  (interp, get) => {
    const mode = get("mode");
    return interpolate(
      interp,
      x(interp, get, "interpolate"),
      get("size"),
      get("scale_factor"),
      mode.kind === "str" ? mode.value : "nearest",
      get("align_corners"),
    );
  },
);
define("f", "pixel_shuffle", "input, upscale_factor", (interp, get) =>
  emit(interp, "pixel_shuffle", [x(interp, get, "pixel_shuffle")], { factor: dimOf(get("upscale_factor")) }),
);
define("f", "normalize", "input, p=2.0, dim=1, eps=1e-12", (interp, get) => {
  const source = x(interp, get, "normalize");
  const length = emit(interp, "norm", [source], {
    p: numberOf(get("p")),
    axes: axes(interp, get("dim")),
    keepdim: true,
  });
  return length.kind === "tensor"
    ? binary(interp, "div", source, emit(interp, "clamp", [length], { low: numberOf(get("eps")), high: null }))
    : length;
});
define("f", "embedding", "input, weight, padding_idx=None", (interp, get) =>
  emit(interp, "embedding", [x(interp, get, "embedding"), x(interp, get, "embedding", "weight")], {}),
);
define("f", "one_hot", "input, num_classes=-1", (interp, get) =>
  emit(interp, "one_hot", [x(interp, get, "one_hot")], { classes: dimOf(get("num_classes")) }),
);

// --- shapes ------------------------------------------------------------------------------------------------------

const sizes = (interp: Interp, value: Value): readonly Dim[] | Why =>
  dimList(interp, value.kind === "tuple" ? value.items : [value]);
for (const name of ["view", "reshape"]) {
  define("m", name, "input, *shape", (interp, get) => {
    const shape = sizes(interp, get("shape"));
    return isWhy(shape)
      ? lost(shape)
      : emit(interp, "reshape", [x(interp, get, name)], { shape: [...(shape as readonly Dim[])] });
  });
}
define("t", "reshape", "input, shape", (interp, get) =>
  emit(interp, "reshape", [x(interp, get, "reshape")], { shape: [...dimsOf(interp, get("shape"), 1)] }),
);
define("tm", "flatten", "input, start_dim=0, end_dim=-1", (interp, get) =>
  emit(interp, "flatten", [x(interp, get, "flatten")], { start: dimOf(get("start_dim")), end: dimOf(get("end_dim")) }),
);
define("tm", "unflatten", "input, dim, sizes", (interp, get) =>
  emit(interp, "unflatten", [x(interp, get, "unflatten")], {
    axis: dimOf(get("dim")),
    sizes: [...dimsOf(interp, get("sizes"), 1)],
  }),
);
define("tm", "squeeze", "input, dim=None", (interp, get) =>
  emit(interp, "squeeze", [x(interp, get, "squeeze")], { axes: axes(interp, get("dim")) }),
);
define("tm", "unsqueeze", "input, dim", (interp, get) =>
  emit(interp, "unsqueeze", [x(interp, get, "unsqueeze")], { axis: dimOf(get("dim")) }),
);
define("tm", "transpose swapaxes swapdims", "input, dim0, dim1", (interp, get) =>
  emit(interp, "transpose", [x(interp, get, "transpose")], { a: dimOf(get("dim0")), b: dimOf(get("dim1")) }),
);
define("tm", "t", "input", (interp, get) =>
  emit(interp, "transpose", [x(interp, get, "t")], { a: { size: 0 }, b: { size: 1 } }),
);
for (const [where, signature] of [
  ["m", "input, *dims"],
  ["t", "input, dims"],
] as const) {
  define(where, "permute", signature, (interp, get) => {
    const dims = where === "t" ? [...dimsOf(interp, get("dims"), 1)] : sizes(interp, get("dims"));
    return isWhy(dims)
      ? lost(dims)
      : emit(interp, "permute", [x(interp, get, "permute")], { axes: [...(dims as readonly Dim[])] });
  });
}
define("m", "expand", "input, *size", (interp, get) => {
  const shape = sizes(interp, get("size"));
  return isWhy(shape)
    ? lost(shape)
    : emit(interp, "expand", [x(interp, get, "expand")], { shape: [...(shape as readonly Dim[])] });
});
for (const [names, op] of [
  ["expand_as", "expand"],
  ["view_as reshape_as", "reshape"],
] as const) {
  define("m", names, "input, other", (interp, get) => {
    const other = get("other");
    const shape = other.kind === "tensor" ? other.type.shape : undefined;
    return shape === undefined
      ? unknown(whyOf(other) ?? { reason: t("a shape that is not known") })
      : emit(interp, op, [x(interp, get, names)], { shape: [...shape] });
  });
}
define("m", "repeat", "input, *repeats", (interp, get) => {
  const times = sizes(interp, get("repeats"));
  return isWhy(times)
    ? lost(times)
    : emit(interp, "repeat", [x(interp, get, "repeat")], { times: [...(times as readonly Dim[])] });
});
for (const name of ["cat", "concat", "concatenate", "stack"]) {
  define("t", name, "tensors, dim=0", (interp, get) => {
    const items = itemsOf(interp, get("tensors"));
    return isWhy(items)
      ? lost(items)
      : emit(
          interp,
          name === "stack" ? "stack" : "concat",
          items.map((item) => tensorOf(interp, item, name, "tensors")),
          { axis: dimOf(get("dim")) },
        );
  });
}
const several = (interp: Interp, op: string, source: TensorValue | UnknownValue, args: Args): Value => {
  const parts = emitAll(interp, op, [source], args);
  return Array.isArray(parts) ? tuple(parts) : (parts as UnknownValue);
};
define("tm", "chunk", "input, chunks, dim=0", (interp, get) =>
  several(interp, "chunk", x(interp, get, "chunk"), { axis: dimOf(get("dim")), chunks: dimOf(get("chunks")) }),
);
define("tm", "split", "input, split_size, dim=0", (interp, get) => {
  const source = x(interp, get, "split");
  const size = get("split_size");
  const axis = dimOf(get("dim"));
  const length =
    source.kind === "tensor" && typeof axis.size === "number" ? source.type.shape?.at(axis.size)?.size : undefined;
  if (size.kind === "int" && (typeof length !== "number" || typeof size.dim.size !== "number"))
    return unknown({ reason: t("a split into an unknown number of parts") });
  return several(interp, "split", source, {
    axis,
    sizes: size.kind === "int" ? size.dim : [...dimsOf(interp, size, 1)],
  });
});
define("tm", "unbind", "input, dim=0", (interp, get) => {
  const source = x(interp, get, "unbind");
  const axis = dimOf(get("dim"));
  const length =
    source.kind === "tensor" && typeof axis.size === "number" ? source.type.shape?.at(axis.size)?.size : undefined;
  return typeof length === "number"
    ? several(interp, "unbind", source, { axis })
    : unknown({ reason: t("a split into an unknown number of parts") });
});
define("tm", "flip", "input, dims", (interp, get) =>
  emit(interp, "flip", [x(interp, get, "flip")], { axes: axes(interp, get("dims")) }),
);
define("tm", "roll", "input, shifts, dims=None", (interp, get) =>
  emit(interp, "roll", [x(interp, get, "roll")], {
    shifts: axes(interp, get("shifts")),
    axes: axes(interp, get("dims")),
  }),
);
for (const [name, dtype] of [
  ["float", "float32"],
  ["double", "float64"],
  ["half", "float16"],
  ["bfloat16", "bfloat16"],
  ["long", "int64"],
  ["int", "int32"],
  ["bool", "bool"],
] as const) {
  define("m", name, "input, memory_format=None", (interp, get) =>
    emit(interp, "cast", [x(interp, get, name)], { dtype }),
  );
}
/** `.to(…)` and `.type(…)`: an element type among the arguments casts, a device changes nothing here. */
for (const name of ["to", "type", "type_as"]) {
  tensorClass.attrs.set(
    name,
    raw(name, (interp, args) => {
      const source = args.positional[0]?.value ?? NONE;
      if (source.kind !== "tensor") return source;
      const rest = [...args.positional.slice(1), ...args.keywords.map(([, arg]) => arg)].map((arg) => arg.value);
      const lostArgument = rest.find((value) => value.kind === "unknown");
      if (lostArgument !== undefined) return tensor({ ...source.type, dtype: undefined });
      const asked = rest.map((value) => (value.kind === "tensor" ? value.type.dtype : dtypeOf(value, undefined)));
      const dtype = asked.find((one) => one !== undefined);
      return dtype === undefined ? emit(interp, "identity", [source], {}) : emit(interp, "cast", [source], { dtype });
    }),
  );
}
for (const name of ["contiguous", "clone", "detach", "cuda", "cpu", "requires_grad_"]) {
  tensorClass.attrs.set(
    name,
    raw(name, (interp, args) => {
      const source = args.positional[0]?.value ?? NONE;
      return source.kind === "tensor" ? emit(interp, "identity", [source], {}) : source;
    }),
  );
}

// --- reductions --------------------------------------------------------------------------------------------------

for (const name of ["mean", "sum", "prod", "amax", "amin", "all", "any"]) {
  const op = name === "amax" ? "max" : name === "amin" ? "min" : name;
  define("tm", name, "input, dim=None, keepdim=False, *, dtype=None", (interp, get) =>
    emit(interp, op, [x(interp, get, name)], {
      axes: axes(interp, get("dim")),
      keepdim: flagOf(interp, get("keepdim")),
    }),
  );
}
for (const name of ["var", "std"])
  define("tm", name, "input, dim=None, unbiased=True, keepdim=False, *, correction=None", (interp, get) =>
    emit(interp, name, [x(interp, get, name)], {
      axes: axes(interp, get("dim")),
      keepdim: flagOf(interp, get("keepdim")),
      correction:
        get("correction").kind === "none"
          ? { size: flagOf(interp, get("unbiased")) ? 1 : 0 }
          : dimOf(get("correction")),
    }),
  );
for (const name of ["argmax", "argmin"])
  define("tm", name, "input, dim=None, keepdim=False", (interp, get) =>
    emit(interp, name, [x(interp, get, name)], {
      axes: axes(interp, get("dim")),
      keepdim: flagOf(interp, get("keepdim")),
    }),
  );
for (const name of ["max", "min"] as const) {
  define("tm", name, "input, dim=None, keepdim=False", (interp, get) => {
    if (get("dim").kind === "tensor")
      return binary(interp, name === "max" ? "maximum" : "minimum", get("input"), get("dim"));
    if (get("dim").kind === "none") return emit(interp, name, [x(interp, get, name)], { axes: null, keepdim: false });
    return several(interp, `${name}_with_indices`, x(interp, get, name), {
      axis: dimOf(get("dim")),
      keepdim: flagOf(interp, get("keepdim")),
    });
  });
}
define("tm", "norm", "input, p=2, dim=None, keepdim=False", (interp, get) =>
  emit(interp, "norm", [x(interp, get, "norm")], {
    p: numberOf(get("p")),
    axes: axes(interp, get("dim")),
    keepdim: flagOf(interp, get("keepdim")),
  }),
);
define("tm", "cumsum", "input, dim", (interp, get) =>
  emit(interp, "cumsum", [x(interp, get, "cumsum")], { axis: dimOf(get("dim")) }),
);
define("tm", "topk", "input, k, dim=-1, largest=True, sorted=True", (interp, get) =>
  several(interp, "topk", x(interp, get, "topk"), { k: dimOf(get("k")), axis: dimOf(get("dim")) }),
);

// --- creation ----------------------------------------------------------------------------------------------------

const made = (shape: readonly Dim[] | Why, value: Value, fill: number | undefined): Value => {
  if (isWhy(shape)) return tensor({ shape: undefined, why: shape, dtype: dtypeOf(value, "float32") });
  const type = { shape: shape as readonly Dim[], dtype: dtypeOf(value, "float32") };
  let count: Size = 1;
  for (const dim of type.shape) count = dim.size === undefined ? Number.NaN : mul(count, dim.size);
  const small = typeof count === "number" && count <= 4096 && fill !== undefined;
  return {
    kind: "tensor",
    type,
    ...(small
      ? { host: { shape: type.shape.map((d) => Number(d.size)), data: new Array<number>(Number(count)).fill(fill) } }
      : {}),
  };
};
for (const [name, fill] of [
  ["zeros", 0],
  ["ones", 1],
  ["empty", undefined],
  ["randn", undefined],
  ["rand", undefined],
] as const) {
  define(
    "t",
    name,
    "*size, dtype=None, device=None, requires_grad=False, layout=None, out=None, generator=None, memory_format=None",
    (interp, get) => made(sizes(interp, get("size")), get("dtype"), fill),
  );
  define(
    "t",
    `${name}_like`,
    "input, dtype=None, device=None, requires_grad=False, layout=None, memory_format=None",
    (_interp, get) => {
      const source = get("input");
      return source.kind === "tensor"
        ? made(source.type.shape ?? source.type.why ?? { reason: t("a shape that is not known") }, NONE, fill)
        : source;
    },
  );
  define("m", `new_${name}`, "input, *size, dtype=None, device=None", (interp, get) =>
    made(sizes(interp, get("size")), get("dtype"), fill),
  );
}
define("t", "full", "size, fill_value, dtype=None, device=None", (interp, get) =>
  made(dimsOf(interp, get("size"), 1), get("dtype"), toFloat(get("fill_value"))),
);
define("t", "eye", "n, m=None, dtype=None, device=None", (_interp, get) =>
  made([dimOf(get("n")), dimOf(get("m").kind === "none" ? get("n") : get("m"))], get("dtype"), undefined),
);
const host = (data: readonly number[], dtype: "float32" | "int64"): Value => ({
  kind: "tensor",
  type: { shape: [{ size: data.length }], dtype },
  host: { shape: [data.length], data },
});
define("t", "linspace", "start, end, steps, dtype=None, device=None", (_interp, get) => {
  const [a, b, n] = ["start", "end", "steps"].map((name) => toFloat(get(name)));
  if (a === undefined || b === undefined || n === undefined || 100_000 < n)
    return made([dimOf(get("steps"))], NONE, undefined);
  return host(
    Array.from({ length: n }, (_, i) => (n === 1 ? a : Math.fround(a + ((b - a) * i) / (n - 1)))),
    "float32",
  );
});
define("t", "arange", "start, end=None, step=1, dtype=None, device=None", (_interp, get) => {
  const [from, to] =
    get("end").kind === "none" ? [0, toFloat(get("start"))] : [toFloat(get("start")), toFloat(get("end"))];
  const stride = toFloat(get("step"));
  if (from === undefined || to === undefined || stride === undefined || stride === 0)
    return tensor({ shape: [get("end").kind === "none" ? dimOf(get("start")) : { size: undefined }], dtype: "int64" });
  return host(
    Array.from(
      { length: Math.max(0, Math.min(100_000, Math.ceil((to - from) / stride))) },
      (_, i) => from + i * stride,
    ),
    "int64",
  );
});
define("t", "tensor as_tensor", "data, dtype=None, device=None, requires_grad=False", (interp, get) => {
  const data = get("data");
  if (data.kind === "tensor") return data;
  const n = toFloat(data);
  if (n !== undefined)
    return {
      kind: "tensor",
      type: {
        shape: [],
        dtype: dtypeOf(get("dtype"), data.kind === "float" ? "float32" : data.kind === "bool" ? "bool" : "int64"),
      },
      host: { shape: [], data: [n] },
    };
  const flat: number[] = [];
  const shape: number[] = [];
  const walk = (value: Value, depth: number): boolean => {
    const number = toFloat(value);
    if (number !== undefined) {
      flat.push(number);
      return true;
    }
    if (value.kind !== "list" && value.kind !== "tuple") return false;
    shape[depth] ??= value.items.length;
    return shape[depth] === value.items.length && value.items.every((item) => walk(item, depth + 1));
  };
  void interp;
  if (!walk(data, 0)) return unknown(whyOf(data) ?? { reason: t("a tensor whose data is not known") });
  return {
    kind: "tensor",
    type: { shape: shape.map((size) => ({ size })), dtype: dtypeOf(get("dtype"), "float32") },
    host: { shape, data: flat },
  };
});

// --- attributes and the rest of a tensor -------------------------------------------------------------------------

const property = (name: string, get: (value: TensorValue, interp: Interp) => Value): void => {
  tensorClass.attrs.set(name, {
    kind: "property",
    get: native(name, "self", (interp, read) => {
      const self = read("self");
      return self.kind === "tensor" ? get(self, interp) : NONE;
    }),
    set: undefined,
  });
};
const shapeOf = (value: TensorValue): Value =>
  value.type.shape === undefined
    ? unknown(value.type.why ?? { reason: t("a shape that is not known") })
    : { kind: "tuple", items: value.type.shape.map(intOf), cls: sizeClass };
property("shape", shapeOf);
property("ndim", (value) =>
  value.type.shape === undefined
    ? unknown(value.type.why ?? { reason: t("a rank that is not known") })
    : int(value.type.shape.length),
);
property("dtype", (value) =>
  value.type.dtype === undefined
    ? unknown({ reason: t("an element type that is not known") })
    : opaque("dtype", `torch.${value.type.dtype}`),
);
property("device", () => opaque("device", "cpu"));
property("data", (value) => value);
property("grad", () => NONE);
property("requires_grad", (value) => bool(value.weight?.trainable === true));
property("is_cuda", () => bool(false));
property("T", (value, interp) => emit(interp, "transpose", [value], { a: { size: 0 }, b: { size: 1 } }));
property("mT", (value, interp) => emit(interp, "transpose", [value], { a: { size: -2 }, b: { size: -1 } }));
define("m", "size", "input, dim=None", (interp, get) => {
  const value = get("input");
  if (value.kind !== "tensor") return value;
  const shape = shapeOf(value);
  return get("dim").kind === "none" ? shape : interp.lang.getItem(interp, shape, get("dim"));
});
define("m", "dim ndimension", "input", (_interp, get) => {
  const value = get("input");
  return value.kind !== "tensor" || value.type.shape === undefined
    ? unknown({ reason: t("a rank that is not known") })
    : int(value.type.shape.length);
});
define("tm", "numel nelement", "input", (_interp, get) => {
  const value = get("input");
  let count: Size = 1;
  for (const dim of value.kind === "tensor" ? (value.type.shape ?? [{ size: undefined }]) : []) {
    if (dim.size === undefined) return intOf({ size: undefined, why: { reason: t("a size that is not known") } });
    count = mul(count, dim.size);
  }
  return intOf({ size: count });
});
define("m", "item", "input", (_interp, get) => {
  const value = get("input");
  if (value.kind !== "tensor") return value;
  const isFloat = value.type.dtype?.startsWith("float") === true;
  const data = value.host?.data;
  const why = { reason: t("a number read from a tensor") };
  if (data?.length === 1) return isFloat ? { kind: "float", value: data[0] } : int(data[0] ?? 0);
  if (value.type.dtype === undefined) return unknown(why);
  return isFloat ? { kind: "float", value: undefined, why } : intOf({ size: undefined, why });
});
/** One element along the first axis of a tensor with known values. */
function hostElement(value: TensorValue, index: number): TensorValue | undefined {
  const { host } = value;
  const length = host?.shape[0];
  if (host === undefined || length === undefined) return undefined;
  const at = index < 0 ? index + length : index;
  if (at < 0 || length <= at) return undefined;
  const rest = host.shape.slice(1);
  const size = rest.reduce((a, b) => a * b, 1);
  return {
    kind: "tensor",
    type: { shape: rest.map((n) => ({ size: n })), dtype: value.type.dtype },
    host: { shape: rest, data: host.data.slice(at * size, (at + 1) * size) },
  };
}
define("m", "tolist", "input", (_interp, get) => {
  const value = get("input");
  const known = value.kind === "tensor" ? value.host : undefined;
  if (known === undefined || known.shape.length !== 1) return unknown({ reason: t("a list read from a tensor") });
  const isFloat = value.kind === "tensor" && value.type.dtype?.startsWith("float") === true;
  return { kind: "list", items: known.data.map((n): Value => (isFloat ? { kind: "float", value: n } : int(n))) };
});
tensorClass.attrs.set(
  "__len__",
  native("__len__", "self", (_interp, get) => {
    const value = get("self");
    const first = value.kind === "tensor" ? value.type.shape?.[0] : undefined;
    return first === undefined ? unknown({ reason: t("a length that is not known") }) : intOf(first);
  }),
);
tensorClass.attrs.set(
  "__iter__",
  native("__iter__", "self", (interp, get) => {
    const value = get("self");
    const n = value.kind === "tensor" ? value.type.shape?.[0]?.size : undefined;
    if (value.kind !== "tensor" || typeof n !== "number")
      return lostIterator({ reason: t("iteration over an axis of unknown length") });
    return iteratorOver(
      "tensor",
      Array.from(
        { length: n },
        (_, i) => hostElement(value, i) ?? emit(interp, "select", [value], { axis: { size: 0 }, index: { size: i } }),
      ),
    );
  }),
);

/** Indexing: integers, slices, `None`, an ellipsis; other indices are not followed. */
tensorClass.attrs.set(
  "__getitem__",
  native("__getitem__", "self, index", (interp, get) => {
    const self = get("self");
    if (self.kind !== "tensor") return self;
    const rank = self.type.shape?.length;
    if (rank === undefined) return unknown(self.type.why ?? { reason: t("an index into an unknown rank") });
    const given = get("index");
    const known =
      given.kind === "int" && typeof given.dim.size === "number" ? hostElement(self, given.dim.size) : undefined;
    if (known !== undefined) return known;
    const parts = given.kind === "tuple" ? given.items : [given];
    const used = parts.filter((p) => p.kind !== "none" && p.kind !== "ellipsis").length;
    const full: Value[] = parts.flatMap((p): readonly Value[] =>
      p.kind === "ellipsis"
        ? Array.from(
            { length: Math.max(0, rank - used) },
            (): Value => ({ kind: "slice", lower: NONE, upper: NONE, step: NONE }),
          )
        : [p],
    );
    if (full.some((p) => p.kind !== "int" && p.kind !== "slice" && p.kind !== "none"))
      return unknown({ reason: t("indexing with a tensor or a list is not followed") });
    if (rank < used) return fail(interp, "IndexError", `too many indices for tensor of dimension ${rank}`);
    let value: Value = self;
    let axis = 0;
    const bounds = { starts: [] as Arg[], ends: [] as Arg[], steps: [] as Arg[] };
    const orNull = (v: Value): Arg => (v.kind === "none" ? null : dimOf(v));
    let sliced = false;
    for (const part of full.filter((p) => p.kind !== "none")) {
      const s = part.kind === "slice" ? part : undefined;
      if (s !== undefined && (s.lower.kind !== "none" || s.upper.kind !== "none" || s.step.kind !== "none"))
        sliced = true;
      bounds.starts.push(s === undefined ? null : orNull(s.lower));
      bounds.ends.push(s === undefined ? null : orNull(s.upper));
      bounds.steps.push(s === undefined || s.step.kind === "none" ? { size: 1 } : dimOf(s.step));
    }
    while (bounds.starts.length < rank) {
      bounds.starts.push(null);
      bounds.ends.push(null);
      bounds.steps.push({ size: 1 });
    }
    if (sliced) value = emit(interp, "slice", [self], bounds);
    for (const part of full) {
      if (value.kind !== "tensor") return value;
      if (part.kind === "int") value = emit(interp, "select", [value], { axis: { size: axis }, index: part.dim });
      else if (part.kind === "none") value = emit(interp, "unsqueeze", [value], { axis: { size: axis++ } });
      else axis++;
    }
    return value;
  }),
);
tensorClass.attrs.set(
  "__setitem__",
  native("__setitem__", "self, index, value", (interp, get) => {
    const self = get("self");
    // The values change, the shape does not: what the graph computes from here is not followed by a forward pass.
    if (self.kind !== "tensor") return NONE;
    interp.journal.assign(self, "ref", undefined);
    interp.journal.assign(self, "host", undefined);
    return NONE;
  }),
);
for (const name of [
  "normal_",
  "uniform_",
  "zero_",
  "fill_",
  "copy_",
  "zero_grad",
  "retain_grad",
  "backward",
  "bernoulli_",
  "exponential_",
  "random_",
  "trunc_normal_",
])
  tensorClass.attrs.set(
    name,
    raw(name, (_interp, args) => args.positional[0]?.value ?? NONE),
  );

import type { Interp } from "../eval/interp.ts";
import { isWhy } from "../eval/interp.ts";
import { type ClassValue, type TensorValue, unknown, type Value } from "../eval/value.ts";
import { toFloat } from "../lang/arithmetic.ts";
import { native } from "../lang/native.ts";
import type { DType, Why } from "../shape/dim.ts";
import { t } from "../text/text.ts";
import { nearestEven } from "../values/array.ts";
import { castValues, clampValues, unaryValues } from "../values/pointwise.ts";
import { arrayValue, methodHosts, namedType, scalarClasses } from "./classes.ts";
import { array, define } from "./define.ts";
import { forgetValues, spreadWrite } from "./memory.ts";
import { arithmetic, type Operand, operandOf, promote } from "./operands.ts";

/** numpy's functions of single elements, and its operators. */

const OUT = "out=None, where=True, dtype=None, casting='same_kind', order='K', subok=True";
const UNARY: readonly (readonly [names: string, op: string, kind: "keep" | "float" | "bool"])[] = [
  ["negative", "neg", "keep"],
  ["abs absolute fabs", "abs", "keep"],
  ["square", "square", "keep"],
  ["floor", "floor", "keep"],
  ["ceil", "ceil", "keep"],
  ["trunc fix", "trunc", "keep"],
  ["rint", "round", "keep"],
  ["sign", "sign", "keep"],
  ["reciprocal", "reciprocal", "keep"],
  ["sqrt", "sqrt", "float"],
  ["exp", "exp", "float"],
  ["exp2", "exp2", "float"],
  ["expm1", "expm1", "float"],
  ["log", "log", "float"],
  ["log2", "log2", "float"],
  ["log10", "log10", "float"],
  ["log1p", "log1p", "float"],
  ["sin", "sin", "float"],
  ["cos", "cos", "float"],
  ["tan", "tan", "float"],
  ["tanh", "tanh", "float"],
  ["isnan", "isnan", "bool"],
  ["logical_not", "logical_not", "bool"],
];

const isFloat = (dtype: DType | undefined): boolean => dtype?.startsWith("float") === true;

function elementwise(interp: Interp, op: string, kind: "keep" | "float" | "bool", x: Operand | Why): Value {
  if (isWhy(x)) return unknown(x);
  const own = x.type.dtype;
  if (own?.startsWith("complex")) return unknown({ reason: t("a computation with complex numbers") });
  const dtype = kind === "bool" ? "bool" : own === undefined || kind === "keep" || isFloat(own) ? own : "float64";
  const host = x.host === undefined || dtype === undefined ? undefined : unaryValues(op, x.host, dtype);
  return arrayValue(interp, { ...x.type, dtype }, host);
}

for (const [names, op, kind] of UNARY)
  define("n", names, `x, ${OUT}`, (interp, get) => elementwise(interp, op, kind, array(interp, get, "x")));

const BINARY: readonly (readonly [names: string, op: string, dunder: string])[] = [
  ["add", "add", "add"],
  ["subtract", "sub", "sub"],
  ["multiply", "mul", "mul"],
  ["divide true_divide", "div", "truediv"],
  ["power float_power pow", "pow", "pow"],
  ["floor_divide", "floor_div", "floordiv"],
  ["mod remainder", "remainder", "mod"],
  ["fmod", "fmod", ""],
  ["maximum fmax", "maximum", ""],
  ["minimum fmin", "minimum", ""],
  ["bitwise_and", "bitwise_and", "and"],
  ["bitwise_or", "bitwise_or", "or"],
  ["bitwise_xor", "bitwise_xor", "xor"],
  ["left_shift bitwise_left_shift", "bitwise_left_shift", "lshift"],
  ["right_shift bitwise_right_shift", "bitwise_right_shift", "rshift"],
  ["logical_and", "logical_and", ""],
  ["logical_or", "logical_or", ""],
  ["logical_xor", "logical_xor", ""],
];
const COMPARISONS: readonly (readonly [names: string, op: string])[] = [
  ["equal", "eq"],
  ["not_equal", "ne"],
  ["less", "lt"],
  ["less_equal", "le"],
  ["greater", "gt"],
  ["greater_equal", "ge"],
];

function both(interp: Interp, op: string, a: Operand | Why, b: Operand | Why): Value {
  if (isWhy(a)) return unknown(a);
  if (isWhy(b)) return unknown(b);
  // A float raised to a whole number of Python's own keeps to floats; a whole one to a negative power is refused.
  return arithmetic(interp, op, a, b);
}

for (const [names, op] of BINARY)
  define("n", names, `x1, x2, ${OUT}`, (interp, get) =>
    both(interp, op, array(interp, get, "x1"), array(interp, get, "x2")),
  );
for (const [names, op] of COMPARISONS)
  define("n", names, `x1, x2, ${OUT}`, (interp, get) =>
    both(interp, op, array(interp, get, "x1"), array(interp, get, "x2")),
  );

/** What stands beside an array in an operator: not a list (a number times a list repeats it), not another framework's. */
function beside(interp: Interp, value: Value, self: Value): Operand | Why | undefined {
  const isArray = self.kind === "instance";
  if (value.kind === "tensor" || value.kind === "str" || value.kind === "none") return undefined;
  if ((value.kind === "list" || value.kind === "tuple") && !isArray) return undefined;
  if (value.kind === "instance" && value.payload?.kind !== "tensor") return undefined;
  return operandOf(interp, value);
}

function operators(dunder: string, op: string, reflected: boolean): void {
  for (const host of methodHosts) {
    host.attrs.set(
      `__${dunder}__`,
      native(`__${dunder}__`, "self, other", (interp, get) => {
        const [self, other] = [operandOf(interp, get("self")), beside(interp, get("other"), get("self"))];
        return other === undefined ? { kind: "not-implemented" } : both(interp, op, self, other);
      }),
    );
    if (!reflected) continue;
    host.attrs.set(
      `__r${dunder}__`,
      native(`__r${dunder}__`, "self, other", (interp, get) => {
        const [self, other] = [operandOf(interp, get("self")), beside(interp, get("other"), get("self"))];
        return other === undefined ? { kind: "not-implemented" } : both(interp, op, other, self);
      }),
    );
  }
}
for (const [, op, dunder] of BINARY) if (dunder !== "") operators(dunder, op, true);
for (const [, op] of COMPARISONS) operators(op, op, false);
for (const [dunder, op, kind] of [
  ["__neg__", "neg", "keep"],
  ["__abs__", "abs", "keep"],
  ["__invert__", "logical_not", "bool"],
  ["__pos__", "identity", "keep"],
] as const)
  for (const host of methodHosts)
    host.attrs.set(
      dunder,
      native(dunder, "self", (interp, get) => {
        const self = operandOf(interp, get("self"));
        if (dunder === "__invert__" && !isWhy(self) && self.type.dtype !== "bool")
          return unknown({ reason: t("{0} of an unknown size is not followed", "~") });
        return elementwise(interp, op, kind, self);
      }),
    );
// In place an array keeps its element type and its identity.
for (const [, op, dunder] of BINARY) {
  if (dunder === "") continue;
  methodHosts[1]?.attrs.set(
    `__i${dunder}__`,
    native(`__i${dunder}__`, "self, other", (interp, get) => {
      const self = get("self");
      const payload = self.kind === "instance" && self.payload?.kind === "tensor" ? self.payload : undefined;
      const other = operandOf(interp, get("other"));
      const made = both(interp, op, operandOf(interp, self), other);
      const result = made.kind === "instance" && made.payload?.kind === "tensor" ? made.payload : undefined;
      if (payload !== undefined) writeInto(interp, payload, result);
      return self;
    }),
  );
}

/** Gives an array other values of its own element type. */
function writeInto(interp: Interp, target: TensorValue, made: TensorValue | undefined): void {
  const { dtype } = target.type;
  const host =
    made?.host === undefined || dtype === undefined || made.host.shape.join() !== target.host?.shape.join()
      ? undefined
      : castValues(made.host, dtype);
  if (host === undefined) forgetValues(interp, target);
  else {
    interp.journal.assign(target, "host", host);
    spreadWrite(interp, target);
  }
}

define("nm", "round around round_", "a, decimals=0, out=None", (interp, get) => {
  const x = array(interp, get);
  const decimals = toFloat(get("decimals"));
  if (isWhy(x)) return unknown(x);
  const { dtype } = x.type;
  if (decimals === undefined || dtype === undefined) return arrayValue(interp, x.type, undefined);
  if (!isFloat(dtype)) {
    const unit = 10 ** -decimals;
    const round = (value: number): number => nearestEven(value / unit) * unit;
    return arrayValue(
      interp,
      x.type,
      x.host === undefined || 0 <= decimals ? x.host : { ...x.host, data: x.host.data.map(round) },
    );
  }
  if (decimals === 0) return elementwise(interp, "round", "keep", x);
  const scale: Operand = {
    type: { shape: [], dtype },
    host: { shape: [], data: [10 ** Math.abs(decimals)] },
    weak: true,
  };
  const [out, back] = decimals < 0 ? (["div", "mul"] as const) : (["mul", "div"] as const);
  const scaled = operandOf(interp, arithmetic(interp, out, x, scale));
  const rounded = operandOf(interp, elementwise(interp, "round", "keep", scaled));
  return both(interp, back, rounded, scale);
});
define("nm", "clip", "a, min=None, max=None, out=None, a_min=None, a_max=None", (interp, get) => {
  const x = array(interp, get);
  if (isWhy(x)) return unknown(x);
  const bound = (names: readonly string[]): Value | undefined =>
    names.map((n) => get(n)).find((v) => v.kind !== "none");
  const [low, high] = [bound(["min", "a_min"]), bound(["max", "a_max"])];
  const ends = [low, high].map((value) => (value === undefined ? undefined : operandOf(interp, value)));
  const dtype = ends.reduce<DType | undefined>(
    (type, end) =>
      end === undefined || isWhy(end)
        ? type
        : end.weak && !isFloat(end.type.dtype)
          ? type
          : end.weak && isFloat(type)
            ? type
            : promote(type, end.type.dtype),
    x.type.dtype,
  );
  const numbers = [low, high].map((value) => (value === undefined ? undefined : toFloat(value)));
  const isOpen = [low, high].some((value, i) => value !== undefined && numbers[i] === undefined);
  const host =
    isOpen || x.host === undefined || dtype === undefined
      ? undefined
      : clampValues(x.host, numbers[0], numbers[1], dtype);
  return arrayValue(interp, { ...x.type, dtype }, host);
});
define("m", "astype", "a, dtype, order='K', casting='unsafe', subok=True, copy=True", (interp, get) =>
  cast(interp, get("a"), get("dtype")),
);

// `np.float32(x)` casts.
for (const cls of scalarClasses)
  (cls as { construct?: ClassValue["construct"] }).construct = (interp, _cls, args) =>
    cast(interp, args.positional[0]?.value ?? { kind: "int", dim: { size: 0 } }, cls);

/** The values under another element type. */
export function cast(interp: Interp, value: Value, asked: Value): Value {
  const x = operandOf(interp, value);
  if (isWhy(x)) return unknown(x);
  const dtype = asked.kind === "none" ? x.type.dtype : namedType(asked);
  if (dtype === undefined) return unknown({ reason: t("an element type that is not known") });
  return arrayValue(interp, { ...x.type, dtype }, x.host === undefined ? undefined : castValues(x.host, dtype));
}

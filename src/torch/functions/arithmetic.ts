import { gap, type Interp, ownPlace } from "../../eval/interp.ts";
import { NONE, type TensorValue, unknown, type Value } from "../../eval/value.ts";
import { toFloat } from "../../lang/arithmetic.ts";
import { native } from "../../lang/native.ts";
import type { Arg, Args } from "../../ops/operator.ts";
import { t } from "../../text/text.ts";
import { tensorClass } from "../classes.ts";
import { emit, numberOf, scalarOf, writeInPlace } from "../convert.ts";
import { define, x } from "../define.ts";
import { fromData } from "./creation.ts";

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
  ["bitwise_and", "__and__", "__rand__"],
  ["bitwise_or", "__or__", "__ror__"],
  ["bitwise_xor", "__xor__", "__rxor__"],
  ["bitwise_left_shift", "__lshift__", "__rlshift__"],
  ["bitwise_right_shift", "__rshift__", "__rrshift__"],
];

/** An elementwise operator on two operands, one of which may be a number. */
export function binary(interp: Interp, asked: string, left: Value, right: Value, extra: Args = {}): Value {
  if (left.kind === "unknown" || right.kind === "unknown") return left.kind === "unknown" ? left : right;
  const [a, b] = [arrayless(left), arrayless(right)];
  const op = onBooleans(asked, a, b);
  if (a.kind === "tensor" && b.kind === "tensor")
    return op === "add" ? addTensors(interp, a, b, extra) : emit(interp, op, [a, b], extra);
  const scalar = scalarOf(a.kind === "tensor" ? b : a);
  if (a.kind === "complex" || b.kind === "complex")
    return unknown(gap(interp, t("a tensor's arithmetic with a complex number")));
  if (scalar === undefined) return { kind: "not-implemented" };
  if (a.kind === "tensor") return emit(interp, op, [a], { ...extra, right: scalar });
  return b.kind === "tensor" ? emit(interp, op, [b], { ...extra, left: scalar }) : { kind: "not-implemented" };
}

/** A numpy array beside a tensor is taken as one. */
function arrayless(value: Value): Value {
  return value.kind === "instance" && value.payload?.kind === "tensor" ? value.payload : value;
}

const BOOLEAN: Readonly<Record<string, string>> = {
  bitwise_and: "logical_and",
  bitwise_or: "logical_or",
  bitwise_xor: "logical_xor",
};

/** The bits of booleans are booleans. */
function onBooleans(op: string, ...operands: readonly Value[]): string {
  const isBoolean = operands.every(
    (value) =>
      value.kind === "bool" ||
      (value.kind === "tensor" && (value.type.dtype === "bool" || value.type.dtype === undefined)),
  );
  return isBoolean ? (BOOLEAN[op] ?? op) : op;
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
    const chosen = recoveries?.get(key);
    const kept = chosen === undefined ? (recoverAdd(interp, inputs) ?? sameRank(inputs)) : inputs[chosen]?.type;
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

/** The first operand's, where both are pictures or sequences of features. */
function sameRank([a, b]: readonly TensorValue[]): TensorValue["type"] | undefined {
  const rank = a?.type.shape?.length;
  return rank !== undefined && 1 < rank && rank === b?.type.shape?.length ? a?.type : undefined;
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
for (const [dunder, op] of [
  ["__neg__", "neg"],
  ["__abs__", "abs"],
  ["__pos__", "identity"],
] as const)
  tensorClass.attrs.set(
    dunder,
    native(dunder, "self", (interp, get) => emit(interp, op, [x(interp, get, op, "self")], {})),
  );

/** Names with the operator behind them, and what else they take. */
const NAMED: readonly (readonly [names: string, op: string, options: string])[] = [
  ["add", "add", ", alpha=1"],
  ["sub subtract", "sub", ", alpha=1"],
  ["mul multiply", "mul", ""],
  ["div divide", "div", ", rounding_mode=None"],
  ["true_divide", "div", ""],
  ["floor_divide", "floor_div", ""],
  ["remainder", "remainder", ""],
  ["fmod", "fmod", ""],
  ["maximum", "maximum", ""],
  ["minimum", "minimum", ""],
  ["fmax", "maximum", ""],
  ["fmin", "minimum", ""],
  ["atan2 arctan2", "atan2", ""],
  ["copysign", "copysign", ""],
  ["xlogy", "xlogy", ""],
  ["eq", "eq", ""],
  ["ne not_equal", "ne", ""],
  ["lt less", "lt", ""],
  ["le less_equal", "le", ""],
  ["gt greater", "gt", ""],
  ["ge greater_equal", "ge", ""],
  ["logical_and", "logical_and", ""],
  ["logical_or", "logical_or", ""],
  ["logical_xor", "logical_xor", ""],
  ["bitwise_and", "bitwise_and", ""],
  ["bitwise_or", "bitwise_or", ""],
  ["bitwise_xor", "bitwise_xor", ""],
  ["bitwise_left_shift", "bitwise_left_shift", ""],
  ["bitwise_right_shift", "bitwise_right_shift", ""],
];
/** Functions of torch that take two numbers, too: they give a tensor without axes. */
const OF_NUMBERS = new Set(["add", "sub", "mul", "div", "floor_div"]);

for (const [names, op, options] of NAMED)
  define(/imum|^fm(ax|in)/.test(names) ? "tm" : "tmi", names, `input, other, *${options}, out=None`, (interp, get) => {
    const extra: Record<string, Arg> = {};
    if (toFloat(get("alpha")) !== undefined && toFloat(get("alpha")) !== 1) extra.alpha = numberOf(get("alpha"));
    const rounding = get("rounding_mode");
    if (op === "div" && rounding.kind === "str") extra.rounding = rounding.value;
    const [left, right] = [get("input"), get("other")];
    const isNumbers = scalarOf(left) !== undefined && scalarOf(right) !== undefined;
    return binary(interp, op, isNumbers && OF_NUMBERS.has(op) ? fromData(interp, left, NONE) : left, right, extra);
  });
define("tmi", "pow", "input, exponent, *, out=None", (interp, get) =>
  binary(interp, "pow", get("input"), get("exponent")),
);
define("tm", "float_power", "input, exponent, *, out=None", (interp, get) => {
  const source = x(interp, get, "float_power");
  const double = emit(interp, "cast", [source], { dtype: "float64" });
  return binary(interp, "pow", double, get("exponent"));
});
define("t", "rsub", "input, other, *, alpha=1", (interp, get) => binary(interp, "sub", get("other"), get("input")));

define("t", "where", "condition, input=None, other=None, *, out=None", (interp, get) =>
  chosen(interp, get("condition"), get("input"), get("other")),
);
define("m", "where", "input, condition, other", (interp, get) =>
  chosen(interp, get("condition"), get("input"), get("other")),
);

/** The first where the condition is true, else the second; each a tensor or a number. */
function chosen(interp: Interp, given: Value, yes: Value, no: Value): Value {
  const condition = arrayless(given);
  if (yes.kind === "none" && no.kind === "none") {
    const nonzero = interp.lang.getAttribute(interp, condition, "nonzero", undefined);
    return interp.lang.call(interp, nonzero, {
      positional: [],
      keywords: [["as_tuple", { value: { kind: "bool", value: true } }]],
    });
  }
  const parts = [condition, arrayless(yes), arrayless(no)];
  const lost = parts.find((part) => part.kind === "unknown");
  if (lost !== undefined) return lost;
  const tensors = parts.filter((part) => part.kind === "tensor");
  const args: Record<string, Arg> = {};
  for (const [name, part] of [
    ["left", parts[1]],
    ["right", parts[2]],
  ] as const) {
    const number = part === undefined || part.kind === "tensor" ? undefined : scalarOf(part);
    if (number !== undefined) args[name] = number;
  }
  if (condition.kind !== "tensor") return unknown({ reason: t("a condition on a tensor's values") });
  // Of two numbers no tensor says where the result's values come from.
  return emit(interp, "where", tensors, args);
}

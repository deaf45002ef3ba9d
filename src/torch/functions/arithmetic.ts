import { type Interp, ownPlace } from "../../eval/interp.ts";
import { type TensorValue, unknown, type Value } from "../../eval/value.ts";
import { toFloat } from "../../lang/arithmetic.ts";
import { native } from "../../lang/native.ts";
import type { Arg, Args } from "../../ops/operator.ts";
import { t } from "../../text/text.ts";
import { tensorClass } from "../classes.ts";
import { emit, numberOf, scalarOf, writeInPlace } from "../convert.ts";
import { define, x } from "../define.ts";

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
export function binary(interp: Interp, op: string, left: Value, right: Value, extra: Args = {}): Value {
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

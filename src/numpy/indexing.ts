import { type Interp, isWhy } from "../eval/interp.ts";
import { NONE, type TensorValue, type UnknownValue, unknown, type Value } from "../eval/value.ts";
import { toFloat } from "../lang/arithmetic.ts";
import { native } from "../lang/native.ts";
import type { TensorType } from "../shape/dim.ts";
import { t } from "../text/text.ts";
import { arrayOn, ndarrayClass } from "./classes.ts";
import { define } from "./define.ts";
import { operation, type Step, stepsOf, written } from "./index-steps.ts";
import { forgetValues, shareMemory, spreadWrite } from "./memory.ts";
import { type Operand, one, operandOf } from "./operands.ts";

/** `array[…]`, read and written. */

/** What numpy refuses is not followed. */
const refuse = (): UnknownValue => unknown({ reason: t("an index that is not followed") });

/** A slice that runs backwards as the list of its positions, which torch has no slice for. */
function forwards(index: Value, type: TensorType): Value {
  const parts = index.kind === "tuple" ? index.items : [index];
  let axis = 0;
  const made = parts.map((part): Value => {
    const length = type.shape?.[axis]?.size;
    if (part.kind !== "none") axis++;
    if (part.kind !== "slice") return part;
    const step = toFloat(part.step);
    if (step === undefined || 0 < step || typeof length !== "number") return part;
    const bound = (value: Value, fallback: number): number => {
      const n = toFloat(value);
      return n === undefined ? fallback : Math.min(Math.max(n < 0 ? n + length : n, -1), length - 1);
    };
    const [from, to] = [bound(part.lower, length - 1), bound(part.upper, -1)];
    const items: Value[] = [];
    for (let i = from; to < i; i += step) items.push({ kind: "int", dim: { size: i } });
    return { kind: "list", items };
  });
  return index.kind === "tuple" ? { kind: "tuple", items: made } : (made[0] ?? index);
}

function read(interp: Interp, self: Value, index: Value): Value {
  const x = operandOf(interp, self);
  if (isWhy(x)) return unknown(x);
  const steps = stepsOf(interp, x.type, forwards(index, x.type), refuse);
  if (!Array.isArray(steps))
    return "kind" in steps ? (steps as UnknownValue) : unknown(steps as { reason: ReturnType<typeof t> });
  let now: Operand = x;
  let value: Value = self;
  for (const step of steps as readonly Step[]) {
    const [op, indices, args] = operation(step);
    const before = payload(value);
    value = one(interp, op, [now, ...indices.map(({ type, host }) => ({ type, host }))], args);
    const after = payload(value);
    if (before !== undefined && after?.host !== undefined && step.kind !== "index")
      shareMemory(before, after, op, args);
    const next = operandOf(interp, value);
    if (isWhy(next)) return unknown(next);
    now = next;
  }
  return value;
}

const payload = (value: Value): TensorValue | undefined =>
  value.kind === "instance" && value.payload?.kind === "tensor" ? value.payload : undefined;

ndarrayClass.attrs.set(
  "__getitem__",
  native("__getitem__", "self, index", (interp, get) => read(interp, get("self"), get("index"))),
);
ndarrayClass.attrs.set(
  "__setitem__",
  native("__setitem__", "self, index, value", (interp, get) => {
    const target = payload(get("self"));
    if (target === undefined) return NONE;
    const steps = stepsOf(interp, target.type, forwards(get("index"), target.type), refuse);
    const value = operandOf(interp, get("value"));
    const source: Value = isWhy(value) ? NONE : { kind: "tensor", type: value.type, host: value.host };
    const host = Array.isArray(steps) && !isWhy(value) ? written(target, steps as readonly Step[], source) : undefined;
    if (host === undefined) forgetValues(interp, target);
    else {
      interp.journal.assign(target, "host", host);
      spreadWrite(interp, target);
    }
    return NONE;
  }),
);
define("a", "view", "a, *args", (interp, get) =>
  arrayOn(interp, payload(get("a")) ?? { kind: "tensor", type: { shape: undefined, dtype: undefined } }),
);
define("n", "take", "a, indices, axis=None, out=None, mode='raise'", (interp, get) =>
  get("axis").kind === "none"
    ? read(interp, get("a"), get("indices"))
    : unknown({ reason: t("an index that is not followed") }),
);

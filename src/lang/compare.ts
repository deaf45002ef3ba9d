import type { CompareOp } from "../core/core.ts";
import { callValue, itemsOf } from "../eval/evaluate.ts";
import { fail, type Interp, isWhy, type Truth } from "../eval/interp.ts";
import { sameValue } from "../eval/join.ts";
import { fill } from "../eval/registry.ts";
import { bool, FALSE, int, NONE, TRUE, unknown, type Value } from "../eval/value.ts";
import { decideAtLeast, decideEqual } from "../shape/decide.ts";
import type { Why } from "../shape/dim.ts";
import { sub } from "../shape/size.ts";
import { t } from "../text/text.ts";
import { depends, specialMethod, toFloat, truth, unknowable, whyOf } from "./arithmetic.ts";
import { hashKey, payloadOf, typeName } from "./types.ts";

/** Python's comparisons, as a bool or unknown. */
export function compare(interp: Interp, op: CompareOp, left: Value, right: Value): Value {
  switch (op) {
    case "is":
    case "is not": {
      const same = identical(interp, left, right);
      return isWhy(same) ? unknown(same) : bool(same === (op === "is"));
    }
    case "in":
    case "not in": {
      const found = contains(interp, right, left);
      return isWhy(found) ? unknown(found) : bool(found === (op === "in"));
    }
    case "==":
    case "!=": {
      const special = equalityMethod(interp, left, right, op);
      if (special !== undefined) return special;
      const same = equal(interp, left, right);
      return isWhy(same) ? unknown(same) : bool(same === (op === "=="));
    }
    default:
      return order(interp, op, left, right);
  }
}

function equalityMethod(interp: Interp, left: Value, right: Value, op: "==" | "!="): Value | undefined {
  for (const [self, other] of [
    [left, right],
    [right, left],
  ] as const) {
    const name = op === "==" ? "__eq__" : "__ne__";
    let fn = specialMethod(interp, self, name);
    let negate = false;
    if (fn === undefined && op === "!=") {
      fn = specialMethod(interp, self, "__eq__");
      negate = true;
    }
    if (fn === undefined) continue;
    const value = callValue(interp, fn, { positional: [{ value: other }], keywords: [] });
    if (value.kind === "not-implemented") continue;
    if (!negate) return value;
    const known = truth(interp, value);
    return isWhy(known) ? unknown(known) : bool(!known);
  }
  return undefined;
}

function identical(interp: Interp, left: Value, right: Value): Truth {
  if (left === right) return true;
  if (left.kind === "unknown") return left.why;
  if (right.kind === "unknown") return right.why;
  if (left.kind !== right.kind) return false;
  switch (left.kind) {
    case "none":
    case "ellipsis":
    case "not-implemented":
      return true;
    case "bool":
    case "int":
    case "str":
    case "opaque":
      return equal(interp, left, right);
    default:
      return false;
  }
}

/** Python's `==` between values without methods of their own. */
function equal(interp: Interp, left: Value, right: Value): Truth {
  if (left === right && left.kind !== "unknown") return true;
  if (left.kind === "unknown") return left.why;
  if (right.kind === "unknown") return right.why;
  const a = left.kind === "bool" ? int(left.value ? 1 : 0) : payloadOf(left);
  const b = right.kind === "bool" ? int(right.value ? 1 : 0) : payloadOf(right);
  if (a.kind === "int" && b.kind === "int") {
    if (a.dim.size === undefined || b.dim.size === undefined)
      return a.dim.why ?? b.dim.why ?? { reason: t("an unknown number") };
    if (typeof a.dim.size === "number" && typeof b.dim.size === "number") return a.dim.size === b.dim.size;
    const verdict = decideEqual(a.dim.size, b.dim.size);
    return verdict === "always" ? true : verdict === "never" ? false : depends(interp, a.dim.size);
  }
  if ((a.kind === "float" || a.kind === "int") && (b.kind === "float" || b.kind === "int")) {
    const x = toFloat(a);
    const y = toFloat(b);
    return x === undefined || y === undefined ? (whyOf(a) ?? whyOf(b) ?? { reason: t("an unknown number") }) : x === y;
  }
  if ((a.kind === "list" && b.kind === "list") || (a.kind === "tuple" && b.kind === "tuple")) {
    const why = whyOf(a) ?? whyOf(b);
    if (why !== undefined) return why;
    if (a.items.length !== b.items.length) return false;
    let lost: Why | undefined;
    for (let i = 0; i < a.items.length; i++) {
      const known = truth(interp, compare(interp, "==", a.items[i] ?? NONE, b.items[i] ?? NONE));
      if (known === false) return false;
      if (isWhy(known)) lost = known;
    }
    return lost ?? true;
  }
  if (a.kind === "dict" && b.kind === "dict") {
    if (a.why !== undefined || b.why !== undefined) return a.why ?? b.why ?? false;
    if (a.entries.size !== b.entries.size) return false;
    for (const [key, [, item]] of a.entries) {
      const other = b.entries.get(key);
      if (other === undefined) return false;
      const known = truth(interp, compare(interp, "==", item, other[1]));
      if (known !== true) return known;
    }
    return true;
  }
  if (a.kind === "set" && b.kind === "set")
    return a.why ?? b.why ?? (a.items.size === b.items.size && [...a.items.keys()].every((key) => b.items.has(key)));
  if (a.kind === "range" && b.kind === "range") return hashRange(a) === hashRange(b);
  if (a.kind === "tensor" || b.kind === "tensor") return { reason: t("a comparison of tensors") };
  return sameValue(a, b);
}

function hashRange(value: Extract<Value, { kind: "range" }>): string {
  return [value.start, value.stop, value.step].map((v) => JSON.stringify(v.dim.size)).join(":");
}

function order(interp: Interp, op: "<" | "<=" | ">" | ">=", left: Value, right: Value): Value {
  const a = left.kind === "bool" ? int(left.value ? 1 : 0) : payloadOf(left);
  const b = right.kind === "bool" ? int(right.value ? 1 : 0) : payloadOf(right);
  if (
    a.kind === "int" &&
    b.kind === "int" &&
    a.dim.size !== undefined &&
    b.dim.size !== undefined &&
    (typeof a.dim.size !== "number" || typeof b.dim.size !== "number")
  ) {
    // a < b  ⇔  b - a ≥ 1
    const [low, high, strict] = op === "<" ? [a, b, 1] : op === "<=" ? [a, b, 0] : op === ">" ? [b, a, 1] : [b, a, 0];
    const verdict = decideAtLeast(sub(high.dim.size ?? 0, low.dim.size ?? 0), strict);
    return verdict === "always" ? TRUE : verdict === "never" ? FALSE : unknown(depends(interp, a.dim.size));
  }
  if ((a.kind === "int" || a.kind === "float") && (b.kind === "int" || b.kind === "float")) {
    const x = toFloat(a);
    const y = toFloat(b);
    if (x === undefined || y === undefined) return unknown(whyOf(a) ?? whyOf(b) ?? { reason: t("an unknown number") });
    return bool(ordered(op, x < y ? -1 : x === y ? 0 : 1));
  }
  if (a.kind === "str" && b.kind === "str")
    return bool(ordered(op, a.value < b.value ? -1 : a.value === b.value ? 0 : 1));
  if ((a.kind === "tuple" && b.kind === "tuple") || (a.kind === "list" && b.kind === "list")) {
    for (let i = 0; i < Math.min(a.items.length, b.items.length); i++) {
      const x = a.items[i] ?? NONE;
      const y = b.items[i] ?? NONE;
      const same = truth(interp, compare(interp, "==", x, y));
      if (isWhy(same)) return unknown(same);
      if (!same) return order(interp, op, x, y);
    }
    return bool(ordered(op, a.items.length - b.items.length));
  }
  if (a.kind === "set" && b.kind === "set") {
    const subset = [...a.items.keys()].every((key) => b.items.has(key));
    const superset = [...b.items.keys()].every((key) => a.items.has(key));
    return bool(op === "<=" ? subset : op === ">=" ? superset : op === "<" ? subset && !superset : superset && !subset);
  }
  const names = {
    "<": ["__lt__", "__gt__"],
    "<=": ["__le__", "__ge__"],
    ">": ["__gt__", "__lt__"],
    ">=": ["__ge__", "__le__"],
  }[op];
  for (const [self, name, other] of [
    [left, names[0], right],
    [right, names[1], left],
  ] as const) {
    const fn = specialMethod(interp, self, name ?? "");
    if (fn === undefined) continue;
    const value = callValue(interp, fn, { positional: [{ value: other }], keywords: [] });
    if (value.kind !== "not-implemented") return value;
  }
  if (left.kind === "unknown") return left;
  if (right.kind === "unknown") return right;
  if (unknowable(interp, left) || unknowable(interp, right))
    return unknown({ reason: t("a comparison of values that are not followed") });
  return fail(
    interp,
    "TypeError",
    `'${op}' not supported between instances of '${typeName(interp, left)}' and '${typeName(interp, right)}'`,
  );
}

function ordered(op: "<" | "<=" | ">" | ">=", sign: number): boolean {
  return op === "<" ? sign < 0 : op === "<=" ? sign <= 0 : op === ">" ? 0 < sign : 0 <= sign;
}

/** Python's `item in container`. */
function contains(interp: Interp, container: Value, item: Value): Truth {
  const inside = specialMethod(interp, container, "__contains__");
  if (inside !== undefined)
    return truth(interp, callValue(interp, inside, { positional: [{ value: item }], keywords: [] }));
  const box = payloadOf(container);
  switch (box.kind) {
    case "str":
      if (item.kind === "str") return box.value.includes(item.value);
      break;
    case "dict":
    case "set": {
      if (box.why !== undefined) return box.why;
      const key = hashKey(interp, item);
      if (key === undefined) return item.kind === "unknown" ? item.why : { reason: t("an unknown key") };
      if (box.kind === "set") return box.items.has(key);
      if (!box.entries.has(key)) fill(interp, box, key);
      return box.entries.has(key);
    }
    case "range": {
      const n = toFloat(item);
      const [start, stop, stride] = [box.start, box.stop, box.step].map(toFloat);
      if (n === undefined || start === undefined || stop === undefined || stride === undefined) break;
      return (0 < stride ? start <= n && n < stop : stop < n && n <= start) && (n - start) % stride === 0;
    }
    case "unknown":
      return box.why;
    default:
  }
  if (box.kind === "opaque") return { reason: t("membership in a value that is not followed") };
  if (box.kind === "int" || box.kind === "float" || box.kind === "none" || box.kind === "bool") {
    const lost = fail(interp, "TypeError", `argument of type '${typeName(interp, box)}' is not iterable`);
    return lost.kind === "unknown" ? lost.why : { reason: t("an unknown container") };
  }
  const items = itemsOf(interp, box);
  if (isWhy(items)) return items;
  let lost: Why | undefined;
  for (const candidate of items) {
    const same =
      candidate === item && item.kind !== "unknown" ? true : truth(interp, compare(interp, "==", candidate, item));
    if (same === true) return true;
    if (isWhy(same)) lost = same;
  }
  return lost ?? false;
}

import type { CompareOp } from "../core/core.ts";
import { callValue, itemsOf } from "../eval/evaluate.ts";
import { fail, type Interp, isWhy, type Truth } from "../eval/interp.ts";
import { advance } from "../eval/iterate.ts";
import { sameValue } from "../eval/join.ts";
import { fill } from "../eval/registry.ts";
import { bool, FALSE, int, NONE, NOT_IMPLEMENTED, TRUE, unknown, type Value } from "../eval/value.ts";
import { decideAtLeast, decideEqual } from "../shape/decide.ts";
import type { Why } from "../shape/dim.ts";
import { sub } from "../shape/size.ts";
import { t } from "../text/text.ts";
import { depends, specialMethod, toFloat, truth, unknowable, whyOf } from "./arithmetic.ts";
import { bigOf } from "./integers.ts";
import { hashesTo, hashKey, payloadOf, typeName, unionMembers } from "./types.ts";

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
  const rightFirst =
    right.kind === "instance" && left.kind === "instance" && right.cls !== left.cls && right.cls.mro.includes(left.cls);
  const pairs = [
    [left, right],
    [right, left],
  ] as const;
  for (const [self, other] of rightFirst ? [pairs[1], pairs[0]] : pairs) {
    const name = op === "==" ? "__eq__" : "__ne__";
    let fn = specialMethod(interp, self, name);
    let negate = false;
    if (fn === undefined && op === "!=") {
      fn = specialMethod(interp, self, "__eq__");
      negate = true;
    }
    if (fn === undefined) continue;
    const value = callValue(interp, fn, { positional: [{ value: other }], keywords: [] });
    if (value.kind === "not-implemented") {
      // What `==` does not tell is told by identity.
      if (left === right && left.kind === "instance" && left.payload === undefined) return bool(op === "==");
      continue;
    }
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
    case "tuple":
      return right.kind === "tuple" && left.items.length === 0 && right.items.length === 0;
    case "class":
    case "function":
      return false;
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
  if (left === right && left.kind !== "unknown") return left.kind !== "float" || !Number.isNaN(left.value);
  if (left.kind === "unknown") return left.why;
  if (right.kind === "unknown") return right.why;
  const a = left.kind === "bool" ? int(left.value ? 1 : 0) : payloadOf(left);
  const b = right.kind === "bool" ? int(right.value ? 1 : 0) : payloadOf(right);
  if (a.kind === "int" && b.kind === "int") {
    if (a.big !== undefined || b.big !== undefined) {
      const [x, y] = [bigOf(a), bigOf(b)];
      if (x !== undefined && y !== undefined) return x === y;
    }
    if (a.dim.size === undefined || b.dim.size === undefined)
      return a.dim.why ?? b.dim.why ?? { reason: t("an unknown number") };
    if (typeof a.dim.size === "number" && typeof b.dim.size === "number") return a.dim.size === b.dim.size;
    const verdict = decideEqual(a.dim.size, b.dim.size);
    return verdict === "always" ? true : verdict === "never" ? false : depends(interp, a.dim.size);
  }
  if ((a.kind === "float" || a.kind === "int") && (b.kind === "float" || b.kind === "int")) {
    const sign = signOf(a, b);
    return isWhy(sign) ? sign : sign === 0;
  }
  if ((a.kind === "list" && b.kind === "list") || (a.kind === "tuple" && b.kind === "tuple")) {
    const why = whyOf(a) ?? whyOf(b);
    if (why !== undefined) return why;
    if (a.items.length !== b.items.length) return false;
    let lost: Why | undefined;
    for (let i = 0; i < a.items.length; i++) {
      const known = sameItem(interp, a.items[i] ?? NONE, b.items[i] ?? NONE);
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
      const known = sameItem(interp, item, other[1]);
      if (known !== true) return known;
    }
    return true;
  }
  if (a.kind === "set" && b.kind === "set")
    return a.why ?? b.why ?? (a.items.size === b.items.size && [...a.items.keys()].every((key) => b.items.has(key)));
  if (a.kind === "range" && b.kind === "range") {
    const [x, y] = [itemsOf(interp, a), itemsOf(interp, b)];
    if (isWhy(x)) return hashRange(a) === hashRange(b) ? true : x;
    if (isWhy(y)) return y;
    return x.length === y.length && x.every((item, i) => toFloat(item) === toFloat(y[i] ?? NONE));
  }
  if (a.kind === "slice" && b.kind === "slice")
    return [
      [a.lower, b.lower],
      [a.upper, b.upper],
      [a.step, b.step],
    ].every(([x = NONE, y = NONE]) => sameItem(interp, x, y) === true);
  if (a.kind === "complex" || b.kind === "complex") {
    const [x, y] = [complexOf(a), complexOf(b)];
    return x !== undefined && y !== undefined && x.re === y.re && x.im === y.im;
  }
  if ((a.kind === "view" || b.kind === "view") && isSetLike(a) && isSetLike(b)) {
    const [x, y] = [keysOf(interp, a), keysOf(interp, b)];
    if (isWhy(x)) return x;
    if (isWhy(y)) return y;
    return x.size === y.size && [...x].every((key) => y.has(key));
  }
  const [mine, others] = [unionMembers(a), unionMembers(b)];
  if (mine !== undefined && others !== undefined)
    return mine.length === others.length && mine.every((member) => others.includes(member));
  if (a.kind === "tensor" || b.kind === "tensor") return { reason: t("a comparison of tensors") };
  return sameValue(a, b);
}

/** Python compares the items of a container by identity first. */
function sameItem(interp: Interp, a: Value, b: Value): Truth {
  return a === b && a.kind !== "unknown" && !(a.kind === "int" && a.dim.size === undefined && a.big === undefined)
    ? true
    : truth(interp, compare(interp, "==", a, b));
}

/** The sign of a - b for known numbers, exactly; NaN where either is none. */
function signOf(a: Value, b: Value): number | Why {
  const [x, y] = [toFloat(a), toFloat(b)];
  if (x === undefined || y === undefined) return whyOf(a) ?? whyOf(b) ?? { reason: t("an unknown number") };
  const exact = (value: Value, n: number): bigint | undefined =>
    bigOf(value) ?? (Number.isInteger(n) ? BigInt(n) : undefined);
  if (!Number.isSafeInteger(x) || !Number.isSafeInteger(y)) {
    const [m, n] = [exact(a, x), exact(b, y)];
    if (m !== undefined && n !== undefined) return m < n ? -1 : m === n ? 0 : 1;
  }
  return x < y ? -1 : x === y ? 0 : x > y ? 1 : Number.NaN;
}

function complexOf(value: Value): { readonly re: number; readonly im: number } | undefined {
  if (value.kind === "complex") return value;
  const re = toFloat(value);
  return re === undefined ? undefined : { re, im: 0 };
}

function isSetLike(value: Value): boolean {
  return value.kind === "set" || (value.kind === "view" && value.of !== "values");
}

function keysOf(interp: Interp, value: Value): ReadonlySet<string> | Why {
  const items = itemsOf(interp, value);
  if (isWhy(items)) return items;
  const keys = new Set<string>();
  for (const item of items) {
    const key = hashKey(interp, item);
    if (key === undefined) return whyOf(item) ?? { reason: t("an unknown key") };
    keys.add(key);
  }
  return keys;
}

/** A comparison of builtin values as their own method makes it: a bool, unknown, or NotImplemented. */
export function compareBuiltin(interp: Interp, op: CompareOp, left: Value, right: Value): Value {
  const number = (value: Value): boolean =>
    value.kind === "int" || value.kind === "float" || value.kind === "bool" || value.kind === "complex";
  const alike = left.kind === right.kind || (number(left) && number(right)) || (isSetLike(left) && isSetLike(right));
  if (!alike) return right.kind === "unknown" ? right : NOT_IMPLEMENTED;
  if (op === "==" || op === "!=") {
    const same = equal(interp, left, right);
    return isWhy(same) ? unknown(same) : bool(same === (op === "=="));
  }
  return compare(interp, op, left, right);
}

function hashRange(value: Extract<Value, { kind: "range" }>): string {
  return [value.start, value.stop, value.step].map((v) => JSON.stringify(v.dim.size)).join(":");
}

function order(interp: Interp, op: "<" | "<=" | ">" | ">=", left: Value, right: Value): Value {
  if (left.kind === "instance" || right.kind === "instance") {
    const own = orderByMethod(interp, op, left, right);
    if (own !== undefined) return own;
  }
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
    const sign = signOf(a, b);
    return isWhy(sign) ? unknown(sign) : bool(ordered(op, sign));
  }
  if (a.kind === "str" && b.kind === "str")
    return bool(ordered(op, a.value < b.value ? -1 : a.value === b.value ? 0 : 1));
  if ((a.kind === "tuple" && b.kind === "tuple") || (a.kind === "list" && b.kind === "list")) {
    for (let i = 0; i < Math.min(a.items.length, b.items.length); i++) {
      const x = a.items[i] ?? NONE;
      const y = b.items[i] ?? NONE;
      const same = sameItem(interp, x, y);
      if (isWhy(same)) return unknown(same);
      if (!same) return order(interp, op, x, y);
    }
    return bool(ordered(op, a.items.length - b.items.length));
  }
  if (a.kind === "bytes" && b.kind === "bytes")
    return bool(ordered(op, a.value < b.value ? -1 : a.value === b.value ? 0 : 1));
  if (isSetLike(a) && isSetLike(b) && (a.kind === "view" || b.kind === "view")) {
    const [x, y] = [keysOf(interp, a), keysOf(interp, b)];
    if (isWhy(x)) return unknown(x);
    if (isWhy(y)) return unknown(y);
    const subset = [...x].every((key) => y.has(key));
    const superset = [...y].every((key) => x.has(key));
    return bool(op === "<=" ? subset : op === ">=" ? superset : op === "<" ? subset && !superset : superset && !subset);
  }
  if (a.kind === "set" && b.kind === "set") {
    const subset = [...a.items.keys()].every((key) => b.items.has(key));
    const superset = [...b.items.keys()].every((key) => a.items.has(key));
    return bool(op === "<=" ? subset : op === ">=" ? superset : op === "<" ? subset && !superset : superset && !subset);
  }
  if (left.kind !== "instance" && right.kind !== "instance") {
    const own = orderByMethod(interp, op, left, right);
    if (own !== undefined) return own;
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

const ORDER_METHODS = {
  "<": ["__lt__", "__gt__"],
  "<=": ["__le__", "__ge__"],
  ">": ["__gt__", "__lt__"],
  ">=": ["__ge__", "__le__"],
} as const;

function orderByMethod(interp: Interp, op: keyof typeof ORDER_METHODS, left: Value, right: Value): Value | undefined {
  const [name, reflected] = ORDER_METHODS[op];
  for (const [self, method, other] of [
    [left, name, right],
    [right, reflected, left],
  ] as const) {
    const fn = specialMethod(interp, self, method);
    if (fn === undefined) continue;
    const value = callValue(interp, fn, { positional: [{ value: other }], keywords: [] });
    if (value.kind !== "not-implemented") return value;
  }
  return undefined;
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
    case "bytes": {
      const part = payloadOf(item);
      if (part.kind === box.kind) return box.value.includes(part.value);
      if (box.kind === "bytes" && part.kind === "int" && typeof part.dim.size === "number")
        return box.value.includes(String.fromCharCode(part.dim.size));
      if (part.kind === "unknown") return part.why;
      const lost = fail(
        interp,
        "TypeError",
        box.kind === "str"
          ? `'in <string>' requires string as left operand, not ${typeName(interp, item)}`
          : `a bytes-like object is required, not '${typeName(interp, item)}'`,
      );
      return whyOf(lost) ?? { reason: t("an unknown text") };
    }
    case "view":
      if (box.of !== "keys") break;
      return contains(interp, box.dict, item);
    case "dict":
    case "set": {
      if (box.why !== undefined) return box.why;
      const key = hashKey(interp, item);
      if (key === undefined) return unhashable(interp, item);
      if (box.kind === "set") return box.items.has(key);
      if (!box.entries.has(key)) fill(interp, box, key);
      return box.entries.has(key);
    }
    case "range": {
      const n = item.kind === "str" || item.kind === "none" ? Number.NaN : toFloat(item);
      const [start, stop, stride] = [box.start, box.stop, box.step].map(toFloat);
      if (n === undefined || start === undefined || stop === undefined || stride === undefined) break;
      return (0 < stride ? start <= n && n < stop : stop < n && n <= start) && (n - start) % stride === 0;
    }
    case "unknown":
      return box.why;
    default:
  }
  if (box.kind === "opaque") return { reason: t("membership in a value that is not followed") };
  if (
    box.kind === "int" ||
    box.kind === "float" ||
    box.kind === "none" ||
    box.kind === "bool" ||
    box.kind === "function" ||
    (box.kind === "instance" &&
      box.tainted === undefined &&
      !box.cls.mro.some((cls) => cls.unknownBase !== undefined) &&
      specialMethod(interp, box, "__iter__") === undefined &&
      specialMethod(interp, box, "__getitem__") === undefined)
  ) {
    const lost = fail(interp, "TypeError", `argument of type '${typeName(interp, box)}' is not iterable`);
    return lost.kind === "unknown" ? lost.why : { reason: t("an unknown container") };
  }
  const source = interp.lang.iterate(interp, box);
  let lost: Why | undefined;
  for (let turn = 0; turn < 100_000; turn++) {
    const candidate = advance(interp, source);
    if (candidate === undefined) return source.why ?? lost ?? false;
    const same = sameItem(interp, candidate, item);
    if (same === true) return true;
    if (isWhy(same)) lost = same;
  }
  return { reason: t("an iteration without end") };
}

/** Why a value has no key; a list or a dict is refused as Python does. */
export function unhashable(interp: Interp, value: Value): Why {
  const known = whyOf(value);
  if (value.kind === "unknown" && known !== undefined) return known;
  const inner = value.kind === "tuple" ? value.items.find((item) => hashKey(interp, item) === undefined) : undefined;
  if (inner !== undefined) return unhashable(interp, inner);
  const refused =
    value.kind === "list" ||
    value.kind === "dict" ||
    value.kind === "slice" ||
    (value.kind === "set" && !value.frozen) ||
    (value.kind === "instance" && hashesTo(value) === "nothing");
  if (!refused) return known ?? { reason: t("an unknown key") };
  const lost = fail(interp, "TypeError", `unhashable type: '${typeName(interp, value)}'`);
  return whyOf(lost) ?? { reason: t("an unknown key") };
}

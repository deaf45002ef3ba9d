import type { BinaryOp } from "../core/core.ts";
import { callValue, itemsOf } from "../eval/evaluate.ts";
import { fail, here, type Interp, isWhy, type Truth } from "../eval/interp.ts";
import { fill } from "../eval/registry.ts";
import { bool, type DictValue, float, type IntValue, int, intOf, str, unknown, type Value } from "../eval/value.ts";
import { decideEqual } from "../shape/decide.ts";
import type { Why } from "../shape/dim.ts";
import { neg, type Size, sub } from "../shape/size.ts";
import { t } from "../text/text.ts";
import { intBinary, scaledSize, wholeNumber, withOrigin } from "./integers.ts";
import { percentFormat } from "./templates.ts";
import { classAttribute, hashKey, payloadOf, typeName, typeOf, unionMembers, unionOf } from "./types.ts";

/** Python's `bool(value)`. */
export function truth(interp: Interp, value: Value): Truth {
  switch (value.kind) {
    case "none":
      return false;
    case "bool":
      return value.value;
    case "int": {
      const { size, why } = value.dim;
      if (typeof size === "number") return size !== 0;
      if (value.big !== undefined) return true;
      if (size === undefined) return why ?? { reason: t("an unknown number") };
      const verdict = decideEqual(size, 0);
      return verdict === "always" ? false : verdict === "never" ? true : depends(interp, size);
    }
    case "float":
      return value.value === undefined ? (value.why ?? { reason: t("an unknown number") }) : value.value !== 0;
    case "complex":
      return value.re !== 0 || value.im !== 0;
    case "str":
    case "bytes":
      return value.value !== "";
    case "list":
      return value.why ?? 0 < value.items.length;
    case "tuple":
      return 0 < value.items.length;
    case "set":
      return value.why ?? 0 < value.items.size;
    case "dict":
      if (value.entries.size === 0) fill(interp, value, undefined);
      return value.why ?? 0 < value.entries.size;
    case "range": {
      const n = rangeLength(value.start, value.stop, value.step);
      return n === undefined ? { reason: t("an unknown range") } : 0 < n;
    }
    case "view":
      return value.dict.why ?? 0 < value.dict.entries.size;
    case "unknown":
      return value.why;
    case "instance": {
      const test = classAttribute(value.cls, "__bool__");
      const own = test ?? classAttribute(value.cls, "__len__");
      if (own !== undefined) {
        const made = callValue(interp, { kind: "method", self: value, fn: own }, { positional: [], keywords: [] });
        if (test === undefined || made.kind === "bool" || made.kind === "unknown") return truth(interp, made);
        const lost = fail(interp, "TypeError", `__bool__ should return bool, returned ${typeName(interp, made)}`);
        return truth(interp, lost);
      }
      return value.payload === undefined ? true : truth(interp, value.payload);
    }
    case "tensor": {
      const known = value.host;
      const only = known?.data.length === 1 ? known.data[0] : undefined;
      if (only !== undefined && (known?.fuzz?.[0] ?? 0) < Math.abs(only)) return true;
      if (only === 0 && known?.fuzz === undefined) return false;
      return { reason: t("a condition on a tensor's values") };
    }
    default:
      return true;
  }
}

export function unary(interp: Interp, op: "-" | "+" | "~", operand: Value): Value {
  if (hasMethods(operand) && operand.kind !== "instance") {
    const own = specialMethod(interp, operand, op === "-" ? "__neg__" : op === "+" ? "__pos__" : "__invert__");
    if (own !== undefined) return callValue(interp, own, { positional: [], keywords: [] });
  }
  const value = operand.kind === "bool" ? int(operand.value ? 1 : 0) : operand;
  if (value.kind === "int") {
    const { size } = value.dim;
    if (value.big !== undefined && op !== "+") return wholeNumber(op === "-" ? -value.big : ~value.big);
    if (size === undefined || op === "+") return value;
    const result = op === "-" ? neg(size) : sub(neg(size), 1);
    return intOf(withOrigin(interp, result, op, [value.dim]));
  }
  if (value.kind === "float" && op !== "~")
    return value.value === undefined || op !== "-" ? value : float(-value.value);
  if (value.kind === "complex") return op === "-" ? { kind: "complex", re: -value.re, im: -value.im } : value;
  if (value.kind === "unknown") return value;
  const name = op === "-" ? "__neg__" : op === "+" ? "__pos__" : "__invert__";
  const special = specialMethod(interp, value, name);
  if (special !== undefined) return callValue(interp, special, { positional: [], keywords: [] });
  if (value.kind === "instance" && value.payload !== undefined) return unary(interp, op, value.payload);
  if (unknowable(interp, value)) return unknown({ reason: t("{0} of a value that is not followed", op) });
  return fail(interp, "TypeError", `bad operand type for unary ${op}: '${typeName(interp, operand)}'`);
}

const DUNDER: Readonly<Record<BinaryOp, string>> = {
  "+": "add",
  "-": "sub",
  "*": "mul",
  "/": "truediv",
  "//": "floordiv",
  "%": "mod",
  "**": "pow",
  "@": "matmul",
  "&": "and",
  "|": "or",
  "^": "xor",
  "<<": "lshift",
  ">>": "rshift",
};

/** Python's binary operators, in place or not. */
export function binary(interp: Interp, op: BinaryOp, left: Value, right: Value, inPlace: boolean): Value {
  if (left.kind === "int" && right.kind === "int" && left.cls === undefined && right.cls === undefined)
    return intBinary(interp, op, left, right);
  if (inPlace) {
    const special = specialMethod(interp, left, `__i${DUNDER[op]}__`);
    if (special !== undefined) {
      const value = callValue(interp, special, { positional: [{ value: right }], keywords: [] });
      if (value.kind !== "not-implemented") return value;
    }
    if (changeInPlace(interp, op, payloadOf(left), right)) return left;
  }
  // Of a builtin value nothing is overridden.
  const plain = !hasMethods(left) && !hasMethods(right);
  if (plain) {
    const simple = builtinBinary(interp, op, left, right);
    if (simple !== undefined) return simple;
  }
  const name = DUNDER[op];
  const rightFirst =
    right.kind === "instance" &&
    left.kind === "instance" &&
    right.cls !== left.cls &&
    right.cls.mro.includes(left.cls) &&
    specialMethod(interp, right, `__r${name}__`) !== undefined;
  const tries: readonly (readonly [Value, string, Value])[] = rightFirst
    ? [
        [right, `__r${name}__`, left],
        [left, `__${name}__`, right],
      ]
    : [
        [left, `__${name}__`, right],
        [right, `__r${name}__`, left],
      ];
  for (const [self, method, other] of tries) {
    const special = specialMethod(interp, self, method);
    if (special === undefined) continue;
    const value = callValue(interp, special, { positional: [{ value: other }], keywords: [] });
    if (value.kind !== "not-implemented") return value;
  }
  if (!plain) {
    const simple = builtinBinary(interp, op, payloadOf(left), payloadOf(right));
    if (simple !== undefined) return simple;
    const count = op === "*" && right.kind === "instance" ? specialMethod(interp, right, "__index__") : undefined;
    if (count !== undefined && (left.kind === "list" || left.kind === "tuple" || left.kind === "str"))
      return binary(interp, op, left, callValue(interp, count, { positional: [], keywords: [] }), inPlace);
  }
  if (left.kind === "unknown") return left;
  if (right.kind === "unknown") return right;
  if (unknowable(interp, left) || unknowable(interp, right))
    return unknown({ reason: t("{0} of a value that is not followed", op) });
  return fail(interp, "TypeError", unsupported(interp, op, left, right, inPlace));
}

function unsupported(interp: Interp, op: BinaryOp, left: Value, right: Value, inPlace: boolean): string {
  const names = [typeName(interp, left), typeName(interp, right)] as const;
  const kinds = [payloadOf(left).kind, payloadOf(right).kind] as const;
  if (op === "+") {
    if (kinds[0] === "str" || kinds[0] === "list" || kinds[0] === "tuple")
      return `can only concatenate ${kinds[0]} (not "${names[1]}") to ${kinds[0]}`;
    if (kinds[0] === "bytes") return `can't concat ${names[1]} to bytes`;
  }
  const sequence = (kind: string): boolean => kind === "str" || kind === "list" || kind === "tuple" || kind === "bytes";
  if (op === "*" && sequence(kinds[0])) return `can't multiply sequence by non-int of type '${names[1]}'`;
  if (op === "*" && sequence(kinds[1])) return `can't multiply sequence by non-int of type '${names[0]}'`;
  const sign = op === "**" ? (inPlace ? "**=" : "** or pow()") : inPlace ? `${op}=` : op;
  return `unsupported operand type(s) for ${sign}: '${names[0]}' and '${names[1]}'`;
}

function hasMethods(value: Value): boolean {
  switch (value.kind) {
    case "instance":
    case "tensor":
      return true;
    case "class":
      return value.meta !== undefined;
    case "int":
    case "float":
    case "dict":
    case "tuple":
      return value.cls !== undefined;
    default:
      return false;
  }
}

/** What an in-place operator does to a list, a set or a dict itself; false: it makes a new value. */
function changeInPlace(interp: Interp, op: BinaryOp, left: Value, right: Value): boolean {
  const { journal } = interp;
  if (left.kind === "list" && op === "+") {
    const more = itemsOf(interp, right);
    if (isWhy(more)) journal.assign(left, "why", more);
    else for (const item of more) journal.push(left, item);
    return true;
  }
  if (left.kind === "list" && op === "*") {
    const count = right.kind === "bool" ? int(right.value ? 1 : 0) : right;
    if (count.kind !== "int") return false;
    const made = repeat(left, count);
    if (made.kind === "list") journal.assign(left, "items", made.items);
    else journal.assign(left, "why", whyOf(made) ?? { reason: t("a repetition of unknown length") });
    return true;
  }
  if (left.kind === "set" && !left.frozen && (op === "|" || op === "&" || op === "-" || op === "^")) {
    const made = builtinBinary(interp, op, left, payloadOf(right));
    if (made?.kind !== "set") return false;
    journal.assign(left, "items", new Map(made.items));
    if (made.why !== undefined) journal.assign(left, "why", made.why);
    return true;
  }
  const other = payloadOf(right);
  if (left.kind === "dict" && op === "|" && other.kind === "dict") {
    for (const [key, entry] of other.entries)
      journal.setEntry(left, key, Object.freeze([left.entries.get(key)?.[0] ?? entry[0], entry[1]] as const));
    if (other.why !== undefined) journal.assign(left, "why", other.why);
    return true;
  }
  return false;
}

export function unknowable(interp: Interp, value: Value): boolean {
  return (
    value.kind === "opaque" ||
    value.kind === "lazy" ||
    (value.kind === "instance" &&
      (value.tainted !== undefined || value.cls.mro.some((c) => c.unknownBase !== undefined))) ||
    typeOf(interp, value) === undefined
  );
}

/** A special method looked up on the class, bound. */
export function specialMethod(_interp: Interp, value: Value, name: string): Value | undefined {
  if (value.kind === "instance") {
    const fn = classAttribute(value.cls, name);
    return fn === undefined ? undefined : { kind: "method", self: value, fn };
  }
  if (value.kind === "tensor") {
    const fn = classAttribute(_interp.tensorClass, name);
    return fn === undefined ? undefined : { kind: "method", self: value, fn };
  }
  if (
    (value.kind === "int" || value.kind === "float" || value.kind === "dict" || value.kind === "tuple") &&
    value.cls !== undefined
  ) {
    const fn = classAttribute(value.cls, name);
    return fn === undefined ? undefined : { kind: "method", self: value, fn };
  }
  if (value.kind === "class" && value.meta !== undefined) {
    const fn = classAttribute(value.meta, name);
    return fn === undefined ? undefined : { kind: "method", self: value, fn };
  }
  return undefined;
}

/** A binary operator on builtin values; undefined where they do not go together. */
export function builtinBinary(interp: Interp, op: BinaryOp, left: Value, right: Value): Value | undefined {
  if (left.kind === "bool" && right.kind === "bool" && (op === "&" || op === "|" || op === "^")) {
    return bool(
      op === "&" ? left.value && right.value : op === "|" ? left.value || right.value : left.value !== right.value,
    );
  }
  const a = left.kind === "bool" ? int(left.value ? 1 : 0) : left;
  const b = right.kind === "bool" ? int(right.value ? 1 : 0) : right;
  if (a.kind === "int" && b.kind === "int") return intBinary(interp, op, a, b);
  if ((a.kind === "float" || a.kind === "int") && (b.kind === "float" || b.kind === "int"))
    return floatBinary(interp, op, a, b);
  if ((a.kind === "complex" || b.kind === "complex") && isNumber(a) && isNumber(b)) return complexBinary(op, a, b);
  if (a.kind === "str" && op === "%") return percentFormat(interp, a.value, right);
  if (a.kind === "bytes" && op === "%") {
    const made = percentFormat(interp, a.value, right);
    return made.kind === "str" ? { kind: "bytes", value: made.value } : made;
  }
  if (a.kind === "str" && b.kind === "str" && op === "+") return str(a.value + b.value);
  if (a.kind === "bytes" && b.kind === "bytes" && op === "+") return { kind: "bytes", value: a.value + b.value };
  if (a.kind === "list" && b.kind === "list" && op === "+") {
    const why = a.why ?? b.why;
    return { kind: "list", items: [...a.items, ...b.items], ...(why === undefined ? {} : { why }) };
  }
  if (a.kind === "tuple" && b.kind === "tuple" && op === "+") return { kind: "tuple", items: [...a.items, ...b.items] };
  if (op === "*") {
    const [sequence, count] = b.kind === "int" ? [a, b] : a.kind === "int" ? [b, a] : [a, undefined];
    if (
      count !== undefined &&
      (sequence.kind === "list" || sequence.kind === "tuple" || sequence.kind === "str" || sequence.kind === "bytes")
    )
      return repeat(sequence, count);
  }
  if (
    op === "|" &&
    (isType(left) || isType(right)) &&
    (isType(left) || left.kind === "none") &&
    (isType(right) || right.kind === "none")
  )
    return unionOf([left, right]);
  const [first, second] = a.kind === "view" || b.kind === "view" ? [viewSet(interp, a), viewSet(interp, b)] : [a, b];
  if (first.kind === "set" && second.kind === "set" && (op === "|" || op === "&" || op === "-" || op === "^")) {
    const items = new Map<string, Value>();
    for (const [key, item] of first.items)
      if (op === "|" || (op === "&") === second.items.has(key)) items.set(key, item);
    if (op === "|" || op === "^")
      for (const [key, item] of second.items) if (op === "|" || !first.items.has(key)) items.set(key, item);
    const why = first.why ?? second.why;
    return {
      kind: "set",
      items,
      ...(why === undefined ? {} : { why }),
      ...(first.frozen ? { frozen: true as const } : {}),
    };
  }
  if (a.kind === "dict" && b.kind === "dict" && op === "|") return mergeDicts(a, b);
  return undefined;
}

function repeat(sequence: Extract<Value, { kind: "list" | "tuple" | "str" | "bytes" }>, count: IntValue): Value {
  const n = count.dim.size;
  if (typeof n !== "number") return unknown(count.dim.why ?? { reason: t("a repetition of unknown length") });
  const times = Math.max(0, n);
  if (sequence.kind === "str" || sequence.kind === "bytes") {
    if (1e6 < times * sequence.value.length) return unknown({ reason: t("a text of more than a million characters") });
    return { kind: sequence.kind, value: sequence.value.repeat(times) };
  }
  if (1e6 < times * sequence.items.length) return unknown({ reason: t("a list of more than a million items") });
  const items: Value[] = [];
  for (let i = 0; i < times; i++) items.push(...sequence.items);
  if (sequence.kind === "tuple") return { kind: "tuple", items };
  return sequence.why === undefined ? { kind: "list", items } : { kind: "list", items, why: sequence.why };
}

function mergeDicts(a: DictValue, b: DictValue): DictValue {
  const why = a.why ?? b.why;
  const entries = new Map(a.entries);
  for (const [key, entry] of b.entries) {
    const old = entries.get(key);
    entries.set(key, old === undefined ? entry : Object.freeze([old[0], entry[1]] as const));
  }
  return {
    kind: "dict",
    entries,
    ...(why === undefined ? {} : { why }),
    ...(a.cls === undefined ? {} : { cls: a.cls }),
    ...(a.factory === undefined ? {} : { factory: a.factory }),
  };
}

function isType(value: Value): boolean {
  return value.kind === "class" || unionMembers(value) !== undefined;
}

/** A view of keys or items as the set that its operators work on; any iterable beside one. */
function viewSet(interp: Interp, value: Value): Value {
  if (value.kind === "set" || value.kind === "unknown") return value;
  const items = itemsOf(interp, value);
  if (isWhy(items)) return { kind: "set", items: new Map(), why: items };
  const made = new Map<string, Value>();
  for (const item of items) {
    const key = hashKey(interp, item);
    if (key === undefined)
      return { kind: "set", items: new Map(), why: whyOf(item) ?? { reason: t("an unknown key") } };
    made.set(key, item);
  }
  return { kind: "set", items: made };
}

function floatBinary(interp: Interp, op: BinaryOp, left: Value, right: Value): Value | undefined {
  const a = toFloat(left);
  const b = toFloat(right);
  if (op === "&" || op === "|" || op === "^" || op === "<<" || op === ">>" || op === "@") return undefined;
  if (a === undefined || b === undefined) {
    const scaled = op === "*" ? scaledSize(left, right) : undefined;
    if (scaled !== undefined) return scaled;
    return { kind: "float", value: undefined, why: whyOf(left) ?? whyOf(right) ?? { reason: t("an unknown number") } };
  }
  if (b === 0 && (op === "/" || op === "//" || op === "%")) {
    const message = { "/": "float division by zero", "//": "float floor division by zero", "%": "float modulo" }[op];
    return fail(interp, "ZeroDivisionError", message);
  }
  switch (op) {
    case "+":
      return float(a + b);
    case "-":
      return float(a - b);
    case "*":
      return float(a * b);
    case "/":
      return float(a / b);
    case "//": {
      const quotient = (a - floatMod(a, b)) / b;
      const floor = Math.floor(quotient);
      return float(0.5 < quotient - floor ? floor + 1 : floor === 0 ? Math.sign(a / b) * 0 : floor);
    }
    case "%":
      return float(floatMod(a, b));
    case "**": {
      if (a === 0 && b < 0) return fail(interp, "ZeroDivisionError", "0.0 cannot be raised to a negative power");
      if (a < 0 && !Number.isInteger(b) && Number.isFinite(a) && Number.isFinite(b)) {
        const [size, angle] = [(-a) ** b, Math.PI * b];
        return { kind: "complex", re: size * Math.cos(angle), im: size * Math.sin(angle) };
      }
      const power = a ** b;
      // A NaN to the power of 0, and 1 to any power, are 1.
      if (Number.isNaN(power) && a === 1) return float(1);
      if (!Number.isFinite(power) && Number.isFinite(a) && Number.isFinite(b))
        return fail(interp, "OverflowError", "(34, 'Numerical result out of range')", {
          args: [int(34), str("Numerical result out of range")],
        });
      return float(power);
    }
  }
  return undefined;
}

/** Python's `%`: the result has the sign of the divisor. */
function floatMod(a: number, b: number): number {
  const rest = a % b;
  if (rest === 0) return b < 0 ? -0 : 0;
  return rest < 0 !== b < 0 ? rest + b : rest;
}

function complexBinary(op: BinaryOp, left: Value, right: Value): Value | undefined {
  const a = left.kind === "complex" ? left : { re: toFloat(left) ?? Number.NaN, im: 0 };
  const b = right.kind === "complex" ? right : { re: toFloat(right) ?? Number.NaN, im: 0 };
  if (op === "+") return { kind: "complex", re: a.re + b.re, im: a.im + b.im };
  if (op === "-") return { kind: "complex", re: a.re - b.re, im: a.im - b.im };
  if (op === "*") return { kind: "complex", re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re };
  if (op === "/") {
    const norm = b.re * b.re + b.im * b.im;
    if (norm === 0) return undefined;
    return { kind: "complex", re: (a.re * b.re + a.im * b.im) / norm, im: (a.im * b.re - a.re * b.im) / norm };
  }
  if (op === "**" && b.im === 0 && Number.isInteger(b.re) && 0 <= b.re && b.re <= 100) {
    let product = { re: 1, im: 0 };
    for (let i = 0; i < b.re; i++)
      product = { re: product.re * a.re - product.im * a.im, im: product.re * a.im + product.im * a.re };
    return { kind: "complex", ...product };
  }
  return undefined;
}

function isNumber(value: Value): boolean {
  return value.kind === "int" || value.kind === "float" || value.kind === "complex";
}

/** A known number as a JavaScript number. */
export function toFloat(value: Value): number | undefined {
  if (value.kind === "int")
    return typeof value.dim.size === "number"
      ? value.dim.size
      : value.big === undefined
        ? undefined
        : Number(value.big);
  if (value.kind === "float") return value.value;
  if (value.kind === "bool") return value.value ? 1 : 0;
  return undefined;
}

export function whyOf(value: Value): Why | undefined {
  if (
    value.kind === "unknown" ||
    value.kind === "float" ||
    value.kind === "list" ||
    value.kind === "dict" ||
    value.kind === "set"
  )
    return value.why;
  if (value.kind === "int") return value.dim.why;
  return undefined;
}

/** Number of values of a range; undefined when not known. */
export function rangeLength(start: IntValue, stop: IntValue, step: IntValue): number | undefined {
  const a = start.dim.size;
  const b = stop.dim.size;
  const s = step.dim.size;
  if (typeof a !== "number" || typeof b !== "number" || typeof s !== "number" || s === 0) return undefined;
  return Math.max(0, Math.ceil((b - a) / s));
}

export function depends(interp: Interp, size: Size): Why {
  const place = here(interp);
  const reason = t("it depends on the input's size");
  void size;
  return place === undefined ? { reason } : { reason, place };
}

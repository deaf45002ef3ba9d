import type { BinaryOp } from "../core/core.ts";
import { callValue, itemsOf } from "../eval/evaluate.ts";
import { fail, here, type Interp, isWhy, type Truth } from "../eval/interp.ts";
import { fill } from "../eval/registry.ts";
import { bool, type DictValue, float, type IntValue, int, intOf, str, unknown, type Value } from "../eval/value.ts";
import { decideEqual } from "../shape/decide.ts";
import type { Dim, Origin, Why } from "../shape/dim.ts";
import { add, floorDiv, mod, mul, neg, type Size, sub } from "../shape/size.ts";
import { t } from "../text/text.ts";
import { percentFormat } from "./format.ts";
import { classAttribute, payloadOf, typeName, typeOf } from "./types.ts";

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
    case "unknown":
      return value.why;
    case "instance": {
      const own = classAttribute(value.cls, "__bool__") ?? classAttribute(value.cls, "__len__");
      if (own !== undefined)
        return truth(
          interp,
          callValue(interp, { kind: "method", self: value, fn: own }, { positional: [], keywords: [] }),
        );
      return value.payload === undefined ? true : truth(interp, value.payload);
    }
    case "tensor": {
      const known = value.host;
      const only = known?.data.length === 1 ? known.data[0] : undefined;
      if (only !== undefined && (known?.fuzz ?? 0) < Math.abs(only)) return true;
      if (only === 0 && known?.fuzz === undefined) return false;
      return { reason: t("a condition on a tensor's values") };
    }
    default:
      return true;
  }
}

export function unary(interp: Interp, op: "-" | "+" | "~", operand: Value): Value {
  if (hasClass(operand)) {
    const own = specialMethod(interp, operand, op === "-" ? "__neg__" : op === "+" ? "__pos__" : "__invert__");
    if (own !== undefined) return callValue(interp, own, { positional: [], keywords: [] });
  }
  const value = operand.kind === "bool" ? int(operand.value ? 1 : 0) : operand;
  if (value.kind === "int") {
    const { size } = value.dim;
    if (size === undefined || op === "+") return value;
    const result = op === "-" ? neg(size) : sub(neg(size), 1);
    return intOf(withOrigin(interp, result, op, [value.dim]));
  }
  if (value.kind === "float") return value.value === undefined || op !== "-" ? value : float(-value.value);
  if (value.kind === "complex") return op === "-" ? { kind: "complex", re: -value.re, im: -value.im } : value;
  if (value.kind === "unknown") return value;
  const name = op === "-" ? "__neg__" : op === "+" ? "__pos__" : "__invert__";
  const special = specialMethod(interp, value, name);
  if (special !== undefined) return callValue(interp, special, { positional: [], keywords: [] });
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
    if (left.kind === "list" && op === "+") {
      const more = itemsOf(interp, right);
      if (isWhy(more)) interp.journal.assign(left, "why", more);
      else for (const item of more) interp.journal.push(left, item);
      return left;
    }
    if (left.kind === "dict" && op === "|" && right.kind === "dict") {
      for (const [key, entry] of right.entries) interp.journal.setEntry(left.entries, key, entry);
      return left;
    }
  }
  const foreign = hasClass(left) || hasClass(right) ? byMethods(interp, op, left, right) : undefined;
  if (foreign !== undefined) return foreign;
  const simple = builtinBinary(interp, op, payloadOf(left), payloadOf(right));
  if (simple !== undefined) return simple;
  const special = byMethods(interp, op, left, right);
  if (special !== undefined) return special;
  if (left.kind === "unknown") return left;
  if (right.kind === "unknown") return right;
  if (unknowable(interp, left) || unknowable(interp, right))
    return unknown({ reason: t("{0} of a value that is not followed", op) });
  const sign = inPlace ? `${op}=` : op;
  if (op === "+" && left.kind === "str")
    return fail(interp, "TypeError", `can only concatenate str (not "${typeName(interp, right)}") to str`);
  return fail(
    interp,
    "TypeError",
    `unsupported operand type(s) for ${op === "**" ? "** or pow()" : sign}: '${typeName(interp, left)}' and '${typeName(interp, right)}'`,
  );
}

function hasClass(value: Value): boolean {
  return (value.kind === "int" || value.kind === "float") && value.cls !== undefined;
}

/** What the operands' own methods make of it; undefined where none of them takes the other. */
function byMethods(interp: Interp, op: BinaryOp, left: Value, right: Value): Value | undefined {
  const name = DUNDER[op];
  const rightFirst =
    right.kind === "instance" && left.kind === "instance" && right.cls !== left.cls && right.cls.mro.includes(left.cls);
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
  return undefined;
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
  if ((value.kind === "int" || value.kind === "float") && value.cls !== undefined) {
    const fn = classAttribute(value.cls, name);
    return fn === undefined ? undefined : { kind: "method", self: value, fn };
  }
  if (value.kind === "class" && value.meta !== undefined) {
    const fn = classAttribute(value.meta, name);
    return fn === undefined ? undefined : { kind: "method", self: value, fn };
  }
  return undefined;
}

function intBinary(interp: Interp, op: BinaryOp, left: IntValue, right: IntValue): Value {
  const a = left.dim.size;
  const b = right.dim.size;
  if (a === undefined || b === undefined) {
    const why = left.dim.why ?? right.dim.why ?? { reason: t("an unknown number") };
    return op === "/" ? { kind: "float", value: undefined, why } : intOf({ size: undefined, why });
  }
  const dims = [left.dim, right.dim];
  const made = (size: Size): Value => intOf(withOrigin(interp, size, op, dims));
  if (b === 0 && (op === "/" || op === "//" || op === "%"))
    return fail(interp, "ZeroDivisionError", op === "/" ? "division by zero" : "integer division or modulo by zero");
  switch (op) {
    case "+":
      return made(add(a, b));
    case "-":
      return made(sub(a, b));
    case "*":
      return made(mul(a, b));
    case "//": {
      const q = floorDiv(a, b);
      return q === undefined ? notExact(op) : made(q);
    }
    case "%": {
      const r = mod(a, b);
      return r === undefined ? notExact(op) : made(r);
    }
    case "/":
      if (typeof a === "number" && typeof b === "number") return float(a / b);
      return { kind: "float", value: undefined, why: { reason: t("a true division of an unknown size") } };
    case "**":
      if (typeof a === "number" && typeof b === "number") return b < 0 ? float(a ** b) : made(a ** b);
      if (typeof b === "number" && 0 <= b && b <= 8) {
        let product: Size = 1;
        for (let i = 0; i < b; i++) product = mul(product, a);
        return made(product);
      }
      return notExact(op);
    case "<<":
      return typeof b === "number" && 0 <= b && b < 64 ? made(mul(a, 2 ** b)) : notExact(op);
    case ">>": {
      const shifted = typeof b === "number" && 0 <= b && b < 64 ? floorDiv(a, 2 ** b) : undefined;
      return shifted === undefined ? notExact(op) : made(shifted);
    }
    case "&":
    case "|":
    case "^":
      if (typeof a !== "number" || typeof b !== "number") return notExact(op);
      return made(
        Number(op === "&" ? BigInt(a) & BigInt(b) : op === "|" ? BigInt(a) | BigInt(b) : BigInt(a) ^ BigInt(b)),
      );
    case "@":
      return fail(interp, "TypeError", "unsupported operand type(s) for @: 'int' and 'int'");
  }
}

function notExact(op: string): Value {
  return intOf({ size: undefined, why: { reason: t("{0} of an unknown size is not followed", op) } });
}

/** A computed number; where only one operand has an origin worth telling, it is kept as the source. */
function withOrigin(interp: Interp, size: Size, op: string, dims: readonly Dim[]): Dim {
  const from: Origin[] = [];
  let isAssumed = false;
  for (const dim of dims) {
    if (dim.origin !== undefined) from.push(dim.origin);
    if (dim.assumed) isAssumed = true;
  }
  const place = 0 < from.length ? here(interp) : undefined;
  const origin: Origin | undefined =
    from.length === 0
      ? undefined
      : place === undefined
        ? { kind: "computed", label: op, from }
        : { kind: "computed", label: op, place, from };
  return { size, ...(origin === undefined ? {} : { origin }), ...(isAssumed ? { assumed: true as const } : {}) };
}

function builtinBinary(interp: Interp, op: BinaryOp, left: Value, right: Value): Value | undefined {
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
  if (a.kind === "str" && b.kind === "str" && op === "+") return str(a.value + b.value);
  if (a.kind === "list" && b.kind === "list" && op === "+") {
    const why = a.why ?? b.why;
    return { kind: "list", items: [...a.items, ...b.items], ...(why === undefined ? {} : { why }) };
  }
  if (a.kind === "tuple" && b.kind === "tuple" && op === "+") return { kind: "tuple", items: [...a.items, ...b.items] };
  if (op === "*") {
    const [sequence, count] = b.kind === "int" ? [a, b] : a.kind === "int" ? [b, a] : [a, undefined];
    if (count !== undefined && (sequence.kind === "list" || sequence.kind === "tuple" || sequence.kind === "str"))
      return repeat(sequence, count);
  }
  if (a.kind === "set" && b.kind === "set" && (op === "|" || op === "&" || op === "-" || op === "^")) {
    const items = new Map<string, Value>();
    for (const [key, item] of a.items) if (op === "|" || (op === "&") === b.items.has(key)) items.set(key, item);
    if (op === "|" || op === "^")
      for (const [key, item] of b.items) if (op === "|" || !a.items.has(key)) items.set(key, item);
    const why = a.why ?? b.why;
    return {
      kind: "set",
      items,
      ...(why === undefined ? {} : { why }),
      ...(a.frozen ? { frozen: true as const } : {}),
    };
  }
  if (a.kind === "dict" && b.kind === "dict" && op === "|") return mergeDicts(a, b);
  return undefined;
}

function repeat(sequence: Extract<Value, { kind: "list" | "tuple" | "str" }>, count: IntValue): Value {
  const n = count.dim.size;
  if (typeof n !== "number") return unknown(count.dim.why ?? { reason: t("a repetition of unknown length") });
  const times = Math.max(0, n);
  if (sequence.kind === "str") return str(times * sequence.value.length < 1e6 ? sequence.value.repeat(times) : "");
  if (1e6 < times * sequence.items.length) return unknown({ reason: t("a list of more than a million items") });
  const items: Value[] = [];
  for (let i = 0; i < times; i++) items.push(...sequence.items);
  if (sequence.kind === "tuple") return { kind: "tuple", items };
  return sequence.why === undefined ? { kind: "list", items } : { kind: "list", items, why: sequence.why };
}

function mergeDicts(a: DictValue, b: DictValue): DictValue {
  const why = a.why ?? b.why;
  return { kind: "dict", entries: new Map([...a.entries, ...b.entries]), ...(why === undefined ? {} : { why }) };
}

function floatBinary(interp: Interp, op: BinaryOp, left: Value, right: Value): Value | undefined {
  const a = toFloat(left);
  const b = toFloat(right);
  if (op === "&" || op === "|" || op === "^" || op === "<<" || op === ">>" || op === "@") return undefined;
  if (a === undefined || b === undefined)
    return { kind: "float", value: undefined, why: whyOf(left) ?? whyOf(right) ?? { reason: t("an unknown number") } };
  if (b === 0 && (op === "/" || op === "//" || op === "%"))
    return fail(interp, "ZeroDivisionError", op === "/" ? "float division by zero" : "float floor division by zero");
  switch (op) {
    case "+":
      return float(a + b);
    case "-":
      return float(a - b);
    case "*":
      return float(a * b);
    case "/":
      return float(a / b);
    case "//":
      return float(Math.floor(a / b));
    case "%":
      return float(a - b * Math.floor(a / b));
    case "**":
      return float(a ** b);
  }
  return undefined;
}

function complexBinary(op: BinaryOp, left: Value, right: Value): Value | undefined {
  const a = left.kind === "complex" ? left : { re: toFloat(left) ?? Number.NaN, im: 0 };
  const b = right.kind === "complex" ? right : { re: toFloat(right) ?? Number.NaN, im: 0 };
  if (op === "+") return { kind: "complex", re: a.re + b.re, im: a.im + b.im };
  if (op === "-") return { kind: "complex", re: a.re - b.re, im: a.im - b.im };
  if (op === "*") return { kind: "complex", re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re };
  return undefined;
}

function isNumber(value: Value): boolean {
  return value.kind === "int" || value.kind === "float" || value.kind === "complex";
}

/** A known number as a JavaScript number. */
export function toFloat(value: Value): number | undefined {
  if (value.kind === "int") return typeof value.dim.size === "number" ? value.dim.size : undefined;
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

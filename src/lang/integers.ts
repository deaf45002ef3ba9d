import type { BinaryOp } from "../core/core.ts";
import { fail, here, type Interp } from "../eval/interp.ts";
import { type FloatValue, float, type IntValue, int, intOf, type Value } from "../eval/value.ts";
import { decideAtLeast } from "../shape/decide.ts";
import type { Dim, Origin } from "../shape/dim.ts";
import { add, ceilDiv, floorDiv, mod, mul, type Size, sub } from "../shape/size.ts";
import { t } from "../text/text.ts";

/** The operators on whole numbers: sizes by their algebra, numbers exactly. */
export function intBinary(interp: Interp, op: BinaryOp, left: IntValue, right: IntValue): Value {
  const a = left.dim.size;
  const b = right.dim.size;
  if (a === undefined || b === undefined) {
    const exact = exactBinary(interp, op, left, right);
    if (exact !== undefined) return exact;
    const why = left.dim.why ?? right.dim.why ?? { reason: t("an unknown number") };
    return op === "/" ? { kind: "float", value: undefined, why } : intOf({ size: undefined, why });
  }
  const dims = [left.dim, right.dim];
  const made = (size: Size): Value =>
    (typeof size === "number" ? !Number.isSafeInteger(size) : typeof a === "number" && typeof b === "number")
      ? (exactBinary(interp, op, left, right) ?? notExact(op))
      : intOf(withOrigin(interp, size, op, dims));
  if (b === 0 && (op === "/" || op === "//" || op === "%")) return fail(interp, "ZeroDivisionError", ZERO_DIVISION[op]);
  switch (op) {
    case "+":
      return made(add(a, b));
    case "-":
      return made(sub(a, b));
    case "*":
      return made(mul(a, b));
    case "//": {
      const q = floorDiv(a, b);
      return q === undefined ? (exactBinary(interp, op, left, right) ?? notExact(op)) : made(q);
    }
    case "%": {
      const r = mod(a, b);
      return r === undefined ? notExact(op) : made(r);
    }
    case "/":
      if (typeof a === "number" && typeof b === "number") return float(a / b);
      return typeof b === "number" ? quotientOf(a, b) : { kind: "float", value: undefined, why: DIVIDED };
    case "**":
      if (typeof a === "number" && typeof b === "number") {
        if (0 <= b) return made(a ** b);
        return a === 0 ? fail(interp, "ZeroDivisionError", "0.0 cannot be raised to a negative power") : float(a ** b);
      }
      if (typeof b === "number" && 0 <= b && b <= 8) {
        let product: Size = 1;
        for (let i = 0; i < b; i++) product = mul(product, a);
        return made(product);
      }
      return notExact(op);
    case "<<":
    case ">>": {
      if (typeof b !== "number") return notExact(op);
      if (b < 0) return fail(interp, "ValueError", "negative shift count");
      if (op === "<<") return b < 1024 ? made(mul(a, 2 ** b)) : (exactBinary(interp, op, left, right) ?? notExact(op));
      if (typeof a === "number") return made(b < 1024 ? Math.floor(a / 2 ** b) : a < 0 ? -1 : 0);
      const shifted = b < 53 ? floorDiv(a, 2 ** b) : undefined;
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

const DIVIDED = { reason: t("a true division of an unknown size") };

/** A size divided by a whole number: what is not known of it is only at which size it is asked. */
function quotientOf(over: Size, by: number): FloatValue {
  const why = DIVIDED;
  if (by < 0) return quotientOf(sub(0, over), -by);
  return { kind: "float", value: undefined, why, quotient: { over, by } };
}

/**
 * The whole number below or above a quotient. A quotient of sizes below 2^53 is rounded to a whole number only if it is
 * one, so this is what a library computes.
 */
export function wholeOfQuotient(value: Value, side: "floor" | "ceil" | "trunc"): IntValue | undefined {
  if (value.kind !== "float" || value.quotient === undefined) return undefined;
  const { over, by } = value.quotient;
  if (side === "trunc" && decideAtLeast(over, 0) !== "always") return undefined;
  const size = side === "ceil" ? ceilDiv(over, by) : floorDiv(over, by);
  return size === undefined ? undefined : intOf({ size });
}

/** A size times a number that is a whole number of halves, quarters, …: exact in floating point. */
export function scaledSize(left: Value, right: Value): FloatValue | undefined {
  const [size, factor] = left.kind === "int" ? [left, right] : [right, left];
  if (size.kind !== "int" || factor.kind !== "float" || factor.value === undefined) return undefined;
  if (size.dim.size === undefined || typeof size.dim.size === "number") return undefined;
  for (let by = 1; by <= 1024; by *= 2) {
    const times = factor.value * by;
    if (Number.isInteger(times) && Math.abs(times) < 2 ** 20) return quotientOf(mul(size.dim.size, times), by);
  }
  return undefined;
}

const ZERO_DIVISION = {
  "/": "division by zero",
  "//": "integer division or modulo by zero",
  "%": "integer modulo by zero",
} as const;

/** A longer number than this is not computed, in bits. */
const MAX_BITS = 100_000;

/** The operators on numbers that no JavaScript number holds; undefined where one is not known. */
function exactBinary(interp: Interp, op: BinaryOp, left: IntValue, right: IntValue): Value | undefined {
  const a = bigOf(left);
  const b = bigOf(right);
  if (a === undefined || b === undefined) return undefined;
  switch (op) {
    case "+":
      return wholeNumber(a + b);
    case "-":
      return wholeNumber(a - b);
    case "*":
      return wholeNumber(a * b);
    case "//":
    case "%": {
      if (b === 0n) return fail(interp, "ZeroDivisionError", ZERO_DIVISION[op]);
      const rest = a % b;
      const adjust = rest !== 0n && rest < 0n !== b < 0n;
      return wholeNumber(op === "%" ? (adjust ? rest + b : rest) : a / b - (adjust ? 1n : 0n));
    }
    case "/":
      return b === 0n ? fail(interp, "ZeroDivisionError", ZERO_DIVISION[op]) : float(Number(a) / Number(b));
    case "**": {
      if (b < 0n) return float(Number(a) ** Number(b));
      const bits = a.toString(16).length * 4;
      return BigInt(MAX_BITS) < BigInt(bits) * b && 1n < (a < 0n ? -a : a) ? undefined : wholeNumber(a ** b);
    }
    case "<<":
      return BigInt(MAX_BITS) < b ? undefined : wholeNumber(a << b);
    case ">>":
      return BigInt(MAX_BITS) < b ? wholeNumber(a < 0n ? -1n : 0n) : wholeNumber(a >> b);
    case "&":
      return wholeNumber(a & b);
    case "|":
      return wholeNumber(a | b);
    case "^":
      return wholeNumber(a ^ b);
    case "@":
      return undefined;
  }
}

/** A known whole number, exactly. */
export function bigOf(value: Value): bigint | undefined {
  if (value.kind === "bool") return value.value ? 1n : 0n;
  if (value.kind !== "int") return undefined;
  return value.big ?? (typeof value.dim.size === "number" ? BigInt(value.dim.size) : undefined);
}

/** A whole number of any length. */
export function wholeNumber(value: bigint): IntValue {
  const n = Number(value);
  if (Number.isSafeInteger(n)) return int(n);
  return { kind: "int", dim: { size: undefined, why: { reason: t("a number too large for a size") } }, big: value };
}

function notExact(op: string): Value {
  return intOf({ size: undefined, why: { reason: t("{0} of an unknown size is not followed", op) } });
}

/** A computed number; where only one operand has an origin worth telling, it is kept as the source. */
export function withOrigin(interp: Interp, size: Size, op: string, dims: readonly Dim[]): Dim {
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

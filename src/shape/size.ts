import {
  evaluatePoly,
  exactQuotient,
  extremePoly,
  floorDividePoly,
  modPoly,
  substitutePoly,
  symbolPoly,
} from "./normal-form.ts";
import { parsePoly } from "./parse.ts";
import {
  addPoly,
  constantPoly,
  floorQuotient,
  GIVEN_UP,
  isGivenUp,
  mulPoly,
  type Poly,
  polySymbols,
  pythonText,
  subPoly,
} from "./poly.ts";
import { userText } from "./user-text.ts";

/**
 * An exact whole number: a known one, or an expression over the sizes of a root's input (`H`, `W`, …), each of which
 * is any integer from 1 up. Expressions are in a normal form; equal normal forms are the same `text`.
 */
export type Size = number | Expr;

/**
 * An expression in normal form. Opaque outside this folder; `text` (Python syntax) identifies it. The text `?` is a
 * number that passed 2^53 or grew too long: nothing is decided of it.
 */
export interface Expr {
  readonly kind: "expr";
  readonly text: string;
}

export function symbol(name: string): Size {
  return cached("symbol", name, "", () => symbolPoly(name)) ?? TOO_LARGE;
}

export function add(a: Size, b: Size): Size {
  if (typeof a === "number" && typeof b === "number") return exact(a + b);
  if (a === 0) return b;
  if (b === 0) return a;
  return cached("+", textOf(a), textOf(b), () => addPoly(polyOf(a), polyOf(b))) ?? TOO_LARGE;
}

export function sub(a: Size, b: Size): Size {
  if (typeof a === "number" && typeof b === "number") return exact(a - b);
  if (b === 0) return a;
  return cached("-", textOf(a), textOf(b), () => subPoly(polyOf(a), polyOf(b))) ?? TOO_LARGE;
}

export function mul(a: Size, b: Size): Size {
  if (typeof a === "number" && typeof b === "number") return exact(a * b);
  if (a === 1) return b;
  if (b === 1) return a;
  return cached("*", textOf(a), textOf(b), () => mulPoly(polyOf(a), polyOf(b))) ?? TOO_LARGE;
}

export function neg(a: Size): Size {
  return sub(0, a);
}

/** Python's `a // b`; undefined when the divisor is 0 for some size, or is not known never to be. */
export function floorDiv(a: Size, b: Size): Size | undefined {
  if (typeof b === "number") {
    if (b === 0) return undefined;
    if (typeof a === "number") return exact(b < 0 ? floorQuotient(-a, -b) : floorQuotient(a, b));
    if (b === 1) return a;
  }
  return cached("//", textOf(a), textOf(b), () => floorDividePoly(polyOf(a), polyOf(b)));
}

/** The quotient rounded up; undefined as for {@link floorDiv}. */
export function ceilDiv(a: Size, b: Size): Size | undefined {
  if (typeof b === "number" && 0 < b) return floorDiv(add(a, b - 1), b);
  const down = floorDiv(neg(a), b);
  return down === undefined ? undefined : neg(down);
}

/** Python's `a % b`; undefined as for {@link floorDiv}. */
export function mod(a: Size, b: Size): Size | undefined {
  if (typeof a === "number" && typeof b === "number") {
    const quotient = floorDiv(a, b);
    return quotient === undefined ? undefined : sub(a, mul(b, quotient));
  }
  if (b === 0) return undefined;
  return cached("%", textOf(a), textOf(b), () => modPoly(polyOf(a), polyOf(b)));
}

/** q with a = b·q wherever b is not 0, if the normal forms show one; what `view(…, -1)` asks for. */
export function divideExactly(a: Size, b: Size): Size | undefined {
  if (typeof a === "number" && typeof b === "number") return b !== 0 && a % b === 0 ? exact(a / b) : undefined;
  return cached("/", textOf(a), textOf(b), () => exactQuotient(polyOf(a), polyOf(b)));
}

export function max(a: Size, b: Size): Size {
  if (typeof a === "number" && typeof b === "number") return Math.max(a, b);
  return cached("max", textOf(a), textOf(b), () => extremePoly("max", [polyOf(a), polyOf(b)])) ?? TOO_LARGE;
}

export function min(a: Size, b: Size): Size {
  if (typeof a === "number" && typeof b === "number") return Math.min(a, b);
  return cached("min", textOf(a), textOf(b), () => extremePoly("min", [polyOf(a), polyOf(b)])) ?? TOO_LARGE;
}

/** The size with symbols replaced, those that `env` does not name kept; undefined where a divisor may then be 0. */
export function substitute(size: Size, env: ReadonlyMap<string, Size>): Size | undefined {
  if (typeof size === "number") return size;
  const replaced = substitutePoly(polyOf(size), (name) => {
    const value = env.get(name);
    return value === undefined ? undefined : polyOf(value);
  });
  return replaced === undefined || isGivenUp(replaced) ? undefined : wrap(replaced);
}

/** The number at known sizes; undefined where a symbol is missing, a divisor is 0 or the number passes 2^53. */
export function evaluate(size: Size, env: ReadonlyMap<string, number>): number | undefined {
  return typeof size === "number" ? size : evaluatePoly(polyOf(size), env);
}

const NO_SYMBOLS: ReadonlySet<string> = new Set();

export function symbolsOf(size: Size): ReadonlySet<string> {
  return typeof size === "number" ? NO_SYMBOLS : polySymbols(polyOf(size));
}

/** Whether the normal forms are the same: true means equal for all sizes, false means nothing (see `decideEqual`). */
export function sizeEquals(a: Size, b: Size): boolean {
  if (typeof a === "number" || typeof b === "number") return a === b;
  return a.text === b.text && a.text !== TOO_LARGE.text;
}

/** Python syntax, as the command line's JSON has it: `(H + 1) // 2`, `max(a, b)`. */
export function printPython(size: Size): string {
  return textOf(size);
}

/** As a person writes it: `ceil(H/4)`, `2·floor(H/2)`. */
export function printUser(size: Size): string {
  return typeof size === "number" ? String(size) : userText(polyOf(size));
}

/** Reads what {@link printPython} prints, and all other dims in that syntax; undefined for other text. */
export function parseSize(text: string): Size | undefined {
  const poly = parsePoly(text);
  return poly === undefined ? undefined : wrap(poly);
}

/** The polynomial behind a size; for this folder only. */
export function polyOf(size: Size): Poly {
  if (typeof size === "number") return constantPoly(size);
  const before = polys.get(size);
  if (before !== undefined) return before;
  // An expression that came as data (from another process) brings its text alone.
  const poly = parsePoly(size.text) ?? GIVEN_UP;
  polys.set(size, poly);
  return poly;
}

/** The size of a polynomial. */
function wrap(poly: Poly): Size {
  if (isGivenUp(poly)) return TOO_LARGE;
  if (poly.terms.length === 0) return poly.constant;
  const expr: Expr = { kind: "expr", text: pythonText(poly) };
  polys.set(expr, poly);
  return expr;
}

const TOO_LARGE: Expr = { kind: "expr", text: "?" };
const polys = new WeakMap<Expr, Poly>([[TOO_LARGE, GIVEN_UP]]);

/** Results by operation and operands' texts: a deep network repeats the same few hundred. */
const results = new Map<string, Size | undefined>();
/** So that a long session does not grow without bound. */
const MAX_RESULTS = 50_000;

function cached(operator: string, a: string, b: string, compute: () => Poly | undefined): Size | undefined {
  const key = `${a} ${operator}, ${b}`;
  const before = results.get(key);
  if (before !== undefined || results.has(key)) return before;
  const poly = compute();
  const size = poly === undefined ? undefined : wrap(poly);
  if (MAX_RESULTS < results.size) results.clear();
  results.set(key, size);
  return size;
}

function textOf(size: Size): string {
  return typeof size === "number" ? String(size) : size.text;
}

function exact(value: number): Size {
  return Number.isSafeInteger(value) ? (value === 0 ? 0 : value) : TOO_LARGE;
}

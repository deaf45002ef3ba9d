import { boundsOf } from "./bounds.ts";
import {
  type Atom,
  addPoly,
  atomPoly,
  checked,
  commonFactors,
  constantPoly,
  content,
  dividePoly,
  floorQuotient,
  GIVEN_UP,
  gcd,
  isGivenUp,
  isSimple,
  mulPoly,
  type Poly,
  polySymbols,
  pythonText,
  scalePoly,
  subPoly,
  type Term,
  withoutCommon,
} from "./poly.ts";

/** The order in which people write a tensor's axes; other symbols follow by name. */
const AXIS_ORDER = ["N", "C", "L", "D", "H", "W"];

/** The polynomial that is one symbol, a whole number of at least 1. */
export function symbolPoly(name: string): Poly {
  const [, base = name, suffix = ""] = /^(.*?)(\d*)$/.exec(name) ?? [];
  const at = AXIS_ORDER.indexOf(base);
  const lead = `${suffix.padStart(4, "0")}${at < 0 ? AXIS_ORDER.length : at}${name}`;
  return atomPoly({ kind: "symbol", name, key: name, lead, order: `${lead} 0`, symbols: new Set([name]) });
}

/** floor(p / by) in normal form, `by` a positive integer: what divides exactly is moved out, nested floors fold. */
function floorBy(p: Poly, by: number): Poly {
  if (isGivenUp(p) || !Number.isSafeInteger(by)) return GIVEN_UP;
  if (by === 1) return p;
  const constant = constantFloor(p, by);
  if (constant !== undefined) return constant;
  const out: Term[] = [];
  const rest: Term[] = [];
  for (const { coef, monomial } of p.terms) {
    const whole = floorQuotient(coef, by);
    if (whole !== 0) out.push({ coef: whole, monomial });
    if (coef !== whole * by) rest.push({ coef: coef - whole * by, monomial });
  }
  const wholeConstant = floorQuotient(p.constant, by);
  const whole = checked(out, wholeConstant);
  if (rest.length === 0) return whole;
  const common = gcd(content({ terms: rest, constant: 0 }), by);
  const num = checked(
    rest.map(({ coef, monomial }) => ({ coef: coef / common, monomial })),
    floorQuotient(p.constant - wholeConstant * by, common),
  );
  const den = by / common;
  return addPoly(whole, foldNested(num, den) ?? floorAtom(num, den));
}

/** floor(p / by) where limits show that it is one number: the rest of a division is small, floor((H % 2) / 3) is 0. */
function constantFloor(p: Poly, by: number): Poly | undefined {
  const { low, high } = boundsOf(p);
  if (!Number.isFinite(low) || !Number.isFinite(high)) return undefined;
  const value = floorQuotient(low, by);
  return value === floorQuotient(high, by) ? constantPoly(value) : undefined;
}

/**
 * floor((floor(a/b) + c) / d) = floor((a + b·c) / (b·d)), for whole numbers c. Only where no other floor stands beside
 * it: scaling that by b would make the text longer, not shorter.
 */
function foldNested(num: Poly, den: number): Poly | undefined {
  let found: Term | undefined;
  for (const term of num.terms) {
    if (!term.monomial.factors.some((atom) => atom.kind !== "symbol")) continue;
    if (found !== undefined) return undefined;
    found = term;
  }
  const atom = found?.monomial.factors[0];
  if (found === undefined || found.coef !== 1 || found.monomial.factors.length !== 1) return undefined;
  if (atom?.kind !== "floor") return undefined;
  const others = checked(
    num.terms.filter((term) => term !== found),
    num.constant,
  );
  return floorBy(addPoly(atom.num, scalePoly(others, atom.den)), atom.den * den);
}

/**
 * floor(a / b), Python's `//`. Undefined where the divisor is not known to differ from 0 for all sizes.
 */
export function floorDividePoly(a: Poly, b: Poly): Poly | undefined {
  if (isGivenUp(a) || isGivenUp(b)) return GIVEN_UP;
  const sign = signOf(b);
  if (sign === undefined) return undefined;
  if (sign < 0) return floorDividePoly(scalePoly(a, -1), scalePoly(b, -1));
  if (b.terms.length === 0) return floorBy(a, b.constant);
  const common = commonFactors([a, b]);
  if (common.length !== 0 && a.terms.length !== 0) {
    // A factor of a divisor that is never 0 is never 0 itself.
    return floorDividePoly(withoutCommon(a, common), withoutCommon(b, common));
  }
  if (isBelow(a, b)) return constantPoly(0);
  const { quotient, rest } = dividePoly(a, b);
  if (isGivenUp(quotient) || isGivenUp(rest)) return GIVEN_UP;
  if (isBelow(rest, b)) return quotient;
  const divisor = gcd(gcd(content(rest), rest.constant), gcd(content(b), b.constant));
  const num = divisor <= 1 ? rest : floorBy(rest, divisor);
  const den = divisor <= 1 ? b : floorBy(b, divisor);
  if (den.terms.length === 0) return addPoly(quotient, floorBy(num, den.constant));
  const shared = commonFactors([num, den]);
  if (shared.length !== 0) {
    const reduced = floorDividePoly(withoutCommon(num, shared), withoutCommon(den, shared));
    return reduced === undefined ? undefined : addPoly(quotient, reduced);
  }
  return addPoly(quotient, quotientAtom(num, den));
}

/** q with a = b·q for all sizes, where there is one. */
export function exactQuotient(a: Poly, b: Poly): Poly | undefined {
  if (isGivenUp(a) || isGivenUp(b)) return undefined;
  if (b.terms.length === 0) {
    const by = b.constant;
    if (by === 0 || a.constant % by !== 0 || a.terms.some(({ coef }) => coef % by !== 0)) return undefined;
    return checked(
      a.terms.map(({ coef, monomial }) => ({ coef: coef / by, monomial })),
      a.constant / by,
    );
  }
  const { quotient, rest } = dividePoly(a, b);
  return rest.terms.length === 0 && rest.constant === 0 ? quotient : undefined;
}

/** The largest or smallest of the arguments; those that another one always beats are left out. */
export function extremePoly(kind: "max" | "min", args: readonly Poly[]): Poly {
  const flat = args.flatMap((arg) => {
    const [term] = arg.terms;
    const [atom] = term?.monomial.factors ?? [];
    const alone =
      arg.terms.length === 1 && arg.constant === 0 && term?.coef === 1 && term.monomial.factors.length === 1;
    return alone && atom?.kind === kind ? atom.args : [arg];
  });
  if (flat.some(isGivenUp)) return GIVEN_UP;
  const ordered = flat
    .map((poly) => ({ poly, text: pythonText(poly), numeric: poly.terms.length === 0 }))
    .sort((x, y) =>
      x.numeric === y.numeric ? (x.text < y.text ? -1 : x.text === y.text ? 0 : 1) : x.numeric ? 1 : -1,
    );
  const sorted = ordered.filter(({ poly }, i) => {
    return !ordered.some((other, j) => {
      if (i === j) return false;
      const lead = kind === "max" ? subPoly(other.poly, poly) : subPoly(poly, other.poly);
      const { low, high } = boundsOf(lead);
      // Of two that are always equal the last stays, which is a number if one is.
      return 0 <= low && (i < j || low !== 0 || high !== 0);
    });
  });
  const [only] = sorted;
  if (only === undefined) return GIVEN_UP;
  if (sorted.length === 1) return only.poly;
  const polys = sorted.map(({ poly }) => poly);
  const key = sorted.map(({ text }) => text).reduceRight((inner, text) => `${kind}(${text}, ${inner})`);
  return atomPoly(made({ kind, args: polys }, key, polys));
}

/** `p % by`, Python's: the rest of {@link floorDividePoly}. */
export function modPoly(a: Poly, b: Poly): Poly | undefined {
  const quotient = floorDividePoly(a, b);
  return quotient === undefined ? undefined : subPoly(a, mulPoly(b, quotient));
}

/** The polynomial with symbols replaced; undefined where a divisor may then be 0. Symbols that are not named stay. */
export function substitutePoly(p: Poly, value: (symbol: string) => Poly | undefined): Poly | undefined {
  let sum = constantPoly(p.constant);
  for (const { coef, monomial } of p.terms) {
    let product = constantPoly(coef);
    for (const atom of monomial.factors) {
      const factor = substituteAtom(atom, value);
      if (factor === undefined) return undefined;
      product = mulPoly(product, factor);
    }
    sum = addPoly(sum, product);
  }
  return sum;
}

/** The value where all symbols are known; undefined where one is not, a divisor is 0, or it passes 2^53. */
export function evaluatePoly(p: Poly, env: ReadonlyMap<string, number>): number | undefined {
  let sum = p.constant;
  for (const { coef, monomial } of p.terms) {
    let product = coef;
    for (const atom of monomial.factors) {
      const value = atom.kind === "symbol" ? env.get(atom.name) : evaluateAtom(atom, env);
      if (value === undefined) return undefined;
      product *= value;
    }
    if (!Number.isSafeInteger(product)) return undefined;
    sum += product;
  }
  return Number.isSafeInteger(sum) ? (sum === 0 ? 0 : sum) : undefined;
}

function evaluateAtom(atom: Atom, env: ReadonlyMap<string, number>): number | undefined {
  switch (atom.kind) {
    case "symbol":
      return env.get(atom.name);
    case "floor": {
      const num = evaluatePoly(atom.num, env);
      return num === undefined ? undefined : floorQuotient(num, atom.den);
    }
    case "quotient": {
      const num = evaluatePoly(atom.num, env);
      const den = evaluatePoly(atom.den, env);
      if (num === undefined || den === undefined || den === 0) return undefined;
      return den < 0 ? floorQuotient(-num, -den) : floorQuotient(num, den);
    }
    case "max":
    case "min": {
      const values: number[] = [];
      for (const arg of atom.args) {
        const value = evaluatePoly(arg, env);
        if (value === undefined) return undefined;
        values.push(value);
      }
      return atom.kind === "max" ? Math.max(...values) : Math.min(...values);
    }
  }
}

function substituteAtom(atom: Atom, value: (symbol: string) => Poly | undefined): Poly | undefined {
  switch (atom.kind) {
    case "symbol":
      return value(atom.name) ?? atomPoly(atom);
    case "floor": {
      const num = substitutePoly(atom.num, value);
      return num === undefined ? undefined : floorBy(num, atom.den);
    }
    case "quotient": {
      const num = substitutePoly(atom.num, value);
      const den = substitutePoly(atom.den, value);
      return num === undefined || den === undefined ? undefined : floorDividePoly(num, den);
    }
    case "max":
    case "min": {
      const args: Poly[] = [];
      for (const arg of atom.args) {
        const replaced = substitutePoly(arg, value);
        if (replaced === undefined) return undefined;
        args.push(replaced);
      }
      return extremePoly(atom.kind, args);
    }
  }
}

/** Whether 0 <= a < b for all sizes. */
function isBelow(a: Poly, b: Poly): boolean {
  return 0 <= boundsOf(a).low && 1 <= boundsOf(subPoly(b, a)).low;
}

/** 1 or -1 where the value has that sign for all sizes. */
function signOf(p: Poly): 1 | -1 | undefined {
  const { low, high } = boundsOf(p);
  return 1 <= low ? 1 : high <= -1 ? -1 : undefined;
}

function floorAtom(num: Poly, den: number): Poly {
  if (isGivenUp(num) || !Number.isSafeInteger(den)) return GIVEN_UP;
  const constant = constantFloor(num, den);
  if (constant !== undefined) return constant;
  return atomPoly(made({ kind: "floor", num, den }, `${operand(num)} // ${den}`, [num]));
}

function quotientAtom(num: Poly, den: Poly): Poly {
  if (isGivenUp(num) || isGivenUp(den)) return GIVEN_UP;
  return atomPoly(made({ kind: "quotient", num, den }, `${operand(num)} // ${operand(den)}`, [num, den]));
}

function operand(p: Poly): string {
  return isSimple(p) ? pythonText(p) : `(${pythonText(p)})`;
}

const KIND_ORDER = { floor: 1, quotient: 2, max: 3, min: 4 } as const;

/** Atoms by key: one object for one meaning, so that what is known of it is computed once. */
const atoms = new Map<string, Atom>();
/** So that a long session does not grow without bound; an atom that is dropped is only made anew. */
const MAX_ATOMS = 20_000;

type Body =
  | { readonly kind: "floor"; readonly num: Poly; readonly den: number }
  | { readonly kind: "quotient"; readonly num: Poly; readonly den: Poly }
  | { readonly kind: "max" | "min"; readonly args: readonly Poly[] };

function made(body: Body, key: string, parts: readonly Poly[]): Atom {
  const before = atoms.get(key);
  if (before !== undefined) return before;
  const symbols = new Set<string>();
  for (const part of parts) for (const name of polySymbols(part)) symbols.add(name);
  const lead = parts.map((part) => part.terms[0]?.monomial.factors[0]?.lead).find((l) => l !== undefined) ?? "";
  const atom: Atom = { ...body, key, lead, order: `${lead} ${KIND_ORDER[body.kind]} ${key}`, symbols };
  if (MAX_ATOMS < atoms.size) atoms.clear();
  atoms.set(key, atom);
  return atom;
}

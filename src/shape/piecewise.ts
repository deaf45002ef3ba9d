import { type Atom, floorQuotient, isGivenUp, lcm, type Poly } from "./poly.ts";

/**
 * Functions of one whole number q >= 0 that are a polynomial from each of finitely many points on. A size expression
 * in one symbol is one of these on each residue class, so questions about it are answered exactly.
 */

/** Coefficients of 1, q, q², …; the last is not 0. */
type Coefs = readonly number[];

/** The polynomial from `from` up to the next piece; the first piece starts at 0. */
interface Piece {
  readonly from: number;
  readonly coefs: Coefs;
}
type Piecewise = readonly Piece[];

/** From `from` up to the next run (the first starts at 0) the value has this sign. */
export interface SignRun {
  readonly from: number;
  readonly sign: number;
}

/**
 * The smallest known P such that the expression is piecewise a polynomial in q at symbol = P·q + r. With `symbol`, only
 * what depends on it counts.
 */
export function periodOf(p: Poly, symbol: string): number {
  let period = 1;
  for (const { monomial } of p.terms)
    for (const atom of monomial.factors) period = lcm(period, atomPeriod(atom, symbol));
  return Number.isSafeInteger(period) ? period : Number.POSITIVE_INFINITY;
}

function atomPeriod(atom: Atom, symbol: string): number {
  if (atom.kind === "symbol" || !atom.symbols.has(symbol)) return 1;
  if (atom.kind === "floor") return atom.den * periodOf(atom.num, symbol);
  const parts = atom.kind === "quotient" ? [atom.num, atom.den] : atom.args;
  return parts.map((part) => periodOf(part, symbol)).reduce(lcm, 1);
}

/** The signs of expressions at symbol = period·q + residue, q from 0; undefined where one is no such function. */
export function signsOnClass(
  polys: readonly Poly[],
  period: number,
  residue: number,
): readonly (readonly SignRun[])[] | undefined {
  const memo = new Map<Atom, Piecewise | undefined>();
  const signs: (readonly SignRun[])[] = [];
  for (const poly of polys) {
    const pieces = expand(poly, [residue, period], memo);
    const runs = pieces && signRuns(pieces);
    if (runs === undefined) return undefined;
    signs.push(runs);
  }
  return signs;
}

function signRuns(pieces: Piecewise): readonly SignRun[] | undefined {
  const runs: SignRun[] = [];
  for (const [i, { from, coefs }] of pieces.entries()) {
    const changes = signChanges(coefs);
    if (changes === undefined) return undefined;
    const to = pieces[i + 1]?.from ?? Number.POSITIVE_INFINITY;
    for (const start of [from, ...changes.filter((q) => from < q && q < to)]) {
      const value = at(coefs, start);
      if (value === undefined) return undefined;
      const sign = Math.sign(value);
      if (runs.at(-1)?.sign !== sign) runs.push({ from: start, sign });
    }
  }
  return runs;
}

function expand(p: Poly, symbol: Coefs, memo: Map<Atom, Piecewise | undefined>): Piecewise | undefined {
  if (isGivenUp(p)) return undefined;
  let sum: Piecewise | undefined = constant(p.constant);
  for (const { coef, monomial } of p.terms) {
    let product: Piecewise | undefined = constant(coef);
    for (const atom of monomial.factors) {
      product = zip(product, expandAtom(atom, symbol, memo), times);
      if (product === undefined) return undefined;
    }
    sum = zip(sum, product, plus);
  }
  return sum;
}

function expandAtom(atom: Atom, symbol: Coefs, memo: Map<Atom, Piecewise | undefined>): Piecewise | undefined {
  if (atom.kind === "symbol") return [{ from: 0, coefs: symbol }];
  if (memo.has(atom)) return memo.get(atom);
  const made = computeAtom(atom, symbol, memo);
  memo.set(atom, made);
  return made;
}

function computeAtom(
  atom: Exclude<Atom, { kind: "symbol" }>,
  symbol: Coefs,
  memo: Map<Atom, Piecewise | undefined>,
): Piecewise | undefined {
  switch (atom.kind) {
    case "floor":
      return zip(expand(atom.num, symbol, memo), constant(atom.den), quotient);
    case "quotient":
      return zip(expand(atom.num, symbol, memo), expand(atom.den, symbol, memo), quotient);
    case "max":
    case "min": {
      let best: Piecewise | undefined;
      for (const arg of atom.args) {
        const next = expand(arg, symbol, memo);
        best = best === undefined ? next : extreme(best, next, atom.kind === "max" ? 1 : -1);
        if (best === undefined) return undefined;
      }
      return best;
    }
  }
}

function constant(value: number): Piecewise {
  return [{ from: 0, coefs: value === 0 ? [] : [value] }];
}

/** Combines two functions piece by piece; undefined where `f` is on any piece. */
function zip(
  a: Piecewise | undefined,
  b: Piecewise | undefined,
  f: (x: Coefs, y: Coefs) => Coefs | undefined,
): Piecewise | undefined {
  if (a === undefined || b === undefined) return undefined;
  const [first] = a;
  const [other] = b;
  if (a.length === 1 && b.length === 1 && first !== undefined && other !== undefined) {
    const coefs = f(first.coefs, other.coefs);
    return coefs && [{ from: 0, coefs }];
  }
  const pieces: Piece[] = [];
  for (const { from, x, y } of aligned(a, b)) {
    const coefs = f(x, y);
    if (coefs === undefined) return undefined;
    pieces.push({ from, coefs });
  }
  return pieces;
}

function* aligned(a: Piecewise, b: Piecewise): Generator<{ from: number; to: number; x: Coefs; y: Coefs }> {
  let i = 0;
  let j = 0;
  let from = 0;
  while (from !== Number.POSITIVE_INFINITY) {
    const endA = a[i + 1]?.from ?? Number.POSITIVE_INFINITY;
    const endB = b[j + 1]?.from ?? Number.POSITIVE_INFINITY;
    const to = Math.min(endA, endB);
    yield { from, to, x: a[i]?.coefs ?? [], y: b[j]?.coefs ?? [] };
    if (endA === to) i++;
    if (endB === to) j++;
    from = to;
  }
}

/** The larger of the two (side 1) or the smaller (side -1). */
function extreme(a: Piecewise, b: Piecewise | undefined, side: 1 | -1): Piecewise | undefined {
  if (b === undefined) return undefined;
  const pieces: Piece[] = [];
  for (const { from, to, x, y } of aligned(a, b)) {
    const lead = plus(
      x,
      y.map((c) => -c),
    );
    const changes = lead === undefined ? undefined : signChanges(lead);
    if (lead === undefined || changes === undefined) return undefined;
    for (const start of [from, ...changes.filter((q) => from < q && q < to)]) {
      const value = at(lead, start);
      if (value === undefined) return undefined;
      const coefs = 0 <= value * side ? x : y;
      if (pieces.at(-1)?.coefs !== coefs) pieces.push({ from: start, coefs });
    }
  }
  return pieces;
}

function plus(x: Coefs, y: Coefs): Coefs | undefined {
  if (x.length === 0) return y;
  if (y.length === 0) return x;
  const out: number[] = [];
  for (let i = 0; i < x.length || i < y.length; i++) out.push((x[i] ?? 0) + (y[i] ?? 0));
  return trimmed(out);
}

function times(x: Coefs, y: Coefs): Coefs | undefined {
  if (x.length === 0 || y.length === 0) return [];
  if (x.length === 1 && x[0] === 1) return y;
  const out = new Array<number>(x.length + y.length - 1).fill(0);
  for (let i = 0; i < x.length; i++)
    for (let j = 0; j < y.length; j++) out[i + j] = (out[i + j] ?? 0) + (x[i] ?? 0) * (y[j] ?? 0);
  return trimmed(out);
}

/** floor(x / y) for a positive constant y that divides all of x but its constant. */
function quotient(x: Coefs, y: Coefs): Coefs | undefined {
  const [by] = y;
  if (by === undefined || by <= 0 || 1 < y.length) return undefined;
  if (x.some((c, i) => i !== 0 && c % by !== 0)) return undefined;
  return trimmed(x.map((c) => floorQuotient(c, by)));
}

function trimmed(coefs: number[]): Coefs | undefined {
  if (!coefs.every(Number.isSafeInteger)) return undefined;
  while (coefs.at(-1) === 0) coefs.pop();
  return coefs;
}

function at(coefs: Coefs, q: number): number | undefined {
  let value = 0;
  for (let i = coefs.length - 1; 0 <= i; i--) {
    value = value * q + (coefs[i] ?? 0);
    if (!Number.isSafeInteger(value)) return undefined;
  }
  return value;
}

/**
 * All q >= 1 at which the sign differs from that at q - 1. Between sign changes of the forward difference the
 * polynomial is monotonic, so its own are found by bisection. Undefined where numbers pass 2^53.
 */
function signChanges(coefs: Coefs): readonly number[] | undefined {
  if (coefs.length < 2) return [];
  const step = difference(coefs);
  const turns = step === undefined ? undefined : signChanges(step);
  if (turns === undefined) return undefined;
  const changes: number[] = [];
  let low = 0;
  for (const turn of [...turns, undefined]) {
    const high = turn ?? settled(coefs, low);
    if (high === undefined) return undefined;
    let sign = signAt(coefs, low);
    const last = signAt(coefs, high);
    while (sign !== last) {
      let before = low;
      let after = high;
      while (1 < after - before) {
        const middle = Math.floor((before + after) / 2);
        if (signAt(coefs, middle) === sign) before = middle;
        else after = middle;
      }
      changes.push(after);
      low = after;
      sign = signAt(coefs, low);
      if (Number.isNaN(sign)) return undefined;
    }
    if (Number.isNaN(last)) return undefined;
    low = high;
  }
  return changes;
}

/** A point from `low` on at which the polynomial, monotonic from `low`, has its last sign. */
function settled(coefs: Coefs, low: number): number | undefined {
  const last = Math.sign(coefs.at(-1) ?? 0);
  for (let reach = 1; Number.isSafeInteger(low + reach); reach *= 2) {
    const sign = signAt(coefs, low + reach);
    if (Number.isNaN(sign)) return undefined;
    if (sign === last) return low + reach;
  }
  return undefined;
}

/** NaN where the value passes 2^53. */
function signAt(coefs: Coefs, q: number): number {
  return Math.sign(at(coefs, q) ?? Number.NaN);
}

/** p(q + 1) - p(q). */
function difference(coefs: Coefs): Coefs | undefined {
  const out = new Array<number>(coefs.length - 1).fill(0);
  for (const [i, c] of coefs.entries()) {
    let binomial = 1;
    for (let j = 0; j < i; j++) {
      out[j] = (out[j] ?? 0) + c * binomial;
      binomial = (binomial * (i - j)) / (j + 1);
    }
  }
  return trimmed(out);
}

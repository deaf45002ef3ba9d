import { type Atom, floorQuotient, isGivenUp, type Poly } from "./poly.ts";

/** Limits that hold for all sizes (each symbol at least 1); infinite where none is known. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

const UNBOUNDED: Bounds = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

/** Limits of a polynomial's value over all sizes: sound, not always tight. */
export function boundsOf(p: Poly): Bounds {
  if (isGivenUp(p)) return UNBOUNDED;
  if (p.terms.length === 0) return { low: p.constant, high: p.constant };
  const direct = termwise(p);
  if (direct.low !== Number.NEGATIVE_INFINITY && direct.high !== Number.POSITIVE_INFINITY) return direct;
  const low = direct.low === Number.NEGATIVE_INFINITY ? relaxed(p, -1) : direct.low;
  const high = direct.high === Number.POSITIVE_INFINITY ? relaxed(p, 1) : direct.high;
  return { low, high };
}

function termwise(p: Poly): Bounds {
  let low = p.constant;
  let high = p.constant;
  for (const { coef, monomial } of p.terms) {
    let range: Bounds = { low: coef, high: coef };
    for (const atom of monomial.factors) range = times(range, atomBounds(atom));
    low += range.low;
    high += range.high;
  }
  return { low: outward(low, -1), high: outward(high, 1) };
}

/** Sums of exact numbers can pass 2^53: then no limit is claimed. */
function outward(limit: number, side: -1 | 1): number {
  return Number.isSafeInteger(limit) ? limit : side * Number.POSITIVE_INFINITY;
}

const known = new WeakMap<Atom, Bounds>();

function atomBounds(atom: Atom): Bounds {
  const before = known.get(atom);
  if (before !== undefined) return before;
  const bounds = computeAtom(atom);
  known.set(atom, bounds);
  return bounds;
}

function computeAtom(atom: Atom): Bounds {
  switch (atom.kind) {
    case "symbol":
      return { low: 1, high: Number.POSITIVE_INFINITY };
    case "floor": {
      const { low, high } = boundsOf(atom.num);
      return { low: floorLimit(low, atom.den), high: floorLimit(high, atom.den) };
    }
    case "quotient": {
      // The divisor is at least 1: a quotient of one sign lies between 0 and its numerator.
      const { low, high } = boundsOf(atom.num);
      return { low: Math.min(0, low), high: high < 0 ? -1 : high };
    }
    case "max":
    case "min": {
      const each = atom.args.map(boundsOf);
      const pick = atom.kind === "max" ? Math.max : Math.min;
      return { low: pick(...each.map((b) => b.low)), high: pick(...each.map((b) => b.high)) };
    }
  }
}

function floorLimit(limit: number, by: number): number {
  return Number.isFinite(limit) ? floorQuotient(limit, by) : limit;
}

function times(a: Bounds, b: Bounds): Bounds {
  const products = [product(a.low, b.low), product(a.low, b.high), product(a.high, b.low), product(a.high, b.high)];
  return { low: outward(Math.min(...products), -1), high: outward(Math.max(...products), 1) };
}

function product(x: number, y: number): number {
  return x === 0 || y === 0 ? 0 : x * y;
}

/** The most nesting that is opened up for a limit. */
const MAX_OPENED = 8;

/**
 * A limit from n/k - (k-1)/k <= floor(n/k) <= n/k, so that `H - 2·floor(H/2)` is seen to be at least 0.
 * Works on k times the polynomial, opening one floor at a time.
 */
function relaxed(p: Poly, side: -1 | 1): number {
  let sum = p;
  let scale = 1;
  for (let step = 0; step < MAX_OPENED; step++) {
    const at = sum.terms.findIndex(({ monomial: m }) => m.factors.length === 1 && m.factors[0]?.kind === "floor");
    const term = sum.terms[at];
    const atom = term?.monomial.factors[0];
    if (term === undefined || atom?.kind !== "floor") break;
    const opened = new Map<string, { coef: number; term: Poly["terms"][number] }>();
    const put = (coef: number, from: Poly["terms"][number]): void => {
      const key = from.monomial.key;
      opened.set(key, { coef: (opened.get(key)?.coef ?? 0) + coef, term: from });
    };
    for (const [i, other] of sum.terms.entries()) if (i !== at) put(other.coef * atom.den, other);
    for (const inner of atom.num.terms) put(inner.coef * term.coef, inner);
    // The upper side of c·floor(n/k) is c·n/k for c > 0; for c < 0 it is c·(n-(k-1))/k.
    const slack = 0 < term.coef === 0 < side ? 0 : term.coef * (atom.den - 1);
    const constant = sum.constant * atom.den + term.coef * atom.num.constant - slack;
    scale *= atom.den;
    const terms = [...opened.values()]
      .filter(({ coef }) => coef !== 0)
      .map(({ coef, term: from }) => ({ coef, monomial: from.monomial }));
    const safe = [constant, scale, ...terms.map(({ coef }) => coef)].every(Number.isSafeInteger);
    if (!safe) return side * Number.POSITIVE_INFINITY;
    sum = { terms, constant };
  }
  const { low, high } = termwise(sum);
  const limit = side < 0 ? low : high;
  if (!Number.isFinite(limit)) return limit;
  // The value is a whole number: a lower limit rounds up, an upper one down.
  return side < 0 ? -floorQuotient(-limit, scale) : floorQuotient(limit, scale);
}

/**
 * Polynomials with integer coefficients over atoms: what a size expression is inside this folder.
 * Terms are sorted and merged, so that equal polynomials have equal text.
 */
export interface Poly {
  /** Sorted by {@link compareMonomials}, none with coefficient 0, none without factors. */
  readonly terms: readonly Term[];
  readonly constant: number;
}

export interface Term {
  readonly coef: number;
  readonly monomial: Monomial;
}

/** A product of atoms, sorted, a power as repeats. `key` identifies it. */
export interface Monomial {
  readonly factors: readonly Atom[];
  readonly key: string;
}

/** `key` is Python text and identifies the atom; `order` sorts atoms (first symbol, then kind, then key). */
interface AtomBase {
  readonly key: string;
  readonly lead: string;
  readonly order: string;
  readonly symbols: ReadonlySet<string>;
}

export type Atom =
  | (AtomBase & { readonly kind: "symbol"; readonly name: string })
  /** floor(num / den), den >= 2, coefficients of num in 0..den-1 without a common divisor with den. */
  | (AtomBase & { readonly kind: "floor"; readonly num: Poly; readonly den: number })
  /** floor(num / den) with a divisor that is at least 1 for all sizes. */
  | (AtomBase & { readonly kind: "quotient"; readonly num: Poly; readonly den: Poly })
  | (AtomBase & { readonly kind: "max" | "min"; readonly args: readonly Poly[] });

/** More terms than this are not read by anyone and make each product slower: a longer sum is given up. */
const MAX_TERMS = 128;
/** A deeper product than this comes from a loop that multiplies without end. */
const MAX_DEGREE = 32;
/** Longer text comes from nesting that grows at each step of a loop. */
const MAX_KEY = 4000;

/** What is too large for exact arithmetic, or too long: it absorbs all that it meets. */
export const GIVEN_UP: Poly = { terms: [], constant: Number.NaN };

export function isGivenUp(p: Poly): boolean {
  return Number.isNaN(p.constant);
}

export function constantPoly(value: number): Poly {
  return Number.isSafeInteger(value) ? { terms: [], constant: value === 0 ? 0 : value } : GIVEN_UP;
}

export function atomPoly(atom: Atom): Poly {
  if (MAX_KEY < atom.key.length) return GIVEN_UP;
  return { terms: [{ coef: 1, monomial: { factors: [atom], key: atom.key } }], constant: 0 };
}

export function addPoly(a: Poly, b: Poly): Poly {
  return combine(a, 1, b, 1);
}

export function subPoly(a: Poly, b: Poly): Poly {
  return combine(a, 1, b, -1);
}

export function scalePoly(p: Poly, by: number): Poly {
  if (by === 1) return p;
  if (by === 0) return isGivenUp(p) ? GIVEN_UP : constantPoly(0);
  return checked(
    p.terms.map(({ coef, monomial }) => ({ coef: coef * by, monomial })),
    p.constant * by,
  );
}

export function mulPoly(a: Poly, b: Poly): Poly {
  if (isGivenUp(a) || isGivenUp(b)) return GIVEN_UP;
  if (a.terms.length === 0) return scalePoly(b, a.constant);
  if (b.terms.length === 0) return scalePoly(a, b.constant);
  let sum = scalePoly(b, a.constant);
  for (const term of a.terms) sum = addPoly(sum, mulTerm(b, term));
  return sum;
}

/** Quotient and rest of a polynomial division; the rest has no term that the divisor's first term divides. */
export function dividePoly(a: Poly, b: Poly): { readonly quotient: Poly; readonly rest: Poly } {
  const first = b.terms[0];
  let quotient = constantPoly(0);
  if (first === undefined) return { quotient, rest: a };
  let rest = a;
  let at = 0;
  for (let steps = 0; steps < MAX_TERMS && !isGivenUp(rest); steps++) {
    const term = rest.terms[at];
    if (term === undefined) break;
    const factors = withoutFactors(term.monomial.factors, first.monomial.factors);
    if (factors === undefined || term.coef % first.coef !== 0) {
      at++;
      continue;
    }
    const coef = term.coef / first.coef;
    const part: Poly =
      factors.length === 0 ? constantPoly(coef) : { terms: [{ coef, monomial: monomial(factors) }], constant: 0 };
    quotient = addPoly(quotient, part);
    rest = subPoly(rest, mulPoly(part, b));
  }
  return { quotient, rest };
}

/** The factors that every term of the polynomials has in common; none where one has a constant. */
export function commonFactors(polys: readonly Poly[]): readonly Atom[] {
  let common: readonly Atom[] | undefined;
  for (const p of polys) {
    if (p.constant !== 0) return [];
    for (const { monomial: m } of p.terms) {
      if (common === undefined) common = m.factors;
      else {
        const left = [...m.factors];
        common = common.filter((atom) => {
          const at = left.findIndex((other) => other.key === atom.key);
          if (at < 0) return false;
          left.splice(at, 1);
          return true;
        });
      }
      if (common.length === 0) return [];
    }
  }
  return common ?? [];
}

/** The polynomial divided by factors that each of its terms has. */
export function withoutCommon(p: Poly, factors: readonly Atom[]): Poly {
  let constant = p.constant;
  const terms: Term[] = [];
  for (const { coef, monomial: m } of p.terms) {
    const left = withoutFactors(m.factors, factors) ?? m.factors;
    if (left.length === 0) constant += coef;
    else terms.push({ coef, monomial: monomial(left) });
  }
  return checked(terms, constant);
}

/** Names of the symbols in the polynomial. */
export function polySymbols(p: Poly): ReadonlySet<string> {
  if (p.terms.length === 1 && p.terms[0]?.monomial.factors.length === 1) {
    return p.terms[0].monomial.factors[0]?.symbols ?? new Set();
  }
  const names = new Set<string>();
  for (const { monomial: m } of p.terms) for (const atom of m.factors) for (const name of atom.symbols) names.add(name);
  return names;
}

export function gcd(a: number, b: number): number {
  let x = Math.abs(a);
  let y = Math.abs(b);
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}

export function lcm(a: number, b: number): number {
  return (a / gcd(a, b)) * b;
}

/** Floor of an exact quotient, `by` positive; exact for all safe integers. */
export function floorQuotient(value: number, by: number): number {
  const rest = value % by;
  return (value - (rest < 0 ? rest + by : rest)) / by;
}

/** Greatest common divisor of the coefficients, the constant aside. */
export function content(p: Poly): number {
  let common = 0;
  for (const { coef } of p.terms) {
    common = gcd(common, coef);
    if (common === 1) return 1;
  }
  return common;
}

/** A polynomial from terms in the right order, given up where a number is no longer exact. */
export function checked(terms: readonly Term[], constant: number): Poly {
  if (!Number.isSafeInteger(constant) || MAX_TERMS < terms.length) return GIVEN_UP;
  for (const { coef, monomial: m } of terms) {
    if (!Number.isSafeInteger(coef) || MAX_DEGREE < m.factors.length || MAX_KEY < m.key.length) return GIVEN_UP;
  }
  return { terms, constant: constant === 0 ? 0 : constant };
}

/** The polynomial in Python syntax; identifies it. */
export function pythonText(p: Poly): string {
  if (isGivenUp(p)) return "?";
  return joinTerms(p, (coef, m) => {
    const [only] = m.factors;
    if (coef === 1 && m.factors.length === 1 && only !== undefined) return only.key;
    if (coef === -1 && m.factors.length === 1 && only !== undefined) return `-${wrapped(only)}`;
    const product = m.factors.map(wrapped).join(" * ");
    return coef === 1 ? product : coef === -1 ? `-${product}` : `${coef} * ${product}`;
  });
}

/** A sum's text: a positive term first where there is one. `show` writes one term; a leading `-` is its sign. */
export function joinTerms(p: Poly, show: (coef: number, m: Monomial) => string): string {
  const positive: string[] = [];
  const negative: string[] = [];
  for (const { coef, monomial: m } of p.terms) {
    if (0 < coef) positive.push(show(coef, m));
    else negative.push(show(coef, m));
  }
  const first = positive.length === 0 && 0 < p.constant ? [String(p.constant)] : [];
  const last = first.length === 0 && p.constant !== 0 ? [String(p.constant)] : [];
  let text = "";
  for (const part of [...first, ...positive, ...negative, ...last]) {
    if (text === "") text = part;
    else text += part.startsWith("-") ? ` - ${part.slice(1)}` : ` + ${part}`;
  }
  return text === "" ? "0" : text;
}

/** Whether the text of the polynomial stands as an operand without parentheses. */
export function isSimple(p: Poly): boolean {
  const [term] = p.terms;
  if (term === undefined) return 0 <= p.constant;
  const [atom] = term.monomial.factors;
  return (
    p.constant === 0 &&
    p.terms.length === 1 &&
    term.coef === 1 &&
    term.monomial.factors.length === 1 &&
    atom !== undefined &&
    isCompact(atom)
  );
}

function isCompact(atom: Atom): boolean {
  return atom.kind === "symbol" || atom.kind === "max" || atom.kind === "min";
}

export function monomial(factors: readonly Atom[]): Monomial {
  return { factors, key: factors.map(wrapped).join(" * ") };
}

function wrapped(atom: Atom): string {
  return isCompact(atom) ? atom.key : `(${atom.key})`;
}

function combine(a: Poly, scaleA: number, b: Poly, scaleB: number): Poly {
  if (isGivenUp(a) || isGivenUp(b)) return GIVEN_UP;
  const terms: Term[] = [];
  let i = 0;
  let j = 0;
  while (i < a.terms.length || j < b.terms.length) {
    const x = a.terms[i];
    const y = b.terms[j];
    const order = x === undefined ? 1 : y === undefined ? -1 : compareMonomials(x.monomial, y.monomial);
    if (order < 0 && x !== undefined) {
      terms.push({ coef: x.coef * scaleA, monomial: x.monomial });
      i++;
    } else if (0 < order && y !== undefined) {
      terms.push({ coef: y.coef * scaleB, monomial: y.monomial });
      j++;
    } else if (x !== undefined && y !== undefined) {
      const coef = x.coef * scaleA + y.coef * scaleB;
      if (coef !== 0) terms.push({ coef, monomial: x.monomial });
      i++;
      j++;
    }
  }
  return checked(terms, a.constant * scaleA + b.constant * scaleB);
}

/** A product with one monomial keeps the order of terms. */
function mulTerm(p: Poly, { coef, monomial: m }: Term): Poly {
  const terms = p.terms.map((term) => ({
    coef: term.coef * coef,
    monomial: monomial(mergeFactors(term.monomial.factors, m.factors)),
  }));
  if (p.constant !== 0) terms.push({ coef: p.constant * coef, monomial: m });
  return checked(terms, 0);
}

function mergeFactors(a: readonly Atom[], b: readonly Atom[]): readonly Atom[] {
  return [...a, ...b].sort((x, y) => (x.order < y.order ? -1 : x.order === y.order ? 0 : 1));
}

/** Graded lexicographic, so that a product with a monomial keeps the order: higher degree first. */
function compareMonomials(a: Monomial, b: Monomial): number {
  if (a.key === b.key) return 0;
  if (a.factors.length !== b.factors.length) return b.factors.length - a.factors.length;
  for (let i = 0; i < a.factors.length; i++) {
    const x = a.factors[i]?.order ?? "";
    const y = b.factors[i]?.order ?? "";
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}

function withoutFactors(from: readonly Atom[], factors: readonly Atom[]): readonly Atom[] | undefined {
  const left = [...from];
  for (const atom of factors) {
    const at = left.findIndex((other) => other.key === atom.key);
    if (at < 0) return undefined;
    left.splice(at, 1);
  }
  return left;
}

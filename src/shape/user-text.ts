import { type Atom, isGivenUp, isSimple, joinTerms, type Monomial, type Poly } from "./poly.ts";

/** The polynomial as a person writes it: `ceil(H/4)`, `2·floor(H/2) + 1`, `N·H·W`. */
export function userText(p: Poly): string {
  return isGivenUp(p) ? "?" : joinTerms(p, productText);
}

function productText(coef: number, m: Monomial): string {
  const product = m.factors.map(atomText).join("·");
  return coef === 1 ? product : coef === -1 ? `-${product}` : `${coef}·${product}`;
}

function atomText(atom: Atom): string {
  switch (atom.kind) {
    case "symbol":
      return atom.name;
    case "floor":
      return floorText(atom.num, atom.den);
    case "quotient":
      return `floor(${operand(atom.num)}/${denominator(atom.den)})`;
    case "max":
    case "min":
      return `${atom.kind}(${atom.args.map(userText).join(", ")})`;
  }
}

/** floor((n + c)/k) = ceil((n + c - k + 1)/k): whichever has the smaller constant, floor if they are the same. */
function floorText(num: Poly, den: number): string {
  const up = num.constant - den + 1;
  const asCeil = Math.abs(up) < Math.abs(num.constant);
  const inner = asCeil ? { terms: num.terms, constant: up } : num;
  return `${asCeil ? "ceil" : "floor"}(${operand(inner)}/${den})`;
}

/** Products and fractions read left to right, so only a sum needs parentheses. */
function operand(p: Poly): string {
  const text = userText(p);
  return p.terms.length + (p.constant === 0 ? 0 : 1) < 2 ? text : `(${text})`;
}

function denominator(p: Poly): string {
  return isSimple(p) ||
    (p.constant === 0 && p.terms.length === 1 && p.terms[0]?.monomial.factors.length === 1 && p.terms[0].coef === 1)
    ? userText(p)
    : `(${userText(p)})`;
}

import { extremePoly, floorDividePoly, modPoly, symbolPoly } from "./normal-form.ts";
import { addPoly, constantPoly, isGivenUp, mulPoly, type Poly, scalePoly, subPoly } from "./poly.ts";

/** Longer than any dim that this folder prints. */
const MAX_LENGTH = 20_000;
const MAX_DEPTH = 100;

/**
 * Reads a dim: symbols, integers, `+ - * // %`, parentheses, `max(…)` and `min(…)`, with Python's precedence.
 * Undefined where the text is anything else, or a divisor may be 0.
 */
export function parsePoly(text: string): Poly | undefined {
  if (MAX_LENGTH < text.length) return undefined;
  const tokens = text.match(/\/\/|[A-Za-z_]\w*|\d+|\S/g) ?? [];
  let at = 0;
  let depth = 0;

  const take = (token: string): boolean => {
    if (tokens[at] !== token) return false;
    at++;
    return true;
  };

  const sum = (): Poly | undefined => {
    if (MAX_DEPTH < ++depth) return undefined;
    let left = product();
    while (left !== undefined && (tokens[at] === "+" || tokens[at] === "-")) {
      const operator = tokens[at++];
      const right = product();
      if (right === undefined) return undefined;
      left = operator === "+" ? addPoly(left, right) : subPoly(left, right);
    }
    depth--;
    return left;
  };

  const product = (): Poly | undefined => {
    let left = unary();
    while (left !== undefined && (tokens[at] === "*" || tokens[at] === "//" || tokens[at] === "%")) {
      const operator = tokens[at++];
      const right = unary();
      if (right === undefined) return undefined;
      left =
        operator === "*"
          ? mulPoly(left, right)
          : operator === "//"
            ? floorDividePoly(left, right)
            : modPoly(left, right);
    }
    return left;
  };

  const unary = (): Poly | undefined => {
    let sign = 1;
    while (tokens[at] === "-" || tokens[at] === "+") if (tokens[at++] === "-") sign = -sign;
    const value = primary();
    return value === undefined ? undefined : scalePoly(value, sign);
  };

  const primary = (): Poly | undefined => {
    const token = tokens[at++];
    if (token === undefined) return undefined;
    if (token === "(") {
      const inner = sum();
      return take(")") ? inner : undefined;
    }
    if (/^\d+$/.test(token)) return constantPoly(Number(token));
    if (!/^[A-Za-z_]/.test(token)) return undefined;
    if (tokens[at] !== "(") return symbolPoly(token);
    if (token !== "max" && token !== "min") return undefined;
    at++;
    const args: Poly[] = [];
    do {
      const arg = sum();
      if (arg === undefined) return undefined;
      args.push(arg);
    } while (take(","));
    return take(")") ? extremePoly(token, args) : undefined;
  };

  const value = sum();
  return value !== undefined && at === tokens.length && !isGivenUp(value) ? value : undefined;
}

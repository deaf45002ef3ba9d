import { callValue, itemsOf } from "../eval/evaluate.ts";
import { fail, isWhy } from "../eval/interp.ts";
import { advance } from "../eval/iterate.ts";
import { float, intOf, NONE, tuple, unknown, type Value } from "../eval/value.ts";
import { max, min, type Size } from "../shape/size.ts";
import { t } from "../text/text.ts";
import { specialMethod, toFloat, truth, whyOf } from "./arithmetic.ts";
import { compare } from "./compare.ts";
import { arg } from "./constructors.ts";
import { bigOf, wholeNumber } from "./integers.ts";
import { iterate } from "./iteration.ts";
import { define, defineRaw } from "./table.ts";
import * as types from "./types.ts";

define("abs", "x", (interp, get) => {
  const x = get("x");
  const special = specialMethod(interp, x, "__abs__");
  if (special !== undefined) return callValue(interp, special, { positional: [], keywords: [] });
  const inner = types.payloadOf(x);
  if (inner.kind === "complex") return float(Math.hypot(inner.re, inner.im));
  const big = bigOf(inner);
  if (big !== undefined) return inner.kind === "int" && 0n <= big ? inner : wholeNumber(big < 0n ? -big : big);
  const n = toFloat(inner);
  if (n !== undefined) return float(Math.abs(n));
  if (inner.kind === "int" && inner.dim.size !== undefined)
    return intOf({ size: max(inner.dim.size, unaryMinus(inner.dim.size)) });
  if (inner.kind === "str" || inner.kind === "list" || inner.kind === "none" || inner.kind === "tuple")
    return fail(interp, "TypeError", `bad operand type for abs(): '${types.typeName(interp, x)}'`);
  return unknown(whyOf(x) ?? { reason: t("an unknown number") });
});
const unaryMinus = (size: Size): Size => (typeof size === "number" ? -size : size);
define("round", "number, ndigits=None", (interp, get) => {
  const value = get("number");
  const special = specialMethod(interp, value, "__round__");
  const places = get("ndigits");
  if (special !== undefined)
    return callValue(interp, special, { positional: places.kind === "none" ? [] : [{ value: places }], keywords: [] });
  const inner = types.payloadOf(value);
  const n = toFloat(inner);
  if (n === undefined) {
    if (inner.kind === "str" || inner.kind === "none" || inner.kind === "list")
      return fail(interp, "TypeError", `type ${types.typeName(interp, value)} doesn't define __round__ method`);
    return inner.kind === "int" ? inner : unknown(whyOf(value) ?? { reason: t("an unknown number") });
  }
  if (places.kind === "unknown") return places;
  const digits = toFloat(places);
  if (inner.kind !== "float") {
    const big = bigOf(inner) ?? 0n;
    return digits === undefined || 0 <= digits
      ? wholeNumber(big)
      : wholeNumber(roundWhole(big, 10n ** BigInt(-digits)));
  }
  if (!Number.isFinite(n)) {
    if (digits !== undefined) return inner;
    const [exception, what] = Number.isNaN(n) ? ["ValueError", "NaN"] : ["OverflowError", "infinity"];
    return fail(interp, exception ?? "", `cannot convert float ${what} to integer`);
  }
  return digits === undefined ? wholeNumber(BigInt(roundHalfEven(n))) : float(roundTo(n, digits));
});
/** Python rounds halves to the even neighbour. */
function roundHalfEven(n: number): number {
  const floor = Math.floor(n);
  const rest = n - floor;
  return rest < 0.5 ? floor : 0.5 < rest ? floor + 1 : floor % 2 === 0 ? floor : floor + 1;
}
function roundWhole(n: bigint, unit: bigint): bigint {
  const rest = ((n % unit) + unit) % unit;
  const down = n - rest;
  const twice = rest * 2n;
  return twice < unit || (twice === unit && (down / unit) % 2n === 0n) ? down : down + unit;
}
/** The float nearest to the exact value rounded to that many decimals, halves to even. */
function roundTo(n: number, digits: number): number {
  if (22 < digits || 1e300 < Math.abs(n)) return n;
  if (digits < -308) return 0 * n;
  // The exact binary value as a fraction.
  let [top, bottom] = [n, 1n];
  while (!Number.isInteger(top)) {
    top *= 2;
    bottom *= 2n;
  }
  const exact = BigInt(top);
  const scale = 10n ** BigInt(Math.abs(digits));
  const [up, down] = 0 <= digits ? [exact * scale, bottom] : [exact, bottom * scale];
  const units = roundWhole(up * 2n, down * 2n) / (down * 2n);
  const text = 0 <= digits ? `${units}e-${digits}` : `${units}e${-digits}`;
  const rounded = Number(text);
  return rounded === 0 && (n < 0 || Object.is(n, -0)) ? -0 : rounded;
}
define("pow", "base, exp, mod=None", (interp, get) => {
  if (get("mod").kind === "none") return interp.lang.binary(interp, "**", get("base"), get("exp"), false);
  const [base, exp, mod] = [bigOf(get("base")), bigOf(get("exp")), bigOf(get("mod"))];
  if (base === undefined || exp === undefined || mod === undefined) return unknown({ reason: t("an unknown number") });
  if (mod === 0n) return fail(interp, "ValueError", "pow() 3rd argument cannot be 0");
  const size = mod < 0n ? -mod : mod;
  let [factor, rest] = [((base % size) + size) % size, exp];
  if (rest < 0n) {
    const inverse = inverseOf(factor, size);
    if (inverse === undefined) return fail(interp, "ValueError", "base is not invertible for the given modulus");
    [factor, rest] = [inverse, -rest];
  }
  let power = 1n % size;
  for (; 0n < rest; rest >>= 1n) {
    if (rest & 1n) power = (power * factor) % size;
    factor = (factor * factor) % size;
  }
  return wholeNumber(mod < 0n && power !== 0n ? power + mod : power);
});
function inverseOf(value: bigint, modulus: bigint): bigint | undefined {
  let [a, b, x, y] = [value, modulus, 1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b] = [b, a - quotient * b];
    [x, y] = [y, x - quotient * y];
  }
  return a === 1n ? ((x % modulus) + modulus) % modulus : undefined;
}
define("divmod", "a, b", (interp, get) => {
  const own = specialMethod(interp, get("a"), "__divmod__");
  if (own !== undefined) return callValue(interp, own, { positional: [{ value: get("b") }], keywords: [] });
  return tuple([
    interp.lang.binary(interp, "//", get("a"), get("b"), false),
    interp.lang.binary(interp, "%", get("a"), get("b"), false),
  ]);
});
define("sum", "iterable, start=0", (interp, get) => {
  const source = iterate(interp, get("iterable"));
  let total = get("start");
  if (total.kind === "str") return fail(interp, "TypeError", "sum() can't sum strings [use ''.join(seq) instead]");
  for (let turn = 0; turn < 100_000; turn++) {
    const item = advance(interp, source);
    if (item === undefined) return source.why === undefined ? total : unknown(source.why);
    total = interp.lang.binary(interp, "+", total, item, false);
  }
  return unknown({ reason: t("an iteration without end") });
});
for (const name of ["max", "min"] as const) {
  defineRaw(name, (interp, args) => {
    const key = args.keywords.find(([k]) => k === "key")?.[1].value ?? NONE;
    const fallback = args.keywords.find(([k]) => k === "default")?.[1].value;
    const items =
      args.positional.length === 1 ? itemsOf(interp, arg(args, 0) ?? NONE) : args.positional.map((p) => p.value);
    if (isWhy(items)) return unknown(items);
    const first = items[0];
    if (first === undefined) {
      if (args.positional.length === 0) return fail(interp, "TypeError", `${name} expected at least 1 argument, got 0`);
      return fallback ?? fail(interp, "ValueError", `${name}() arg is an empty sequence`);
    }
    const keyOf = (value: Value): Value =>
      key.kind === "none" ? value : callValue(interp, key, { positional: [{ value }], keywords: [] });
    let best = first;
    let least = keyOf(first);
    for (const item of items.slice(1)) {
      const b = keyOf(item);
      if (
        key.kind === "none" &&
        least.kind === "int" &&
        b.kind === "int" &&
        least.dim.size !== undefined &&
        b.dim.size !== undefined &&
        (typeof least.dim.size !== "number" || typeof b.dim.size !== "number")
      ) {
        best = intOf({ size: name === "max" ? max(least.dim.size, b.dim.size) : min(least.dim.size, b.dim.size) });
        least = best;
        continue;
      }
      const better = truth(interp, compare(interp, name === "max" ? ">" : "<", b, least));
      if (isWhy(better)) return unknown(better);
      if (better) [best, least] = [item, b];
    }
    return best;
  });
}

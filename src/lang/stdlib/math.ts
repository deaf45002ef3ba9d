import { callValue, itemsOf } from "../../eval/evaluate.ts";
import { fail, type Interp, isWhy } from "../../eval/interp.ts";
import { bool, float, int, type ModuleValue, tuple, unknown, type Value } from "../../eval/value.ts";
import { t } from "../../text/text.ts";
import { specialMethod, toFloat, whyOf } from "../arithmetic.ts";
import { bigOf, wholeNumber, wholeOfQuotient } from "../integers.ts";
import { raw } from "../native.ts";
import { typeName } from "../types.ts";
import { fn, type Names, nativeModule } from "./module.ts";

const lost = (value: Value): Value => ({
  kind: "float",
  value: undefined,
  why: whyOf(value) ?? { reason: t("an unknown number") },
});

/** A float argument; another value when it is not known or none. */
function numberOf(interp: Interp, value: Value): number | Value {
  const n = toFloat(value);
  if (n !== undefined) return n;
  if (value.kind === "str" || value.kind === "none" || value.kind === "list" || value.kind === "tuple")
    return fail(interp, "TypeError", `must be real number, not ${typeName(interp, value)}`);
  const own = specialMethod(interp, value, "__float__");
  if (own === undefined) return lost(value);
  const made = callValue(interp, own, { positional: [], keywords: [] });
  return toFloat(made) ?? lost(made);
}

const UNARY: Readonly<Record<string, (x: number) => number>> = {
  sqrt: Math.sqrt,
  cbrt: (x) => Math.cbrt(x),
  exp: Math.exp,
  exp2: (x) => 2 ** x,
  expm1: Math.expm1,
  log2: Math.log2,
  log10: Math.log10,
  log1p: Math.log1p,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  fabs: Math.abs,
  radians: (x) => x * (Math.PI / 180),
  degrees: (x) => x * (180 / Math.PI),
  erf,
  erfc: (x) => 1 - erf(x),
};

/** The error function, to about 1e-16, by its series or the continued fraction of its complement. */
function erf(x: number): number {
  const size = Math.abs(x);
  if (Number.isNaN(x)) return x;
  if (6 < size) return Math.sign(x);
  if (size < 2.5) {
    let [term, sum] = [x, x];
    for (let n = 1; n < 100; n++) {
      term *= (-x * x) / n;
      sum += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = 0;
  for (let n = 120; 0 < n; n--) fraction = n / 2 / (size + fraction);
  const complement = Math.exp(-size * size) / Math.sqrt(Math.PI) / (size + fraction);
  return Math.sign(x) * (1 - complement);
}

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** Exact sum of floats, rounded once (Shewchuk's partial sums). */
function exactSum(values: readonly number[]): number {
  const partials: number[] = [];
  for (const value of values) {
    let x = value;
    let count = 0;
    for (let y of partials) {
      if (Math.abs(x) < Math.abs(y)) [x, y] = [y, x];
      const high = x + y;
      const low = y - (high - x);
      if (low !== 0) partials[count++] = low;
      x = high;
    }
    partials.length = count;
    partials.push(x);
  }
  return partials.reduceRight((sum, part) => sum + part, 0);
}

/** Greatest argument for which a factorial is computed. */
const MAX_FACTORIAL = 2000;

/** `math`. */
export function mathModule(): ModuleValue {
  const names: Names = {
    pi: float(Math.PI),
    e: float(Math.E),
    inf: float(Infinity),
    nan: float(Number.NaN),
    tau: float(2 * Math.PI),
  };
  for (const [name, compute] of Object.entries(UNARY)) {
    names[name] = fn(name, "x, /", (interp, get) => {
      const x = numberOf(interp, get("x"));
      if (typeof x !== "number") return x;
      const y = compute(x);
      const domain = (Number.isNaN(y) && !Number.isNaN(x)) || (name.startsWith("log") && y === -Infinity);
      if (domain) return fail(interp, "ValueError", "math domain error");
      return !Number.isFinite(y) && Number.isFinite(x) ? fail(interp, "OverflowError", "math range error") : float(y);
    });
  }
  for (const [name, compute] of [
    ["floor", Math.floor],
    ["ceil", Math.ceil],
    ["trunc", Math.trunc],
  ] as const) {
    names[name] = fn(name, "x, /", (interp, get) => {
      const value = get("x");
      if (value.kind === "int" && value.cls === undefined) return value;
      const own = value.kind === "instance" ? specialMethod(interp, value, `__${name}__`) : undefined;
      if (own !== undefined) return callValue(interp, own, { positional: [], keywords: [] });
      const quotient = wholeOfQuotient(value, name);
      if (quotient !== undefined) return quotient;
      const x = numberOf(interp, value);
      if (typeof x !== "number")
        return x.kind === "unknown"
          ? x
          : { kind: "int", dim: { size: undefined, why: whyOf(x) ?? { reason: t("an unknown number") } } };
      if (Number.isFinite(x)) return wholeNumber(BigInt(compute(x)));
      return Number.isNaN(x)
        ? fail(interp, "ValueError", "cannot convert float NaN to integer")
        : fail(interp, "OverflowError", "cannot convert float infinity to integer");
    });
  }
  names.log = fn("log", "x, base=None, /", (interp, get) => {
    const big = bigOf(get("x"));
    const x = numberOf(interp, get("x"));
    if (typeof x !== "number") return x;
    const base = get("base").kind === "none" ? undefined : numberOf(interp, get("base"));
    if (base !== undefined && typeof base !== "number") return base;
    if (x <= 0) return fail(interp, "ValueError", "math domain error");
    const ln = big !== undefined && !Number.isFinite(x) ? Math.LN2 * (big.toString(2).length - 1) : Math.log(x);
    return float(base === undefined ? ln : ln / Math.log(base));
  });
  for (const [name, compute] of Object.entries<(x: number, y: number) => number>({
    pow: (x, y) => x ** y,
    fmod: (x, y) => x % y,
    atan2: Math.atan2,
    copysign: (x, y) => (y < 0 || Object.is(y, -0) ? -Math.abs(x) : Math.abs(x)),
    ldexp: (x, y) => x * 2 ** y,
    remainder: (x, y) => {
      const quotient = x / y;
      const near = Math.round(quotient);
      return x - y * (Math.abs(quotient % 1) === 0.5 && near % 2 !== 0 ? near - Math.sign(near) : near);
    },
  })) {
    names[name] = fn(name, "x, y, /", (interp, get) => {
      const [x, y] = [numberOf(interp, get("x")), numberOf(interp, get("y"))];
      if (typeof x !== "number") return x;
      if (typeof y !== "number") return y;
      const made = compute(x, y);
      return Number.isNaN(made) && !Number.isNaN(x) && !Number.isNaN(y)
        ? fail(interp, "ValueError", "math domain error")
        : float(made);
    });
  }
  const list = (interp: Interp, values: readonly Value[]): readonly number[] | Value => {
    const numbers: number[] = [];
    for (const value of values) {
      const n = numberOf(interp, value);
      if (typeof n !== "number") return n;
      numbers.push(n);
    }
    return numbers;
  };
  names.hypot = raw(
    "hypot",
    (interp, args) => {
      const numbers = list(
        interp,
        args.positional.map(({ value }) => value),
      );
      return Array.isArray(numbers) ? float(Math.hypot(...(numbers as number[]))) : (numbers as Value);
    },
    { free: true },
  );
  names.fsum = fn("fsum", "seq, /", (interp, get) => {
    const items = itemsOf(interp, get("seq"));
    const numbers = isWhy(items) ? unknown(items) : list(interp, items);
    return Array.isArray(numbers) ? float(exactSum(numbers as number[])) : (numbers as Value);
  });
  names.dist = fn("dist", "p, q, /", (interp, get) => {
    const [p, q] = [itemsOf(interp, get("p")), itemsOf(interp, get("q"))];
    if (isWhy(p) || isWhy(q)) return unknown({ reason: t("an unknown number") });
    const [a, b] = [list(interp, p), list(interp, q)];
    if (!Array.isArray(a) || !Array.isArray(b)) return unknown({ reason: t("an unknown number") });
    return float(Math.hypot(...(a as number[]).map((x, i) => x - ((b as number[])[i] ?? 0))));
  });
  names.prod = fn("prod", "iterable, *, start=1", (interp, get) => {
    const items = itemsOf(interp, get("iterable"));
    if (isWhy(items)) return unknown(items);
    return items.reduce((product, item) => interp.lang.binary(interp, "*", product, item, false), get("start"));
  });
  for (const [name, start, fold] of [
    ["gcd", 0n, gcd],
    [
      "lcm",
      1n,
      (a: bigint, b: bigint) =>
        a === 0n || b === 0n ? 0n : ((a / gcd(a, b)) * b < 0n ? -1n : 1n) * (a / gcd(a, b)) * b,
    ],
  ] as const)
    names[name] = raw(
      name,
      (_interp, args) => {
        const values = args.positional.map((arg) => bigOf(arg.value));
        if (values.some((v) => v === undefined)) return unknown({ reason: t("an unknown number") });
        return wholeNumber(values.reduce<bigint>((a, b) => fold(a, b ?? 0n), start));
      },
      { free: true },
    );
  names.factorial = fn("factorial", "n, /", (interp, get) => {
    const n = toFloat(get("n"));
    if (n === undefined || MAX_FACTORIAL < n) return unknown(whyOf(get("n")) ?? { reason: t("an unknown number") });
    if (n < 0) return fail(interp, "ValueError", "factorial() not defined for negative values");
    let product = 1n;
    for (let i = 2n; i <= n; i++) product *= i;
    return wholeNumber(product);
  });
  for (const [name, ordered] of [
    ["comb", false],
    ["perm", true],
  ] as const)
    names[name] = fn(name, ordered ? "n, k=None, /" : "n, k, /", (interp, get) => {
      const n = toFloat(get("n"));
      const k = get("k").kind === "none" ? n : toFloat(get("k"));
      if (n === undefined || k === undefined || MAX_FACTORIAL < n) return unknown({ reason: t("an unknown number") });
      if (n < 0 || k < 0) return fail(interp, "ValueError", `${n < 0 ? "n" : "k"} must be a non-negative integer`);
      let product = 1n;
      for (let i = 0; i < k; i++) {
        product *= BigInt(Math.max(0, n - i));
        if (!ordered) product /= BigInt(i + 1);
      }
      return wholeNumber(product);
    });
  names.isqrt = fn("isqrt", "n, /", (interp, get) => {
    const n = bigOf(get("n"));
    if (n === undefined) return unknown(whyOf(get("n")) ?? { reason: t("an unknown number") });
    if (n < 0n) return fail(interp, "ValueError", "isqrt() argument must be nonnegative");
    if (n < 2n) return wholeNumber(n);
    let root = BigInt(Math.floor(Math.sqrt(Number(n))));
    for (let i = 0; i < 200; i++) {
      const next = (root + n / root) / 2n;
      if (next === root || next === root + 1n) break;
      root = next;
    }
    while (n < root * root) root--;
    while ((root + 1n) * (root + 1n) <= n) root++;
    return wholeNumber(root);
  });
  names.modf = fn("modf", "x, /", (interp, get) => {
    const x = numberOf(interp, get("x"));
    if (typeof x !== "number") return x;
    const whole = Math.trunc(x);
    return tuple([float(Number.isFinite(x) ? x - whole : 0), float(whole)]);
  });
  names.frexp = fn("frexp", "x, /", (interp, get) => {
    const x = numberOf(interp, get("x"));
    if (typeof x !== "number") return x;
    if (x === 0 || !Number.isFinite(x)) return tuple([float(x), int(0)]);
    let exponent = Math.floor(Math.log2(Math.abs(x))) + 1;
    let mantissa = x / 2 ** exponent;
    if (Math.abs(mantissa) < 0.5) [mantissa, exponent] = [mantissa * 2, exponent - 1];
    if (1 <= Math.abs(mantissa)) [mantissa, exponent] = [mantissa / 2, exponent + 1];
    return tuple([float(mantissa), int(exponent)]);
  });
  names.isclose = fn("isclose", "a, b, *, rel_tol=1e-09, abs_tol=0.0", (_interp, get) => {
    const [a, b, rel, abs] = ["a", "b", "rel_tol", "abs_tol"].map((n) => toFloat(get(n)));
    return a === undefined || b === undefined
      ? unknown({ reason: t("an unknown number") })
      : bool(a === b || Math.abs(a - b) <= Math.max((rel ?? 0) * Math.max(Math.abs(a), Math.abs(b)), abs ?? 0));
  });
  for (const [name, test] of [
    ["isnan", Number.isNaN],
    ["isinf", (x: number) => !Number.isFinite(x) && !Number.isNaN(x)],
    ["isfinite", Number.isFinite],
  ] as const)
    names[name] = fn(name, "x, /", (interp, get) => {
      const x = numberOf(interp, get("x"));
      return typeof x === "number"
        ? bool(test(x))
        : x.kind === "unknown"
          ? x
          : unknown(whyOf(x) ?? { reason: t("an unknown number") });
    });
  return nativeModule("math", names);
}

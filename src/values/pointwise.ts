import type { DType } from "../shape/dim.ts";
import {
  arrayOf,
  broadcastPositions,
  epsilonOf,
  fuzzAt,
  type HostArray,
  nearestEven,
  sizeOf,
  stored,
} from "./array.ts";

/**
 * Functions of single elements. `exact`: IEEE arithmetic fixes the result; the others are correct up to the last bits,
 * except where the result is a whole number of few digits (`log2(8)`), which all libraries give exactly.
 * `steps`: the result jumps, so an operand that is only nearly known may not lie near a jump.
 */
interface Unary {
  readonly run: (x: number) => number;
  readonly exact?: true;
  readonly jump?: (x: number) => number;
}

const whole = (x: number): number => Math.abs(x - Math.round(x));
const half = (x: number): number => Math.abs(x - Math.floor(x) - 0.5);
const zero = (x: number): number => Math.abs(x);

const UNARY: Readonly<Record<string, Unary>> = {
  neg: { run: (x) => -x, exact: true },
  abs: { run: Math.abs, exact: true },
  square: { run: (x) => x * x, exact: true },
  sqrt: { run: Math.sqrt },
  reciprocal: { run: (x) => 1 / x, exact: true },
  identity: { run: (x) => x, exact: true },
  relu: { run: (x) => Math.max(x, 0), exact: true },
  floor: { run: Math.floor, exact: true, jump: whole },
  ceil: { run: Math.ceil, exact: true, jump: whole },
  trunc: { run: Math.trunc, exact: true, jump: whole },
  round: { run: nearestEven, exact: true, jump: half },
  sign: { run: Math.sign, exact: true, jump: zero },
  logical_not: { run: (x) => (x === 0 ? 1 : 0), exact: true, jump: zero },
  isnan: { run: (x) => (Number.isNaN(x) ? 1 : 0), exact: true },
  rsqrt: { run: (x) => 1 / Math.sqrt(x) },
  exp: { run: Math.exp },
  expm1: { run: Math.expm1 },
  log: { run: Math.log },
  log2: { run: Math.log2 },
  log10: { run: Math.log10 },
  log1p: { run: Math.log1p },
  sin: { run: Math.sin },
  cos: { run: Math.cos },
  tan: { run: Math.tan },
  tanh: { run: Math.tanh },
  sigmoid: { run: (x) => 1 / (1 + Math.exp(-x)) },
  exp2: { run: (x) => 2 ** x },
};

/** Whole results up to here are the same in every library. */
const EXACT_WHOLE = 2 ** 24;

export function unaryValues(op: string, x: HostArray, dtype: DType): HostArray | undefined {
  const entry = UNARY[op];
  if (entry === undefined) return undefined;
  const epsilon = epsilonOf(dtype);
  const data: number[] = [];
  const off: number[] = [];
  for (const [i, value] of x.data.entries()) {
    const fuzz = fuzzAt(x, i);
    if (entry.jump !== undefined && 0 < fuzz && entry.jump(value) <= fuzz) return undefined;
    const made = entry.run(value);
    data.push(made);
    if (entry.jump !== undefined) {
      off.push(0);
      continue;
    }
    let own = 0;
    if (0 < fuzz) own = Math.max(Math.abs(entry.run(value + fuzz) - made), Math.abs(entry.run(value - fuzz) - made));
    const isExact = entry.exact !== undefined || (Number.isInteger(made) && Math.abs(made) < EXACT_WHOLE);
    if (!isExact || 0 < fuzz) own += Math.abs(made) * epsilon;
    if (Number.isNaN(own)) return undefined;
    off.push(own);
  }
  return arrayOf(dtype, x.shape, data, off);
}

type Rounding = (value: number) => number;
type Pair = (a: number, b: number, round: Rounding) => number;

const ARITHMETIC: Readonly<Record<string, Pair>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  maximum: (a, b) => Math.max(a, b),
  minimum: (a, b) => Math.min(a, b),
};
const JUMPING: Readonly<Record<string, Pair>> = {
  floor_div: floorDivide,
  trunc_div: (a, b, round) => Math.trunc(round(a / b)),
  remainder: (a, b, round) => {
    const rest = a % b;
    return rest !== 0 && b < 0 !== rest < 0 ? round(rest + b) : rest;
  },
  fmod: (a, b) => a % b,
};
const COMPARING: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  lt: (a, b) => a < b,
  le: (a, b) => a <= b,
  gt: (a, b) => b < a,
  ge: (a, b) => b <= a,
};
const LOGICAL: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  logical_and: (a, b) => a !== 0 && b !== 0,
  logical_or: (a, b) => a !== 0 || b !== 0,
  logical_xor: (a, b) => (a !== 0) !== (b !== 0),
};
const BITWISE: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  bitwise_and: (a, b) => a & b,
  bitwise_or: (a, b) => a | b,
  bitwise_xor: (a, b) => a ^ b,
  bitwise_left_shift: (a, b) => a << b,
  bitwise_right_shift: (a, b) => a >> b,
};

/** As PyTorch and Python divide floating-point numbers and round down. */
function floorDivide(a: number, b: number, round: Rounding): number {
  if (b === 0) return a / b;
  const rest = a % b;
  let quotient = round(round(a - rest) / b);
  if (rest !== 0 && b < 0 !== rest < 0) quotient -= 1;
  const low = Math.floor(quotient);
  return 0.5 < quotient - low ? low + 1 : low;
}

/**
 * An operator on two operands that broadcast to a shape. `common` is the type that they are brought to first, `dtype`
 * the result's.
 */
export function binaryValues(
  op: string,
  a: HostArray,
  b: HostArray,
  shape: readonly number[],
  common: DType,
  dtype: DType,
): HostArray | undefined {
  const [ia, ib] = [broadcastPositions(a.shape, shape), broadcastPositions(b.shape, shape)];
  const round = (value: number): number => stored(common, value) ?? Number.NaN;
  const data: number[] = [];
  const off: number[] = [];
  const epsilon = epsilonOf(dtype);
  const pair = ARITHMETIC[op];
  const jumping = JUMPING[op];
  const comparing = COMPARING[op];
  const logical = LOGICAL[op];
  const bits = BITWISE[op];
  const isWhole = !common.startsWith("float") && common !== "bfloat16";
  // Whole numbers are divided as floating-point ones of the result's type.
  const bring = op === "div" ? dtype : common;
  for (let i = 0; i < sizeOf(shape); i++) {
    const left = stored(bring, a.data[ia[i] ?? 0] ?? 0);
    const right = stored(bring, b.data[ib[i] ?? 0] ?? 0);
    if (left === undefined || right === undefined) return undefined;
    const [fa, fb] = [fuzzAt(a, ia[i] ?? 0), fuzzAt(b, ib[i] ?? 0)];
    const fuzzy = 0 < fa + fb;
    let own = 0;
    if (comparing !== undefined) {
      if (fuzzy && Math.abs(left - right) <= fa + fb) return undefined;
      data.push(comparing(left, right) ? 1 : 0);
    } else if (logical !== undefined) {
      if (fuzzy && Math.min(Math.abs(left), Math.abs(right)) <= fa + fb) return undefined;
      data.push(logical(left, right) ? 1 : 0);
    } else if (bits !== undefined) {
      if (fuzzy || !Number.isInteger(left) || !Number.isInteger(right) || right < 0) return undefined;
      data.push(Number(bits(BigInt(left), BigInt(right))));
    } else if (jumping !== undefined) {
      if (fuzzy) return undefined;
      if (isWhole && right === 0) return undefined;
      data.push(jumping(left, right, round));
    } else if (op === "pow") {
      if (isWhole && right < 0) return undefined;
      const made = left ** right;
      data.push(made);
      if (fuzzy) for (const [p, q] of corners(left, right, fa, fb)) own = Math.max(own, Math.abs(p ** q - made));
      // One number as the exponent of all is multiplied out, or a root is taken.
      const isUsual = b.shape.length === 0 && (right === 2 || right === 0.5);
      const exact = !fuzzy && (isUsual || isExactPower(left, right, made));
      if (!exact && !isWhole && !(Number.isInteger(made) && Math.abs(made) < EXACT_WHOLE))
        own += Math.abs(made) * epsilon * 2;
    } else if (pair !== undefined) {
      const made = pair(left, right, round);
      data.push(made);
      if (fuzzy) {
        for (const [p, q] of corners(left, right, fa, fb)) own = Math.max(own, Math.abs(pair(p, q, round) - made));
        own += Math.abs(made) * epsilon;
      }
    } else return undefined;
    if (!Number.isFinite(own)) return undefined;
    off.push(own);
  }
  return arrayOf(dtype, shape, data, off);
}

/** Significant bits of a power that every library gives exactly, since its square, and so on, are exact too. */
const EXACT_BITS = 24;

/** Whether a power is one without rounding, of so few bits that no library rounds on the way there. */
function isExactPower(base: number, exponent: number, made: number): boolean {
  if (exponent === 0 || exponent === 1) return true;
  if (!Number.isInteger(exponent) || exponent < 0 || !Number.isFinite(made) || made === 0) return false;
  const bits = bitsOf(base);
  return bits !== undefined && bits * exponent <= EXACT_BITS;
}

/** How many significant bits a number has, up to {@link EXACT_BITS}. */
function bitsOf(value: number): number | undefined {
  let rest = Math.abs(value);
  if (rest === 0 || !Number.isFinite(rest)) return undefined;
  rest /= 2 ** Math.floor(Math.log2(rest));
  for (let bits = 1; bits <= EXACT_BITS; bits++) {
    if (Number.isInteger(rest)) return bits;
    rest *= 2;
  }
  return undefined;
}

function corners(a: number, b: number, fa: number, fb: number): readonly (readonly [number, number])[] {
  return [
    [a - fa, b - fb],
    [a - fa, b + fb],
    [a + fa, b - fb],
    [a + fa, b + fb],
  ];
}

/** Another element type. */
export function castValues(x: HostArray, dtype: DType): HostArray | undefined {
  const { fuzz } = x;
  if (fuzz === undefined) return arrayOf(dtype, x.shape, x.data);
  if (dtype.startsWith("float") || dtype === "bfloat16") {
    const epsilon = epsilonOf(dtype);
    const off = x.data.map((value, i) => (fuzzAt(x, i) === 0 ? 0 : fuzzAt(x, i) + Math.abs(value) * epsilon));
    return arrayOf(dtype, x.shape, x.data, off);
  }
  // Cutting off the fraction jumps at whole numbers.
  const isNear = (value: number, at: number): boolean =>
    0 < fuzzAt(x, at) && (dtype === "bool" ? zero(value) : whole(value)) <= fuzzAt(x, at);
  return x.data.some(isNear) ? undefined : arrayOf(dtype, x.shape, x.data);
}

/** Each value kept within bounds. */
export function clampValues(
  x: HostArray,
  low: number | undefined,
  high: number | undefined,
  dtype: DType,
): HostArray | undefined {
  const data = x.data.map((value) => Math.min(Math.max(value, low ?? -Infinity), high ?? Infinity));
  return arrayOf(dtype, x.shape, data, x.fuzz);
}

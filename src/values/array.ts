import type { DType } from "../shape/dim.ts";

/**
 * A small tensor with known values, row-major; booleans are 0 and 1. `fuzz`: by how much each value may differ from what
 * a library computes whose order of rounding is its own; absent: all are exact.
 */
export interface HostArray {
  readonly shape: readonly number[];
  readonly data: readonly number[];
  readonly fuzz?: readonly number[];
}

/**
 * The one number that an array holds; undefined if it holds more, or if a last bit that is not sure would decide what
 * is made of it (`int` cuts 2.9999999 off to 2).
 */
export function onlyNumber(array: HostArray): number | undefined {
  const [value] = array.data;
  if (value === undefined || array.data.length !== 1) return undefined;
  return sureAt(array, 0);
}

/** The value at a flat position if code that reads it surely does the same as with the library's own. */
export function sureAt(array: HostArray, at: number): number | undefined {
  const value = array.data[at];
  if (value === undefined) return undefined;
  const fuzz = fuzzAt(array, at);
  return fuzz === 0 || fuzz < Math.abs(value - Math.round(value)) ? value : undefined;
}

export function fuzzAt(array: HostArray, at: number): number {
  return array.fuzz?.[at] ?? 0;
}

/** An array of values that have their type already. */
export function held(shape: readonly number[], data: readonly number[], fuzz?: readonly number[]): HostArray {
  return fuzz?.some((each) => 0 < each) ? { shape, data, fuzz } : { shape, data };
}

/** Larger tensors have no known values: they are data, not design. */
export const MAX_ELEMENTS = 65_536;

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

/** Elements between neighbours along each axis. */
export function stridesOf(shape: readonly number[]): readonly number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let i = shape.length - 2; 0 <= i; i--) strides[i] = (strides[i + 1] ?? 1) * (shape[i + 1] ?? 1);
  return strides;
}

/** The number as that element type holds it; undefined where it has no such value (a whole number past 2^53). */
export function stored(dtype: DType, value: number): number | undefined {
  switch (dtype) {
    case "float64":
      return value;
    case "float32":
      return Math.fround(value);
    case "float16":
      return rounded(Math.fround(value), 11, -24, 65_504);
    case "bfloat16":
      return rounded(Math.fround(value), 8, -133, 3.3895313892515355e38);
    case "bool":
      return value === 0 ? 0 : 1;
    case "int64":
      return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? Math.trunc(value) + 0 : undefined;
    case "int32":
      return Number.isFinite(value) ? Math.trunc(value) | 0 : undefined;
    case "int16":
      return wrapped(value, 16);
    case "int8":
      return wrapped(value, 8);
    case "uint8":
      return Number.isFinite(value) ? ((Math.trunc(value) % 256) + 256) % 256 : undefined;
    default:
      return undefined;
  }
}

/** How far one rounded step of a function may be off, relative to its result. */
export function epsilonOf(dtype: DType | undefined): number {
  switch (dtype) {
    case "float64":
      return 8.9e-16;
    case "float16":
      return 2e-3;
    case "bfloat16":
      return 1.6e-2;
    default:
      return 4.8e-7;
  }
}

/** Rounds to the nearest of a format with so many significant bits, ties to even; past the largest it is infinite. */
function rounded(value: number, bits: number, least: number, largest: number): number {
  if (value === 0 || !Number.isFinite(value)) return value;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(value))) - bits + 1, least);
  const unit = 2 ** exponent;
  const made = nearestEven(value / unit) * unit;
  return largest < Math.abs(made) ? Math.sign(made) * Infinity : made;
}

/** The nearest whole number, ties to even, as `round` does in torch, numpy and Python. */
export function nearestEven(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  const made = rest < 0.5 ? low : 0.5 < rest || low % 2 !== 0 ? low + 1 : low;
  return made === 0 ? value * 0 : made;
}

function wrapped(value: number, bits: number): number | undefined {
  if (!Number.isFinite(value)) return undefined;
  const range = 2 ** bits;
  const low = ((Math.trunc(value) % range) + range) % range;
  return low < range / 2 ? low : low - range;
}

/** An array of a type from numbers that may not fit it yet. */
export function arrayOf(
  dtype: DType,
  shape: readonly number[],
  values: readonly number[],
  fuzz?: readonly number[],
): HostArray | undefined {
  if (MAX_ELEMENTS < values.length) return undefined;
  const data: number[] = [];
  for (const value of values) {
    const held = stored(dtype, value);
    if (held === undefined) return undefined;
    data.push(held);
  }
  return held(shape, data, fuzz);
}

/** For each element of a shape, the flat position of the element of an operand that broadcasts to it. */
export function broadcastPositions(from: readonly number[], to: readonly number[]): readonly number[] {
  const strides = stridesOf(from);
  const first = to.length - from.length;
  return positions(to, (axis) => ((from[axis - first] ?? 1) === 1 ? 0 : (strides[axis - first] ?? 0)));
}

/** Flat positions of a shape's elements in order, where a step along an axis is so long. */
export function positions(shape: readonly number[], stride: (axis: number) => number, offset = 0): readonly number[] {
  let made: number[] = [offset];
  shape.forEach((length, axis) => {
    const step = stride(axis);
    const next: number[] = [];
    for (const at of made) for (let i = 0; i < length; i++) next.push(at + i * step);
    made = next;
  });
  return made;
}

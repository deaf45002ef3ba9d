import type { Plane } from "./class-map.ts";

/** What a tensor can be looked at as; of a batch, its first example. */
export type Pictured =
  /** A map for each channel; of a volume, its middle slice. */
  | { readonly kind: "maps"; readonly maps: readonly Plane[] }
  /** One map of two axes that are no places: tokens and features, channels and time. */
  | { readonly kind: "matrix"; readonly matrix: Plane }
  /** A number for each channel. */
  | { readonly kind: "vector"; readonly values: Float32Array }
  | { readonly kind: "none" };

/** @param data row-major, in PyTorch's axis order */
export function picturedOf(shape: readonly number[], data: Float32Array): Pictured {
  const [, channels = 0, ...places] = shape;
  if (data.length === 0) return { kind: "none" };
  const size = places.reduce((a, b) => a * b, 1);
  if (shape.length === 1) return { kind: "vector", values: data };
  if (size === 1) return { kind: "vector", values: data.subarray(0, channels) };
  const [height = 0, width = 0] = places.slice(-2);
  if (shape.length === 3)
    return { kind: "matrix", matrix: { height: channels, width: size, data: data.subarray(0, channels * size) } };
  if (5 < shape.length) return { kind: "none" };
  const slice = shape.length === 5 ? Math.floor((places[0] ?? 1) / 2) * height * width : 0;
  const maps = Array.from({ length: channels }, (_, channel) => {
    const from = channel * size + slice;
    return { height, width, data: data.subarray(from, from + height * width) };
  });
  return { kind: "maps", maps };
}

export interface Range {
  readonly low: number;
  readonly high: number;
}

export interface Moments extends Range {
  readonly mean: number;
  /** Of the population. */
  readonly deviation: number;
  /** Share of elements that are exactly 0. */
  readonly zeros: number;
}

export function momentsOf(data: Float32Array): Moments {
  let [low, high, sum, zeros] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (const x of data) {
    if (x < low) low = x;
    if (high < x) high = x;
    if (x === 0) zeros++;
    sum += x;
  }
  const mean = sum / data.length;
  let squares = 0;
  for (const x of data) squares += (x - mean) ** 2;
  return { low, high, mean, deviation: Math.sqrt(squares / data.length), zeros: zeros / data.length };
}

/** From the least of all ranges to the greatest. */
export function unionOf(ranges: readonly Range[]): Range {
  const low = Math.min(...ranges.map((range) => range.low));
  return { low, high: Math.max(...ranges.map((range) => range.high)) };
}

/** Where a value stands between the ends, 0 to 1; where there are negative values, 0 stands in the middle. */
export function shareOf(value: number, { low, high }: Range): number {
  if (!Number.isFinite(value)) return value === Number.POSITIVE_INFINITY ? 1 : 0;
  if (low < 0) {
    const most = Math.max(-low, high);
    return 0.5 + value / most / 2;
  }
  // Values that are never negative are told from 0.
  return high === 0 ? 0 : value / high;
}

import type { Read } from "./execute.ts";

/** How a tensor's elements are spread. */
export interface Histogram {
  /** Where the first bin begins and the last one ends. */
  readonly low: number;
  readonly high: number;
  /** Elements in each of the equally wide bins; the last one has the upper end too. */
  readonly counts: readonly number[];
  readonly size: number;
  /** Elements that are exactly 0. */
  readonly zeros: number;
  /** Elements that are NaN or infinite; they are in no bin. */
  readonly wild: number;
  /** Length of the second axis; undefined where there is none. */
  readonly channels: number | undefined;
  /** Channels (0-based) that are 0 everywhere, for every example. */
  readonly dead: readonly number[];
}

/** Over all elements, from the least finite one to the greatest. */
export function histogramOf({ shape, data }: Read, bins: number): Histogram {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let zeros = 0;
  let wild = 0;
  for (const x of data) {
    if (!Number.isFinite(x)) wild++;
    else {
      if (x === 0) zeros++;
      if (x < low) low = x;
      if (high < x) high = x;
    }
  }
  const counts = new Array<number>(bins).fill(0);
  if (high < low) low = high = 0;
  const width = high - low;
  for (const x of data) {
    if (!Number.isFinite(x)) continue;
    const bin = width === 0 ? 0 : Math.min(bins - 1, Math.floor(((x - low) / width) * bins));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { low, high, counts, size: data.length, zeros, wild, channels: shape[1], dead: deadChannels(shape, data) };
}

function deadChannels(shape: readonly number[], data: Float32Array): readonly number[] {
  const channels = shape[1];
  if (channels === undefined || data.length === 0) return [];
  const inner = shape.slice(2).reduce((a, b) => a * b, 1);
  const alive = new Uint8Array(channels);
  for (let i = 0; i < data.length; i++) if (data[i] !== 0) alive[Math.floor(i / inner) % channels] = 1;
  return [...alive.keys()].filter((channel) => alive[channel] === 0);
}

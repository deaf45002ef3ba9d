import { fuzzAt, type HostArray, held, positions, sizeOf, stridesOf } from "./array.ts";
import { lazily } from "./lazy.ts";

/** Operators that only move known values: each gives, for every element of the result, the flat position of its source. */

function pick(x: HostArray, shape: readonly number[], from: () => readonly number[]): HostArray {
  const { fuzz } = x;
  const along = (list: readonly number[]): readonly number[] => {
    const made: number[] = [];
    for (const at of from()) made.push(list[at] ?? 0);
    return made;
  };
  return fuzz === undefined ? lazily(shape, () => along(x.data)) : held(shape, along(x.data), along(fuzz));
}

/** The same elements under another shape. */
export function reshaped(x: HostArray, shape: readonly number[]): HostArray | undefined {
  if (sizeOf(shape) !== sizeOf(x.shape)) return undefined;
  return x.fuzz === undefined ? lazily(shape, () => x.data) : { ...x, shape };
}

export function permuted(x: HostArray, axes: readonly number[]): HostArray {
  const strides = stridesOf(x.shape);
  const shape = axes.map((axis) => x.shape[axis] ?? 1);
  return pick(x, shape, () => positions(shape, (axis) => strides[axes[axis] ?? 0] ?? 0));
}

/** Elements from `start`, `step` apart, along every axis. */
export function strided(
  x: HostArray,
  shape: readonly number[],
  starts: readonly number[],
  steps: readonly number[],
): HostArray {
  const strides = stridesOf(x.shape);
  const offset = starts.reduce((sum, start, axis) => sum + start * (strides[axis] ?? 0), 0);
  return pick(x, shape, () =>
    sizeOf(shape) === 0 ? [] : positions(shape, (axis) => (strides[axis] ?? 0) * (steps[axis] ?? 1), offset),
  );
}

/** Elements of one axis by number, in the given order; the axis takes the place of `into`. */
export function taken(x: HostArray, axis: number, indices: readonly number[], into?: readonly number[]): HostArray {
  const length = x.shape[axis] ?? 1;
  const before = sizeOf(x.shape.slice(0, axis));
  const inner = sizeOf(x.shape.slice(axis + 1));
  return pick(x, [...x.shape.slice(0, axis), ...(into ?? [indices.length]), ...x.shape.slice(axis + 1)], () => {
    const from: number[] = [];
    for (let i = 0; i < before; i++)
      for (const index of indices) {
        const start = (i * length + (index < 0 ? index + length : index)) * inner;
        for (let k = 0; k < inner; k++) from.push(start + k);
      }
    return from;
  });
}

export function concatenated(parts: readonly HostArray[], axis: number): HostArray | undefined {
  const wide = parts.some((part) => 1 < part.shape.length);
  const kept = parts.filter((part) => !(wide && part.shape.length === 1 && part.shape[0] === 0));
  const [first] = kept;
  if (first === undefined) return parts[0];
  const before = sizeOf(first.shape.slice(0, axis));
  const along = (read: (part: HostArray, at: number) => number): readonly number[] => {
    const made: number[] = [];
    for (let i = 0; i < before; i++)
      for (const part of kept) {
        const run = sizeOf(part.shape.slice(axis));
        for (let k = 0; k < run; k++) made.push(read(part, i * run + k));
      }
    return made;
  };
  const dataOf = (): readonly number[] => along((part, at) => part.data[at] ?? 0);
  const length = kept.reduce((sum, part) => sum + (part.shape[axis] ?? 0), 0);
  const shape = first.shape.map((n, i) => (i === axis ? length : n));
  return kept.every(({ fuzz }) => fuzz === undefined) ? lazily(shape, dataOf) : held(shape, dataOf(), along(fuzzAt));
}

/** Repeats an array to a shape: along each axis the positions wrap around; an axis of length 1 is broadcast. */
export function tiled(x: HostArray, shape: readonly number[]): HostArray {
  const strides = stridesOf(x.shape);
  const first = shape.length - x.shape.length;
  return pick(x, shape, () => {
    let made: number[] = [0];
    shape.forEach((length, axis) => {
      const own = x.shape[axis - first] ?? 1;
      const stride = axis < first ? 0 : (strides[axis - first] ?? 0);
      const next: number[] = [];
      for (const at of made) for (let i = 0; i < length; i++) next.push(at + (own === 0 ? 0 : i % own) * stride);
      made = next;
    });
    return made;
  });
}

export function flipped(x: HostArray, axes: readonly number[]): HostArray {
  return strided(
    x,
    x.shape,
    x.shape.map((n, i) => (axes.includes(i) ? n - 1 : 0)),
    x.shape.map((_, i) => (axes.includes(i) ? -1 : 1)),
  );
}

export function rolled(x: HostArray, shifts: readonly number[], axes: readonly number[]): HostArray {
  return axes.reduce((array, axis, k) => {
    const n = x.shape[axis] ?? 1;
    const shift = shifts[k] ?? 0;
    return taken(
      array,
      axis,
      Array.from({ length: n }, (_, i) => (((i - shift) % n) + n) % n),
    );
  }, x);
}

/** Keeps the triangle where column - row lies on one side of `diagonal`; the rest is 0. */
export function triangle(x: HostArray, diagonal: number, lower: boolean): HostArray {
  const columns = x.shape.at(-1) ?? 1;
  const rows = x.shape.at(-2) ?? 1;
  const isKept = (at: number): boolean => {
    const offset = (at % columns) - (Math.floor(at / columns) % rows);
    return lower ? offset <= diagonal : diagonal <= offset;
  };
  const kept = (list: readonly number[]): readonly number[] => list.map((value, at) => (isKept(at) ? value : 0));
  return held(x.shape, kept(x.data), x.fuzz === undefined ? undefined : kept(x.fuzz));
}

/** The diagonal of two axes as a last axis. */
export function diagonalOf(x: HostArray, a: number, b: number, offset: number, shape: readonly number[]): HostArray {
  const strides = stridesOf(x.shape);
  const rest = x.shape.map((_, i) => i).filter((i) => i !== a && i !== b);
  const start = 0 < offset ? offset * (strides[b] ?? 0) : -offset * (strides[a] ?? 0);
  const steps = [...rest.map((i) => strides[i] ?? 0), (strides[a] ?? 0) + (strides[b] ?? 0)];
  return pick(x, shape, () => positions(shape, (axis) => steps[axis] ?? 0, start));
}

/** Elements at the positions that several index arrays of one shape name, along the axes at `axes`. */
export function indexed(
  x: HostArray,
  axes: readonly number[],
  indices: readonly (readonly number[])[],
  indexShape: readonly number[],
): HostArray | undefined {
  const strides = stridesOf(x.shape);
  const adjacent = axes.every((axis, i) => i === 0 || axis === (axes[i - 1] ?? 0) + 1);
  const rest = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const first = adjacent ? (axes[0] ?? 0) : 0;
  const [before, after] = [rest.filter((i) => adjacent && i < first), rest.filter((i) => !(adjacent && i < first))];
  const offsets: number[] = [];
  for (let k = 0; k < sizeOf(indexShape); k++) {
    let at = 0;
    for (const [j, axis] of axes.entries()) {
      const length = x.shape[axis] ?? 0;
      const index = indices[j]?.[k] ?? 0;
      if (index < -length || length <= index) return undefined;
      at += (index < 0 ? index + length : index) * (strides[axis] ?? 0);
    }
    offsets.push(at);
  }
  const along = (list: readonly number[]): readonly number[] =>
    positions(
      list.map((i) => x.shape[i] ?? 1),
      (k) => strides[list[k] ?? 0] ?? 0,
    );
  const lengths = (list: readonly number[]): readonly number[] => list.map((i) => x.shape[i] ?? 1);
  return pick(x, [...lengths(before), ...indexShape, ...lengths(after)], () => {
    const [outer, inner] = [along(before), along(after)];
    const from: number[] = [];
    for (const a of outer) for (const b of offsets) for (const c of inner) from.push(a + b + c);
    return from;
  });
}

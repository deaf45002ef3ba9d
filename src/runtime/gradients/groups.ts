import { product } from "../value.ts";

/** The elements of a tensor that are reduced to one, by number: those that differ in the given axes alone. */
export interface Groups {
  /** Of each element, row-major: the row-major number of its group over the other axes. */
  readonly of: Int32Array;
  readonly count: number;
  /** Elements in each. */
  readonly size: number;
}

export function groupsOf(shape: readonly number[], axes: readonly number[]): Groups {
  const kept = shape.map((_, axis) => !axes.includes(axis));
  const strides = shape.map(() => 0);
  let count = 1;
  for (let axis = shape.length - 1; 0 <= axis; axis--) {
    if (kept[axis] !== true) continue;
    strides[axis] = count;
    count *= shape[axis] ?? 1;
  }
  const total = product(shape);
  const of = new Int32Array(total);
  const width = shape.at(-1) ?? 1;
  const inner = strides.at(-1) ?? 0;
  const index = shape.map(() => 0);
  let from = 0;
  for (let start = 0; start < total; start += width) {
    for (let i = 0, at = from; i < width; i++, at += inner) of[start + i] = at;
    for (let axis = shape.length - 2; 0 <= axis; axis--) {
      const next = (index[axis] ?? 0) + 1;
      from += strides[axis] ?? 0;
      if (next < (shape[axis] ?? 0)) {
        index[axis] = next;
        break;
      }
      index[axis] = 0;
      from -= (strides[axis] ?? 0) * (shape[axis] ?? 0);
    }
  }
  return { of, count, size: count === 0 ? 0 : total / count };
}

/** Σ of f over the elements of each group, in float64. */
export function sumsOf({ of, count }: Groups, f: (i: number) => number): Float64Array {
  const sums = new Float64Array(count);
  for (let i = 0; i < of.length; i++) {
    const group = of[i] ?? 0;
    sums[group] = (sums[group] ?? 0) + f(i);
  }
  return sums;
}

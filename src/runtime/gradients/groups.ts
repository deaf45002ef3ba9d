import { eachRow, product } from "../value.ts";

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
  eachRow(shape, strides, (start, from, width, step) => {
    for (let i = 0, at = from; i < width; i++, at += step) of[start + i] = at;
  });
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

import type { DType } from "../shape/dim.ts";
import { arrayOf, epsilonOf, fuzzAt, type HostArray, held, positions, sizeOf, stridesOf } from "./array.ts";

/** Reductions of known values, and what runs along one axis. */

interface Lines {
  /** Flat positions of each group of elements that become one. */
  readonly groups: readonly (readonly number[])[];
  /** Lengths of what is left. */
  readonly shape: readonly number[];
}

/** The elements that are reduced together; axes counted from 0. */
function linesOf(shape: readonly number[], axes: readonly number[], keepdim: boolean): Lines {
  const strides = stridesOf(shape);
  const kept = shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const starts = positions(
    kept.map((i) => shape[i] ?? 1),
    (k) => strides[kept[k] ?? 0] ?? 0,
  );
  const inner = positions(
    axes.map((i) => shape[i] ?? 1),
    (k) => strides[axes[k] ?? 0] ?? 0,
  );
  return {
    groups: starts.map((start) => inner.map((at) => start + at)),
    shape: keepdim ? shape.map((n, i) => (axes.includes(i) ? 1 : n)) : kept.map((i) => shape[i] ?? 1),
  };
}

/** A sum that every order of adding gives: whole numbers (or such of a power of two) whose sum is held exactly. */
function sumOf(values: readonly number[], dtype: DType): readonly [sum: number, fuzz: number] {
  let sum = 0;
  let size = 0;
  for (const value of values) {
    sum += value;
    size += Math.abs(value);
  }
  const exact = dtype === "float32" ? 2 ** 24 : dtype === "float64" ? 2 ** 53 : 2 ** 8;
  const isFloat = dtype.startsWith("float") || dtype === "bfloat16";
  // A sixteenth is as good as one: design code adds halves and quarters.
  const even = values.every((value) => Number.isInteger(value * 16));
  if (!isFloat || values.length < 2 || (even && size * 16 < exact)) return [sum, 0];
  return [sum, size * epsilonOf(dtype) * Math.max(1, Math.log2(values.length))];
}

/** `mean`, `sum`, `prod`, `max`, `min`, `var`, `std`, `any`, `all`, `argmax`, `argmin`, `norm` of order 2. */
export function reducedValues(
  op: string,
  x: HostArray,
  axes: readonly number[],
  keepdim: boolean,
  dtype: DType,
  correction: number,
): HostArray | undefined {
  const { groups, shape } = linesOf(x.shape, axes, keepdim);
  const data: number[] = [];
  const off: number[] = [];
  for (const group of groups) {
    const values = group.map((at) => x.data[at] ?? 0);
    const one = reduceOne(
      op,
      values,
      dtype,
      group.map((at) => fuzzAt(x, at)),
      correction,
    );
    if (one === undefined) return undefined;
    data.push(one[0]);
    off.push(one[1]);
  }
  return arrayOf(dtype, shape, data, off);
}

function reduceOne(
  op: string,
  values: readonly number[],
  dtype: DType,
  off: readonly number[],
  correction: number,
): readonly [number, number] | undefined {
  const n = values.length;
  const fuzz = off.reduce((a, b) => Math.max(a, b), 0);
  const all = off.reduce((a, b) => a + b, 0);
  switch (op) {
    case "sum": {
      const [sum, own] = sumOf(values, dtype);
      return [sum, own + all];
    }
    case "mean": {
      if (n === 0) return undefined;
      const [sum, own] = sumOf(values, dtype);
      return [sum / n, (own + all) / n];
    }
    case "prod": {
      let product = 1;
      for (const value of values) product *= value;
      if (fuzz === 0 && values.every(Number.isInteger) && Math.abs(product) < 2 ** (dtype === "float32" ? 24 : 53))
        return [product, 0];
      return 0 < fuzz || !Number.isFinite(product) ? undefined : [product, Math.abs(product) * epsilonOf(dtype) * n];
    }
    case "max":
    case "min":
      if (n === 0 || values.some(Number.isNaN)) return undefined;
      return [values.reduce((a, b) => (op === "max" ? Math.max(a, b) : Math.min(a, b))), fuzz];
    case "argmax":
    case "argmin": {
      if (n === 0 || values.some(Number.isNaN)) return undefined;
      const best = values.reduce((a, b) => (op === "argmax" ? Math.max(a, b) : Math.min(a, b)));
      const near = values.filter((value) => Math.abs(value - best) <= 2 * fuzz);
      // Which of equal elements is found is the library's own choice.
      return 1 < near.length ? undefined : [values.indexOf(best), 0];
    }
    case "any":
    case "all":
      if (0 < fuzz) return undefined;
      return [Number(op === "any" ? values.some((v) => v !== 0) : values.every((v) => v !== 0)), 0];
    case "var":
    case "std":
    case "norm": {
      if (n === 0 || 0 < fuzz) return undefined;
      const mean = op === "norm" ? 0 : values.reduce((a, b) => a + b, 0) / n;
      const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      const made = op === "norm" ? Math.sqrt(squares) : squares / (n - correction);
      const result = op === "std" ? Math.sqrt(made) : made;
      return Number.isFinite(result) ? [result, Math.abs(result) * epsilonOf(dtype) * 4] : undefined;
    }
    default:
      return undefined;
  }
}

/** `cumsum` and `cumprod`: PyTorch adds up in double precision and rounds each result. */
export function cumulated(op: string, x: HostArray, axis: number, dtype: DType): HostArray | undefined {
  const { groups } = linesOf(x.shape, [axis], false);
  const data = [...x.data];
  if (x.fuzz !== undefined && op === "cumprod") return undefined;
  const off = x.data.map(() => 0);
  for (const group of groups) {
    let sum = op === "cumprod" ? 1 : 0;
    let fuzz = 0;
    for (const at of group) {
      const value = x.data[at] ?? 0;
      sum = op === "cumprod" ? sum * value : sum + value;
      fuzz += fuzzAt(x, at);
      data[at] = sum;
      off[at] = fuzz === 0 ? 0 : fuzz + Math.abs(sum) * epsilonOf(dtype);
    }
  }
  return arrayOf(dtype, x.shape, data, off);
}

/** Values and their positions in order along an axis; undefined where equal elements would leave the order open. */
export function sorted(
  x: HostArray,
  axis: number,
  descending: boolean,
  stable: boolean,
): readonly [values: HostArray, indices: HostArray | undefined] | undefined {
  const { groups } = linesOf(x.shape, x.shape.length === 0 ? [] : [axis], false);
  const data = [...x.data];
  const off = x.data.map(() => 0);
  const indices = x.data.map(() => 0);
  let open = false;
  for (const group of groups) {
    const fuzz = group.reduce((most, at) => Math.max(most, fuzzAt(x, at)), 0);
    const order = group.map((at, index) => ({ value: x.data[at] ?? 0, index }));
    if (order.some(({ value }) => Number.isNaN(value))) return undefined;
    order.sort((a, b) => (descending ? b.value - a.value : a.value - b.value) || a.index - b.index);
    order.forEach(({ value, index }, k) => {
      const at = group[k] ?? 0;
      const before = order[k - 1];
      if (before !== undefined && Math.abs(before.value - value) <= 2 * fuzz && (!stable || 0 < fuzz)) open = true;
      data[at] = value;
      off[at] = fuzz;
      indices[at] = index;
    });
  }
  return [held(x.shape, data, off), open ? undefined : { shape: x.shape, data: indices }];
}

/** Matrix products of known values, exact for whole numbers. */
export function product(a: HostArray, b: HostArray, dtype: DType): HostArray | undefined {
  if (a.shape.length === 0 || b.shape.length === 0 || 2 < a.shape.length || 2 < b.shape.length) return undefined;
  if (a.fuzz !== undefined || b.fuzz !== undefined) return undefined;
  const rows = a.shape.length === 1 ? 1 : (a.shape[0] ?? 0);
  const inner = a.shape.at(-1) ?? 0;
  const columns = b.shape.length === 1 ? 1 : (b.shape[1] ?? 0);
  if (sizeOf([rows, inner, columns]) > 1e6) return undefined;
  const data: number[] = [];
  const off: number[] = [];
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      const terms: number[] = [];
      for (let k = 0; k < inner; k++) terms.push((a.data[i * inner + k] ?? 0) * (b.data[k * columns + j] ?? 0));
      const [sum, fuzz] = sumOf(terms, dtype);
      data.push(sum);
      off.push(fuzz);
    }
  const shape = [...(a.shape.length === 1 ? [] : [rows]), ...(b.shape.length === 1 ? [] : [columns])];
  return arrayOf(dtype, shape, data, off);
}

/** The distinct values, the position of each element's value among them, and how often each occurs. */
interface Distinct {
  readonly values: readonly number[];
  readonly inverse: readonly number[];
  readonly counts: readonly number[];
}

/** The distinct values in ascending order; undefined where it is not sure which are equal. */
export function distinct(x: HostArray): Distinct | undefined {
  if (x.fuzz !== undefined || x.data.some(Number.isNaN)) return undefined;
  const values = [...new Set(x.data)].sort((a, b) => a - b);
  const at = new Map(values.map((value, i) => [value, i]));
  const counts = values.map(() => 0);
  const inverse = x.data.map((value) => {
    const i = at.get(value) ?? 0;
    counts[i] = (counts[i] ?? 0) + 1;
    return i;
  });
  return { values, inverse, counts };
}

/** Equal neighbours taken as one, in the order in which they stand. */
export function runsOf(x: HostArray): Distinct | undefined {
  if (x.fuzz !== undefined || x.data.some(Number.isNaN)) return undefined;
  const values: number[] = [];
  const counts: number[] = [];
  const inverse = x.data.map((value) => {
    if (values.at(-1) === value) counts[counts.length - 1] = (counts.at(-1) ?? 0) + 1;
    else {
      values.push(value);
      counts.push(1);
    }
    return values.length - 1;
  });
  return { values, inverse, counts };
}

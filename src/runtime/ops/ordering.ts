import { type Args, axis, flag, input, number, type Run } from "../args.ts";
import type { Value } from "../value.ts";
import { type Host, hosted, linesOf, ofHost } from "./host.ts";

/** Positions of a line's elements in ascending order, equal ones as they stand; NaN is the greatest, as in PyTorch. */
function ascending(line: readonly number[]): number[] {
  const rank = (value: number): number => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value);
  const order = line.map((_, i) => i);
  return order.sort((i, j) => compare(rank(line[i] ?? 0), rank(line[j] ?? 0)));
}

function descending(line: readonly number[]): number[] {
  const rank = (value: number): number => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value);
  const order = line.map((_, i) => i);
  return order.sort((i, j) => compare(rank(line[j] ?? 0), rank(line[i] ?? 0)));
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Values and positions that `choose` takes of each line along an axis. */
function chosen(x: Host, at: number, choose: (line: readonly number[]) => readonly number[]): readonly [Host, Host] {
  const { before, size, behind } = linesOf(x.shape, at);
  const picks: (readonly number[])[] = [];
  for (let b = 0; b < before; b++)
    for (let k = 0; k < behind; k++) {
      const line = Array.from({ length: size }, (_, i) => x.data[(b * size + i) * behind + k] ?? 0);
      picks.push(choose(line));
    }
  const count = picks[0]?.length ?? 0;
  const shape = x.shape.map((n, i) => (i === at ? count : n));
  const values = new Float64Array(before * count * behind);
  const places = new Float64Array(values.length);
  for (const [line, pick] of picks.entries()) {
    const [b, k] = [Math.floor(line / behind), line % behind];
    for (const [i, from] of pick.entries()) {
      const to = (b * count + i) * behind + k;
      places[to] = from;
      values[to] = x.data[(b * size + from) * behind + k] ?? 0;
    }
  }
  return [
    { shape, data: values, dtype: x.dtype },
    { shape, data: places, dtype: "int32" },
  ];
}

function orderOf(args: Args): (line: readonly number[]) => number[] {
  return flag(args, "descending") ? descending : ascending;
}

function axisOf(x: Value, args: Args): number {
  return axis({ axis: args.axis ?? -1 }, Math.max(1, x.shape.length));
}

const sort: Run = (inputs, args) => {
  const x = input(inputs, 0);
  return chosen(hosted(x), axisOf(x, args), orderOf(args)).map(ofHost);
};

const argsort: Run = (inputs, args) => {
  const x = input(inputs, 0);
  return [ofHost(chosen(hosted(x), axisOf(x, args), orderOf(args))[1])];
};

const topk: Run = (inputs, args) => {
  const x = input(inputs, 0);
  const order = flag(args, "largest", true) ? descending : ascending;
  return chosen(hosted(x), axisOf(x, args), (line) => order(line).slice(0, number(args, "k"))).map(ofHost);
};

/** One element of each line in ascending order; `keepdim` leaves the axis with length 1. */
function statistic(which: (size: number, args: Args) => number): Run {
  return (inputs, args) => {
    const x = input(inputs, 0);
    const at = axisOf(x, args);
    return chosen(hosted(x), at, (line) => ascending(line).slice(which(line.length, args)).slice(0, 1)).map((host) => {
      const shape = flag(args, "keepdim") ? host.shape : host.shape.filter((_, i) => i !== at);
      return ofHost({ ...host, shape });
    });
  };
}

export const ORDERING: Readonly<Record<string, Run>> = {
  sort,
  argsort,
  topk,
  kthvalue: statistic((_, args) => number(args, "k") - 1),
  median_with_indices: statistic((size) => Math.floor((size - 1) / 2)),
};

import { periodOf, type SignRun, signsOnClass } from "./piecewise.ts";
import { lcm, type Poly, polySymbols, pythonText } from "./poly.ts";

/** That a polynomial is 0, or is at least 0. */
export interface Condition {
  readonly kind: "zero" | "at-least-zero";
  readonly poly: Poly;
}

/** A number that conditions have in common if they are the same, and no others. */
export function numberOf(condition: Condition): number {
  const numbers = byPoly[condition.kind];
  const before = numbers.get(condition.poly);
  if (before !== undefined) return before;
  const text = `${condition.kind} ${pythonText(condition.poly)}`;
  const number = byText.get(text) ?? ++made;
  if (MAX_TEXTS < byText.size) byText.clear();
  byText.set(text, number);
  numbers.set(condition.poly, number);
  return number;
}

const byPoly = { zero: new WeakMap<Poly, number>(), "at-least-zero": new WeakMap<Poly, number>() };
const byText = new Map<string, number>();
let made = 0;
/** So that a long session does not grow without bound: a condition that is met again then counts as another one. */
const MAX_TEXTS = 20_000;

/** Sizes period·q + residue, q from `from` up to but not `to` (infinite for the last), at all of which it holds or fails. */
export interface Run {
  readonly residue: number;
  readonly from: number;
  readonly to: number;
  readonly holds: boolean;
}

/** One symbol's sizes by what happens at them; sizes that are not accepted stand in no run. Residues are 1..period. */
export interface Runs {
  readonly symbol: string;
  readonly period: number;
  readonly runs: readonly Run[];
}

/** Sizes whose denominators have a larger common multiple are not decided by residues. */
const MAX_PERIOD = 4096;

/**
 * Where a condition in one symbol holds, over the sizes at which all of `given`, in the same symbol, hold. Without a
 * condition all accepted sizes count as holding. Undefined past {@link MAX_PERIOD} or where the form cannot be decided.
 */
export function runsOf(
  condition: Condition | undefined,
  given: readonly Condition[],
  symbol: string,
): Runs | undefined {
  const all = condition === undefined ? given : [condition, ...given];
  const key = `${condition === undefined ? "" : "?"}${all.map(numberOf).join()} ${symbol}`;
  if (known.has(key)) return known.get(key);
  const runs = newRuns(all, symbol, condition !== undefined);
  if (MAX_KNOWN < known.size) known.clear();
  known.set(key, runs);
  return runs;
}

const known = new Map<string, Runs | undefined>();
/** So that a long session does not grow without bound. */
const MAX_KNOWN = 1000;

function newRuns(all: readonly Condition[], symbol: string, asked: boolean): Runs | undefined {
  const period = all.map(({ poly }) => periodOf(poly, symbol)).reduce(lcm, 1);
  if (!(period <= MAX_PERIOD)) return undefined;
  const runs: Run[] = [];
  for (let residue = 1; residue <= period; residue++) {
    const signs = signsOnClass(
      all.map(({ poly }) => poly),
      period,
      residue,
    );
    if (signs === undefined) return undefined;
    addRuns(runs, residue, all, signs, asked);
  }
  return { symbol, period, runs };
}

function addRuns(
  runs: Run[],
  residue: number,
  all: readonly Condition[],
  signs: readonly (readonly SignRun[])[],
  asked: boolean,
): void {
  const starts = [...new Set([0, ...signs.flatMap((list) => list.map(({ from }) => from))])].sort((a, b) => a - b);
  for (const [i, from] of starts.entries()) {
    const to = starts[i + 1] ?? Number.POSITIVE_INFINITY;
    const held = all.map(({ kind }, j) => holds(kind, signAt(signs[j] ?? [], from)));
    const accepted = (asked ? held.slice(1) : held).every((h) => h);
    if (!accepted) continue;
    const here = asked ? held[0] === true : true;
    const before = runs.at(-1);
    if (before?.residue === residue && before.to === from && before.holds === here) {
      runs[runs.length - 1] = { ...before, to };
    } else runs.push({ residue, from, to, holds: here });
  }
}

function holds(kind: Condition["kind"], sign: number): boolean {
  return kind === "zero" ? sign === 0 : 0 <= sign;
}

function signAt(runs: readonly SignRun[], q: number): number {
  let sign = 0;
  for (const run of runs) {
    if (q < run.from) break;
    sign = run.sign;
  }
  return sign;
}

/**
 * Several demands, each over the sizes that reach it, as one: a size fails where any fails, and holds where all hold.
 * Undefined where the common period is too long.
 */
export function together(all: readonly Runs[]): Runs | undefined {
  const symbol = all[0]?.symbol;
  const period = all.map((one) => one.period).reduce(lcm, 1);
  if (symbol === undefined || !(period <= MAX_PERIOD)) return undefined;
  const byResidue = all.map(({ runs: own }) => {
    const lists = new Map<number, Run[]>();
    for (const run of own) lists.set(run.residue, [...(lists.get(run.residue) ?? []), run]);
    return lists;
  });
  const runs: Run[] = [];
  for (let residue = 1; residue <= period; residue++) {
    const lists = all.map((one, i) => {
      const own = ((residue - 1) % one.period) + 1;
      const [by, off] = [period / one.period, (residue - own) / one.period];
      const point = (q: number): number => Math.max(0, Math.ceil((q - off) / by));
      return (byResidue[i]?.get(own) ?? []).map((run) => ({ ...run, from: point(run.from), to: point(run.to) }));
    });
    const points = [...new Set([0, ...lists.flat().flatMap(({ from, to }) => [from, to])])].filter(Number.isFinite);
    points.sort((a, b) => a - b);
    for (const [i, from] of points.entries()) {
      const to = points[i + 1] ?? Number.POSITIVE_INFINITY;
      const here = lists.map((list) => list.find((run) => run.from <= from && from < run.to)?.holds);
      if (!here.includes(false) && here.includes(undefined)) continue;
      const holds = !here.includes(false);
      const before = runs.at(-1);
      if (before?.residue === residue && before.to === from && before.holds === holds)
        runs[runs.length - 1] = { ...before, to };
      else runs.push({ residue, from, to, holds });
    }
  }
  return { symbol, period, runs };
}

/** The only symbol of a condition; undefined if it has none or several. */
export function onlySymbol({ poly }: Condition): string | undefined {
  const symbols = polySymbols(poly);
  if (symbols.size !== 1) return undefined;
  for (const name of symbols) return name;
  return undefined;
}

/** The sizes in the runs, ascending; undefined if there are more than `limit`. */
export function listSizes({ period, runs }: Runs, limit: number): readonly number[] | undefined {
  const sizes: number[] = [];
  for (const { residue, from, to } of runs) {
    if (limit < sizes.length + to - from) return undefined;
    for (let q = from; q < to; q++) sizes.push(period * q + residue);
  }
  return sizes.sort((a, b) => a - b);
}

/** The size in the runs that is nearest to `near` (the smaller of two), or the smallest. */
export function nearestSize({ period, runs }: Runs, near: number | undefined): number | undefined {
  let best: number | undefined;
  for (const { residue, from, to } of runs) {
    const wanted = near === undefined ? 0 : Math.floor((near - residue) / period);
    for (const q of [wanted, wanted + 1]) {
      const size = period * Math.max(from, Math.min(q, to - 1)) + residue;
      if (best === undefined || closer(size, best, near ?? 0)) best = size;
    }
  }
  return best;
}

function closer(size: number, than: number, near: number): boolean {
  const a = Math.abs(size - near);
  const b = Math.abs(than - near);
  return a < b || (a === b && size < than);
}

import { type Text, t } from "../text/text.ts";
import { conditionOf, conditionsOf, holdsAt, isRefuted, onesOf, runsUnder } from "./decide.ts";
import { type Guard, guardSymbols } from "./guard.ts";
import { nearestSize, onlySymbol, type Run, type Runs, together } from "./residues.ts";
import { evaluate, printUser, symbolsOf } from "./size.ts";
import { connected, witness } from "./witness.ts";

/** For which sizes a demand fails. */
export interface Failure {
  /** A clause: "fails for odd H", "fails except for H = 57–88". */
  readonly text: Text;
  /** Accepted sizes at which it fails, of every symbol that takes part. */
  readonly example: ReadonlyMap<string, number>;
  /** Both sides at the example (of an `at-least`: the value and the bound). */
  readonly left: number;
  readonly right: number;
  /** Accepted sizes at which it holds. */
  readonly holds?: ReadonlyMap<string, number>;
  /** Where it was decided exactly: what happens at which sizes of the one symbol. */
  readonly runs?: Runs;
}

/**
 * Failures of several demands as a reader takes them: those in the same symbol are one, of all sizes at which any fails;
 * the others stand once each.
 */
export function joinFailures(failures: readonly Failure[], near: ReadonlyMap<string, number>): readonly Failure[] {
  const groups = new Map<string, Failure[]>();
  for (const failure of failures) {
    const key = failure.runs?.symbol ?? JSON.stringify(failure.text);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [failure]);
    else group.push(failure);
  }
  const distance = ({ example }: Failure): number =>
    [...example].reduce((sum, [name, size]) => sum + Math.abs(size - (near.get(name) ?? 0)), 0);
  return [...groups.values()].flatMap((group) => {
    const [nearest, ...more] = group.toSorted((a, b) => distance(a) - distance(b));
    const all = group.flatMap(({ runs }) => runs ?? []);
    if (nearest === undefined || all.length < 2) return nearest ?? [];
    const runs = together(all);
    return runs === undefined
      ? [nearest, ...more.filter(({ text }) => JSON.stringify(text) !== JSON.stringify(nearest.text))]
      : { ...nearest, text: patternText(runs, nearest.example), runs };
  });
}

/** More intervals or residues than this are not read by anyone: an example says more. */
const MAX_LISTED = 6;
/** Sizes tried for a symbol that does not decide. */
const MAX_OTHER = 600;
/** Sizes outside of the pattern that are looked at, to be named as an interval or as "below". */
const MAX_IRREGULAR = 4096;

/**
 * Where a demand fails, over the sizes that `given` accepts, with the failing example nearest to `near` (else the
 * smallest). Undefined if no failing size is found.
 */
export function describeFailure(
  guard: Guard,
  near: ReadonlyMap<string, number>,
  given: readonly Guard[] = [],
): Failure | undefined {
  const condition = conditionOf(guard);
  const conditions = conditionsOf(given);
  if (conditions.some(isRefuted)) return undefined;
  const related = connected(condition, conditions);
  const symbol = onlySymbol(condition);
  const separate = symbol !== undefined && related.every((other) => onlySymbol(other) === symbol);
  const runs = separate ? runsUnder(condition, related) : undefined;
  if (symbol === undefined || runs === undefined) {
    const example = witness(condition, related, false, near);
    return example === undefined
      ? undefined
      : failureAt(guard, conditionText(guard), example, witness(condition, related, true, near), given);
  }
  const at = (holds: boolean): ReadonlyMap<string, number> | undefined => {
    const some = { ...runs, runs: runs.runs.filter((run) => run.holds === holds) };
    const size = nearestSize(some, near.get(symbol));
    return size === undefined ? undefined : new Map([[symbol, size]]);
  };
  const example = at(false);
  if (example === undefined || holdsAt(guard, example)) return undefined;
  const failure = failureAt(guard, patternText(runs, example), example, at(true), given);
  return failure && { ...failure, runs };
}

function failureAt(
  guard: Guard,
  text: Text,
  example: ReadonlyMap<string, number>,
  holds: ReadonlyMap<string, number> | undefined,
  given: readonly Guard[],
): Failure | undefined {
  const left = evaluate(guard.kind === "at-least" ? guard.value : guard.left, example);
  const right = guard.kind === "at-least" ? guard.bound : evaluate(guard.right, example);
  // A side whose symbols cancel out of the condition has no value there: any accepted size shows it.
  if (left === undefined || right === undefined) {
    const sides = guard.kind === "at-least" ? [guard.value] : [guard.left, guard.right];
    const missing = sides.flatMap((side) => [...symbolsOf(side)]).filter((name) => !example.has(name));
    if (missing.length === 0) return undefined;
    const complete = withOthers(example, missing, given);
    return complete && failureAt(guard, text, complete, holds, given);
  }
  return { text, example, left, right, ...(holds === undefined ? {} : { holds }) };
}

/** The example with one size for the other symbols: the smallest that is accepted with it. */
function withOthers(
  example: ReadonlyMap<string, number>,
  others: readonly string[],
  given: readonly Guard[],
): ReadonlyMap<string, number> | undefined {
  for (let size = 1; size <= MAX_OTHER; size++) {
    const env = new Map([...example, ...others.map((name) => [name, size] as const)]);
    const counted = given.filter((guard) => [...guardSymbols(guard)].every((name) => env.has(name)));
    if (counted.every((guard) => holdsAt(guard, env))) return env;
  }
  return undefined;
}

/** For several symbols the demand itself says it best. */
function conditionText(guard: Guard): Text {
  if (guard.kind === "at-least") return t("fails where {0} is below {1}", printUser(guard.value), guard.bound);
  const [left, right] = [printUser(guard.left), printUser(guard.right)];
  const ones = guard.kind === "broadcast" ? onesOf(guard) : [];
  const [one] = ones;
  if (one === undefined) return t("fails unless {0} = {1}", left, right);
  return ones.length === 1
    ? t("fails unless {0} = {1} or {2} = 1", left, right, printUser(one))
    : t("fails unless {0} = {1} or one is 1", left, right);
}

/** In words at which sizes of one symbol it fails. */
function patternText(runs: Runs, example: ReadonlyMap<string, number>): Text {
  const { symbol } = runs;
  const base = basePattern(runs);
  const irregular = irregularSizes(runs, base);
  const plain = t("fails for some {0}, such as {1}", symbol, example.get(symbol) ?? 0);
  if (base === undefined || irregular === undefined) return plain;
  const { also, except, firstHold, firstFail } = irregular;
  const lastAlso = also.at(-1);
  const lastExcept = except.at(-1);
  const below = lastAlso !== undefined && firstHold !== undefined && lastAlso < firstHold ? firstHold : undefined;
  if (base.text === undefined) {
    if (base.fails(1)) {
      if (lastExcept === undefined) return t("fails for every {0}", symbol);
      if (firstFail !== undefined && lastExcept < firstFail) return t("fails for {0} above {1}", symbol, lastExcept);
      const list = intervals(except);
      return list === undefined ? plain : t("fails except for {0} = {1}", symbol, list);
    }
    if (below !== undefined) return t("fails for {0} below {1}", symbol, below);
    const list = intervals(also);
    return list === undefined ? plain : t("fails for {0} = {1}", symbol, list);
  }
  let text = base.text;
  if (below !== undefined) text = t("{0} and for {1} below {2}", text, symbol, below);
  else if (also.length !== 0) {
    const list = intervals(also);
    if (list === undefined) return plain;
    text = t("{0} and for {1} = {2}", text, symbol, list);
  }
  if (except.length === 0) return text;
  const list = intervals(except);
  return list === undefined ? plain : t("{0}, except for {1} = {2}", text, symbol, list);
}

/** What happens at all large sizes. Without `text` it is the same at all of them. */
interface Pattern {
  readonly text: Text | undefined;
  readonly fails: (size: number) => boolean;
}

function basePattern({ symbol, period, runs }: Runs): Pattern | undefined {
  const last = runs.filter(({ to }) => to === Number.POSITIVE_INFINITY);
  for (let by = 1; by <= period; by++) {
    if (period % by !== 0) continue;
    const failing = new Set<number>();
    const holding = new Set<number>();
    for (const { residue, holds } of last) (holds ? holding : failing).add(residue % by);
    if ([...failing].some((r) => holding.has(r))) continue;
    if (holding.size === 0) return { text: undefined, fails: () => failing.size !== 0 };
    if (failing.size === 0) return { text: undefined, fails: () => false };
    return residuePattern(symbol, by, failing, holding);
  }
  return undefined;
}

function residuePattern(
  symbol: string,
  by: number,
  failing: ReadonlySet<number>,
  holding: ReadonlySet<number>,
): Pattern | undefined {
  const isFailing = (size: number): boolean => failing.has(size % by);
  const isNotHolding = (size: number): boolean => !holding.has(size % by);
  if (by === 2) {
    return {
      text: failing.has(1) ? t("fails for odd {0}", symbol) : t("fails for even {0}", symbol),
      fails: isFailing,
    };
  }
  if (holding.size === 1 && holding.has(0)) {
    return { text: t("fails for {0} not divisible by {1}", symbol, by), fails: isNotHolding };
  }
  if (failing.size === 1 && failing.has(0)) {
    return { text: t("fails for {0} divisible by {1}", symbol, by), fails: isFailing };
  }
  const bad = intervals([...failing].sort((a, b) => a - b));
  const good = intervals([...holding].sort((a, b) => a - b));
  if (good !== undefined && (bad === undefined || good.length < bad.length)) {
    return { text: t("fails unless {0} % {1} is {2}", symbol, by, good), fails: isNotHolding };
  }
  return bad === undefined ? undefined : { text: t("fails where {0} % {1} is {2}", symbol, by, bad), fails: isFailing };
}

/** Sizes at which it is not as the pattern says, and the smallest at which it holds and fails. */
function irregularSizes(
  { period, runs }: Runs,
  base: Pattern | undefined,
):
  | {
      readonly also: readonly number[];
      readonly except: readonly number[];
      readonly firstHold: number | undefined;
      readonly firstFail: number | undefined;
    }
  | undefined {
  if (base === undefined) return undefined;
  const also: number[] = [];
  const except: number[] = [];
  for (const { residue, from, to, holds } of runs) {
    if (base.fails(residue) !== holds) continue;
    const list = holds ? except : also;
    // The pattern says what happens in the end, so what it does not say ends.
    if (MAX_IRREGULAR < list.length + to - from) return undefined;
    for (let q = from; q < to; q++) list.push(period * q + residue);
  }
  const first = (wanted: boolean): number | undefined =>
    nearestSize({ symbol: "", period, runs: runs.filter((run: Run) => run.holds === wanted) }, undefined);
  return {
    also: also.sort((a, b) => a - b),
    except: except.sort((a, b) => a - b),
    firstHold: first(true),
    firstFail: first(false),
  };
}

/** Ascending numbers as `1, 3, 57–88`; undefined if that would be long. */
function intervals(numbers: readonly number[]): string | undefined {
  const parts: { from: number; to: number }[] = [];
  for (const n of numbers) {
    const before = parts.at(-1);
    if (before !== undefined && before.to === n - 1) before.to = n;
    else parts.push({ from: n, to: n });
    if (MAX_LISTED < parts.length) return undefined;
  }
  return parts
    .map(({ from, to }) => (from === to ? String(from) : to === from + 1 ? `${from}, ${to}` : `${from}–${to}`))
    .join(", ");
}

import { boundsOf } from "./bounds.ts";
import { type Guard, guardKey } from "./guard.ts";
import { substitutePoly, symbolPoly } from "./normal-form.ts";
import { periodOf } from "./piecewise.ts";
import {
  addPoly,
  commonFactors,
  constantPoly,
  content,
  isGivenUp,
  monomial,
  type Poly,
  polySymbols,
  scalePoly,
  withoutCommon,
} from "./poly.ts";
import { type Condition, listSizes, numberOf, onlySymbol, type Runs, runsOf } from "./residues.ts";
import { evaluate, mul, polyOf, type Size, sizeEquals, sub } from "./size.ts";
import { connected, witness } from "./witness.ts";

/**
 * For every size, for none, for some and not for others: each of these is proven. Else it cannot be decided, and
 * nothing may be claimed.
 */
export type Verdict = "always" | "never" | "sometimes" | "unknown";

/** Combinations of residues of several symbols, at most; ceil(H/32)·ceil(W/32) has 1024. */
const MAX_CLASSES = 2048;
/** A symbol that earlier operators leave at most so many sizes is decided size by size. */
const MAX_PINNED = 64;

/** Whether two sizes are equal, over the sizes that `given` accepts. */
export function decideEqual(a: Size, b: Size, given: readonly Guard[] = []): Verdict {
  if (typeof a === "number" && typeof b === "number") return a === b ? "always" : "never";
  if (sizeEquals(a, b)) return "always";
  return decideSize("zero", sub(a, b), given);
}

/** Whether a size is at least a bound, over the sizes that `given` accepts. */
export function decideAtLeast(value: Size, bound: number, given: readonly Guard[] = []): Verdict {
  if (typeof value === "number") return bound <= value ? "always" : "never";
  return decideSize("at-least-zero", sub(value, bound), given);
}

/** Whether a demand on sizes holds, over the sizes that `given` accepts. */
export function decideGuard(guard: Guard, given: readonly Guard[] = []): Verdict {
  switch (guard.kind) {
    case "equal":
      return decideEqual(guard.left, guard.right, given);
    case "broadcast":
      return decideSize("zero", misfit(guard), given);
    case "at-least":
      return decideAtLeast(guard.value, guard.bound, given);
  }
}

/** Whether a demand holds at known sizes; false where it cannot be evaluated. */
export function holdsAt(guard: Guard, env: ReadonlyMap<string, number>): boolean {
  if (guard.kind !== "at-least") {
    const left = evaluate(guard.left, env);
    const right = evaluate(guard.right, env);
    if (left === undefined || right === undefined) return false;
    if (left === right || guard.kind === "equal") return left === right;
    return right === 1 || (left === 1 && guard.into !== true);
  }
  const value = evaluate(guard.value, env);
  return value !== undefined && guard.bound <= value;
}

/** Those of the sizes `tried` of one symbol, `tied` symbols equal to it and the others as in `env`, where every demand holds. */
export function sizesSatisfying(
  guards: readonly Guard[],
  symbol: string,
  tied: readonly string[],
  env: ReadonlyMap<string, number>,
  tried: readonly number[],
): readonly number[] {
  const at = new Map(env);
  const distinct = [...new Map(guards.map((guard) => [guardKey(guard), guard])).values()];
  return tried.filter((n) => {
    for (const name of [symbol, ...tied]) at.set(name, n);
    return distinct.every((guard) => holdsAt(guard, at));
  });
}

/** What demands say, each once: the blocks of a stage make the same ones. For this folder only. */
export function conditionsOf(guards: readonly Guard[]): readonly Condition[] {
  const found = new Map<number, Condition>();
  for (const guard of guards) {
    const condition = conditionOf(guard);
    const number = numberOf(condition);
    if (!found.has(number)) found.set(number, condition);
  }
  return [...found.values()];
}

/** A demand as a condition on one polynomial; for this folder only. */
export function conditionOf(guard: Guard): Condition {
  const before = conditions.get(guard);
  if (before !== undefined) return before;
  const made = newCondition(guard);
  conditions.set(guard, made);
  return made;
}

const conditions = new WeakMap<Guard, Condition>();

function newCondition(guard: Guard): Condition {
  switch (guard.kind) {
    case "equal":
      return { kind: "zero", poly: polyOf(sub(guard.left, guard.right)) };
    case "broadcast":
      return { kind: "zero", poly: polyOf(misfit(guard)) };
    case "at-least":
      return { kind: "at-least-zero", poly: polyOf(sub(guard.value, guard.bound)) };
  }
}

/** A size that is 0 exactly where two lengths are equal or one of them that may be is 1. */
function misfit(guard: BroadcastGuard): Size {
  return onesOf(guard).reduce((product, side) => mul(product, sub(side, 1)), sub(guard.left, guard.right));
}

type BroadcastGuard = Extract<Guard, { readonly kind: "broadcast" }>;

/** The lengths that are broadcast where they are 1, and may be; for this folder only. */
export function onesOf({ left, right, into }: BroadcastGuard): readonly Size[] {
  return (into ? [right] : [left, right]).filter((side) => decideEqual(side, 1) !== "never");
}

/**
 * Where a condition in one symbol holds, over the sizes that the conditions in that symbol alone accept; for this
 * folder only. Undefined where it cannot be decided, also if only a condition of `given` cannot.
 */
export function runsUnder(condition: Condition, given: readonly Condition[]): Runs | undefined {
  const symbol = onlySymbol(condition);
  if (symbol === undefined) return undefined;
  return runsOf(
    condition,
    given.filter((other) => onlySymbol(other) === symbol),
    symbol,
  );
}

function decideSize(kind: Condition["kind"], size: Size, given: readonly Guard[]): Verdict {
  const poly = polyOf(size);
  if (isGivenUp(poly)) return "unknown";
  const conditions = conditionsOf(given);
  const asked = { kind, poly };
  const key = [asked, ...conditions].map(numberOf).join();
  const before = verdicts.get(key);
  if (before !== undefined) return before;
  const verdict = decide(asked, conditions);
  if (MAX_VERDICTS < verdicts.size) verdicts.clear();
  verdicts.set(key, verdict);
  return verdict;
}

const verdicts = new Map<string, Verdict>();
/** So that a long session does not grow without bound. */
const MAX_VERDICTS = 20_000;

function decide(asked: Condition, given: readonly Condition[]): Verdict {
  if (given.some(isRefuted)) return "unknown";
  const condition = { kind: asked.kind, poly: withoutPositive(asked.poly) };
  const quick = byBounds(condition);
  if (quick !== undefined) return quick;
  const related = connected(condition, given);
  const own = onlySymbol(condition);
  if (own === undefined || related.some((other) => onlySymbol(other) === undefined)) {
    const pinned = firstPinned([condition, ...related], related);
    if (pinned !== undefined) return decidePinned(condition, related, pinned.symbol, pinned.sizes);
  }
  if (own === undefined) return decideTied(condition, related) ?? decideSeveral(condition, related);
  const runs = runsUnder(condition, related) ?? runsUnder(condition, []);
  if (runs === undefined) return bySamples(condition, related);
  if (runs.runs.length === 0) return "unknown";
  const some = runs.runs.some(({ holds }) => holds);
  const all = runs.runs.every(({ holds }) => holds);
  if (all) return "always";
  if (!some) return "never";
  // What was left out of the runs can only accept fewer sizes: then examples have to show both.
  const exact = runsUnder(condition, related) !== undefined && related.every((other) => onlySymbol(other) === own);
  return exact ? "sometimes" : bySamples(condition, related);
}

/** Whether the condition holds for no size at all, as is plain from limits; for this folder only. */
export function isRefuted(condition: Condition): boolean {
  return byBounds(condition) === "never";
}

/** A factor that is never below 1 changes neither a zero nor a sign. */
function withoutPositive(p: Poly): Poly {
  const positive = commonFactors([p]).filter(
    (atom) => 1 <= boundsOf({ terms: [{ coef: 1, monomial: monomial([atom]) }], constant: 0 }).low,
  );
  return positive.length === 0 ? p : withoutCommon(p, positive);
}

/** What limits that hold everywhere prove, or divisibility: 512·h·w is never 1000. */
function byBounds({ kind, poly }: Condition): Verdict | undefined {
  const { low, high } = boundsOf(poly);
  if (kind === "at-least-zero") return 0 <= low ? "always" : high < 0 ? "never" : undefined;
  if (low === 0 && high === 0) return "always";
  if (0 < low || high < 0) return "never";
  return poly.terms.length !== 0 && poly.constant % content(poly) !== 0 ? "never" : undefined;
}

/** Where an earlier demand ties one symbol to the others, `H = W + 12`, it is decided in the others alone. */
function decideTied(condition: Condition, given: readonly Condition[]): Verdict | undefined {
  for (const tie of given) {
    const term = tie.kind === "zero" ? tie.poly.terms.find((one) => isTie(one, tie.poly)) : undefined;
    const atom = term?.monomial.factors[0];
    if (term === undefined || atom?.kind !== "symbol") continue;
    const rest = { terms: tie.poly.terms.filter((one) => one !== term), constant: tie.poly.constant };
    const value = scalePoly(rest, -term.coef);
    const put = ({ kind, poly }: Condition): Condition | undefined => {
      const made = substitutePoly(poly, (name) => (name === atom.name ? value : undefined));
      return made === undefined || isGivenUp(made) ? undefined : { kind, poly: made };
    };
    const asked = put(condition);
    const others = given.filter((other) => other !== tie).map(put);
    if (asked === undefined || others.includes(undefined)) return undefined;
    const isSize: Condition = { kind: "at-least-zero", poly: addPoly(value, constantPoly(-1)) };
    return decide(asked, [isSize, ...others.filter((other) => other !== undefined)]);
  }
  return undefined;
}

/** A bare symbol, once or minus once, that stands nowhere else in the sum. */
function isTie(term: Poly["terms"][number], poly: Poly): boolean {
  const { factors } = term.monomial;
  const [atom] = factors;
  if (atom?.kind !== "symbol" || factors.length !== 1 || Math.abs(term.coef) !== 1) return false;
  return !polySymbols({ terms: poly.terms.filter((one) => one !== term), constant: 0 }).has(atom.name);
}

function decideSeveral(condition: Condition, given: readonly Condition[]): Verdict {
  const symbols = [...polySymbols(condition.poly)];
  if (symbols.length === 0) return byBounds(condition) ?? "unknown";
  const accepted = new Map<string, Runs>();
  for (const symbol of symbols) {
    const own = given.filter((other) => onlySymbol(other) === symbol);
    const runs = own.length === 0 ? undefined : runsOf(undefined, own, symbol);
    if (runs === undefined) continue;
    if (runs.runs.length === 0) return "unknown";
    accepted.set(symbol, runs);
  }
  const sampled = bySamples(condition, given);
  return sampled === "unknown" ? byClasses(condition, symbols, accepted) : sampled;
}

/** A symbol that the conditions in it alone leave few sizes, and these. */
function firstPinned(
  conditions: readonly Condition[],
  given: readonly Condition[],
): { readonly symbol: string; readonly sizes: readonly number[] } | undefined {
  for (const symbol of new Set(conditions.flatMap(({ poly }) => [...polySymbols(poly)]))) {
    const own = given.filter((other) => onlySymbol(other) === symbol);
    const runs = own.length === 0 ? undefined : runsOf(undefined, own, symbol);
    const sizes = runs === undefined ? undefined : listSizes(runs, MAX_PINNED);
    if (sizes !== undefined) return { symbol, sizes };
  }
  return undefined;
}

function decidePinned(
  condition: Condition,
  given: readonly Condition[],
  symbol: string,
  sizes: readonly number[],
): Verdict {
  const found = new Set<Verdict>();
  for (const size of sizes) {
    const pin = (c: Condition): Condition | undefined => {
      const poly = substitutePoly(c.poly, (name) => (name === symbol ? constantPoly(size) : undefined));
      return poly === undefined ? undefined : { kind: c.kind, poly };
    };
    const pinned = pin(condition);
    const rest = given.map(pin);
    if (pinned === undefined || rest.includes(undefined)) return "unknown";
    const others = rest.filter((c) => c !== undefined);
    if (others.some(isRefuted)) continue;
    found.add(decide(pinned, others));
    if (found.has("unknown")) return "unknown";
  }
  if (found.size === 1) for (const verdict of found) return verdict;
  return found.size === 0 ? "unknown" : "sometimes";
}

/**
 * Proves "always" or "never" on all combinations of residues, on each of which the condition is one polynomial. A
 * polynomial that is not 0 everywhere is not 0 at all sizes, so `always` for a zero needs the zero polynomial.
 */
function byClasses(
  condition: Condition,
  symbols: readonly string[],
  accepted: ReadonlyMap<string, Runs>,
): "always" | "never" | "unknown" {
  const axes: { readonly symbol: string; readonly period: number; readonly residues: readonly number[] }[] = [];
  let classes = 1;
  for (const symbol of symbols) {
    const period = periodOf(condition.poly, symbol);
    const runs = accepted.get(symbol);
    if (!(period <= MAX_CLASSES)) return "unknown";
    const residues = Array.from({ length: period }, (_, i) => i + 1).filter((r) => canBe(r, period, runs));
    axes.push({ symbol, period, residues });
    classes *= residues.length;
    if (MAX_CLASSES < classes) return "unknown";
  }
  const found = new Set<Verdict | undefined>();
  for (let index = 0; index < classes; index++) {
    const values = new Map<string, Poly>();
    let left = index;
    for (const { symbol, period, residues } of axes) {
      const residue = residues[left % residues.length] ?? 1;
      left = Math.floor(left / residues.length);
      // Written over a number of at least 1, as symbols are, so that the rules of the normal form stay true.
      values.set(symbol, addPoly(scalePoly(symbolPoly(symbol), period), constantPoly(residue - period)));
    }
    const poly = substitutePoly(condition.poly, (name) => values.get(name));
    if (poly === undefined || isGivenUp(poly)) return "unknown";
    found.add(byBounds({ kind: condition.kind, poly }));
    if (1 < found.size || found.has(undefined)) return "unknown";
  }
  return found.has("always") ? "always" : found.has("never") ? "never" : "unknown";
}

/** Whether some accepted size has the residue. */
function canBe(residue: number, period: number, runs: Runs | undefined): boolean {
  if (runs === undefined || period % runs.period !== 0) return true;
  return runs.runs.some((run) => (residue - run.residue) % runs.period === 0);
}

/** Two accepted examples prove "sometimes"; samples prove nothing else. */
function bySamples(condition: Condition, given: readonly Condition[]): "sometimes" | "unknown" {
  const fails = witness(condition, given, false, new Map());
  if (fails === undefined) return "unknown";
  return witness(condition, given, true, new Map()) === undefined ? "unknown" : "sometimes";
}

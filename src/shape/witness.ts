import { evaluatePoly } from "./normal-form.ts";
import { polySymbols } from "./poly.ts";
import type { Condition } from "./residues.ts";

/** Square inputs are tried up to this size. */
const MAX_SQUARE = 600;
/** Other sizes are combined from these: small ones, and common ones with their neighbours. */
const SAMPLES: readonly number[] = [
  ...Array.from({ length: 12 }, (_, i) => i + 1),
  ...[16, 17, 31, 32, 33, 48, 56, 64, 65, 96, 128, 224, 225, 256, 299, 320, 512],
];
/** Combinations tried, at most: enough for all pairs of samples. */
const MAX_COMBINATIONS = 1200;

/** Those conditions that share a symbol with the first, directly or through each other. */
export function connected(condition: Condition, given: readonly Condition[]): readonly Condition[] {
  const symbols = new Set(polySymbols(condition.poly));
  const found: Condition[] = [];
  let rest = given.filter(({ poly }) => poly.terms.length !== 0);
  for (let before = -1; before !== found.length; ) {
    before = found.length;
    rest = rest.filter((other) => {
      const names = polySymbols(other.poly);
      if (![...names].some((name) => symbols.has(name))) return true;
      for (const name of names) symbols.add(name);
      found.push(other);
      return false;
    });
  }
  return found;
}

/**
 * Sizes of all symbols involved at which the given conditions hold and the condition holds (`wanted` true) or fails:
 * the nearest to `near` of those tried, else the smallest. Undefined if none was found, which proves nothing.
 */
export function witness(
  condition: Condition,
  given: readonly Condition[],
  wanted: boolean,
  near: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> | undefined {
  const names = new Set([condition, ...given].flatMap(({ poly }) => [...polySymbols(poly)]));
  const symbols = [...names];
  let best: { readonly env: ReadonlyMap<string, number>; readonly distance: number } | undefined;
  for (const env of candidates(symbols, near)) {
    let distance = 0;
    for (const [name, size] of env) distance += Math.abs(size - (near.get(name) ?? 0));
    if (best !== undefined && best.distance <= distance) continue;
    if (!given.every((other) => met(other, env) === true) || met(condition, env) !== wanted) continue;
    best = { env, distance };
    // Without a wish any example will do, and the first are the smallest.
    if (near.size === 0) break;
  }
  return best?.env;
}

/** Whether the condition is met at known sizes; undefined where it has no value there. */
function met({ kind, poly }: Condition, env: ReadonlyMap<string, number>): boolean | undefined {
  const value = evaluatePoly(poly, env);
  return value === undefined ? undefined : kind === "zero" ? value === 0 : 0 <= value;
}

function* candidates(
  symbols: readonly string[],
  near: ReadonlyMap<string, number>,
): Generator<ReadonlyMap<string, number>> {
  for (let size = 1; size <= MAX_SQUARE; size++) yield new Map(symbols.map((name) => [name, size]));
  const lists = symbols.map((name) => {
    const at = near.get(name);
    return at === undefined ? SAMPLES : [at, at + 1, ...(1 < at ? [at - 1] : []), ...SAMPLES];
  });
  const total = Math.min(
    MAX_COMBINATIONS,
    lists.reduce((product, list) => product * list.length, 1),
  );
  for (let index = 0; index < total; index++) {
    let left = index;
    yield new Map(
      symbols.map((name, i) => {
        const list = lists[i] ?? SAMPLES;
        const size = list[left % list.length] ?? 1;
        left = Math.floor(left / list.length);
        return [name, size];
      }),
    );
  }
}

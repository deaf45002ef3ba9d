import { polySymbols } from "./poly.ts";
import type { Condition } from "./residues.ts";
import { type Samples, samplesFor, valueAt } from "./samples.ts";

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
  const symbols = [...new Set([condition, ...given].flatMap(({ poly }) => [...polySymbols(poly)]))];
  const samples = samplesFor(symbols, near);
  for (const [at, sizes] of samples.sizes.entries()) {
    if (isMet(samples, condition, at) !== wanted) continue;
    if (given.every((other) => isMet(samples, other, at) === true))
      return new Map(symbols.map((name, i) => [name, sizes[i] ?? 1]));
  }
  return undefined;
}

/** Whether the condition is met at a sample; undefined where it has no value there. */
function isMet(samples: Samples, { kind, poly }: Condition, at: number): boolean | undefined {
  const value = valueAt(samples, poly, at);
  return Number.isNaN(value) ? undefined : kind === "zero" ? value === 0 : 0 <= value;
}

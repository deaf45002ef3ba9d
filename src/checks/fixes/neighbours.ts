import type { CallExpr } from "../../core/core.ts";
import type { Dim } from "../../shape/dim.ts";
import type { Place } from "../../text/span.ts";
import { around, within } from "../code.ts";
import { type Context, placeKey } from "../context.ts";
import { placed } from "../origins.ts";
import type { Candidate } from "./candidate.ts";
import { exchange } from "./exchange.ts";

/** Places on the way of a number that are tried. */
const MOST_PLACES = 5;

/** Two arguments, or two items, side by side in the wrong order: where the numbers that do not fit were handed on. */
export function swapNeighbours(context: Context, dims: readonly (Dim | undefined)[], rank: number) {
  const places = dims.flatMap((dim) => placed(dim).slice(0, MOST_PLACES));
  const seen = new Set<string>();
  return places.flatMap(({ place }, depth) =>
    swapsAround(context, place, rank + depth).filter((one) => {
      const key = one.edits.map((edit) => placeKey(edit.place)).join();
      return !seen.has(key) && seen.add(key);
    }),
  );
}

/** The argument or item that holds a place, swapped with the one before and the one after. */
function swapsAround(context: Context, place: Place, rank: number): readonly Candidate[] {
  const module = context.input.module(place.file);
  if (module === undefined) return [];
  for (const node of around(module, place.span).toReversed()) {
    const parts =
      node.kind === "call" ? positional(node) : node.kind === "list" ? node.items.map(({ value }) => value.span) : [];
    const at = parts.findIndex((span) => within(place.span, span));
    if (at < 0) continue;
    return [at - 1, at].flatMap((left, i) => exchange(context, place, [parts[left], parts[left + 1]], rank + i));
  }
  return [];
}

function positional({ args }: CallExpr) {
  return args.filter(({ keyword, star }) => keyword === undefined && star === undefined).map(({ value }) => value.span);
}

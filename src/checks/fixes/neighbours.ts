import type { CallExpr } from "../../core/core.ts";
import type { Dim } from "../../shape/dim.ts";
import type { Place } from "../../text/span.ts";
import { t } from "../../text/text.ts";
import { around, within } from "../code.ts";
import { type Context, placeKey } from "../context.ts";
import { placed } from "../origins.ts";
import { type Candidate, candidate } from "./candidate.ts";

/** Places on the way of a number that are tried, and characters of what is swapped. */
const MOST_PLACES = 5;
const LONGEST = 80;

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
  const source = context.input.source(place.file);
  const line = context.line(place);
  if (module === undefined || source === undefined || line === undefined) return [];
  for (const node of around(module, place.span).toReversed()) {
    const parts =
      node.kind === "call" ? positional(node) : node.kind === "list" ? node.items.map(({ value }) => value.span) : [];
    const at = parts.findIndex((span) => within(place.span, span));
    if (at < 0) continue;
    return [at - 1, at].flatMap((left, i) => {
      const [a, b] = [parts[left], parts[left + 1]];
      if (a === undefined || b === undefined) return [];
      const [first, second] = [a, b].map(({ start, end }) => source.slice(start, end));
      if (first === undefined || second === undefined || first === second) return [];
      if (LONGEST < first.length + second.length) return [];
      return [
        candidate(rank + i, t("Swap {0} and {1} (line {2})", first, second, line), [
          { place: { file: place.file, span: a }, text: second },
          { place: { file: place.file, span: b }, text: first },
        ]),
      ];
    });
  }
  return [];
}

function positional({ args }: CallExpr) {
  return args.filter(({ keyword, star }) => keyword === undefined && star === undefined).map(({ value }) => value.span);
}

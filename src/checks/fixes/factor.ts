import type { Dim, Origin } from "../../shape/dim.ts";
import { t } from "../../text/text.ts";
import type { Context } from "../context.ts";
import { type Candidate, candidate } from "./candidate.ts";

/** Parts of a number's origin that are looked at, at most. */
const MOST_PARTS = 40;

/** A number that is a product, too large or too small by a whole factor: a literal in it is changed by that. */
export function scaleLiteral(context: Context, dim: Dim | undefined, to: number, rank: number): readonly Candidate[] {
  const from = dim?.size;
  if (typeof from !== "number" || from === to) return [];
  const seen = new Set<string>();
  return literals(dim?.origin, 0).flatMap(({ place }) => {
    const source = place === undefined ? undefined : context.input.source(place.file);
    const line = place === undefined ? undefined : context.line(place);
    if (place === undefined || source === undefined || line === undefined) return [];
    const text = source.slice(place.span.start, place.span.end);
    const value = (Number(text) * to) / from;
    const key = `${place.file}:${place.span.start}`;
    if (!/^\d+$/.test(text) || !Number.isInteger(value) || value < 1 || seen.has(key)) return [];
    seen.add(key);
    return [
      candidate(rank, t("Replace {0} by {1} (line {2})", text, String(value), line), [{ place, text: String(value) }]),
    ];
  });
}

/** Literals that are multiplied into a number. */
function literals(origin: Origin | undefined, depth: number): readonly Origin[] {
  if (origin === undefined || MOST_PARTS < depth) return [];
  if (origin.kind === "literal") return [origin];
  if (origin.kind === "computed" && origin.label !== "*") return [];
  return origin.from.flatMap((part) => literals(part, depth + 1));
}

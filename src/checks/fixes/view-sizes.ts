import { t } from "../../text/text.ts";
import { callAt } from "../code.ts";
import type { Context } from "../context.ts";
import { type Candidate, candidate } from "./candidate.ts";
import type { Spot } from "./spots.ts";

/** A view, a reshape or an expansion into sizes that do not fit: one of them is left to be counted, or is missing. */
export function countSize(context: Context, spots: readonly Spot[], rank: number): readonly Candidate[] {
  return spots.slice(0, 1).flatMap(({ place, module, source }) => {
    const call = callAt(module, place.span);
    const line = context.line(place);
    if (call?.callee.kind !== "attribute" || !VIEWS.has(call.callee.name) || line === undefined) return [];
    const [only, ...more] = call.args;
    const items = only !== undefined && more.length === 0 && only.value.kind === "list" ? only.value.items : call.args;
    const sizes = items.map(({ value }) => value);
    const [last] = sizes.slice(-1);
    if (last === undefined) return [];
    const text = (span: { readonly start: number; readonly end: number }): string => source.slice(span.start, span.end);
    if (sizes.some(({ span }) => text(span) === "-1")) return [];
    const end = { start: last.span.end, end: last.span.end };
    return [
      candidate(rank, t("Add a size of {0} (line {1})", "-1", line), [
        { place: { file: place.file, span: end }, text: ", -1" },
      ]),
      ...sizes
        .toReversed()
        .map((size, i) =>
          candidate(rank + 1 + i, t("Replace {0} by {1} (line {2})", text(size.span), "-1", line), [
            { place: { file: place.file, span: size.span }, text: "-1" },
          ]),
        ),
    ];
  });
}

const VIEWS: ReadonlySet<string> = new Set(["view", "reshape", "expand", "unflatten"]);

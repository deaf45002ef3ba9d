import { t } from "../../text/text.ts";
import type { Context } from "../context.ts";
import { type Candidate, candidate } from "./candidate.ts";
import { type Spot, siblingsOf } from "./spots.ts";

/** Two statements side by side that stand in the wrong order: the one that fails, and the next or the one before. */
export function swapStatements(context: Context, spots: readonly Spot[], rank: number): readonly Candidate[] {
  return spots.flatMap(({ place, source, fn, stmt }, depth) => {
    const siblings = siblingsOf(fn.body, stmt);
    const at = siblings.indexOf(stmt);
    return [siblings[at + 1], siblings[at - 1]].flatMap((other, i) => {
      if (other === undefined || other.kind === "return" || stmt.kind === "return") return [];
      const [first, second] = other.span.start < stmt.span.start ? [other, stmt] : [stmt, other];
      const [above, below] = [first, second].map(({ span }) => context.line({ file: place.file, span }));
      if (second.span.start < first.span.end || above === undefined || below === undefined) return [];
      const [a, b] = [first, second].map(({ span }) => source.slice(span.start, span.end));
      if (a === undefined || b === undefined || a === b) return [];
      return [
        candidate(
          rank + depth + i,
          t("Swap the statements of line {0} and line {1}", above, below),
          [
            { place: { file: place.file, span: first.span }, text: b },
            { place: { file: place.file, span: second.span }, text: a },
          ],
          { guess: true },
        ),
      ];
    });
  });
}

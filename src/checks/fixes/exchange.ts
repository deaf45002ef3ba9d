import type { Place, Span } from "../../text/span.ts";
import { t } from "../../text/text.ts";
import type { Context } from "../context.ts";
import { type Candidate, candidate } from "./candidate.ts";
import { brief } from "./edits.ts";

/** Characters of two parts that may change places: of more, one is the rest of the model. */
const LONGEST = 1000;

/** Two parts of one file change places; `at` is the line that the title names. */
export function exchange(
  context: Context,
  at: Place,
  [first, second]: readonly [Span | undefined, Span | undefined],
  rank: number,
): readonly Candidate[] {
  const { file } = at;
  const source = context.input.source(file);
  const line = context.line(at);
  if (source === undefined || line === undefined || first === undefined || second === undefined) return [];
  const [left, right] = [source.slice(first.start, first.end), source.slice(second.start, second.end)];
  if (left === right || LONGEST < left.length + right.length) return [];
  return [
    candidate(rank, t("Swap {0} and {1} (line {2})", brief(left), brief(right), line), [
      { place: { file, span: first }, text: right },
      { place: { file, span: second }, text: left },
    ]),
  ];
}

import type { CallExpr, Expr, ReturnStmt } from "../../core/core.ts";
import { t } from "../../text/text.ts";
import { callsIn, classAt, method, within } from "../code.ts";
import type { Context } from "../context.ts";
import { type Candidate, candidate } from "./candidate.ts";
import { brief } from "./edits.ts";
import { feeding, type Spot } from "./spots.ts";
import { functionsIn, statementsIn } from "./statement.ts";

/** Calls of one function whose result may be several, at most. */
const MOST_CALLS = 3;
/** Returns of a file that may give too much, at most. */
const MOST_RETURNS = 4;

/** Several tensors stand where one belongs: the first is taken where they come from, or alone given back. */
export function takeFirst(context: Context, spots: readonly Spot[], rank: number): readonly Candidate[] {
  return spots.flatMap((spot, depth) => [
    ...givers(spot).flatMap((call, i) => {
      const { place, source } = spot;
      const line = context.line({ file: place.file, span: call.span });
      const callee = source.slice(call.callee.span.start, call.callee.span.end);
      const end = { start: call.span.end, end: call.span.end };
      return line === undefined
        ? []
        : [
            candidate(rank + depth + i, t("Take the first of what {0} gives (line {1})", brief(callee), line), [
              { place: { file: place.file, span: end }, text: "[0]" },
            ]),
          ];
    }),
    ...returnedAlone(context, spot, rank + depth + 1),
  ]);
}

/** Calls that gave what the statement reads: in it, and where the names that it reads were last assigned. */
function givers({ fn, stmt, place, self }: Spot): readonly CallExpr[] {
  const assigned = feeding({ fn, stmt }).flatMap(({ value }) => (value?.kind === "call" ? [value] : []));
  const inside = callsIn([stmt]).filter(
    ({ callee, span }) => isOwn(callee, self) && !within(place.span, span) && within(span, stmt.span),
  );
  return [...new Set([...inside, ...assigned])].slice(0, MOST_CALLS);
}

function isOwn(callee: Expr, self: string | undefined): boolean {
  return callee.kind === "attribute" && callee.object.kind === "name" && callee.object.name === self;
}

/** `return x, h` in the forward of the class that fails, which runs in a row with others of its own; or elsewhere in its file. */
function returnedAlone(context: Context, { module, place, source }: Spot, rank: number): readonly Candidate[] {
  const cls = classAt(module, place.span);
  const forward = cls === undefined ? undefined : method(cls, "forward")?.value;
  const all = [...(forward === undefined ? [] : [forward]), ...functionsIn(module.body)];
  return [...new Set(all)]
    .flatMap(({ body }) => statementsIn(body))
    .filter((stmt): stmt is ReturnStmt => stmt.kind === "return")
    .flatMap(({ value }) => {
      const [first] = value?.kind === "list" && value.type === "tuple" ? value.items : [];
      const line = value === undefined ? undefined : context.line({ file: place.file, span: value.span });
      if (value === undefined || first === undefined || line === undefined) return [];
      const text = source.slice(first.value.span.start, first.value.span.end);
      return [
        candidate(rank, t("Return {0} alone (line {1})", brief(text), line), [
          { place: { file: place.file, span: value.span }, text },
        ]),
      ];
    })
    .slice(0, MOST_RETURNS);
}

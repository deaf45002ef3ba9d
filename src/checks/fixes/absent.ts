import type { AssignStmt } from "../../core/core.ts";
import { t } from "../../text/text.ts";
import { attributeOf, callsIn, classAt, method } from "../code.ts";
import type { Context } from "../context.ts";
import { type Candidate, candidate } from "./candidate.ts";
import { lastName } from "./layer-call.ts";
import type { Spot } from "./spots.ts";
import { statementsIn } from "./statement.ts";

/** A layer that is None and is called: a layer that hands on what comes stands in its place, as the file writes it. */
export function passThrough(context: Context, spots: readonly Spot[], rank: number): readonly Candidate[] {
  return spots.slice(0, 1).flatMap(({ place, module, source, fn, self }) => {
    const cls = classAt(module, place.span);
    const init = cls === undefined ? undefined : method(cls, "__init__")?.value;
    const call = callsIn(fn.body)
      .filter(({ span }) => span.start <= place.span.start && place.span.end <= span.end)
      .at(-1);
    const name = call === undefined || self === undefined ? undefined : attributeOf(call.callee, self);
    const prefix = prefixIn(context, source, module);
    if (init === undefined || name === undefined || prefix === undefined) return [];
    return statementsIn(init.body)
      .filter(
        (stmt): stmt is AssignStmt =>
          stmt.kind === "assign" && stmt.target.kind === "attribute" && stmt.target.name === name,
      )
      .flatMap(({ value }, i) => {
        const none = value?.kind === "conditional" ? [value.then, value.otherwise].find(isNone) : value;
        const line = none === undefined ? undefined : context.line({ file: place.file, span: none.span });
        if (none === undefined || !isNone(none) || line === undefined) return [];
        const text = `${prefix}Identity()`;
        return [
          candidate(rank + i, t("Replace {0} by {1} (line {2})", "None", text, line), [
            { place: { file: place.file, span: none.span }, text },
          ]),
        ];
      });
  });
}

function isNone(expr: NonNullable<AssignStmt["value"]>): boolean {
  return expr.kind === "constant" && expr.value === "none";
}

/** How the file writes the library of layers: by the first call of one. */
function prefixIn(context: Context, source: string, module: Spot["module"]): string | undefined {
  const call = callsIn(module.body).find(
    ({ callee }) => callee.kind === "attribute" && context.input.parameters?.(lastName(callee) ?? "") !== undefined,
  );
  return call?.callee.kind === "attribute"
    ? `${source.slice(call.callee.object.span.start, call.callee.object.span.end)}.`
    : undefined;
}

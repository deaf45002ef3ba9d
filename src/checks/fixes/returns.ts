import type { FunctionExpr } from "../../core/core.ts";
import { t } from "../../text/text.ts";
import { callsIn } from "../code.ts";
import type { Context } from "../context.ts";
import { type Candidate, candidate } from "./candidate.ts";
import { indentAt, lineBreak, lineEnd } from "./edits.ts";
import { lastName } from "./layer-call.ts";
import { namesBefore, type Spot } from "./spots.ts";
import { functionsIn, statementsIn } from "./statement.ts";

/** Functions that may lack their return, at most. */
const MOST_FUNCTIONS = 6;

/** Something is None that a function should have given: one that ends without a return gives what it bound last. */
export function restoreReturn(context: Context, spots: readonly Spot[], rank: number): readonly Candidate[] {
  const files = new Map(spots.map((spot) => [spot.place.file, spot] as const));
  const called = new Set(spots.flatMap(({ fn }) => callsIn(fn.body).flatMap(({ callee }) => lastName(callee) ?? [])));
  return [...files.values()].flatMap(({ module, source, place }, depth) =>
    functionsIn(module.body)
      .filter((fn) => (fn.name === "forward" || called.has(fn.name)) && givesNothing(fn))
      .slice(0, MOST_FUNCTIONS)
      .flatMap((fn, i) => {
        const last = fn.body.at(-1);
        const self = fn.params[0]?.name === "self" ? "self" : undefined;
        const [name] = namesBefore({ fn, self }, fn.span.end);
        const line = last === undefined ? undefined : context.line({ file: place.file, span: last.span });
        if (last === undefined || name === undefined || line === undefined) return [];
        const end = lineEnd(source, last.span.end);
        const text = `${lineBreak(source)}${indentAt(source, last.span.start)}return ${name}`;
        return [
          candidate(rank + depth + i, t("Return {0} after line {1}", name, line), [
            { place: { file: place.file, span: { start: end, end } }, text },
          ]),
        ];
      }),
  );
}

/** Computes something and has no return at all. */
function givesNothing(fn: FunctionExpr): boolean {
  if (fn.generator || fn.name === "__init__") return false;
  const all = statementsIn(fn.body);
  return all.every(({ kind }) => kind !== "return" && kind !== "raise") && all.some(({ kind }) => kind === "assign");
}

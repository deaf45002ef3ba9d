import type { Expr, FunctionExpr, Module } from "../../core/core.ts";
import { t } from "../../text/text.ts";
import { attributeOf, callAt, callsIn } from "../code.ts";
import type { Context, Run } from "../context.ts";
import type { Fault } from "../faults.ts";
import { type Candidate, candidate } from "./candidate.ts";
import { hasWeights, WEIGHTED } from "./own-layers.ts";
import { operandOf } from "./projection-in-block.ts";
import { assignmentsTo, functionAt, statementAt, statementsIn } from "./statement.ts";

/** Places in one function at which a layer may have been forgotten, at most. */
const MOST_PLACES = 4;

/**
 * A layer that an instance on the way has and never calls: it is called on what the refused operator is given, or where
 * a name is only given another name.
 */
export function callUncalled(context: Context, { node, run }: Fault, rank: number): readonly Candidate[] {
  return node.frames
    .filter(({ own, path }) => own && path !== undefined)
    .toReversed()
    .flatMap((frame, depth) => {
      const names = uncalledOf(run, frame.path ?? "");
      const module = names.length === 0 ? undefined : context.input.module(frame.place.file);
      const source = context.input.source(frame.place.file);
      const fn = module === undefined ? undefined : functionAt(module, frame.place.span);
      const self = fn?.params[0]?.name;
      if (module === undefined || source === undefined || fn === undefined || self === undefined) return [];
      const handed = callAt(module, frame.place.span)?.args[0]?.value;
      const operands = ([0, 1] as const).flatMap((i) => operandOf(module, frame.place.span, i) ?? []);
      const read = [...(handed === undefined || handed.kind === "call" ? [] : [handed]), ...operands];
      const places = [
        ...plainAssignments(fn),
        ...read.flatMap((expr) => lastAssigned(fn, source, expr) ?? []),
        ...read.filter((expr) => !isTarget(module, expr)),
      ];
      return names
        .filter((name) => !isCalled(fn, self, name))
        .slice(0, 2)
        .flatMap((name, i) =>
          [...new Set(places)].slice(0, MOST_PLACES).map((expr, at) => {
            const text = source.slice(expr.span.start, expr.span.end);
            const place = { file: frame.place.file, span: expr.span };
            const worth = hasWeights(run, frame.path, name) ? WEIGHTED : 0;
            return candidate(rank + depth + i + at - worth, t("Call {0}", `${self}.${name}`), [
              { place, text: `${self}.${name}(${text})` },
            ]);
          }),
        );
    });
}

/** Submodules that the run never called, nor anything in them, by their own names. */
function uncalledOf(run: Run, path: string): readonly string[] {
  const children = run.modules.get(path)?.children ?? [];
  return children.flatMap((child) => {
    const inside = [...run.modules.values()].filter((one) => one.path === child || one.path.startsWith(`${child}.`));
    return inside.some(({ calls }) => 0 < calls.length) ? [] : [child.split(".").at(-1) ?? ""];
  });
}

function isCalled(fn: FunctionExpr, self: string, name: string): boolean {
  return callsIn(fn.body).some(({ callee }) => attributeOf(callee, self) === name);
}

/** What the name that an expression reads was given last before it. */
function lastAssigned(fn: FunctionExpr, source: string, expr: Expr): Expr | undefined {
  const text = source.slice(expr.span.start, expr.span.end);
  return assignmentsTo(source, fn.body, text).findLast(
    ({ span, augmented }) => span.end <= expr.span.start && augmented !== true,
  )?.value;
}

/** Whether an operand is what `+=` writes to, and so cannot be a call. */
function isTarget(module: Module, expr: Expr): boolean {
  const stmt = statementAt(module, expr.span);
  return stmt?.kind === "assign" && stmt.augmented === true && stmt.target.span.start === expr.span.start;
}

/** `out = x`: what is given another name only. */
function plainAssignments(fn: FunctionExpr): readonly Expr[] {
  return statementsIn(fn.body).flatMap((stmt) =>
    stmt.kind === "assign" && stmt.value?.kind === "name" && stmt.target.kind === "name" ? [stmt.value] : [],
  );
}

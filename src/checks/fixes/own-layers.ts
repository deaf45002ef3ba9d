import type { CallExpr, Expr } from "../../core/core.ts";
import { t } from "../../text/text.ts";
import { around, attributeOf, callsIn, same } from "../code.ts";
import type { Context, Run } from "../context.ts";
import { type Candidate, candidate } from "./candidate.ts";
import { indentAt, lineBreak } from "./edits.ts";
import { namesBefore, type Spot, siblingsOf } from "./spots.ts";
import { statementsIn } from "./statement.ts";

/** Layers and places that are tried in one function, at most. */
const MOST_LAYERS = 3;
const MOST_PLACES = 4;

/** Layers that the object has and never calls, where something else is called or handed on: each may have been meant. */
export function callUncalledInstead(run: Run | undefined, spots: readonly Spot[], rank: number) {
  return spots.flatMap((spot, depth): readonly Candidate[] => {
    const { self, place, module, source } = spot;
    const names = uncalledIn(run, spot);
    const call = around(module, place.span).findLast((node): node is CallExpr => node.kind === "call");
    if (call === undefined || self === undefined) return [];
    const now = source.slice(call.callee.span.start, call.callee.span.end);
    return names
      .slice(0, MOST_LAYERS)
      .flatMap((name, i) =>
        now === `${self}.${name}` || /\s/.test(now)
          ? []
          : [
              candidate(rank + depth + i, t("Replace {0} by {1} (line {2})", now, `${self}.${name}`, spot.line), [
                { place: { file: place.file, span: call.callee.span }, text: `${self}.${name}` },
              ]),
            ],
      );
  });
}

/** A layer that is only named where it is to be called: on what the function has by then, through layers left out too. */
export function callNamed(context: Context, run: Run | undefined, spots: readonly Spot[], rank: number) {
  return spots.flatMap((spot, depth): readonly Candidate[] => {
    const { self, place, fn, source } = spot;
    if (self === undefined) return [];
    const idle = uncalledIn(run, spot);
    return statementsIn(fn.body)
      .filter(({ span }) => span.start <= place.span.end)
      .flatMap((stmt) =>
        stmt.kind === "assign" || stmt.kind === "return" || stmt.kind === "expression" ? (stmt.value ?? []) : [],
      )
      .flatMap((value) => namedIn(value, self, new Set(idle)))
      .toReversed()
      .slice(0, 2)
      .flatMap((named, at) => {
        const text = source.slice(named.span.start, named.span.end);
        const own = { file: place.file, span: named.span };
        const line = context.line(own);
        if (line === undefined) return [];
        const operands = namesBefore(spot, named.span.start).slice(0, 2);
        const through = idle.filter((name) => `${self}.${name}` !== text).slice(0, 1);
        const inner = operands.flatMap((name) => [name, ...through.map((layer) => `${self}.${layer}(${name})`)]);
        return inner.map((operand, i) =>
          candidate(rank + depth + at + i, t("Call {0} on {1} (line {2})", text, operand, line), [
            { place: own, text: `${text}(${operand})` },
          ]),
        );
      });
  });
}

/** A layer that is never called gets a statement of its own: before the one that fails, or one of those before that. */
export function insertCall(context: Context, run: Run | undefined, spots: readonly Spot[], rank: number) {
  return spots.flatMap((spot, depth): readonly Candidate[] => {
    const { self, path, place, fn, stmt, source } = spot;
    const names = self === undefined ? [] : uncalledIn(run, spot);
    const siblings = siblingsOf(fn.body, stmt);
    const before = siblings
      .slice(0, siblings.indexOf(stmt) + 1)
      .toReversed()
      .slice(0, MOST_PLACES);
    return names.slice(0, 2).flatMap((name, i) =>
      before.flatMap((at, back) => {
        const [variable] = namesBefore(spot, at.span.start);
        const line = context.line({ file: place.file, span: at.span });
        if (variable === undefined || line === undefined) return [];
        const { start } = at.span;
        const text = `${variable} = ${self}.${name}(${variable})${lineBreak(source)}${indentAt(source, start)}`;
        return [
          candidate(
            rank + depth + i + back - (hasWeights(run, path, name) ? WEIGHTED : 0),
            t("Call {0} before line {1}", `${self}.${name}`, line),
            [{ place: { file: place.file, span: { start, end: start } }, text }],
          ),
        ];
      }),
    );
  });
}

/** What it is worth that a layer with weights is left out. */
export const WEIGHTED = 4;

export function hasWeights(run: Run | undefined, path: string | undefined, name: string): boolean {
  const at = path === undefined || path === "" ? name : `${path}.${name}`;
  return 0 < (run?.modules.get(at)?.params ?? 0);
}

/** Layers of the instance that its run calls nowhere, and its function names nowhere as callee. */
function uncalledIn(run: Run | undefined, { path, fn, self }: Spot): readonly string[] {
  const children = path === undefined || self === undefined ? [] : (run?.modules.get(path)?.children ?? []);
  const called = new Set(callsIn(fn.body).flatMap(({ callee }) => attributeOf(callee, self ?? "") ?? []));
  return children.flatMap((child) => {
    const name = child.split(".").at(-1) ?? "";
    const inside = [...(run?.modules.values() ?? [])].filter(
      (one) => one.path === child || one.path.startsWith(`${child}.`),
    );
    return called.has(name) || inside.some(({ calls }) => 0 < calls.length) ? [] : [name];
  });
}

/** Idle layers of the object that an expression is, hands on or combines as they are. */
function namedIn(expr: Expr, self: string, idle: ReadonlySet<string>): readonly Expr[] {
  const own = attributeOf(expr, self);
  if (own !== undefined) return idle.has(own) ? [expr] : [];
  switch (expr.kind) {
    case "call":
      return [
        ...(expr.callee.kind === "attribute" && !same(expr.callee.object.span, expr.callee.span)
          ? namedIn(expr.callee.object, self, idle)
          : []),
        ...expr.args.flatMap(({ value }) => namedIn(value, self, idle)),
      ];
    case "binary":
      return [...namedIn(expr.left, self, idle), ...namedIn(expr.right, self, idle)];
    case "list":
      return expr.items.flatMap(({ value }) => namedIn(value, self, idle));
    default:
      return [];
  }
}

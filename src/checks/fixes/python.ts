import type { CallExpr, Expr, FunctionExpr, IfStmt, Module, Stmt } from "../../core/core.ts";
import type { Problem } from "../../eval/interp.ts";
import { t } from "../../text/text.ts";
import { around, classAt, method } from "../code.ts";
import { type Context, placeKey } from "../context.ts";
import { passThrough } from "./absent.ts";
import { otherAxes } from "./axes.ts";
import { type Candidate, candidate } from "./candidate.ts";
import { exchange } from "./exchange.ts";
import { fillNone } from "./fill-none.ts";
import { takeFirst } from "./first-of-tuple.ts";
import { otherNames } from "./names.ts";
import { negateConditions } from "./negate.ts";
import { swapStatements } from "./order.ts";
import { callNamed, callUncalledInstead } from "./own-layers.ts";
import { restoreReturn } from "./returns.ts";
import { spotAt, spotsOf } from "./spots.ts";
import { functionAt, statementAt, statementsIn } from "./statement.ts";

/** Frames outward at which arguments may stand in the wrong order. */
const MOST_FRAMES = 3;

/** What Python refuses may be two arguments in the wrong order, a layer that is named and not called, or a wrong condition. */
export function repairPython(context: Context, problem: Problem & { readonly kind: "python" }): readonly Candidate[] {
  const { place, exception } = problem;
  if (place === undefined) return [];
  const frames = problem.frames.filter(({ own }) => own).toReversed();
  const run = context.concrete ?? context.symbolic;
  const path = frames[0]?.path;
  const inner = spotAt(context, place, path);
  const outer = spotsOf(context, problem.frames).filter((spot) => placeKey(spot.place) !== placeKey(place));
  const everywhere = spotsOf(context, problem.frames, problem.frames.length);
  const spots = inner === undefined ? outer : [inner, ...outer];
  return [
    ...callNamed(context, run, spots, 1),
    ...callUncalledInstead(run, spots, 3),
    ...(/NoneType/.test(problem.message)
      ? [...passThrough(context, spots, 2), ...fillNone(context, spots, 3), ...restoreReturn(context, everywhere, 2)]
      : []),
    ...(/\btuple\b/.test(problem.message) ? takeFirst(context, spots, 2) : []),
    ...swapStatements(context, spots, exception === "UnboundLocalError" ? 0 : 8),
    ...(exception === "NameError"
      ? []
      : otherNames(context, spots, exception === "UnboundLocalError" ? 20 : 6, { literals: true })),
    ...negateConditions(context, spots, problem.raised ? 2 : 9),
    ...(exception === "NameError" || exception === "AttributeError" ? [] : otherAxes(context, spots, 8)),
    ...(exception === "TypeError" || exception === "AttributeError" ? namedOnly(context, place) : []),
    ...(exception === "AttributeError" ? otherCondition(context, problem) : []),
    ...(exception === "NameError"
      ? []
      : frames.slice(0, MOST_FRAMES).flatMap((frame, i) => swapped(context, frame.place, 4 + i))),
  ];
}

type Place = NonNullable<Problem["place"]>;

/** Two arguments without names that stand side by side. */
function swapped(context: Context, place: Place, rank: number): readonly Candidate[] {
  const module = context.input.module(place.file);
  const call =
    module === undefined
      ? undefined
      : around(module, place.span).findLast((node): node is CallExpr => node.kind === "call");
  const plain = call?.args.filter(({ keyword, star }) => keyword === undefined && star === undefined) ?? [];
  return plain
    .slice(1, 4)
    .flatMap((second, i) => exchange(context, place, [plain[i]?.value.span, second.value.span], rank + i));
}

/** `out = self.conv` where `out = self.conv(out)` was meant, in the function that fails. */
function namedOnly(context: Context, place: Place): readonly Candidate[] {
  const module = context.input.module(place.file);
  const source = context.input.source(place.file);
  const fn = module === undefined ? undefined : functionAt(module, place.span);
  const self = fn?.params[0]?.name;
  if (module === undefined || source === undefined || fn === undefined || self === undefined) return [];
  const input = fn.params[1]?.name;
  const before = statementsIn(fn.body).filter(({ span }) => span.start <= place.span.end);
  const known = new Set(fn.params.map(({ name }) => name));
  const found: Candidate[] = [];
  for (const stmt of before) {
    if (stmt.kind !== "assign" || stmt.target.kind !== "name") continue;
    const operand = known.has(stmt.target.name) ? stmt.target.name : input;
    known.add(stmt.target.name);
    for (const named of layersNamed(stmt.value, self)) {
      const text = source.slice(named.span.start, named.span.end);
      if (operand !== undefined)
        found.push(
          candidate(1, t("Call {0}", text), [
            { place: { file: place.file, span: named.span }, text: `${text}(${operand})` },
          ]),
        );
    }
  }
  const stmt = statementAt(module, place.span);
  const last = [...known].at(-1);
  const loose = stmt?.kind === "return" || stmt?.kind === "expression" ? stmt.value : undefined;
  const more = layersNamed(loose, self).flatMap((named) => {
    const text = source.slice(named.span.start, named.span.end);
    return [...new Set([last, input])].flatMap((operand) =>
      operand === undefined || operand === self
        ? []
        : [
            candidate(2, t("Call {0}", text), [
              { place: { file: place.file, span: named.span }, text: `${text}(${operand})` },
            ]),
          ],
    );
  });
  return [...found.reverse(), ...more];
}

/** Attributes of the object itself that an expression is or passes on as they are. */
function layersNamed(expr: Expr | undefined, self: string): readonly Expr[] {
  if (expr?.kind === "attribute") return expr.object.kind === "name" && expr.object.name === self ? [expr] : [];
  return expr?.kind === "call" ? expr.args.flatMap(({ value }) => layersNamed(value, self)) : [];
}

/** An attribute is built under one condition and read under another: the second becomes the first. */
function otherCondition(context: Context, problem: Problem & { readonly kind: "python" }): readonly Candidate[] {
  const { place, message } = problem;
  const name = /has no attribute '(\w+)'/.exec(message)?.[1];
  const module = place === undefined ? undefined : context.input.module(place.file);
  const source = place === undefined ? undefined : context.input.source(place.file);
  if (place === undefined || module === undefined || source === undefined || name === undefined) return [];
  const cls = classAt(module, place.span);
  const init = cls === undefined ? undefined : method(cls, "__init__")?.value;
  const reading = around(module, place.span).findLast((node): node is IfStmt => node.kind === "if");
  const building = init === undefined ? undefined : conditionOf(init, name);
  const line = reading === undefined ? undefined : context.line({ file: place.file, span: reading.test.span });
  if (init === undefined || reading === undefined || building === undefined || line === undefined) return [];
  const now = source.slice(reading.test.span.start, reading.test.span.end);
  const then = source.slice(building.span.start, building.span.end);
  const span = reading.test.span;
  const puts = [then, then.replace(/^(\w+)$/, "self.$1"), now.startsWith("not ") ? now.slice(4) : `not ${now}`];
  return [...new Set(puts)]
    .filter((put) => put !== now)
    .map((put, i) =>
      candidate(i, t("Set {0} to {1} (line {2})", now, put, line), [{ place: { file: place.file, span }, text: put }]),
    );
}

function conditionOf(init: FunctionExpr, name: string): Expr | undefined {
  return statementsIn(init.body).find(
    (stmt): stmt is IfStmt => stmt.kind === "if" && stmt.then.some((one) => assigns(one, name)),
  )?.test;
}

function assigns(stmt: Stmt, name: string): boolean {
  return stmt.kind === "assign" && stmt.target.kind === "attribute" && stmt.target.name === name;
}

/** The least rank of a layer that is called elsewhere. */
export const USED = 100;

/** A layer of the same class that the object has and that should have been called. */
export function callOwn(context: Context, problem: Problem & { readonly kind: "not-called" }): readonly Candidate[] {
  const { place, layer, frames } = problem;
  const run = context.concrete ?? context.symbolic;
  const path = frames.findLast(({ own }) => own)?.path;
  const module: Module | undefined = place === undefined ? undefined : context.input.module(place.file);
  const fn = place === undefined || module === undefined ? undefined : functionAt(module, place.span);
  const self = fn?.params[0]?.name;
  const call =
    place === undefined || module === undefined
      ? undefined
      : around(module, place.span).findLast((node): node is CallExpr => node.kind === "call");
  if (place === undefined || path === undefined || call === undefined || self === undefined) return [];
  const children = run?.modules.get(path)?.children ?? [];
  return children
    .filter((child) => run?.modules.get(child)?.type === layer)
    .map((child, i) => {
      const own = `${self}.${child.split(".").at(-1)}`;
      const isCalled = 0 < (run?.modules.get(child)?.calls.length ?? 0);
      return candidate((isCalled ? USED : 0) + i, t("Call {0}", own), [
        { place: { file: place.file, span: call.callee.span }, text: own },
      ]);
    });
}

import type { Stmt } from "../core/core.ts";
import { evaluate } from "../eval/evaluate.ts";
import { Raised } from "../eval/interp.ts";
import type { Scope } from "../eval/scope.ts";
import { lookup } from "../eval/scope.ts";
import type { Value } from "../eval/value.ts";
import { loadedModule, moduleFrame, type Session } from "../evaluation.ts";
import { parseExpression } from "../syntax/python/parse.ts";
import { isModule, moduleClass } from "../torch/module.ts";

/** Whether a factory's result is a module, told from what it returns where that is a call; else it is built once. */
export function mayBuild(session: Session, file: string, scope: Scope, body: readonly Stmt[], model: string): boolean {
  const made = returned(body, scope, 0);
  if (made.length === 0) return false;
  if (made.every((known) => known === false)) return false;
  return made.some((known) => known === true) || buildsModule(session, file, model);
}

/** Whether a call of the value gives a module; undefined where that is not told from its definition. */
export function builtBy(value: Value | undefined, depth: number): boolean | undefined {
  if (value?.kind === "class") {
    // A loss is built and called as a model is, and is none.
    if (value.place === undefined && value.name.endsWith("Loss")) return false;
    return value.mro.includes(moduleClass) || (value.mro.some((c) => c.unknownBase !== undefined) ? undefined : false);
  }
  if (value?.kind === "builtin") return false;
  if (value?.kind !== "function" || 4 < depth) return undefined;
  return returned(value.expr.body, value.module.scope, depth).find((known) => known !== undefined);
}

function returned(body: readonly Stmt[], scope: Scope, depth: number): readonly (boolean | undefined)[] {
  return returnedCalls(body).map((callee) =>
    callee === undefined ? undefined : builtBy(lookup(scope, callee), depth + 1),
  );
}

/** Name of what each `return` calls; undefined where it is no call of a plain name. */
function returnedCalls(body: readonly Stmt[]): readonly (string | undefined)[] {
  const calls = new Map<string, string>();
  const found: (string | undefined)[] = [];
  const visit = (stmts: readonly Stmt[]): void => {
    for (const stmt of stmts) {
      if (
        stmt.kind === "assign" &&
        stmt.target.kind === "name" &&
        stmt.value?.kind === "call" &&
        stmt.value.callee.kind === "name"
      )
        calls.set(stmt.target.name, stmt.value.callee.name);
      if (stmt.kind === "if") {
        visit(stmt.then);
        visit(stmt.otherwise);
      }
      if (stmt.kind === "with") visit(stmt.body);
      if (stmt.kind !== "return" || stmt.value === undefined) continue;
      if (stmt.value.kind === "call")
        found.push(stmt.value.callee.kind === "name" ? stmt.value.callee.name : undefined);
      else found.push(stmt.value.kind === "name" ? calls.get(stmt.value.name) : undefined);
    }
  };
  visit(body);
  return found;
}

/** Whether the expression gives a module. */
export function buildsModule(session: Session, file: string, model: string): boolean {
  const value = evaluatedAside(session, file, model);
  return value !== undefined && isModule(value);
}

/** What an expression gives in a file's own names, with its effects undone; undefined if it raises or is none. */
export function evaluatedAside(session: Session, file: string, text: string): Value | undefined {
  const expr = parseExpression(text);
  if (expr === undefined) return undefined;
  const { interp } = session;
  const module = loadedModule(session, file);
  const { frames } = interp;
  const mark = interp.journal.begin();
  interp.frames = [moduleFrame(module)];
  try {
    return evaluate(interp, expr, module.scope);
  } catch (error) {
    if (error instanceof Raised) return undefined;
    throw error;
  } finally {
    interp.journal.rollback(mark);
    interp.frames = frames;
    interp.handlers = 0;
    interp.speculating = 0;
    interp.problems = [];
  }
}

import type { TryStmt, WithStmt } from "../core/core.ts";
import type { Why } from "../shape/dim.ts";
import { t } from "../text/text.ts";
import { assign, at, evaluate, writeName } from "./evaluate.ts";
import { type Completion, execBlock, forgetName, speculate } from "./execute.ts";
import { execGroupHandlers } from "./groups.ts";
import { noteUnreached, uncertainImports } from "./imports.ts";
import { gap, type Interp, isWhy, Raised } from "./interp.ts";
import type { Scope } from "./scope.ts";
import type { Value } from "./value.ts";

/** A `try` around imports of packages that may or may not be installed goes both ways. */
export function execImportingTry(interp: Interp, stmt: TryStmt, scope: Scope): Completion {
  const [missing] = stmt.handlers.length === 0 || interp.absentModules ? [] : uncertainImports(interp, stmt.body);
  if (missing === undefined) return execTry(interp, stmt, scope);
  const why: Why = { reason: t("it is not known whether {0} is installed", missing) };
  const ends: Completion[] = [];
  const run = (absent: boolean) => () => {
    interp.absentModules = absent;
    try {
      ends.push(execTry(interp, stmt, scope));
    } finally {
      interp.absentModules = false;
    }
  };
  speculate(interp, why, run(false), run(true));
  // A way that raised has no end.
  const [first, second] = ends;
  if (ends.length < 2 || (first?.kind === second?.kind && first?.kind !== "return")) return first;
  return { kind: "lost", why };
}

/** The handler that catches a raised value. */
export function matchHandler(
  interp: Interp,
  stmt: TryStmt,
  raised: Value,
  scope: Scope,
): TryStmt["handlers"][number] | undefined {
  for (const handler of stmt.handlers) {
    if (handler.type === undefined) return handler;
    const type = evaluate(interp, handler.type, scope);
    at(interp, handler.type.span);
    const match = interp.lang.matches(interp, raised, type);
    if (match === false) continue;
    if (isWhy(match)) gap(interp, t("it is not known whether this handler catches"));
    return handler;
  }
  return undefined;
}

function execTry(interp: Interp, stmt: TryStmt, scope: Scope): Completion {
  const depth = interp.frames.length;
  const path = interp.path;
  const argument = interp.argument;
  const handlers = interp.handlers;
  const recover = (): void => {
    interp.frames.length = depth;
    interp.path = path;
    interp.argument = argument;
    interp.handlers = handlers;
  };
  const guarded = (): Completion => {
    let done: Completion;
    if (0 < stmt.handlers.length) interp.handlers++;
    try {
      done = execBlock(interp, stmt.body, scope);
      interp.handlers = handlers;
    } catch (error) {
      if (!(error instanceof Raised) || stmt.handlers.length === 0) throw error;
      recover();
      noteUnreached(interp, stmt.body, scope);
      if (stmt.star) return execGroupHandlers(interp, stmt, error, scope);
      const handler = matchHandler(interp, stmt, error.value, scope);
      if (handler === undefined) throw error;
      if (handler.name !== undefined) writeName(interp, handler.name, error.value, scope);
      const outer = interp.store.get("exception");
      interp.store.set("exception", error.value);
      try {
        return execBlock(interp, handler.body, scope);
      } finally {
        interp.store.set("exception", outer);
        if (handler.name !== undefined) forgetName(interp, handler.name, scope);
      }
    }
    return done ?? execBlock(interp, stmt.otherwise, scope);
  };
  if (stmt.final.length === 0) return guarded();
  let done: Completion;
  try {
    done = guarded();
  } catch (error) {
    recover();
    if (!(error instanceof Raised)) throw error;
    const outer = interp.store.get("exception");
    interp.store.set("exception", error.value);
    try {
      const last = execBlock(interp, stmt.final, scope);
      if (last !== undefined) return last;
    } finally {
      interp.store.set("exception", outer);
    }
    throw error;
  }
  return execBlock(interp, stmt.final, scope) ?? done;
}

/** Runs a `with`, from its item of that index on. */
export function execWith(interp: Interp, stmt: WithStmt, scope: Scope, index: number): Completion {
  const item = stmt.items[index];
  if (item === undefined) return execBlock(interp, stmt.body, scope);
  const manager = evaluate(interp, item.manager, scope);
  at(interp, item.span);
  const value = interp.lang.enter(interp, manager);
  let done: Completion;
  const { path, argument, handlers } = interp;
  const depth = interp.frames.length;
  if (interp.lang.swallows(interp, manager)) interp.handlers++;
  try {
    if (item.target !== undefined) assign(interp, item.target, value, scope);
    done = execWith(interp, stmt, scope, index + 1);
    interp.handlers = handlers;
  } catch (error) {
    if (!(error instanceof Raised)) throw error;
    interp.frames.length = depth;
    interp.path = path;
    interp.argument = argument;
    interp.handlers = handlers;
    if (interp.lang.exit(interp, manager, error.value)) return undefined;
    throw error;
  }
  interp.lang.exit(interp, manager, undefined);
  return done;
}

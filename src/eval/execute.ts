import type { Expr, Stmt, Target } from "../core/core.ts";
import type { Why } from "../shape/dim.ts";
import { t } from "../text/text.ts";
import { assign, at, callValue, evaluate, makeFunction, writeName } from "./evaluate.ts";
import { execImportingTry, execWith } from "./handlers.ts";
import { execImport } from "./imports.ts";
import { gap, type Interp, isWhy, Raised, type RangeLoop, step, topFrame } from "./interp.ts";
import { advance, restOf } from "./iterate.ts";
import { joinPlaces, joinValues } from "./join.ts";
import { applyJoined, type Changes, reapply } from "./journal.ts";
import { loseLoop } from "./lost-loop.ts";
import { record } from "./record.ts";
import { type Scope, targetScope } from "./scope.ts";
import { type ListValue, NONE, unknown, type Value } from "./value.ts";

/**
 * How a block ended; undefined: normally. `lost`: the two ways of an unknown condition ended differently in a manner
 * that cannot be followed, so what comes after is unknown.
 */
export type Completion =
  | { readonly kind: "return"; readonly value: Value }
  | { readonly kind: "break" }
  | { readonly kind: "continue" }
  | { readonly kind: "lost"; readonly why: Why }
  /** Of a loop's body: with a `break` or without, which depends on what is not known. */
  | { readonly kind: "unsure"; readonly why: Why }
  | undefined;

/** What the block's end means: of a function `return None`, of a loop's body the next turn. */
export type Role = "function" | "loop" | "block";

/** Runs statements in order. */
export function execBlock(
  interp: Interp,
  body: readonly Stmt[],
  scope: Scope,
  role: Role = "block",
  from = 0,
): Completion {
  for (let i = from; i < body.length; i++) {
    const stmt = body[i];
    if (stmt === undefined) break;
    if (stmt.kind !== "if") {
      const done = execStmt(interp, stmt, scope);
      if (done !== undefined) return done;
      continue;
    }
    topFrame(interp).statement = stmt.span.start;
    step(interp);
    const truth = interp.lang.truth(interp, evaluate(interp, stmt.test, scope));
    if (isWhy(truth)) {
      const both = execBoth(
        interp,
        truth,
        stmt.then,
        stmt.otherwise,
        scope,
        () => execBlock(interp, body, scope, role, i + 1),
        role,
      );
      if (both.rest || both.completion !== undefined) return both.completion;
      continue;
    }
    const done = execBlock(interp, truth ? stmt.then : stmt.otherwise, scope);
    if (done !== undefined) return done;
  }
  return undefined;
}

/**
 * Runs two ways on copies of the state; what differs afterwards is unknown because of `why`. A way that raises ends
 * and leaves the other alone.
 */
export function speculate(interp: Interp, why: Why, a: () => void, b: () => void): void {
  const left = tryWay(interp, a);
  const right = tryWay(interp, b);
  if (left === undefined && right === undefined) throw raisedBothWays(interp);
  merge(interp, why, left, right);
}

const BOTH_RAISE = t("both ways of an unknown condition raise");

function raisedBothWays(interp: Interp): Raised {
  return new Raised(interp.lang.makeException(interp, "Exception", ""), interp, BOTH_RAISE);
}

function merge(interp: Interp, why: Why, left: Changes | undefined, right: Changes | undefined): void {
  if (left === undefined || right === undefined) {
    const only = left ?? right;
    if (only !== undefined) reapply(only, interp.journal);
    return;
  }
  applyJoined(left, right, interp.journal, (l, r, key, target) =>
    joinPlaces(l, r, key, target, why, () => {
      // Of a dict: whether it has the key is not known, so neither is how many it has.
      const owner = target instanceof Map ? interp.journal.ownerOf(target) : (target as ListValue);
      if (owner !== undefined) interp.journal.assign(owner, "why", why);
    }),
  );
}

/** Runs one way and undoes it; undefined if it raised. */
export function tryWay(interp: Interp, way: () => void): Changes | undefined {
  const mark = interp.journal.begin();
  const { path, argument, handlers } = interp;
  const frames = interp.frames.length;
  const { recorder } = interp;
  const maybe = recorder?.maybe === true;
  if (recorder !== undefined) recorder.maybe = true;
  interp.speculating++;
  let ok = true;
  try {
    way();
  } catch (error) {
    if (!(error instanceof Raised)) {
      interp.speculating--;
      if (recorder !== undefined) recorder.maybe = maybe;
      interp.journal.rollback(mark);
      throw error;
    }
    ok = false;
    interp.frames.length = frames;
    interp.path = path;
    interp.argument = argument;
    interp.handlers = handlers;
  }
  interp.speculating--;
  if (recorder !== undefined) recorder.maybe = maybe;
  const changes = interp.journal.rollback(mark);
  return ok ? changes : undefined;
}

/** An `if` with an unknown test. Where the ways end differently, the rest of the block runs inside the way that goes on. */
function execBoth(
  interp: Interp,
  why: Why,
  then: readonly Stmt[],
  otherwise: readonly Stmt[],
  scope: Scope,
  runRest: () => Completion,
  role: Role,
): { readonly completion: Completion; readonly rest: boolean } {
  const run = (way: () => Completion): { changes: Changes | undefined; completion: Completion } => {
    let completion: Completion;
    const changes = tryWay(interp, () => {
      completion = way();
    });
    return { changes, completion };
  };
  let left = run(() => execBlock(interp, then, scope));
  let right = run(() => execBlock(interp, otherwise, scope));
  if (left.changes === undefined && right.changes === undefined) {
    if (0 < interp.speculating || 0 < interp.handlers) throw raisedBothWays(interp);
    return { completion: { kind: "lost", why: gap(interp, BOTH_RAISE) }, rest: true };
  }
  if (left.changes === undefined || right.changes === undefined) {
    merge(interp, why, left.changes, right.changes);
    return { completion: left.changes === undefined ? right.completion : left.completion, rest: false };
  }
  if (left.completion === undefined && right.completion === undefined) {
    merge(interp, why, left.changes, right.changes);
    return { completion: undefined, rest: false };
  }
  const goOn = (way: typeof left): typeof left => {
    const { changes, completion } = way;
    if (completion !== undefined || changes === undefined) return way;
    return run(() => {
      reapply(changes, interp.journal);
      return runRest();
    });
  };
  left = goOn(left);
  right = goOn(right);
  merge(interp, why, left.changes, right.changes);
  if (left.changes === undefined) return { completion: right.completion, rest: true };
  if (right.changes === undefined) return { completion: left.completion, rest: true };
  return { completion: joinCompletions(left.completion, right.completion, why, role), rest: true };
}

function joinCompletions(a: Completion, b: Completion, why: Why, role: Role): Completion {
  if (a?.kind === "lost") return a;
  if (b?.kind === "lost") return b;
  if (role === "function") {
    const left = a?.kind === "return" ? a.value : NONE;
    const right = b?.kind === "return" ? b.value : NONE;
    return { kind: "return", value: joinValues(left, right, why) };
  }
  if (a?.kind === "return" && b?.kind === "return") return { kind: "return", value: joinValues(a.value, b.value, why) };
  if (a?.kind === b?.kind) return a;
  if (role !== "loop" || a?.kind === "return" || b?.kind === "return") return { kind: "lost", why };
  const goesOn = (one: Completion): boolean => (one?.kind ?? "continue") === "continue";
  return goesOn(a) && goesOn(b) ? undefined : { kind: "unsure", why };
}

/** Runs one statement. */
export function execStmt(interp: Interp, stmt: Stmt, scope: Scope): Completion {
  step(interp);
  topFrame(interp).statement = stmt.span.start;
  switch (stmt.kind) {
    case "expression": {
      const value = evaluate(interp, stmt.value, scope);
      if (value.kind === "unknown") noteEffect(interp, stmt.value, value.why, scope);
      return undefined;
    }
    case "assign":
      if (stmt.value !== undefined) assign(interp, stmt.target, evaluate(interp, stmt.value, scope), scope);
      if (stmt.annotation !== undefined && scope.kind !== "function" && stmt.target.kind === "name") {
        scope.annotations ??= new Map();
        scope.annotations.set(stmt.target.name, stmt.annotation);
      }
      return undefined;
    case "def": {
      const decorators = stmt.decorators.map((expr) => ({ made: evaluate(interp, expr, scope), span: expr.span }));
      let value: Value = makeFunction(interp, stmt.value, scope);
      for (const { made, span } of decorators.reverse()) value = decorate(interp, made, value, span);
      writeName(interp, stmt.value.name, value, scope);
      return undefined;
    }
    case "class": {
      const decorators = stmt.decorators.map((expr) => ({ made: evaluate(interp, expr, scope), span: expr.span }));
      let value = interp.lang.makeClass(interp, stmt, scope);
      for (const { made, span } of decorators.reverse()) value = decorate(interp, made, value, span);
      writeName(interp, stmt.name, value, scope);
      return undefined;
    }
    case "if":
    case "block":
      return execBlock(interp, stmt.kind === "block" ? stmt.body : [stmt], scope);
    case "loop": {
      for (let turn = 0; ; turn++) {
        const truth = interp.lang.truth(interp, evaluate(interp, stmt.test, scope));
        if (isWhy(truth)) return loseLoop(interp, stmt, scope, truth, () => {});
        if (!truth) break;
        if (WHILE_LIMIT < turn)
          return loseLoop(interp, stmt, scope, gap(interp, t("a loop of more than {0} turns", WHILE_LIMIT)), () => {});
        const done = execBlock(interp, stmt.body, scope, "loop");
        if (done?.kind === "unsure") return loseLoop(interp, stmt, scope, done.why, () => {});
        if (done?.kind === "break") return undefined;
        if (done !== undefined && done.kind !== "continue") return done;
      }
      return execBlock(interp, stmt.otherwise, scope);
    }
    case "iterate": {
      const iterable = evaluate(interp, stmt.iterable, scope);
      at(interp, stmt.iterable.span);
      const iterator = interp.lang.iterate(interp, iterable);
      if (isBuiltin(iterable)) interp.journal.born(iterator);
      const statement = stmt.span.start;
      const [turns, began] = [turnsOf(iterable), interp.steps];
      // What a turn that is not run would begin with: any of the items that are left.
      const giveUp = (why: Why): Completion => {
        const sample = restOf(interp, iterator, why);
        const bind = sample === undefined ? undefined : () => assign(interp, stmt.target, sample, scope);
        return loseLoop(interp, stmt, scope, why, bind);
      };
      for (let turn = 0; ; turn++) {
        if (TURNS_TO_JUDGE <= turn && turn < turns && isTooLong(interp, interp.steps - began, turn, turns))
          return giveUp(gap(interp, t("a loop of {0} turns, which would take too long", turns)));
        const item = advance(interp, iterator);
        if (iterator.why !== undefined)
          return loseLoop(interp, stmt, scope, iterator.why, () =>
            assign(
              interp,
              stmt.target,
              iterator.sample ?? unknown(iterator.why ?? { reason: t("an unknown loop") }),
              scope,
            ),
          );
        if (item === undefined) break;
        topFrame(interp).statement = statement;
        step(interp);
        assign(interp, stmt.target, item, scope);
        const done = inLoop(interp, iterable, () => execBlock(interp, stmt.body, scope, "loop"));
        if (done?.kind === "unsure") return giveUp(done.why);
        if (done?.kind === "break") return undefined;
        if (done !== undefined && done.kind !== "continue") return done;
        if (LOOP_LIMIT <= turn) return giveUp(gap(interp, t("a loop of more than {0} turns", LOOP_LIMIT)));
      }
      return execBlock(interp, stmt.otherwise, scope);
    }
    case "return": {
      const value = stmt.value === undefined ? NONE : evaluate(interp, stmt.value, scope);
      const frame = topFrame(interp);
      const file = frame.module.file;
      if (
        interp.recorder !== undefined &&
        file !== undefined &&
        interp.recorder.enabled(file) &&
        !frame.function.endsWith("comp>")
      ) {
        record(interp.recorder, file, stmt.span, "return", "<return>", stmt.span.start, frame.path ?? "", value);
      }
      return { kind: "return", value };
    }
    case "raise": {
      if (stmt.value === undefined) {
        const current = interp.store.get("exception");
        at(interp, stmt.span);
        throw new Raised(
          (current as Value | undefined) ??
            interp.lang.makeException(interp, "RuntimeError", "No active exception to reraise"),
          interp,
        );
      }
      const value = evaluate(interp, stmt.value, scope);
      const cause = stmt.cause === undefined ? undefined : evaluate(interp, stmt.cause, scope);
      at(interp, stmt.span);
      const raised = interp.lang.raised(interp, value);
      interp.lang.chain(interp, raised, interp.store.get("exception") as Value | undefined, cause);
      throw new Raised(raised, interp);
    }
    case "assert": {
      interp.store.delete("machine");
      const truth = interp.lang.truth(interp, evaluate(interp, stmt.test, scope));
      if (truth !== false) return undefined;
      if (interp.store.get("machine") === true) {
        gap(interp, t("this asks for a device that an analysis has not"));
        return undefined;
      }
      const message = stmt.message === undefined ? undefined : evaluate(interp, stmt.message, scope);
      at(interp, stmt.span);
      const text = message?.kind === "str" ? message.value : "";
      throw new Raised(
        interp.lang.makeException(interp, "AssertionError", text, message === undefined ? [] : [message]),
        interp,
      );
    }
    case "try":
      return execImportingTry(interp, stmt, scope);
    case "with":
      return execWith(interp, stmt, scope, 0);
    case "import":
      execImport(interp, stmt, scope);
      return undefined;
    case "jump":
      return { kind: stmt.to };
    case "delete":
      for (const target of stmt.targets.flatMap(flatTarget)) {
        if (target.kind === "name") {
          if (!targetScope(scope, target.name).vars.has(target.name)) evaluate(interp, target, scope);
          forgetName(interp, target.name, scope);
        } else if (target.kind === "attribute")
          interp.lang.deleteAttribute(interp, evaluate(interp, target.object, scope), target.name);
        else if (target.kind === "index")
          interp.lang.deleteItem(interp, evaluate(interp, target.object, scope), evaluate(interp, target.index, scope));
      }
      return undefined;
    case "error": {
      at(interp, stmt.span);
      const why = gap(interp, t("this is not valid Python"));
      for (const name of stmt.binds) writeName(interp, name, unknown(why, name), scope);
      return execBlock(interp, stmt.parts, scope);
    }
  }
}

/**
 * A function that is not known, called for its effect and handed nothing but words, can only look at its caller: such are
 * those that store a method's arguments as attributes.
 */
function noteEffect(interp: Interp, expr: Expr, why: Why, scope: Scope): void {
  const { self } = topFrame(interp);
  if (expr.kind !== "call" || expr.callee.kind !== "name" || self?.kind !== "instance") return;
  if (expr.args.some(({ value, star }) => star !== undefined || value.kind !== "string")) return;
  if (evaluate(interp, expr.callee, scope).kind === "unknown") interp.journal.assign(self, "touched", why);
}

/** `del a, (b, c)` deletes each. */
function flatTarget(target: Target): readonly Target[] {
  return target.kind === "unpack" ? target.items.flatMap((item) => flatTarget(item.target)) : [target];
}

/** Unbinds a name. */
export function forgetName(interp: Interp, name: string, scope: Scope): void {
  const owner = targetScope(scope, name);
  if (owner.vars.has(name)) interp.journal.remove(owner, "vars", owner.vars, name);
}

/** Turns after which a loop is judged by what they took. */
const TURNS_TO_JUDGE = 4;
/** A loop that would leave less than this part of the budget is given up: the rest of the model has to be run too. */
const LEFT_BY_LOOP = 0.5;

/** Of a way that perhaps is not gone, loops above this are not run to their end: blocks are counted in hundreds. */
const MOST_PERHAPS = 256;

/** Whether the turns that are left, each like those that were run, would take more than a loop may. */
function isTooLong(interp: Interp, spent: number, turn: number, turns: number): boolean {
  if (0 < interp.speculating && MOST_PERHAPS < turns) return true;
  return (interp.limits.steps - interp.steps) * (1 - LEFT_BY_LOOP) < (spent / turn) * (turns - turn);
}

/** How often a loop over this runs; 0 where that is not told by the value itself. */
/** Runs a loop's body with the frame knowing which loop it is in. */
function inLoop<T>(interp: Interp, iterable: Value, body: () => T): T {
  const frame = topFrame(interp);
  const outer = frame.loop;
  frame.loop = rangeLoop(iterable, outer);
  try {
    return body();
  } finally {
    frame.loop = outer;
  }
}

/** A loop over a range by steps of one, in which each turn is one of the number that it stops at. */
export function rangeLoop(iterable: Value, outer: RangeLoop | undefined): RangeLoop | undefined {
  const byOne = iterable.kind === "range" && iterable.step.dim.size === 1;
  const stop = iterable.kind === "iterator" ? iterable.stop : byOne ? iterable.stop.dim : undefined;
  return stop === undefined ? outer : { stop, outer };
}

/** Whether each iteration over this makes an iterator of its own. */
function isBuiltin({ kind }: Value): boolean {
  return kind === "list" || kind === "tuple" || kind === "range" || kind === "dict" || kind === "view";
}

function turnsOf(iterable: Value): number {
  if (iterable.kind === "list" || iterable.kind === "tuple") return iterable.items.length;
  if (iterable.kind !== "range") return 0;
  const [start, stop, by] = [iterable.start, iterable.stop, iterable.step].map(({ dim }) => dim.size);
  if (typeof start !== "number" || typeof stop !== "number" || typeof by !== "number" || by === 0) return 0;
  return Math.max(0, Math.ceil((stop - start) / by));
}

/** A loop longer than this is given up: real designs count blocks, not samples. */
export const LOOP_LIMIT = 20_000;

/** Turns of a `while` before it is taken to have no end. */
export const WHILE_LIMIT = 2_000;

function decorate(
  interp: Interp,
  decorator: Value,
  value: Value,
  span: { readonly start: number; readonly end: number },
): Value {
  at(interp, span);
  if (decorator.kind === "unknown") {
    gap(
      interp,
      decorator.name === undefined
        ? decorator.why.reason
        : t("decorator {0} is not known, taken to return its function", decorator.name),
    );
    return value;
  }
  const result = callValue(interp, decorator, { positional: [{ value }], keywords: [] });
  if (result.kind !== "unknown") return result;
  gap(interp, t("decorator {0} is not known, taken to return its function", result.name ?? "?"));
  return value;
}

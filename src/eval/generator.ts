import type { IterateStmt, LoopStmt, Stmt, Target, TryStmt } from "../core/core.ts";
import type { Why } from "../shape/dim.ts";
import { t } from "../text/text.ts";
import { assign, evaluate, at as stand, writeName } from "./evaluate.ts";
import { type Completion, execStmt, forgetName, LOOP_LIMIT, rangeLoop, WHILE_LIMIT } from "./execute.ts";
import { matchHandler } from "./handlers.ts";
import { type FrameState, fail, gap, type Interp, isWhy, ownPlace, Raised, step, topFrame } from "./interp.ts";
import { advance, lose } from "./iterate.ts";
import type { Scope } from "./scope.ts";
import { isolateYields, suspends } from "./suspend.ts";
import { type FunctionValue, type IteratorValue, NONE, type Resumption, str, unknown, type Value } from "./value.ts";

// A suspended generator is a chain of what is still to be done, innermost first. The chain is never changed, so the
// journal can put an earlier one back and run on from there, as it does after trying one way of an unknown condition.

/** What reaches a link of the chain: go on, the value of a `yield`, a completion, or an exception. */
type Signal =
  | { readonly kind: "go" }
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "throw"; readonly error: Raised }
  | NonNullable<Completion>;

type Link =
  | { readonly kind: "block"; readonly body: readonly Stmt[]; readonly at: number }
  | { readonly kind: "loop"; readonly stmt: LoopStmt; readonly turn: number }
  | {
      readonly kind: "iterate";
      readonly stmt: IterateStmt;
      readonly iterator: IteratorValue;
      readonly iterable: Value;
      readonly turn: number;
    }
  | { readonly kind: "try"; readonly stmt: TryStmt }
  | { readonly kind: "handled"; readonly outer: unknown; readonly name: string | undefined }
  | { readonly kind: "finally"; readonly body: readonly Stmt[] }
  | { readonly kind: "pending"; readonly signal: Signal; readonly outer: unknown }
  | { readonly kind: "with"; readonly manager: Value }
  | { readonly kind: "assign"; readonly target: Target }
  | { readonly kind: "from"; readonly iterator: IteratorValue };

/** `handlers`: enclosing `try` bodies of the generator that have handlers. */
type Chain = (Link & { readonly next: Chain; readonly handlers: number }) | undefined;

interface State {
  readonly chain: Chain;
  readonly started: boolean;
  /** What `return` gave, once it is done. */
  readonly result?: Value | undefined;
}

type Outcome =
  | { readonly kind: "on"; readonly chain: Chain; readonly signal: Signal }
  | { readonly kind: "yield"; readonly value: Value; readonly chain: Chain };

const GO: Signal = { kind: "go" };
const DONE: State = { chain: undefined, started: true };

/** The iterator that a call of a generator function gives: its body runs as far as it is asked to. */
export function makeGenerator(interp: Interp, fn: FunctionValue, frame: FrameState): IteratorValue {
  const body = isolateYields(fn.expr.body);
  const chain: Chain = { kind: "block", body, at: 0, next: undefined, handlers: 0 };
  let running = false;
  const resume = (signal: Resumption): Value | undefined => {
    if (running) return fail(interp, "ValueError", "generator already executing");
    running = true;
    try {
      return resumeGenerator(interp, iterator, frame, signal);
    } finally {
      running = false;
    }
  };
  const iterator: IteratorValue = {
    kind: "iterator",
    name: fn.expr.async ? "async_generator" : "generator",
    index: 0,
    next: () => resume({ kind: "send", value: NONE }),
    state: { chain, started: false } satisfies State,
    resume,
    maker: fn,
  };
  return iterator;
}

/** What a generator that has come to its end returned. */
export function resultOf(iterator: IteratorValue): Value {
  return iterator.resume === undefined ? NONE : ((iterator.state as State).result ?? NONE);
}

function resumeGenerator(
  interp: Interp,
  iterator: IteratorValue,
  frame: FrameState,
  resumption: Resumption,
): Value | undefined {
  const state = iterator.state as State;
  const { journal } = interp;
  if (state.chain === undefined || (!state.started && resumption.kind !== "send")) {
    if (state !== DONE) journal.assign(iterator, "state", DONE);
    if (resumption.kind === "throw") throw new Raised(resumption.value, interp);
    return resumption.kind === "close" ? NONE : undefined;
  }
  if (!state.started && resumption.kind === "send" && resumption.value.kind !== "none")
    return fail(interp, "TypeError", "can't send non-None value to a just-started generator");
  let signal: Signal;
  if (resumption.kind === "send") signal = state.started ? { kind: "value", value: resumption.value } : GO;
  else {
    const value =
      resumption.kind === "throw" ? resumption.value : interp.lang.makeException(interp, "GeneratorExit", "", []);
    signal = { kind: "throw", error: new Raised(value, interp) };
  }
  try {
    const outcome = run(interp, frame, state.chain, signal);
    if (outcome.kind === "yield") {
      journal.assign(iterator, "state", { chain: outcome.chain, started: true } satisfies State);
      if (resumption.kind === "close") return fail(interp, "RuntimeError", "generator ignored GeneratorExit");
      return outcome.value;
    }
    const { signal: last } = outcome;
    const result = last.kind === "return" ? last.value : undefined;
    journal.assign(iterator, "state", { chain: undefined, started: true, result } satisfies State);
    if (last.kind === "lost") return lose(interp, iterator, last.why);
    return resumption.kind === "close" ? NONE : undefined;
  } catch (error) {
    if (!(error instanceof Raised)) throw error;
    journal.assign(iterator, "state", DONE);
    const is = (name: string): boolean =>
      interp.lang.matches(interp, error.value, interp.lang.builtins.get(name) ?? NONE) === true;
    if (resumption.kind === "close" && (is("GeneratorExit") || is("StopIteration"))) return NONE;
    if (!is("StopIteration")) throw error;
    const made = interp.lang.makeException(interp, "RuntimeError", "generator raised StopIteration");
    interp.lang.chain(interp, made, error.value, error.value);
    throw new Raised(made, interp);
  }
}

/** Runs a chain to its next `yield` or to its end. */
function run(interp: Interp, frame: FrameState, chain: Chain, signal: Signal): Outcome {
  const { path, argument, handlers } = interp;
  interp.frames.push(frame);
  const depth = interp.frames.length;
  let at: Chain = chain;
  let reached: Signal = signal;
  try {
    interp.path = frame.path;
    interp.argument = undefined;
    for (;;) {
      if (at === undefined) {
        if (reached.kind === "throw") throw reached.error;
        return { kind: "on", chain: undefined, signal: reached };
      }
      interp.handlers = handlers + at.handlers;
      try {
        const outcome: Outcome = follow(interp, frame.scope, at, reached);
        if (outcome.kind === "yield") return outcome;
        at = outcome.chain;
        reached = outcome.signal;
      } catch (error) {
        if (!(error instanceof Raised)) throw error;
        interp.frames.length = depth;
        interp.path = frame.path;
        interp.argument = undefined;
        at = at?.next;
        reached = { kind: "throw", error };
      }
    }
  } finally {
    interp.frames.length = depth - 1;
    interp.path = path;
    interp.argument = argument;
    interp.handlers = handlers;
  }
}

const on = (chain: Chain, signal: Signal = GO): Outcome => ({ kind: "on", chain, signal });

function block(body: readonly Stmt[], next: Chain, more = 0): Chain {
  return { kind: "block", body, at: 0, next, handlers: (next?.handlers ?? 0) + more };
}

function link(made: Link, next: Chain): Chain {
  return { ...made, next, handlers: next?.handlers ?? 0 };
}

/** What one link does with what reaches it. Raises past the link. */
function follow(interp: Interp, scope: Scope, at: NonNullable<Chain>, signal: Signal): Outcome {
  const { next } = at;
  const goes = signal.kind === "go" || signal.kind === "value";
  switch (at.kind) {
    case "block":
      return goes ? followBlock(interp, scope, at) : on(next, signal);
    case "loop": {
      if (signal.kind === "break") return on(next);
      if (!goes && signal.kind !== "continue") return on(next, signal);
      const truth = interp.lang.truth(interp, evaluate(interp, at.stmt.test, scope));
      if (isWhy(truth)) return lost(interp, truth);
      if (!truth) return on(block(at.stmt.otherwise, next));
      if (WHILE_LIMIT < at.turn) return lost(interp, gap(interp, t("a loop of more than {0} turns", WHILE_LIMIT)));
      return on(block(at.stmt.body, { ...at, turn: at.turn + 1 }));
    }
    case "iterate": {
      if (signal.kind === "break") return on(next);
      if (!goes && signal.kind !== "continue") return on(next, signal);
      const item = advance(interp, at.iterator);
      if (item === undefined)
        return at.iterator.why === undefined ? on(block(at.stmt.otherwise, next)) : lost(interp, at.iterator.why);
      if (LOOP_LIMIT < at.turn) return lost(interp, gap(interp, t("a loop of more than {0} turns", LOOP_LIMIT)));
      topFrame(interp).statement = at.stmt.span.start;
      topFrame(interp).loop = rangeLoop(at.iterable, undefined);
      step(interp);
      assign(interp, at.stmt.target, item, scope);
      return on(block(at.stmt.body, { ...at, turn: at.turn + 1 }));
    }
    case "try": {
      if (goes) return on(block(at.stmt.otherwise, next));
      if (signal.kind !== "throw") return on(next, signal);
      const { value } = signal.error;
      if (at.stmt.star) return lost(interp, gap(interp, t("except* of such exceptions is not followed")));
      const handler = matchHandler(interp, at.stmt, value, scope);
      if (handler === undefined) return on(next, signal);
      if (handler.name !== undefined) writeName(interp, handler.name, value, scope);
      const outer = interp.store.get("exception");
      interp.store.set("exception", value);
      return on(block(handler.body, link({ kind: "handled", outer, name: handler.name }, next)));
    }
    case "handled":
      interp.store.set("exception", at.outer);
      if (at.name !== undefined) forgetName(interp, at.name, scope);
      return on(next, signal);
    case "finally": {
      const outer = interp.store.get("exception");
      if (signal.kind === "throw") interp.store.set("exception", signal.error.value);
      return on(block(at.body, link({ kind: "pending", signal, outer }, next)));
    }
    case "pending":
      interp.store.set("exception", at.outer);
      return on(next, goes ? at.signal : signal);
    case "with": {
      if (signal.kind !== "throw") {
        interp.lang.exit(interp, at.manager, undefined);
        return on(next, signal);
      }
      return interp.lang.exit(interp, at.manager, signal.error.value) ? on(next) : on(next, signal);
    }
    case "assign":
      if (!goes) return on(next, signal);
      assign(interp, at.target, signal.kind === "value" ? signal.value : NONE, scope);
      return on(next);
    case "from":
      return delegate(interp, at, signal);
  }
}

function followBlock(interp: Interp, scope: Scope, at: Extract<NonNullable<Chain>, { kind: "block" }>): Outcome {
  for (let i = at.at; i < at.body.length; i++) {
    const stmt = at.body[i];
    if (stmt === undefined) break;
    if (!suspends(stmt)) {
      const done = execStmt(interp, stmt, scope);
      if (done !== undefined) return on(at.next, done);
      continue;
    }
    step(interp);
    topFrame(interp).statement = stmt.span.start;
    const rest: Chain = { ...at, at: i + 1 };
    switch (stmt.kind) {
      case "expression":
      case "assign": {
        if (stmt.value?.kind !== "yield") break;
        const value = stmt.value.value === undefined ? NONE : evaluate(interp, stmt.value.value, scope);
        stand(interp, stmt.value.span);
        const after = stmt.kind === "assign" ? link({ kind: "assign", target: stmt.target }, rest) : rest;
        if (!stmt.value.from) return { kind: "yield", value, chain: after };
        return on(link({ kind: "from", iterator: interp.lang.iterate(interp, value) }, after));
      }
      case "if": {
        const truth = interp.lang.truth(interp, evaluate(interp, stmt.test, scope));
        if (isWhy(truth)) return lost(interp, truth);
        return on(block(truth ? stmt.then : stmt.otherwise, rest));
      }
      case "loop":
        return on(link({ kind: "loop", stmt, turn: 0 }, rest));
      case "iterate": {
        const iterable = evaluate(interp, stmt.iterable, scope);
        stand(interp, stmt.iterable.span);
        return on(
          link({ kind: "iterate", stmt, iterator: interp.lang.iterate(interp, iterable), iterable, turn: 0 }, rest),
        );
      }
      case "try": {
        const guarded = stmt.final.length === 0 ? rest : link({ kind: "finally", body: stmt.final }, rest);
        return on(block(stmt.body, link({ kind: "try", stmt }, guarded), stmt.handlers.length === 0 ? 0 : 1));
      }
      case "with": {
        const [item] = stmt.items;
        if (item === undefined) return on(block(stmt.body, rest));
        const manager = evaluate(interp, item.manager, scope);
        stand(interp, item.span);
        const value = interp.lang.enter(interp, manager);
        if (item.target !== undefined) assign(interp, item.target, value, scope);
        return on(
          block(stmt.body, link({ kind: "with", manager }, rest), interp.lang.swallows(interp, manager) ? 1 : 0),
        );
      }
      case "block":
        return on(block(stmt.body, rest));
      case "error":
        return on(block(stmt.parts, rest));
      default:
    }
    return lost(interp, gap(interp, t("a yield in this place is not followed")));
  }
  return on(at.next);
}

/** `yield from`: what is sent, thrown or closed goes to the inner iterator. */
function delegate(interp: Interp, at: Extract<NonNullable<Chain>, { kind: "from" }>, signal: Signal): Outcome {
  const { iterator, next } = at;
  let value: Value | undefined;
  if (signal.kind === "throw") {
    if (iterator.resume === undefined) return on(next, signal);
    const exits = interp.lang.matches(interp, signal.error.value, interp.lang.builtins.get("GeneratorExit") ?? NONE);
    if (exits === true) {
      iterator.resume({ kind: "close" });
      return on(next, signal);
    }
    value = iterator.resume({ kind: "throw", value: signal.error.value });
  } else if (signal.kind === "value" && signal.value.kind !== "none" && iterator.resume !== undefined)
    value = iterator.resume({ kind: "send", value: signal.value });
  else value = advance(interp, iterator);
  if (value !== undefined) return { kind: "yield", value, chain: at };
  return iterator.why === undefined
    ? on(next, { kind: "value", value: resultOf(iterator) })
    : lost(interp, iterator.why);
}

/** What the generator gives from here on is not known. */
function lost(_interp: Interp, why: Why): Outcome {
  return on(undefined, { kind: "lost", why });
}

/** A coroutine: the call of an async function, which nothing runs. */
export function makeCoroutine(interp: Interp, fn: FunctionValue): IteratorValue {
  const place = ownPlace(interp);
  const reason = t("an async function");
  const why: Why = place === undefined ? { reason } : { reason, place };
  // Made and dropped it does nothing; what it would give is not known.
  const done = (): Value => unknown(gap(interp, reason));
  return { kind: "iterator", name: "coroutine", index: 0, next: done, why, resume: () => NONE, maker: fn };
}

/** The name of a generator's function. */
export function nameOf(iterator: IteratorValue, qualified: boolean): Value | undefined {
  const { maker } = iterator;
  return maker === undefined ? undefined : str(qualified ? maker.qualname : maker.expr.name);
}

import type { Parameter } from "../core/core.ts";
import { t } from "../text/text.ts";
import { execBlock } from "./execute.ts";
import { makeCoroutine, makeGenerator } from "./generator.ts";
import { type FrameState, gap, type Interp, step } from "./interp.ts";
import { record } from "./record.ts";
import { childScope } from "./scope.ts";
import { type CallArgs, type FunctionValue, NONE, unknown, type Value } from "./value.ts";

/** Runs a function of the analyzed code. A generator's call runs nothing yet. */
export function callFunction(interp: Interp, fn: FunctionValue, args: CallArgs): Value {
  step(interp);
  if (interp.limits.depth < interp.frames.length)
    return unknown(gap(interp, t("calls nested deeper than {0}", interp.limits.depth)));
  if (0 < interp.speculating && recursesBlindly(interp, fn))
    return unknown(gap(interp, t("a recursion of {0} whose end is not known", fn.expr.name)));
  const caller = interp.frames[interp.frames.length - 1];
  const bound = interp.lang.bind(interp, fn.expr, fn.qualname, fn.defaults, args, fn.module, caller?.module.file);
  const scope = childScope("function", fn.closure, fn.expr.scope, fn.cell, interp.journal.now(), bound);
  const first = fn.expr.params[0];
  const frame: FrameState = {
    function: fn.expr.name,
    module: fn.module,
    scope,
    span: undefined,
    statement: fn.expr.span.start,
    path: interp.path,
    code: fn.expr,
    speculating: interp.speculating,
    qualname: `${fn.qualname}.<locals>`,
    // A comprehension is part of the function around it.
    self: fn.expr.name.endsWith("comp>")
      ? caller?.self
      : first === undefined
        ? undefined
        : forced(interp, bound.get(first.name)),
    cls: fn.cell?.cls,
  };
  if (fn.expr.async) return makeCoroutine(interp, fn);
  if (fn.expr.generator) {
    // The outermost iterable of a generator expression is iterated at once.
    if (fn.expr.name === "<genexpr>" && first !== undefined)
      scope.vars.set(first.name, interp.lang.iterate(interp, bound.get(first.name) ?? NONE));
    return makeGenerator(interp, fn, frame);
  }
  interp.frames.push(frame);
  const { argument, recorder } = interp;
  interp.argument = undefined;
  const maybe = recorder?.maybe === true;
  if (fn.compiled && recorder !== undefined) recorder.maybe = true;
  try {
    for (const param of fn.expr.params) seeParameter(interp, frame, param, bound.get(param.name));
    const completion = execBlock(interp, fn.expr.body, scope, "function");
    if (completion?.kind === "lost") return unknown(completion.why);
    return completion?.kind === "return" ? completion.value : NONE;
  } finally {
    interp.frames.pop();
    interp.argument = argument;
    if (recorder !== undefined) recorder.maybe = maybe;
  }
}

/** Activations of one function within each other, each under an unknown condition of its own, that are followed. */
const BLIND_DEPTH = 3;

/** Whether a function calls itself under conditions that are not known: each level would be tried both ways. */
function recursesBlindly(interp: Interp, fn: FunctionValue): boolean {
  let level = interp.speculating;
  let count = 0;
  for (let i = interp.frames.length - 1; 0 <= i; i--) {
    const frame = interp.frames[i];
    if (frame?.code !== fn.expr || frame.speculating === undefined || level <= frame.speculating) continue;
    level = frame.speculating;
    if (BLIND_DEPTH <= ++count) return true;
  }
  return false;
}

function forced(interp: Interp, value: Value | undefined): Value | undefined {
  return value?.kind === "lazy" ? value.resolve(interp) : value;
}

function seeParameter(interp: Interp, frame: FrameState, param: Parameter, value: Value | undefined): void {
  const recorder = interp.recorder;
  const file = frame.module.file;
  if (
    recorder === undefined ||
    value === undefined ||
    file === undefined ||
    frame.function.endsWith("comp>") ||
    frame.function === "<genexpr>" ||
    !recorder.enabled(file)
  )
    return;
  const kind = value.kind;
  if (kind !== "tensor" && kind !== "tuple" && kind !== "list" && kind !== "dict" && kind !== "unknown") return;
  record(recorder, file, param.span, "parameter", param.name, frame.statement, frame.path ?? "", value);
}

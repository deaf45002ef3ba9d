import type { Parameter } from "../core/core.ts";
import { t } from "../text/text.ts";
import { execBlock } from "./execute.ts";
import { type FrameState, gap, type Interp, step } from "./interp.ts";
import { record } from "./record.ts";
import { childScope } from "./scope.ts";
import { type CallArgs, type FunctionValue, NONE, unknown, type Value } from "./value.ts";

/** Runs a function of the analyzed code. A generator runs to its end at once; its values are then iterated. */
export function callFunction(interp: Interp, fn: FunctionValue, args: CallArgs): Value {
  step(interp);
  if (interp.limits.depth < interp.frames.length)
    return unknown(gap(interp, t("calls nested deeper than {0}", interp.limits.depth)));
  const caller = interp.frames[interp.frames.length - 1];
  const bound = interp.lang.bind(interp, fn.expr, fn.qualname, fn.defaults, args, fn.module, caller?.module.file);
  const scope = childScope("function", fn.closure, fn.expr.scope);
  for (const [name, value] of bound) scope.vars.set(name, value);
  const first = fn.expr.params[0];
  const frame: FrameState = {
    function: fn.expr.name,
    module: fn.module,
    scope,
    span: undefined,
    statement: fn.expr.span.start,
    path: interp.path,
    yields: fn.expr.generator ? [] : undefined,
    self: first === undefined ? undefined : forced(interp, bound.get(first.name)),
    cls:
      fn.cell?.cls ??
      (fn.closure.kind === "function" ? interp.frames.findLast((f) => f.scope === fn.closure)?.cls : undefined),
  };
  interp.frames.push(frame);
  const argument = interp.argument;
  interp.argument = undefined;
  try {
    for (const param of fn.expr.params) seeParameter(interp, frame, param, bound.get(param.name));
    const completion = execBlock(interp, fn.expr.body, scope, "function");
    if (fn.expr.async) return unknown(gap(interp, t("an async function")));
    if (frame.yields !== undefined) {
      const items = frame.yields;
      return { kind: "iterator", name: "generator", index: 0, next: (index) => items[index] };
    }
    if (completion?.kind === "lost") return unknown(completion.why);
    return completion?.kind === "return" ? completion.value : NONE;
  } finally {
    interp.frames.pop();
    interp.argument = argument;
  }
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

import { callValue } from "../../eval/evaluate.ts";
import { execBlock } from "../../eval/execute.ts";
import type { FrameState, Interp } from "../../eval/interp.ts";
import { moduleScope } from "../../eval/scope.ts";
import { type LazyValue, type ModuleValue, NONE, str, unknown, type Value } from "../../eval/value.ts";
import { native } from "../../lang/native.ts";
import { parsePython } from "../../syntax/python/parse.ts";
import { t } from "../../text/text.ts";

/** Names that a part's text may use besides Python's own: modules and functions of ours. */
export type Names = Readonly<Record<string, Value>>;

/**
 * A part of torch that is written in Python here as it is there, from operators and layers. The evaluator runs it like
 * the user's code, but it belongs to no file: places, frames and problems are those of the user's call. It is run when
 * one of its names is first read.
 */
export function pythonPart(module: string, text: string, names: () => Names): (name: string) => LazyValue {
  let scope: ModuleValue["scope"] | undefined;
  return (name) => ({
    kind: "lazy",
    resolve: (interp) => {
      scope ??= run(interp, module, text, names());
      return scope.vars.get(name) ?? unknown({ reason: t("{0}.{1} is not known", module, name) });
    },
  });
}

/** Effects of loading stay whatever is undone around it. */
function run(interp: Interp, name: string, text: string, names: Names): ModuleValue["scope"] {
  const scope = moduleScope();
  const module: ModuleValue = { kind: "module", name, file: undefined, own: false, scope, state: "loaded" };
  scope.vars.set("__name__", str(name));
  for (const [key, value] of Object.entries({ ...names, refuse, fused })) scope.vars.set(key, value);
  const { frames, phase, handlers, speculating, graph, recorder, path, argument } = interp;
  const frame: FrameState = {
    function: "<module>",
    module,
    scope,
    span: undefined,
    statement: 0,
    path: undefined,
    self: undefined,
    cls: undefined,
  };
  Object.assign(interp, {
    frames: [frame],
    phase: "module",
    handlers: 0,
    speculating: 0,
    graph: undefined,
    recorder: undefined,
    path: undefined,
    argument: undefined,
  });
  try {
    interp.journal.apart(() => execBlock(interp, parsePython(text).module.body, scope));
  } finally {
    Object.assign(interp, { frames, phase, handlers, speculating, graph, recorder, path, argument });
  }
  return scope;
}

/** torch's own refusal of an argument; evaluation goes on behind it. */
const refuse = native(
  "refuse",
  "exception, message",
  (interp, get) => {
    const [exception, message] = [get("exception"), get("message")];
    if (exception.kind === "str") interp.reject(interp, exception.value, message.kind === "str" ? message.value : "");
    return NONE;
  },
  { free: true },
);

/** Calls a function as one kernel of torch's: its counter of operations sees nothing of it. */
const fused = native(
  "fused",
  "function, *args, **kwargs",
  (interp, get) => {
    const [args, kwargs] = [get("args"), get("kwargs")];
    const outer = interp.store.get("fused");
    interp.store.set("fused", true);
    try {
      return callValue(interp, get("function"), {
        positional: (args.kind === "tuple" ? args.items : []).map((value) => ({ value })),
        keywords: [...(kwargs.kind === "dict" ? kwargs.entries.values() : [])].flatMap(([key, value]) =>
          key.kind === "str" ? [[key.value, { value }] as const] : [],
        ),
      });
    } finally {
      interp.store.set("fused", outer);
    }
  },
  { free: true },
);

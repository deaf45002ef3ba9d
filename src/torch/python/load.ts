import { execBlock } from "../../eval/execute.ts";
import type { Interp } from "../../eval/interp.ts";
import { enterModule, moduleFrame } from "../../eval/module-level.ts";
import { moduleScope } from "../../eval/scope.ts";
import { type LazyValue, type ModuleValue, str, unknown, type Value } from "../../eval/value.ts";
import { parsePython } from "../../syntax/python/parse.ts";
import { t } from "../../text/text.ts";
import { NATIVES } from "./natives.ts";

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
  for (const [key, value] of Object.entries({ ...names, ...NATIVES })) scope.vars.set(key, value);
  const leave = enterModule(interp, moduleFrame(module));
  try {
    interp.journal.apart(() => execBlock(interp, parsePython(text).module.body, scope));
  } finally {
    leave();
  }
  return scope;
}

import { moduleScope } from "../../eval/scope.ts";
import { type ModuleValue, NONE, type Value } from "../../eval/value.ts";
import { type Body, native, raw } from "../native.ts";

/** The names of a module of ours. */
export type Names = Record<string, Value>;

/** A function of a module, never bound to an instance. */
export const fn = (name: string, signature: string, body: Body): Value => native(name, signature, body, { free: true });

/** A module of ours: names given at once, others made on demand. */
export function nativeModule(
  name: string,
  names: Names | ReadonlyMap<string, Value>,
  missing?: ModuleValue["missing"],
): ModuleValue {
  const scope = moduleScope(new Map(names instanceof Map ? names : Object.entries(names)));
  return {
    kind: "module",
    name,
    file: undefined,
    own: false,
    scope,
    state: "loaded",
    ...(missing === undefined ? {} : { missing }),
  };
}

/** A value that swallows whatever is done with it: loggers, warning filters, context managers without effect. */
export const quiet: Value = { kind: "opaque", type: "quiet", name: "quiet", attrs: new Map() };

export function identity(name: string): Value {
  return raw(name, (_interp, args) => args.positional[0]?.value ?? NONE, { free: true });
}

export function silent(_module: string, names: readonly string[]): Names {
  return Object.fromEntries(
    names.map((name) => [name, raw(name, () => (name === "catch_warnings" ? quiet : NONE), { free: true })]),
  );
}

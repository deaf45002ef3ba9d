import { callValue } from "../eval/evaluate.ts";
import { fail, framesNow, type Interp, ownPlace } from "../eval/interp.ts";
import {
  bool,
  type CallArgs,
  type ClassValue,
  type DictValue,
  type InstanceValue,
  NONE,
  str,
  unknown,
  type Value,
} from "../eval/value.ts";
import { setPlain } from "../lang/attributes.ts";
import { initialize } from "../lang/classes.ts";
import { native, nativeClass } from "../lang/native.ts";
import { emptyDict, makeInstance, objectClass } from "../lang/types.ts";
import { t } from "../text/text.ts";
/** A module's own registries, in the order that attributes are looked up. */
export const REGISTRIES = ["_parameters", "_buffers", "_modules"] as const;
export type Registry = (typeof REGISTRIES)[number];

/** One of a module's own registries; undefined before `super().__init__()`. */
export function registry(module: InstanceValue, name: Registry): DictValue | undefined {
  const value = module.attrs.get(name);
  return value?.kind === "dict" ? value : undefined;
}

function lookupRegistered(module: InstanceValue, name: string): Value | undefined {
  for (const key of REGISTRIES) {
    const found = registry(module, key)?.entries.get(`s:${name}`)?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Registered submodules and parameters, and the rest of `nn.Module.__getattr__`. */
export function quietAttribute(_interp: Interp, module: InstanceValue, name: string): Value | undefined {
  return lookupRegistered(module, name);
}

export function registeredNames(module: InstanceValue): readonly string[] {
  return REGISTRIES.flatMap((key) =>
    [...(registry(module, key)?.entries.values() ?? [])].flatMap(([k]) => (k.kind === "str" ? [k.value] : [])),
  );
}

export const moduleClass: ClassValue = nativeClass("Module", "torch.nn", [objectClass], [], construct);

export function isModule(value: Value): value is InstanceValue {
  return value.kind === "instance" && value.cls.mro.includes(moduleClass);
}

/** Builds a module. A layer of torch's that is handed a tensor was meant to be called on it. */
function construct(interp: Interp, cls: ClassValue, args: CallArgs): Value {
  const handed = args.positional.find((arg) => arg.value.kind === "tensor" && arg.value.parameter === undefined);
  if (cls.place === undefined && handed !== undefined && interp.phase === "forward") {
    const place = ownPlace(interp);
    const only = args.positional.length === 1 && args.keywords.length === 0;
    interp.problems.push({
      kind: "not-called",
      layer: cls.name,
      place,
      frames: framesNow(interp),
      repairs:
        place === undefined || handed.span === undefined || !only
          ? []
          : [
              {
                title: t("Call the layer on its input"),
                edits: [
                  {
                    place: { file: place.file, span: { start: handed.span.start, end: handed.span.start } },
                    text: ")(",
                  },
                ],
              },
            ],
      phase: interp.phase,
    });
    const instance = makeInstance(interp, cls);
    const layer = initialize(interp, instance, {
      ...args,
      positional: args.positional.filter((arg) => arg !== handed),
    });
    const result = callValue(interp, layer, { positional: [{ value: handed.value }], keywords: [] });
    return result.kind === "tensor" ? { ...result, type: { ...result.type, assumed: true } } : result;
  }
  return initialize(interp, makeInstance(interp, cls), args);
}

/** A method of a module class of ours. */
export function method(
  cls: ClassValue,
  name: string,
  signature: string,
  body: (interp: Interp, self: InstanceValue, get: (name: string) => Value) => Value,
): void {
  cls.attrs.set(
    name,
    native(name, signature === "" ? "self" : `self, ${signature}`, (interp, get) => {
      const self = get("self");
      return self.kind === "instance"
        ? body(interp, self, get)
        : unknown({ reason: t("{0} of a value that is not followed", name) });
    }),
  );
}

export function initModule(interp: Interp, self: InstanceValue): void {
  interp.journal.set(self.attrs, "training", bool(true));
  for (const key of REGISTRIES) interp.journal.set(self.attrs, key, emptyDict());
}

method(moduleClass, "__init__", "*args, **kwargs", (interp, self) => {
  initModule(interp, self);
  return NONE;
});

/** Registers, as `nn.Module.__setattr__` does. */
export function setModuleAttribute(interp: Interp, self: InstanceValue, name: string, value: Value): void {
  const drop = (keys: readonly Registry[]): void => {
    if (self.attrs.has(name)) interp.journal.remove(self, "attrs", self.attrs, name);
    for (const key of keys) {
      const entries = registry(self, key);
      if (entries?.entries.has(`s:${name}`))
        interp.journal.remove(entries, "entries", entries.entries as unknown as Map<string, Value>, `s:${name}`);
    }
  };
  const put = (key: Registry): boolean => {
    const entries = registry(self, key);
    if (entries === undefined) {
      fail(
        interp,
        "AttributeError",
        key === "_parameters"
          ? "cannot assign parameters before Module.__init__() call"
          : "cannot assign module before Module.__init__() call",
      );
      initModule(interp, self);
      return put(key);
    }
    interp.journal.setEntry(entries.entries, `s:${name}`, Object.freeze([str(name), value] as const));
    return true;
  };
  if (value.kind === "tensor" && value.parameter) {
    drop(["_buffers", "_modules"]);
    put("_parameters");
    return;
  }
  if (isModule(value)) {
    drop(["_parameters", "_buffers"]);
    put("_modules");
    return;
  }
  for (const key of REGISTRIES) {
    if (!registry(self, key)?.entries.has(`s:${name}`)) continue;
    if (value.kind === "none" || value.kind === "unknown" || (key === "_buffers" && value.kind === "tensor")) {
      put(key);
      return;
    }
    fail(
      interp,
      "TypeError",
      `cannot assign a value as ${key === "_modules" ? "child module" : "parameter"} '${name}'`,
    );
    return;
  }
  // It may be a module or a parameter: how many there are is then not known.
  const parameters = registry(self, "_parameters");
  if (value.kind === "unknown" && parameters !== undefined) interp.journal.assign(parameters, "why", value.why);
  setPlain(interp, self, name, value);
}

method(moduleClass, "__setattr__", "name, value", (interp, self, get) => {
  const name = get("name");
  if (name.kind === "str") setModuleAttribute(interp, self, name.value, get("value"));
  return NONE;
});
method(moduleClass, "__getattr__", "name", (interp, self, get) => {
  const name = get("name");
  if (name.kind !== "str") return unknown({ reason: t("an attribute whose name is not known") });
  return (
    lookupRegistered(self, name.value) ??
    fail(interp, "AttributeError", `'${self.cls.name}' object has no attribute '${name.value}'`)
  );
});
method(moduleClass, "__delattr__", "name", (interp, self, get) => {
  const name = get("name");
  if (name.kind !== "str") return NONE;
  for (const key of REGISTRIES) {
    const entries = registry(self, key);
    if (!entries?.entries.has(`s:${name.value}`)) continue;
    interp.journal.remove(entries, "entries", entries.entries as unknown as Map<string, Value>, `s:${name.value}`);
    return NONE;
  }
  if (self.attrs.has(name.value)) interp.journal.remove(self, "attrs", self.attrs, name.value);
  else fail(interp, "AttributeError", `'${self.cls.name}' object has no attribute '${name.value}'`);
  return NONE;
});

import { fail, type Interp, isWhy } from "../../eval/interp.ts";
import { bool, type InstanceValue, int, list, NONE, tuple, unknown, type Value } from "../../eval/value.ts";
import { toDict } from "../../lang/containers.ts";
import { reprOf } from "../../lang/format.ts";
import { iteratorOver, lostIterator } from "../../lang/iteration.ts";
import { nativeClass } from "../../lang/native.ts";
import { typeName } from "../../lang/types.ts";
import type { Why } from "../../shape/dim.ts";
import { t } from "../../text/text.ts";
import { initModule, isModule, method, moduleClass, registry } from "../module.ts";
import { parameterOf } from "../parameter.ts";
import { addModule, setModuleAttribute } from "./registration.ts";

export const moduleDictClass = nativeClass("ModuleDict", "torch.nn", [moduleClass]);
export const parameterDictClass = nativeClass("ParameterDict", "torch.nn", [moduleClass]);

for (const [cls, key, argument] of [
  [moduleDictClass, "_modules", "modules"],
  [parameterDictClass, "_parameters", "parameters"],
] as const) {
  const entriesOf = (self: InstanceValue): readonly (readonly [Value, Value])[] => [
    ...(registry(self, key)?.entries.values() ?? []),
  ];
  const lostIn = (self: InstanceValue): Why | undefined => registry(self, key)?.why;
  const put = (interp: Interp, self: InstanceValue, name: Value, value: Value): void => {
    if (key === "_modules") addModule(interp, self, name, value);
    else if (name.kind === "str") setModuleAttribute(interp, self, name.value, parameterOf(value));
    else if (name.kind !== "unknown")
      fail(
        interp,
        "TypeError",
        `Index given to ParameterDict cannot be used as a key as it is not a string (type is '${typeName(interp, name)}'). Open an issue on github if you need non-string keys.`,
      );
  };
  const update = (interp: Interp, self: InstanceValue, more: Value): void => {
    // One container may be made of another: its entries count, not its attributes.
    const source = isModule(more) ? registry(more, key) : undefined;
    const made = source ?? toDict(interp, more);
    const why = isWhy(made) ? made : made.why;
    const entries = registry(self, key);
    if (why !== undefined && entries !== undefined) interp.journal.assign(entries, "why", why);
    if (!isWhy(made)) for (const [name, value] of made.entries.values()) put(interp, self, name, value);
  };
  const read = (interp: Interp, self: InstanceValue, name: Value): Value => {
    if (name.kind !== "str")
      return name.kind === "unknown" ? name : fail(interp, "KeyError", reprOf(interp, name) ?? "");
    const why = lostIn(self);
    return (
      registry(self, key)?.entries.get(`s:${name.value}`)?.[1] ??
      self.attrs.get(name.value) ??
      (why === undefined ? fail(interp, "KeyError", `'${name.value}'`) : unknown(why))
    );
  };
  const drop = (interp: Interp, self: InstanceValue, name: Value): void => {
    const entries = registry(self, key);
    if (name.kind === "str" && entries?.entries.has(`s:${name.value}`))
      interp.journal.remove(entries, "entries", entries.entries as unknown as Map<string, Value>, `s:${name.value}`);
  };
  method(cls, "__init__", `${argument}=None`, (interp, self, get) => {
    initModule(interp, self);
    if (get(argument).kind !== "none") update(interp, self, get(argument));
    return NONE;
  });
  method(cls, "__len__", "", (_interp, self) => {
    const why = lostIn(self);
    return why === undefined ? int(entriesOf(self).length) : { kind: "int", dim: { size: undefined, why } };
  });
  method(cls, "__getitem__", "key", (interp, self, get) => read(interp, self, get("key")));
  method(cls, "__setitem__", "key, value", (interp, self, get) => {
    put(interp, self, get("key"), get("value"));
    return NONE;
  });
  method(cls, "__delitem__", "key", (interp, self, get) => {
    read(interp, self, get("key"));
    drop(interp, self, get("key"));
    return NONE;
  });
  method(cls, "pop", "key", (interp, self, get) => {
    const value = read(interp, self, get("key"));
    drop(interp, self, get("key"));
    return value;
  });
  method(cls, "clear", "", (interp, self) => {
    const entries = registry(self, key);
    if (entries !== undefined) interp.journal.assign(entries, "entries", new Map());
    return NONE;
  });
  method(cls, "__contains__", "key", (_interp, self, get) => {
    const name = get("key");
    const why = lostIn(self);
    const has = name.kind === "str" && registry(self, key)?.entries.has(`s:${name.value}`) === true;
    if (name.kind === "unknown") return name;
    return has || why === undefined ? bool(has) : unknown(why);
  });
  method(cls, "__iter__", "", (_interp, self) => {
    const why = lostIn(self);
    if (why !== undefined) return lostIterator(why);
    return iteratorOver(
      "generator",
      entriesOf(self).map(([name]) => name),
    );
  });
  for (const [name, pick] of [
    ["keys", ([label]: readonly [Value, Value]) => label],
    ["values", ([, value]: readonly [Value, Value]) => value],
    ["items", (entry: readonly [Value, Value]) => tuple(entry)],
  ] as const)
    method(cls, name, "", (_interp, self) => {
      const why = lostIn(self);
      const made = list(entriesOf(self).map(pick));
      return why === undefined ? made : { ...made, why };
    });
  method(cls, "update", argument, (interp, self, get) => {
    update(interp, self, get(argument));
    return NONE;
  });
}
method(parameterDictClass, "get", "key, default=None", (_interp, self, get) => {
  const name = get("key");
  if (name.kind === "unknown") return name;
  const entries = registry(self, "_parameters");
  const found = name.kind === "str" ? entries?.entries.get(`s:${name.value}`)?.[1] : undefined;
  return found ?? (entries?.why === undefined ? get("default") : unknown(entries.why));
});
method(parameterDictClass, "setdefault", "key, default=None", (interp, self, get) => {
  const name = get("key");
  if (name.kind !== "str") return unknown({ reason: t("an unknown key") });
  const found = registry(self, "_parameters")?.entries.get(`s:${name.value}`)?.[1];
  if (found !== undefined) return found;
  setModuleAttribute(interp, self, name.value, parameterOf(get("default")));
  return registry(self, "_parameters")?.entries.get(`s:${name.value}`)?.[1] ?? NONE;
});

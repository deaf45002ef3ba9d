import { callValue, itemsOf } from "../../eval/evaluate.ts";
import { fail, type Interp, isWhy } from "../../eval/interp.ts";
import { bool, type InstanceValue, int, list, NONE, str, tuple, unknown, type Value } from "../../eval/value.ts";
import { toFloat } from "../../lang/arithmetic.ts";
import { sliceRange, toDict } from "../../lang/containers.ts";
import { iteratorOver } from "../../lang/iteration.ts";
import { native, nativeClass, raw } from "../../lang/native.ts";
import { makeInstance, payloadOf } from "../../lang/types.ts";
import { t } from "../../text/text.ts";
import { initModule, isModule, method, moduleClass, type Registry, registry } from "../module.ts";

export const sequentialClass = nativeClass("Sequential", "torch.nn", [moduleClass]);
export const moduleListClass = nativeClass("ModuleList", "torch.nn", [moduleClass]);
export const moduleDictClass = nativeClass("ModuleDict", "torch.nn", [moduleClass]);
export const parameterListClass = nativeClass("ParameterList", "torch.nn", [moduleClass]);

function put(interp: Interp, self: InstanceValue, name: string, value: Value, key: Registry = "_modules"): void {
  const entries = registry(self, key);
  if (entries === undefined) return;
  if (key === "_modules" && value.kind !== "none" && value.kind !== "unknown" && !isModule(value)) {
    fail(interp, "TypeError", `${value.kind === "class" ? value.name : value.kind} is not a Module subclass`);
    return;
  }
  interp.journal.setEntry(entries.entries, `s:${name}`, Object.freeze([str(name), value] as const));
  if (value.kind === "unknown") interp.journal.assign(entries, "why", value.why);
}

sequentialClass.attrs.set(
  "__init__",
  raw("__init__", (interp, args) => {
    const self = args.positional[0]?.value;
    if (self?.kind !== "instance") return NONE;
    initModule(interp, self);
    const rest = args.positional.slice(1).map((arg) => arg.value);
    const first = rest[0] === undefined ? undefined : payloadOf(rest[0]);
    if (rest.length === 1 && first !== undefined && (first.kind === "dict" || first.kind === "unknown")) {
      const made = toDict(interp, first);
      const entries = registry(self, "_modules");
      if (isWhy(made) || made.why !== undefined) {
        if (entries !== undefined)
          interp.journal.assign(entries, "why", isWhy(made) ? made : (made.why ?? { reason: t("unknown modules") }));
      } else
        for (const [key, value] of made.entries.values())
          put(interp, self, key.kind === "str" ? key.value : "?", value);
    } else
      rest.forEach((value, i) => {
        put(interp, self, String(i), value);
      });
    if (args.more !== undefined) {
      const entries = registry(self, "_modules");
      if (entries !== undefined) interp.journal.assign(entries, "why", args.more);
    }
    return NONE;
  }),
);
method(sequentialClass, "forward", "input", (interp, self, get) => {
  const entries = registry(self, "_modules");
  let value = get("input");
  if (entries?.why !== undefined) return unknown(entries.why);
  for (const [, module] of entries?.entries.values() ?? [])
    value = callValue(interp, module, { positional: [{ value }], keywords: [] });
  return value;
});
moduleListClass.attrs.set(
  "__init__",
  native("__init__", "self, modules=None", (interp, get) => {
    const self = get("self");
    if (self.kind !== "instance") return NONE;
    initModule(interp, self);
    extend(interp, self, get("modules"), "_modules");
    return NONE;
  }),
);
parameterListClass.attrs.set(
  "__init__",
  native("__init__", "self, values=None", (interp, get) => {
    const self = get("self");
    if (self.kind !== "instance") return NONE;
    initModule(interp, self);
    extend(interp, self, get("values"), "_parameters");
    return NONE;
  }),
);
moduleDictClass.attrs.set(
  "__init__",
  native("__init__", "self, modules=None", (interp, get) => {
    const self = get("self");
    if (self.kind !== "instance") return NONE;
    initModule(interp, self);
    if (get("modules").kind !== "none") update(interp, self, get("modules"));
    return NONE;
  }),
);

function extend(interp: Interp, self: InstanceValue, more: Value, key: "_modules" | "_parameters"): void {
  if (more.kind === "none") return;
  const items = itemsOf(interp, more);
  const entries = registry(self, key);
  if (entries === undefined) return;
  if (isWhy(items)) interp.journal.assign(entries, "why", items);
  else for (const item of items) put(interp, self, String(entries.entries.size), item, key);
}

function update(interp: Interp, self: InstanceValue, more: Value): void {
  const made = toDict(interp, more);
  const entries = registry(self, "_modules");
  if (isWhy(made)) {
    if (entries !== undefined) interp.journal.assign(entries, "why", made);
    return;
  }
  for (const [key, value] of made.entries.values()) put(interp, self, key.kind === "str" ? key.value : "?", value);
}

for (const [cls, key] of [
  [sequentialClass, "_modules"],
  [moduleListClass, "_modules"],
  [parameterListClass, "_parameters"],
] as const) {
  method(cls, "__len__", "", (_interp, self) => lengthOf(self, key));
  method(cls, "__iter__", "", (_interp, self) => listed(self, key));
  method(cls, "append", cls === parameterListClass ? "value" : "module", (interp, self, get) => {
    put(
      interp,
      self,
      String(registry(self, key)?.entries.size ?? 0),
      get(cls === parameterListClass ? "value" : "module"),
      key,
    );
    return self;
  });
  method(cls, "extend", "modules", (interp, self, get) => {
    extend(interp, self, get("modules"), key);
    return self;
  });
  method(cls, "insert", "index, module", (interp, self, get) => {
    const entries = registry(self, key);
    const at = toFloat(get("index"));
    if (entries === undefined || at === undefined) return NONE;
    const items = [...entries.entries.values()].map(([, value]) => value);
    items.splice(at, 0, get("module"));
    interp.journal.assign(
      entries,
      "entries",
      new Map(items.map((value, i) => [`s:${i}`, Object.freeze([str(String(i)), value] as const)])),
    );
    return NONE;
  });
  method(cls, "__getitem__", "index", (interp, self, get) => {
    const entries = registry(self, key);
    const index = get("index");
    if (entries?.why !== undefined) return unknown(entries.why);
    const items = [...(entries?.entries.values() ?? [])];
    if (index.kind === "slice") {
      const range = sliceRange(index, items.length);
      if (range === undefined) return unknown({ reason: t("a slice with unknown bounds") });
      const made = makeInstance(
        interp,
        cls === parameterListClass ? cls : self.cls.mro.includes(sequentialClass) ? sequentialClass : moduleListClass,
      );
      initModule(interp, made);
      range.forEach((position, i) => {
        const item = items[position];
        if (item !== undefined)
          put(
            interp,
            made,
            cls === sequentialClass && item[0].kind === "str" ? item[0].value : String(i),
            item[1],
            key,
          );
      });
      return made;
    }
    const n = toFloat(index);
    if (n === undefined)
      return unknown(
        index.kind === "unknown"
          ? index.why
          : index.kind === "int"
            ? (index.dim.why ?? { reason: t("an unknown index") })
            : { reason: t("an unknown index") },
      );
    const item = items[n < 0 ? n + items.length : n];
    return item?.[1] ?? fail(interp, "IndexError", `index ${n} is out of range`);
  });
  method(cls, "__setitem__", "index, module", (interp, self, get) => {
    const entries = registry(self, key);
    const n = toFloat(get("index"));
    const items = [...(entries?.entries.values() ?? [])];
    const item = n === undefined ? undefined : items[n < 0 ? n + items.length : n];
    if (item?.[0].kind === "str") put(interp, self, item[0].value, get("module"), key);
    return NONE;
  });
  method(cls, "__delitem__", "index", (interp, self, get) => {
    const entries = registry(self, key);
    const n = toFloat(get("index"));
    if (entries === undefined || n === undefined) return NONE;
    const items = [...entries.entries.values()].map(([, value]) => value);
    items.splice(n < 0 ? n + items.length : n, 1);
    interp.journal.assign(
      entries,
      "entries",
      new Map(items.map((value, i) => [`s:${i}`, Object.freeze([str(String(i)), value] as const)])),
    );
    return NONE;
  });
}
method(moduleDictClass, "__len__", "", (_interp, self) => lengthOf(self, "_modules"));
method(moduleDictClass, "__getitem__", "key", (interp, self, get) => {
  const key = get("key");
  const entries = registry(self, "_modules");
  if (key.kind !== "str") return unknown({ reason: t("an unknown key") });
  return (
    entries?.entries.get(`s:${key.value}`)?.[1] ??
    (entries?.why === undefined ? fail(interp, "KeyError", `'${key.value}'`) : unknown(entries.why))
  );
});
method(moduleDictClass, "__setitem__", "key, module", (interp, self, get) => {
  const key = get("key");
  if (key.kind === "str") put(interp, self, key.value, get("module"));
  return NONE;
});
method(moduleDictClass, "__contains__", "key", (_interp, self, get) => {
  const key = get("key");
  return bool(key.kind === "str" && registry(self, "_modules")?.entries.has(`s:${key.value}`) === true);
});
method(moduleDictClass, "__iter__", "", (_interp, self) =>
  iteratorOver(
    "generator",
    [...(registry(self, "_modules")?.entries.values() ?? [])].map(([key]) => key),
  ),
);
method(moduleDictClass, "keys", "", (_interp, self) =>
  list([...(registry(self, "_modules")?.entries.values() ?? [])].map(([key]) => key)),
);
method(moduleDictClass, "values", "", (_interp, self) =>
  list([...(registry(self, "_modules")?.entries.values() ?? [])].map(([, value]) => value)),
);
method(moduleDictClass, "items", "", (_interp, self) =>
  list([...(registry(self, "_modules")?.entries.values() ?? [])].map((entry) => tuple(entry))),
);
method(moduleDictClass, "update", "modules", (interp, self, get) => {
  update(interp, self, get("modules"));
  return NONE;
});

function lengthOf(self: InstanceValue, key: "_modules" | "_parameters"): Value {
  const entries = registry(self, key);
  return entries?.why === undefined
    ? int(entries?.entries.size ?? 0)
    : { kind: "int", dim: { size: undefined, why: entries.why } };
}

/** Live: a module appended while iterating is seen. */
function listed(self: InstanceValue, key: "_modules" | "_parameters"): Value {
  const entries = registry(self, key);
  if (entries?.why !== undefined)
    return { kind: "iterator", name: "unknown", index: 0, next: () => undefined, why: entries.why };
  return iteratorOver(
    "iterator",
    [...(entries?.entries.values() ?? [])].map(([, value]) => value),
  );
}

import { callValue, itemsOf } from "../../eval/evaluate.ts";
import { fail, type Interp, isWhy } from "../../eval/interp.ts";
import { type ClassValue, type InstanceValue, int, NONE, str, unknown, type Value } from "../../eval/value.ts";
import { toFloat, whyOf } from "../../lang/arithmetic.ts";
import { sliceRange, toDict } from "../../lang/containers.ts";
import { iteratorOver, lostIterator } from "../../lang/iteration.ts";
import { type Get, nativeClass, raw } from "../../lang/native.ts";
import { makeInstance, payloadOf, typeName } from "../../lang/types.ts";
import type { Why } from "../../shape/dim.ts";
import { t } from "../../text/text.ts";
import { initModule, isModule, lookupRegistered, method, moduleClass, type Registry, registry } from "../module.ts";
import { parameterOf } from "../parameter.ts";
import { addModule, setModuleAttribute } from "./registration.ts";

export const sequentialClass = nativeClass("Sequential", "torch.nn", [moduleClass]);
export const moduleListClass = nativeClass("ModuleList", "torch.nn", [moduleClass]);
export const parameterListClass = nativeClass("ParameterList", "torch.nn", [moduleClass]);

/** What a container keeps, in order: its registry's entries; of a list of parameters whatever bears a number. */
function itemsIn(self: InstanceValue, key: Registry): readonly (readonly [Value, Value])[] {
  if (key === "_modules") return [...(registry(self, key)?.entries.values() ?? [])];
  const items: (readonly [Value, Value])[] = [];
  for (;;) {
    const name = String(items.length);
    const value = lookupRegistered(self, name) ?? self.attrs.get(name);
    if (value === undefined) return items;
    items.push([str(name), value]);
  }
}

/** Why it is not known what a container holds. */
function lostIn(self: InstanceValue, key: Registry): Why | undefined {
  const why = registry(self, key)?.why;
  return why ?? (key === "_modules" ? undefined : registry(self, "_modules")?.why);
}

function lose(interp: Interp, self: InstanceValue, key: Registry, why: Why): void {
  const entries = registry(self, key);
  if (entries !== undefined) interp.journal.assign(entries, "why", why);
}

/** Numbers the values anew from 0, as torch does after it has deleted or inserted one. */
function renumber(interp: Interp, self: InstanceValue, key: Registry, values: readonly Value[]): void {
  const entries = registry(self, key);
  if (entries === undefined) return;
  interp.journal.assign(
    entries,
    "entries",
    new Map(values.map((value, i) => [`s:${i}`, Object.freeze([str(String(i)), value] as const)])),
  );
}

function append(interp: Interp, self: InstanceValue, key: Registry, value: Value): void {
  const name = str(String(itemsIn(self, key).length));
  if (key === "_modules") addModule(interp, self, name, value);
  else setModuleAttribute(interp, self, name.value, parameterOf(value));
}

function extend(interp: Interp, self: InstanceValue, key: Registry, more: Value): void {
  const items = itemsOf(interp, more);
  if (isWhy(items)) lose(interp, self, key, items);
  else for (const item of items) append(interp, self, key, item);
}

function unknownIndex(index: Value): Value {
  return unknown(whyOf(index) ?? { reason: t("an unknown index") });
}

/** The position that an index means; undefined where it is unknown, or torch's IndexError. */
function position(interp: Interp, index: Value, length: number): number | Value {
  const n = toFloat(index);
  if (n === undefined) return unknownIndex(index);
  if (n < -length || length <= n) return fail(interp, "IndexError", `index ${n} is out of range`);
  return n < 0 ? n + length : n;
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
      if (isWhy(made) || made.why !== undefined)
        lose(interp, self, "_modules", isWhy(made) ? made : (made.why ?? { reason: t("unknown modules") }));
      else for (const [key, value] of made.entries.values()) addModule(interp, self, key, value);
    } else for (const value of rest) append(interp, self, "_modules", value);
    if (args.more !== undefined) lose(interp, self, "_modules", args.more);
    return NONE;
  }),
);
method(sequentialClass, "forward", "input", (interp, self, get) => {
  const why = lostIn(self, "_modules");
  if (why !== undefined) return unknown(why);
  let value = get("input");
  for (const [, module] of itemsIn(self, "_modules"))
    value = callValue(interp, module, { positional: [{ value }], keywords: [] });
  return value;
});
for (const [cls, argument, key] of [
  [moduleListClass, "modules", "_modules"],
  [parameterListClass, "values", "_parameters"],
] as const)
  method(cls, "__init__", `${argument}=None`, (interp, self, get) => {
    initModule(interp, self);
    if (get(argument).kind !== "none") extend(interp, self, key, get(argument));
    return NONE;
  });

for (const [cls, key] of [
  [sequentialClass, "_modules"],
  [moduleListClass, "_modules"],
  [parameterListClass, "_parameters"],
] as const) {
  const element = key === "_modules" ? "module" : "value";
  const several = cls === sequentialClass ? "sequential" : key === "_modules" ? "modules" : "values";
  method(cls, "__len__", "", (_interp, self) => {
    const why = lostIn(self, key);
    return why === undefined ? int(itemsIn(self, key).length) : { kind: "int", dim: { size: undefined, why } };
  });
  method(cls, "__iter__", "", (_interp, self) => {
    const why = lostIn(self, key);
    if (why !== undefined) return lostIterator(why);
    // Live: a module appended while iterating is seen.
    return { ...iteratorOver("iterator", []), next: (index) => itemsIn(self, key)[index]?.[1] };
  });
  method(cls, "append", element, (interp, self, get) => {
    append(interp, self, key, get(element));
    return self;
  });
  method(cls, "extend", several, (interp, self, get) => {
    extend(interp, self, key, get(several));
    return self;
  });
  method(cls, "__iadd__", several, (interp, self, get) => {
    extend(interp, self, key, get(several));
    return self;
  });
  method(cls, "__getitem__", "idx", (interp, self, get) => item(interp, self, key, cls, get));
  method(cls, "__setitem__", "idx, value", (interp, self, get) => {
    const items = itemsIn(self, key);
    const at = position(interp, get("idx"), items.length);
    const name = typeof at === "number" ? items[at]?.[0] : undefined;
    if (name?.kind === "str")
      setModuleAttribute(interp, self, name.value, key === "_modules" ? get("value") : parameterOf(get("value")));
    else if (typeof at !== "number" && at.kind === "unknown") lose(interp, self, key, at.why);
    return NONE;
  });
}
for (const cls of [sequentialClass, moduleListClass]) {
  method(cls, "insert", "index, module", (interp, self, get) => {
    const values = itemsIn(self, "_modules").map(([, value]) => value);
    const n = toFloat(get("index"));
    const module = get("module");
    if (cls === sequentialClass && module.kind !== "unknown" && !isModule(module))
      return fail(interp, "AssertionError", `module should be of type: ${moduleClass.name}`);
    if (n === undefined) {
      const lost = unknownIndex(get("index"));
      if (lost.kind === "unknown") lose(interp, self, "_modules", lost.why);
      return self;
    }
    if (cls === sequentialClass && (n < -values.length || values.length < n))
      return fail(interp, "IndexError", `Index out of range: ${n}`);
    values.splice(n < 0 ? n + values.length : n, 0, module);
    renumber(interp, self, "_modules", values);
    return cls === sequentialClass ? self : NONE;
  });
  method(cls, "__delitem__", "idx", (interp, self, get) => {
    remove(interp, self, get("idx"));
    return NONE;
  });
  method(cls, "pop", "key", (interp, self, get) => {
    const value = interp.lang.getItem(interp, self, get("key"));
    remove(interp, self, get("key"));
    return value;
  });
  method(cls, "__add__", "other", (interp, self, get) => {
    const made = makeInstance(interp, cls);
    initModule(interp, made);
    for (const part of [self, get("other")]) {
      const why = part.kind === "instance" ? lostIn(part, "_modules") : undefined;
      if (why === undefined) extend(interp, made, "_modules", part);
      else lose(interp, made, "_modules", why);
    }
    return made;
  });
}
for (const name of ["__mul__", "__rmul__", "__imul__"])
  method(sequentialClass, name, "other", (interp, self, get) => {
    const other = get("other");
    const times = toFloat(other);
    if (other.kind === "tensor" || other.kind === "none" || other.kind === "str" || isModule(other))
      return fail(
        interp,
        "TypeError",
        `unsupported operand type(s) for *: '${typeName(interp, self)}' and '${typeName(interp, other)}'`,
      );
    if (times === undefined) return unknownIndex(other);
    if (times <= 0)
      return fail(interp, "ValueError", `Non-positive multiplication factor ${times} for ${typeName(interp, self)}`);
    const made = name === "__imul__" ? self : makeInstance(interp, sequentialClass);
    const values = itemsIn(self, "_modules").map(([, value]) => value);
    if (made !== self) initModule(interp, made);
    for (let i = made === self ? 1 : 0; i < times; i++)
      for (const value of values) append(interp, made, "_modules", value);
    return made;
  });

function item(interp: Interp, self: InstanceValue, key: Registry, cls: ClassValue, get: Get): Value {
  const why = lostIn(self, key);
  if (why !== undefined) return unknown(why);
  const index = get("idx");
  const items = itemsIn(self, key);
  if (index.kind !== "slice") {
    const at = position(interp, index, items.length);
    return typeof at === "number" ? (items[at]?.[1] ?? NONE) : at;
  }
  const range = sliceRange(index, items.length);
  if (range === undefined) return unknown({ reason: t("a slice with unknown bounds") });
  const kept = range.flatMap((at) => (items[at] === undefined ? [] : [items[at]]));
  if (self.cls !== cls) {
    // torch builds an object of the subclass from what is left, as its constructor takes it.
    const argument: Value =
      cls === sequentialClass
        ? { kind: "dict", entries: new Map(kept.map((entry) => [nameKey(entry[0]), entry])) }
        : { kind: "list", items: kept.map(([, value]) => value) };
    return callValue(interp, self.cls, { positional: [{ value: argument }], keywords: [] });
  }
  const made = makeInstance(interp, cls);
  initModule(interp, made);
  for (const [name, value] of kept) {
    // A sequence of layers keeps their names, a list numbers them anew.
    if (cls === sequentialClass) addModule(interp, made, name, value);
    else append(interp, made, key, value);
  }
  return made;
}

const nameKey = (name: Value): string => `s:${name.kind === "str" ? name.value : "?"}`;

function remove(interp: Interp, self: InstanceValue, index: Value): void {
  const items = itemsIn(self, "_modules");
  if (index.kind === "slice") {
    const range = sliceRange(index, items.length);
    if (range === undefined) lose(interp, self, "_modules", { reason: t("a slice with unknown bounds") });
    else
      renumber(
        interp,
        self,
        "_modules",
        items.flatMap(([, value], i) => (range.includes(i) ? [] : [value])),
      );
    return;
  }
  const at = position(interp, index, items.length);
  if (typeof at === "number")
    renumber(
      interp,
      self,
      "_modules",
      items.flatMap(([, value], i) => (i === at ? [] : [value])),
    );
  else if (at.kind === "unknown") lose(interp, self, "_modules", at.why);
}

import { callValue, itemsOf } from "../eval/evaluate.ts";
import { fail, type Interp, isWhy } from "../eval/interp.ts";
import {
  type DictValue,
  type IntValue,
  int,
  type ListValue,
  NONE,
  type SetValue,
  type SliceValue,
  str,
  tuple,
  unknown,
  type Value,
} from "../eval/value.ts";
import type { Why } from "../shape/dim.ts";
import { t } from "../text/text.ts";
import { toFloat, truth, whyOf } from "./arithmetic.ts";
import { reprOf } from "./format.ts";
import { sortValues } from "./iteration.ts";
import { native, raw } from "./native.ts";
import {
  classAttribute,
  dictClass,
  emptyDict,
  frozensetClass,
  hashKey,
  intClass,
  listClass,
  payloadOf,
  rangeClass,
  setClass,
  tupleClass,
  typeName,
} from "./types.ts";

/** `object[index]` for builtin containers and classes with `__getitem__`. */
export function getItem(interp: Interp, object: Value, index: Value): Value {
  const box =
    object.kind === "instance" && classAttribute(object.cls, "__getitem__") === undefined ? payloadOf(object) : object;
  switch (box.kind) {
    case "list":
      if (box.why !== undefined) return unknown(box.why);
      return sequenceItem(interp, "list", box.items, index, (items) => ({ kind: "list", items: [...items] }));
    case "tuple":
      return sequenceItem(interp, "tuple", box.items, index, (items) =>
        box.cls?.name === "Size" ? { kind: "tuple", items, cls: box.cls } : { kind: "tuple", items },
      );
    case "str":
      return sequenceItem(interp, "string", [...box.value].map(str), index, (items) =>
        str(items.map((i) => (i.kind === "str" ? i.value : "")).join("")),
      );
    case "range": {
      const items = itemsOf(interp, box);
      return isWhy(items)
        ? unknown(items)
        : sequenceItem(interp, "range object", items, index, (part) => ({ kind: "list", items: [...part] }));
    }
    case "dict": {
      const key = hashKey(interp, index);
      if (key === undefined) {
        if (index.kind === "list" || index.kind === "dict")
          return fail(interp, "TypeError", `unhashable type: '${index.kind}'`);
        return unknown(whyOf(index) ?? { reason: t("a lookup with an unknown key") });
      }
      const entry = box.entries.get(key);
      if (entry !== undefined) return entry[1];
      if (box.why !== undefined) return unknown(box.why);
      if (box.factory !== undefined && box.factory.kind !== "none") {
        const value = callValue(interp, box.factory, { positional: [], keywords: [] });
        interp.journal.setEntry(box.entries, key, Object.freeze([index, value] as const));
        return value;
      }
      const missing = object.kind === "instance" ? classAttribute(object.cls, "__missing__") : undefined;
      if (missing !== undefined)
        return callValue(
          interp,
          { kind: "method", self: object, fn: missing },
          { positional: [{ value: index }], keywords: [] },
        );
      return fail(interp, "KeyError", reprOf(interp, index) ?? "");
    }
    case "instance":
    case "tensor": {
      const cls = box.kind === "tensor" ? interp.tensorClass : box.cls;
      const fn = classAttribute(cls, "__getitem__");
      if (fn !== undefined)
        return callValue(
          interp,
          { kind: "method", self: object, fn },
          { positional: [{ value: index }], keywords: [] },
        );
      if (box.kind === "instance") {
        const lost = box.tainted ?? box.cls.mro.find((c) => c.unknownBase !== undefined)?.unknownBase;
        if (lost !== undefined) return unknown(lost);
      }
      break;
    }
    case "class": {
      // `Generic[T]`, `list[int]`: the class itself for our purposes.
      const own = box.meta === undefined ? undefined : classAttribute(box.meta, "__getitem__");
      if (own !== undefined)
        return callValue(
          interp,
          { kind: "method", self: box, fn: own },
          { positional: [{ value: index }], keywords: [] },
        );
      const item = classAttribute(box, "__class_getitem__");
      if (item !== undefined)
        return callValue(
          interp,
          { kind: "method", self: box, fn: item.kind === "wrapper" ? item.fn : item },
          { positional: [{ value: index }], keywords: [] },
        );
      return box;
    }
    case "unknown":
      return unknown(box.why);
    case "opaque":
      return box;
    default:
  }
  return fail(interp, "TypeError", `'${typeName(interp, box)}' object is not subscriptable`, {
    repairs: interp.argumentRepairs(interp),
  });
}

function sequenceItem(
  interp: Interp,
  name: string,
  items: readonly Value[],
  index: Value,
  make: (items: readonly Value[]) => Value,
): Value {
  const at = asIndex(interp, index);
  if (at.kind === "int") {
    const n = at.dim.size;
    if (typeof n !== "number")
      return items.length === 0
        ? unknown(at.dim.why ?? { reason: t("an unknown index") })
        : unknown(at.dim.why ?? { reason: t("an unknown index") });
    const item = items[n < 0 ? n + items.length : n];
    if (item !== undefined && -items.length <= n) return item;
    return fail(interp, "IndexError", `${name} index out of range`);
  }
  if (at.kind === "slice") {
    const range = sliceRange(at, items.length);
    return range === undefined
      ? unknown({ reason: t("a slice with unknown bounds") })
      : make(range.map((i) => items[i] ?? NONE));
  }
  if (at.kind === "unknown") return at;
  return fail(
    interp,
    "TypeError",
    `${name === "string" ? "string indices must be integers, not" : `${name} indices must be integers or slices, not`} '${typeName(interp, index)}'`.replace(
      name === "string" ? "" : /'(\w+)'$/,
      name === "string" ? "" : "$1",
    ),
  );
}

function asIndex(interp: Interp, index: Value): Value {
  if (index.kind === "bool") return int(index.value ? 1 : 0);
  if (index.kind === "instance") {
    const fn = classAttribute(index.cls, "__index__");
    if (fn !== undefined)
      return callValue(interp, { kind: "method", self: index, fn }, { positional: [], keywords: [] });
    return payloadOf(index);
  }
  return index;
}

/** Positions that a slice picks from a sequence of that length; undefined when a bound is not known. */
export function sliceRange(slice: SliceValue, length: number): readonly number[] | undefined {
  const bound = (value: Value): number | undefined | null =>
    value.kind === "none" ? null : (toFloat(value) ?? undefined);
  const step = bound(slice.step) ?? (slice.step.kind === "none" ? 1 : undefined);
  const lower = bound(slice.lower);
  const upper = bound(slice.upper);
  if (step === undefined || step === null || step === 0 || lower === undefined || upper === undefined) return undefined;
  const clamp = (n: number, low: number, high: number): number => Math.max(low, Math.min(high, n < 0 ? n + length : n));
  const positions: number[] = [];
  if (0 < step) {
    const from = lower === null ? 0 : clamp(lower, 0, length);
    const to = upper === null ? length : clamp(upper, 0, length);
    for (let i = from; i < to; i += step) positions.push(i);
  } else {
    const from = lower === null ? length - 1 : clamp(lower, -1, length - 1);
    const to = upper === null ? -1 : clamp(upper, -1, length - 1);
    for (let i = from; to < i; i += step) positions.push(i);
  }
  return positions;
}

/** `object[index] = value`. */
export function setItem(interp: Interp, object: Value, index: Value, value: Value): void {
  const own =
    object.kind === "instance"
      ? classAttribute(object.cls, "__setitem__")
      : object.kind === "tensor"
        ? classAttribute(interp.tensorClass, "__setitem__")
        : undefined;
  if (own !== undefined) {
    callValue(
      interp,
      { kind: "method", self: object, fn: own },
      { positional: [{ value: index }, { value }], keywords: [] },
    );
    return;
  }
  const box = payloadOf(object);
  switch (box.kind) {
    case "list": {
      const at = asIndex(interp, index);
      if (at.kind === "slice") {
        const range = sliceRange(at, box.items.length);
        const items = itemsOf(interp, value);
        if (range === undefined || isWhy(items))
          interp.journal.assign(box, "why", isWhy(items) ? items : { reason: t("a slice with unknown bounds") });
        else {
          const copy = [...box.items];
          if (at.step.kind === "none")
            copy.splice(
              range[0] ?? (at.lower.kind === "none" ? 0 : Math.min(toFloat(at.lower) ?? 0, copy.length)),
              range.length,
              ...items,
            );
          else
            range.forEach((position, i) => {
              copy[position] = items[i] ?? NONE;
            });
          interp.journal.assign(box, "items", copy);
        }
        return;
      }
      const n = at.kind === "int" ? at.dim.size : undefined;
      if (typeof n !== "number") {
        interp.journal.assign(box, "why", whyOf(at) ?? { reason: t("an unknown index") });
        return;
      }
      const position = n < 0 ? n + box.items.length : n;
      if (position < 0 || box.items.length <= position) {
        fail(interp, "IndexError", "list assignment index out of range");
        return;
      }
      const copy = [...box.items];
      copy[position] = value;
      interp.journal.assign(box, "items", copy);
      return;
    }
    case "dict": {
      const key = hashKey(interp, index);
      if (key === undefined)
        interp.journal.assign(box, "why", whyOf(index) ?? { reason: t("a write with an unknown key") });
      else
        interp.journal.setEntry(box.entries, key, Object.freeze([box.entries.get(key)?.[0] ?? index, value] as const));
      return;
    }
    case "unknown":
    case "opaque":
    case "instance":
      return;
    default:
      fail(interp, "TypeError", `'${typeName(interp, box)}' object does not support item assignment`);
  }
}

export function deleteItem(interp: Interp, object: Value, index: Value): void {
  const own = object.kind === "instance" ? classAttribute(object.cls, "__delitem__") : undefined;
  if (own !== undefined) {
    callValue(interp, { kind: "method", self: object, fn: own }, { positional: [{ value: index }], keywords: [] });
    return;
  }
  const box = payloadOf(object);
  if (box.kind === "dict") {
    const key = hashKey(interp, index);
    if (key !== undefined && box.entries.has(key))
      interp.journal.remove(box, "entries", box.entries as unknown as Map<string, Value>, key);
    else if (key !== undefined && box.why === undefined) fail(interp, "KeyError", reprOf(interp, index) ?? "");
  } else if (box.kind === "list") {
    const positions =
      index.kind === "slice"
        ? sliceRange(index, box.items.length)
        : [toFloat(index)].map((n) => (n === undefined ? undefined : n < 0 ? n + box.items.length : n));
    if (positions === undefined || positions.some((n) => n === undefined))
      interp.journal.assign(box, "why", { reason: t("an unknown index") });
    else
      interp.journal.assign(
        box,
        "items",
        box.items.filter((_item, i) => !positions.includes(i)),
      );
  }
}

// --- methods -----------------------------------------------------------------------------------------------------

const asList = (value: Value): ListValue | undefined =>
  payloadOf(value).kind === "list" ? (payloadOf(value) as ListValue) : undefined;
const asDict = (value: Value): DictValue | undefined =>
  payloadOf(value).kind === "dict" ? (payloadOf(value) as DictValue) : undefined;
const asSet = (value: Value): SetValue | undefined =>
  payloadOf(value).kind === "set" ? (payloadOf(value) as SetValue) : undefined;

function define(
  cls: typeof listClass,
  name: string,
  signature: string,
  body: (interp: Interp, get: (name: string) => Value) => Value,
): void {
  cls.attrs.set(name, native(name, signature, body));
}

define(listClass, "append", "self, object", (interp, get) => {
  const self = asList(get("self"));
  if (self !== undefined) interp.journal.push(self, get("object"));
  return NONE;
});
define(listClass, "extend", "self, iterable", (interp, get) => {
  const self = asList(get("self"));
  const items = itemsOf(interp, get("iterable"));
  if (self === undefined) return NONE;
  if (isWhy(items)) interp.journal.assign(self, "why", items);
  else for (const item of items) interp.journal.push(self, item);
  return NONE;
});
define(listClass, "insert", "self, index, object", (interp, get) => {
  const self = asList(get("self"));
  const n = toFloat(get("index"));
  if (self === undefined) return NONE;
  if (n === undefined) interp.journal.assign(self, "why", { reason: t("an unknown index") });
  else {
    const copy = [...self.items];
    copy.splice(n < 0 ? Math.max(0, n + copy.length) : n, 0, get("object"));
    interp.journal.assign(self, "items", copy);
  }
  return NONE;
});
define(listClass, "pop", "self, index=-1", (interp, get) => {
  const self = asList(get("self"));
  const n = toFloat(get("index"));
  if (self === undefined) return NONE;
  if (self.why !== undefined) return unknown(self.why);
  if (n === undefined) return unknown({ reason: t("an unknown index") });
  const at = n < 0 ? n + self.items.length : n;
  const value = self.items[at];
  if (value === undefined)
    return fail(interp, "IndexError", self.items.length === 0 ? "pop from empty list" : "pop index out of range");
  interp.journal.assign(
    self,
    "items",
    self.items.filter((_item, i) => i !== at),
  );
  return value;
});
define(listClass, "remove", "self, value", (interp, get) => {
  const self = asList(get("self"));
  if (self === undefined || self.why !== undefined) return NONE;
  for (let i = 0; i < self.items.length; i++) {
    const same = truth(interp, interp.lang.compare(interp, "==", self.items[i] ?? NONE, get("value")));
    if (isWhy(same)) {
      interp.journal.assign(self, "why", same);
      return NONE;
    }
    if (!same) continue;
    interp.journal.assign(
      self,
      "items",
      self.items.filter((_item, j) => j !== i),
    );
    return NONE;
  }
  return fail(interp, "ValueError", "list.remove(x): x not in list");
});
define(listClass, "clear", "self", (interp, get) => {
  const self = asList(get("self"));
  if (self !== undefined) interp.journal.assign(self, "items", []);
  return NONE;
});
define(listClass, "reverse", "self", (interp, get) => {
  const self = asList(get("self"));
  if (self !== undefined) interp.journal.assign(self, "items", [...self.items].reverse());
  return NONE;
});
define(listClass, "sort", "self, *, key=None, reverse=False", (interp, get) => {
  const self = asList(get("self"));
  if (self === undefined) return NONE;
  const sorted = sortValues(interp, self.items, get("key"), truth(interp, get("reverse")) === true);
  if (sorted === undefined) interp.journal.assign(self, "why", { reason: t("an order that is not known") });
  else interp.journal.assign(self, "items", [...sorted]);
  return NONE;
});
for (const cls of [listClass, tupleClass]) {
  define(cls, "index", "self, value, start=0, stop=None", (interp, get) => {
    const items = itemsOf(interp, get("self"));
    if (isWhy(items)) return unknown(items);
    for (let i = toFloat(get("start")) ?? 0; i < items.length; i++) {
      const same = truth(interp, interp.lang.compare(interp, "==", items[i] ?? NONE, get("value")));
      if (isWhy(same)) return unknown(same);
      if (same) return int(i);
    }
    return fail(interp, "ValueError", `${reprOf(interp, get("value")) ?? "value"} is not in list`);
  });
  define(cls, "count", "self, value", (interp, get) => {
    const items = itemsOf(interp, get("self"));
    if (isWhy(items)) return unknown(items);
    let count = 0;
    for (const item of items) {
      const same = truth(interp, interp.lang.compare(interp, "==", item, get("value")));
      if (isWhy(same)) return unknown(same);
      if (same) count++;
    }
    return int(count);
  });
}
define(listClass, "copy", "self", (_interp, get) => {
  const self = asList(get("self"));
  return { kind: "list", items: [...(self?.items ?? [])], ...(self?.why === undefined ? {} : { why: self.why }) };
});

define(dictClass, "get", "self, key, default=None", (interp, get) => {
  const self = asDict(get("self"));
  const key = hashKey(interp, get("key"));
  if (self === undefined) return NONE;
  if (key === undefined) return unknown(whyOf(get("key")) ?? { reason: t("an unknown key") });
  const entry = self.entries.get(key);
  return entry === undefined ? (self.why === undefined ? get("default") : unknown(self.why)) : entry[1];
});
const dictView = (name: string, pick: (entry: readonly [Value, Value]) => Value): void =>
  define(dictClass, name, "self", (_interp, get) => {
    const self = asDict(get("self"));
    if (self === undefined) return NONE;
    if (self.why !== undefined) return unknown(self.why);
    return { kind: "list", items: [...self.entries.values()].map(pick) };
  });
dictView("keys", ([key]) => key);
dictView("values", ([, value]) => value);
dictView("items", ([key, value]) => tuple([key, value]));
dictClass.attrs.set(
  "update",
  raw("update", (interp, args) => {
    const self = asDict(args.positional[0]?.value ?? NONE);
    if (self === undefined) return NONE;
    const source = args.positional[1]?.value;
    if (source !== undefined) {
      const made = toDict(interp, source);
      if (isWhy(made)) interp.journal.assign(self, "why", made);
      else {
        for (const [key, entry] of made.entries) interp.journal.setEntry(self.entries, key, Object.freeze(entry));
        if (made.why !== undefined) interp.journal.assign(self, "why", made.why);
      }
    }
    for (const [key, { value }] of args.keywords)
      interp.journal.setEntry(self.entries, `s:${key}`, Object.freeze([str(key), value] as const));
    if (args.more !== undefined) interp.journal.assign(self, "why", args.more);
    return NONE;
  }),
);
define(dictClass, "pop", "self, key, *default", (interp, get) => {
  const self = asDict(get("self"));
  const key = hashKey(interp, get("key"));
  const fallback = get("default");
  if (self === undefined) return NONE;
  if (key === undefined) return unknown(whyOf(get("key")) ?? { reason: t("an unknown key") });
  const entry = self.entries.get(key);
  if (entry !== undefined) {
    interp.journal.remove(self, "entries", self.entries as unknown as Map<string, Value>, key);
    return entry[1];
  }
  if (self.why !== undefined) return unknown(self.why);
  const value = fallback.kind === "tuple" ? fallback.items[0] : undefined;
  return value ?? fail(interp, "KeyError", reprOf(interp, get("key")) ?? "");
});
define(dictClass, "popitem", "self, last=True", (interp, get) => {
  const self = asDict(get("self"));
  if (self === undefined || self.why !== undefined) return unknown(self?.why ?? { reason: t("an unknown dict") });
  const keys = [...self.entries.keys()];
  const key = truth(interp, get("last")) === false ? keys[0] : keys.at(-1);
  const entry = key === undefined ? undefined : self.entries.get(key);
  if (key === undefined || entry === undefined) return fail(interp, "KeyError", "'popitem(): dictionary is empty'");
  interp.journal.remove(self, "entries", self.entries as unknown as Map<string, Value>, key);
  return tuple(entry);
});
define(dictClass, "setdefault", "self, key, default=None", (interp, get) => {
  const self = asDict(get("self"));
  const key = hashKey(interp, get("key"));
  if (self === undefined || key === undefined) return unknown({ reason: t("an unknown key") });
  const entry = self.entries.get(key);
  if (entry !== undefined) return entry[1];
  if (self.why !== undefined) return unknown(self.why);
  interp.journal.setEntry(self.entries, key, Object.freeze([get("key"), get("default")] as const));
  return get("default");
});
define(dictClass, "copy", "self", (_interp, get) => {
  const self = asDict(get("self"));
  return self === undefined ? NONE : { ...self, entries: new Map(self.entries) };
});
define(dictClass, "clear", "self", (interp, get) => {
  const self = asDict(get("self"));
  if (self !== undefined) interp.journal.assign(self, "entries", new Map());
  return NONE;
});
dictClass.attrs.set("fromkeys", {
  kind: "wrapper",
  type: "class",
  fn: native("fromkeys", "cls, iterable, value=None", (interp, get) => {
    const items = itemsOf(interp, get("iterable"));
    if (isWhy(items)) return { kind: "dict", entries: new Map(), why: items };
    const dict = emptyDict();
    for (const item of items) setItem(interp, dict, item, get("value"));
    return dict;
  }),
});

define(setClass, "add", "self, item", (interp, get) => {
  const self = asSet(get("self"));
  const key = hashKey(interp, get("item"));
  if (self === undefined) return NONE;
  if (key === undefined) interp.journal.assign(self, "why", whyOf(get("item")) ?? { reason: t("an unknown member") });
  else interp.journal.set(self.items, key, get("item"));
  return NONE;
});
setClass.attrs.set(
  "update",
  raw("update", (interp, args) => {
    const self = asSet(args.positional[0]?.value ?? NONE);
    for (const { value } of args.positional.slice(1)) {
      const items = itemsOf(interp, value);
      if (self === undefined) break;
      if (isWhy(items)) interp.journal.assign(self, "why", items);
      else for (const item of items) interp.journal.set(self.items, hashKey(interp, item) ?? "?", item);
    }
    return NONE;
  }),
);
for (const name of ["remove", "discard"]) {
  define(setClass, name, "self, item", (interp, get) => {
    const self = asSet(get("self"));
    const key = hashKey(interp, get("item"));
    if (self === undefined || key === undefined) return NONE;
    if (self.items.has(key)) interp.journal.remove(self, "items", self.items, key);
    else if (name === "remove" && self.why === undefined) fail(interp, "KeyError", reprOf(interp, get("item")) ?? "");
    return NONE;
  });
}
for (const cls of [setClass, frozensetClass]) {
  for (const [name, op] of [
    ["union", "|"],
    ["intersection", "&"],
    ["difference", "-"],
    ["symmetric_difference", "^"],
  ] as const) {
    define(cls, name, "self, *others", (interp, get) => {
      let result = get("self");
      const others = get("others");
      for (const other of others.kind === "tuple" ? others.items : [])
        result = interp.lang.binary(interp, op, result, toSet(interp, other), false);
      return result;
    });
  }
  for (const [name, op] of [
    ["issubset", "<="],
    ["issuperset", ">="],
  ] as const)
    define(cls, name, "self, other", (interp, get) =>
      interp.lang.compare(interp, op, get("self"), toSet(interp, get("other"))),
    );
  define(cls, "copy", "self", (_interp, get) => {
    const self = asSet(get("self"));
    return self === undefined ? NONE : { ...self, items: new Map(self.items) };
  });
}
define(rangeClass, "index", "self, value", (interp, get) => {
  const items = itemsOf(interp, get("self"));
  const n = toFloat(get("value"));
  return isWhy(items) || n === undefined
    ? unknown({ reason: t("an unknown index") })
    : int(items.findIndex((item) => toFloat(item) === n));
});
define(intClass, "bit_length", "self", (_interp, get) => {
  const n = toFloat(get("self"));
  return n === undefined
    ? unknown({ reason: t("an unknown number") })
    : int(n === 0 ? 0 : Math.floor(Math.log2(Math.abs(n))) + 1);
});

/** A dict from a mapping or an iterable of pairs. */
export function toDict(interp: Interp, source: Value): DictValue | Why {
  const box = payloadOf(source);
  if (box.kind === "dict") return box;
  if (box.kind === "unknown") return box.why;
  if (source.kind === "instance") {
    const keys = classAttribute(source.cls, "keys");
    if (keys !== undefined) {
      const names = itemsOf(
        interp,
        callValue(interp, { kind: "method", self: source, fn: keys }, { positional: [], keywords: [] }),
      );
      if (isWhy(names)) return names;
      const made = emptyDict();
      for (const name of names) setItem(interp, made, name, interp.lang.getItem(interp, source, name));
      return made;
    }
  }
  const items = itemsOf(interp, source);
  if (isWhy(items)) return items;
  const made = emptyDict();
  for (const item of items) {
    const pair = itemsOf(interp, item);
    if (isWhy(pair)) return pair;
    setItem(interp, made, pair[0] ?? NONE, pair[1] ?? NONE);
  }
  return made;
}

export function toSet(interp: Interp, source: Value): SetValue {
  const box = payloadOf(source);
  if (box.kind === "set") return box;
  const items = itemsOf(interp, source);
  if (isWhy(items)) return { kind: "set", items: new Map(), why: items };
  const made = new Map<string, Value>();
  let why: Why | undefined;
  for (const item of items) {
    const key = hashKey(interp, item);
    if (key === undefined) why = whyOf(item) ?? { reason: t("an unknown member") };
    else if (!made.has(key)) made.set(key, item);
  }
  return why === undefined ? { kind: "set", items: made } : { kind: "set", items: made, why };
}

/** `len(value)`. */
export function lengthOf(interp: Interp, value: Value): Value {
  const special =
    value.kind === "instance"
      ? classAttribute(value.cls, "__len__")
      : value.kind === "tensor"
        ? classAttribute(interp.tensorClass, "__len__")
        : value.kind === "class" && value.meta !== undefined
          ? classAttribute(value.meta, "__len__")
          : undefined;
  if (special !== undefined)
    return callValue(interp, { kind: "method", self: value, fn: special }, { positional: [], keywords: [] });
  const box = payloadOf(value);
  switch (box.kind) {
    case "list":
      return box.why === undefined ? int(box.items.length) : lost(box.why);
    case "tuple":
      return int(box.items.length);
    case "str":
    case "bytes":
      return int([...box.value].length);
    case "dict":
      return box.why === undefined ? int(box.entries.size) : lost(box.why);
    case "set":
      return box.why === undefined ? int(box.items.size) : lost(box.why);
    case "range": {
      const items = itemsOf(interp, box);
      return isWhy(items) ? lost(items) : int(items.length);
    }
    case "unknown":
      return unknown(box.why);
    case "opaque":
      return unknown({ reason: t("the length of {0} is not followed", box.name) });
    case "instance": {
      const why = box.tainted ?? box.cls.mro.find((c) => c.unknownBase !== undefined)?.unknownBase;
      if (why !== undefined) return unknown(why);
      break;
    }
    default:
  }
  return fail(interp, "TypeError", `object of type '${typeName(interp, box)}' has no len()`);
}

function lost(why: Why): IntValue {
  return { kind: "int", dim: { size: undefined, why } };
}

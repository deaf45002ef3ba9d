import { itemsOf } from "../eval/evaluate.ts";
import { fail, type Interp, isWhy } from "../eval/interp.ts";
import { fill } from "../eval/registry.ts";
import {
  type DictValue,
  int,
  type ListValue,
  NONE,
  type SetValue,
  str,
  tuple,
  unknown,
  type Value,
} from "../eval/value.ts";
import { t } from "../text/text.ts";
import { toFloat, truth, whyOf } from "./arithmetic.ts";
import { setItem, toDict, toSet } from "./containers.ts";
import { reprOf } from "./format.ts";
import { sortValues } from "./iteration.ts";
import { native, raw } from "./native.ts";
import {
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
} from "./types.ts";

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
  if (!self.entries.has(key)) fill(interp, self, key);
  const entry = self.entries.get(key);
  return entry === undefined ? (self.why === undefined ? get("default") : unknown(self.why)) : entry[1];
});
const dictView = (name: string, pick: (entry: readonly [Value, Value]) => Value): void =>
  define(dictClass, name, "self", (interp, get) => {
    const self = asDict(get("self"));
    if (self === undefined) return NONE;
    fill(interp, self, undefined);
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

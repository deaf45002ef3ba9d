import { itemsOf } from "../eval/evaluate.ts";
import { fail, type Interp, isWhy } from "../eval/interp.ts";
import { lazyEntry } from "../eval/lazy.ts";
import { fill } from "../eval/registry.ts";
import {
  bool,
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
import { toFloat, truth } from "./arithmetic.ts";
import { unhashable } from "./compare.ts";
import { loseEntries, setItem, toDict, toSet } from "./containers.ts";
import { reprOf } from "./format.ts";
import { sortValues } from "./iteration.ts";
import { clearEntries, removeEntry } from "./live.ts";
import { native, raw } from "./native.ts";
import { setItems } from "./sets.ts";
import {
  dictClass,
  emptyDict,
  frozensetClass,
  hashKey,
  listClass,
  payloadOf,
  rangeClass,
  setClass,
  sliceClass,
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

const index = (value: Value): number | undefined => toFloat(value);

define(listClass, "append", "self, object, /", (interp, get) => {
  const self = asList(get("self"));
  if (self !== undefined) interp.journal.push(self, get("object"));
  return NONE;
});
define(listClass, "extend", "self, iterable, /", (interp, get) => {
  const self = asList(get("self"));
  const items = itemsOf(interp, get("iterable"));
  if (self === undefined) return NONE;
  if (isWhy(items)) interp.journal.assign(self, "why", items);
  else for (const item of items) interp.journal.push(self, item);
  return NONE;
});
define(listClass, "insert", "self, index, object, /", (interp, get) => {
  const self = asList(get("self"));
  const n = index(get("index"));
  if (self === undefined) return NONE;
  if (n === undefined) interp.journal.assign(self, "why", { reason: t("an unknown index") });
  else {
    const copy = [...self.items];
    copy.splice(n < 0 ? Math.max(0, n + copy.length) : n, 0, get("object"));
    interp.journal.assign(self, "items", copy);
  }
  return NONE;
});
define(listClass, "pop", "self, index=-1, /", (interp, get) => {
  const self = asList(get("self"));
  const n = index(get("index"));
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
define(listClass, "remove", "self, value, /", (interp, get) => {
  const self = asList(get("self"));
  if (self === undefined || self.why !== undefined) return NONE;
  const at = position(interp, self.items, get("value"), 0, self.items.length);
  if (isWhy(at)) interp.journal.assign(self, "why", at);
  else if (at < 0) return fail(interp, "ValueError", "list.remove(x): x not in list");
  else
    interp.journal.assign(
      self,
      "items",
      self.items.filter((_item, i) => i !== at),
    );
  return NONE;
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
define(listClass, "copy", "self", (_interp, get) => {
  const self = asList(get("self"));
  return { kind: "list", items: [...(self?.items ?? [])], ...(self?.why === undefined ? {} : { why: self.why }) };
});

/** Position of the first item that is the value or equal to it; -1 without one. */
function position(
  interp: Interp,
  items: readonly Value[],
  value: Value,
  from: number,
  to: number,
): number | NonNullable<ListValue["why"]> {
  for (let i = from; i < Math.min(to, items.length); i++) {
    const item = items[i] ?? NONE;
    const same =
      item === value && value.kind !== "unknown" ? true : truth(interp, interp.lang.compare(interp, "==", item, value));
    if (isWhy(same)) return same;
    if (same) return i;
  }
  return -1;
}

for (const cls of [listClass, tupleClass, rangeClass]) {
  define(cls, "index", "self, value, start=0, stop=None, /", (interp, get) => {
    const items = itemsOf(interp, get("self"));
    if (isWhy(items)) return unknown(items);
    const bound = (value: Value, fallback: number): number => {
      const n = toFloat(value) ?? fallback;
      return n < 0 ? Math.max(0, n + items.length) : n;
    };
    const at = position(interp, items, get("value"), bound(get("start"), 0), bound(get("stop"), items.length));
    if (isWhy(at)) return unknown(at);
    if (0 <= at) return int(at);
    const message =
      cls === tupleClass
        ? "tuple.index(x): x not in tuple"
        : cls === rangeClass
          ? `${reprOf(interp, get("value")) ?? "value"} is not in range`
          : `${reprOf(interp, get("value")) ?? "value"} is not in list`;
    return fail(interp, "ValueError", message);
  });
  define(cls, "count", "self, value, /", (interp, get) => {
    const items = itemsOf(interp, get("self"));
    if (isWhy(items)) return unknown(items);
    let count = 0;
    for (let at = 0; at < items.length; at++) {
      const found = position(interp, items, get("value"), at, at + 1);
      if (isWhy(found)) return unknown(found);
      if (0 <= found) count++;
    }
    return int(count);
  });
}
define(sliceClass, "indices", "self, length, /", (interp, get) => {
  const self = get("self");
  const length = toFloat(get("length"));
  if (self.kind !== "slice" || length === undefined) return unknown({ reason: t("a slice with unknown bounds") });
  const step = toFloat(self.step) ?? 1;
  if (step === 0) return fail(interp, "ValueError", "slice step cannot be zero");
  const [low, high] = step < 0 ? [-1, length - 1] : [0, length];
  const bound = (value: Value, fallback: number): number => {
    const n = toFloat(value);
    return n === undefined ? fallback : Math.max(low, Math.min(high, n < 0 ? n + length : n));
  };
  return tuple([
    int(bound(self.lower, step < 0 ? high : low)),
    int(bound(self.upper, step < 0 ? low : high)),
    int(step),
  ]);
});

// --- dict --------------------------------------------------------------------------------------------------------

define(dictClass, "get", "self, key, default=None, /", (interp, get) => {
  const self = asDict(get("self"));
  if (self === undefined) return NONE;
  const key = hashKey(interp, get("key"));
  if (key === undefined) return unknown(unhashable(interp, get("key")));
  if (!self.entries.has(key)) fill(interp, self, key);
  const entry = self.entries.get(key);
  return entry === undefined ? (self.why === undefined ? get("default") : unknown(self.why)) : entry[1];
});
for (const of of ["keys", "values", "items"] as const)
  define(dictClass, of, "self", (interp, get) => {
    const self = asDict(get("self"));
    if (self === undefined) return NONE;
    fill(interp, self, undefined);
    return self.why === undefined ? { kind: "view", of, dict: self } : unknown(self.why);
  });
dictClass.attrs.set(
  "update",
  raw("update", (interp, args) => {
    const owner = args.positional[0]?.value ?? NONE;
    const self = asDict(owner);
    if (self === undefined) return NONE;
    const source = args.positional[1]?.value;
    if (source !== undefined) {
      const made = toDict(interp, source);
      if (isWhy(made)) loseEntries(interp, self, made);
      else {
        for (const [key, entry] of made.entries) {
          const old = self.entries.get(key);
          interp.journal.setEntry(
            self,
            key,
            old === undefined ? Object.freeze(entry) : lazyEntry(old[0], () => entry[1]),
          );
        }
        if (made.why !== undefined) interp.journal.assign(self, "why", made.why);
      }
    }
    for (const [key, arg] of args.keywords)
      interp.journal.setEntry(
        self,
        `s:${key}`,
        lazyEntry(str(key), () => arg.value),
      );
    if (args.more !== undefined) loseEntries(interp, self, args.more);
    return NONE;
  }),
);
define(dictClass, "pop", "self, key, *default", (interp, get) => {
  const self = asDict(get("self"));
  const fallback = get("default");
  if (self === undefined) return NONE;
  const key = hashKey(interp, get("key"));
  if (key === undefined) return unknown(unhashable(interp, get("key")));
  const entry = self.entries.get(key);
  if (entry !== undefined) {
    removeEntry(interp, self, key);
    return entry[1];
  }
  if (self.why !== undefined) return unknown(self.why);
  const value = fallback.kind === "tuple" ? fallback.items[0] : undefined;
  return value ?? fail(interp, "KeyError", reprOf(interp, get("key")) ?? "", { args: [get("key")] });
});
define(dictClass, "popitem", "self, last=True", (interp, get) => {
  const self = asDict(get("self"));
  if (self === undefined || self.why !== undefined) return unknown(self?.why ?? { reason: t("an unknown dict") });
  const keys = [...self.entries.keys()];
  const key = truth(interp, get("last")) === false ? keys[0] : keys.at(-1);
  const entry = key === undefined ? undefined : self.entries.get(key);
  if (key === undefined || entry === undefined) return fail(interp, "KeyError", "popitem(): dictionary is empty");
  removeEntry(interp, self, key);
  return tuple([entry[0], entry[1]]);
});
define(dictClass, "setdefault", "self, key, default=None, /", (interp, get) => {
  const self = asDict(get("self"));
  const key = hashKey(interp, get("key"));
  if (self === undefined) return NONE;
  if (key === undefined) return unknown(unhashable(interp, get("key")));
  const entry = self.entries.get(key);
  if (entry !== undefined) return entry[1];
  if (self.why !== undefined) return unknown(self.why);
  interp.journal.setEntry(self, key, Object.freeze([get("key"), get("default")] as const));
  return get("default");
});
define(dictClass, "copy", "self", (_interp, get) => {
  const self = asDict(get("self"));
  return self === undefined ? NONE : { ...self, entries: new Map(self.entries) };
});
define(dictClass, "clear", "self", (interp, get) => {
  const self = asDict(get("self"));
  if (self !== undefined) clearEntries(interp, self);
  return NONE;
});
dictClass.attrs.set("fromkeys", {
  kind: "wrapper",
  type: "class",
  fn: native("fromkeys", "cls, iterable, value=None", (interp, get) => {
    const items = itemsOf(interp, get("iterable"));
    const cls = get("cls");
    const dict: DictValue = emptyDict(
      cls.kind === "class" && cls !== dictClass && cls.place === undefined ? cls : undefined,
    );
    if (isWhy(items)) return { ...dict, why: items };
    for (const item of items) setItem(interp, dict, item, get("value"));
    return dict;
  }),
});

// --- set ---------------------------------------------------------------------------------------------------------

define(setClass, "add", "self, item, /", (interp, get) => {
  const self = asSet(get("self"));
  if (self === undefined) return NONE;
  const key = hashKey(interp, get("item"));
  if (key === undefined) interp.journal.assign(self, "why", unhashable(interp, get("item")));
  else if (!self.items.has(key)) interp.journal.set(self.items, key, get("item"));
  return NONE;
});
setClass.attrs.set(
  "update",
  raw("update", (interp, args) => {
    const self = asSet(args.positional[0]?.value ?? NONE);
    for (const { value } of args.positional.slice(1)) {
      const made = toSet(interp, value);
      if (self === undefined) break;
      for (const [key, item] of made.items) if (!self.items.has(key)) interp.journal.set(self.items, key, item);
      if (made.why !== undefined) interp.journal.assign(self, "why", made.why);
    }
    return NONE;
  }),
);
for (const name of ["remove", "discard"]) {
  define(setClass, name, "self, item, /", (interp, get) => {
    const self = asSet(get("self"));
    if (self === undefined) return NONE;
    const key = hashKey(interp, get("item"));
    if (key === undefined) interp.journal.assign(self, "why", unhashable(interp, get("item")));
    else if (self.items.has(key)) interp.journal.remove(self, "items", self.items, key);
    else if (name === "remove" && self.why === undefined)
      fail(interp, "KeyError", reprOf(interp, get("item")) ?? "", { args: [get("item")] });
    return NONE;
  });
}
define(setClass, "pop", "self", (interp, get) => {
  const self = asSet(get("self"));
  if (self === undefined || self.why !== undefined) return unknown(self?.why ?? { reason: t("an unknown set") });
  const [first] = setItems(self);
  if (first === undefined) return fail(interp, "KeyError", "pop from an empty set");
  // Which of several comes out is not for us to say.
  if (1 < self.items.size && !setItems(self).every((item) => item.kind === "int"))
    return unknown({ reason: t("an item of a set of several") });
  const key = hashKey(interp, first);
  if (key !== undefined) interp.journal.remove(self, "items", self.items, key);
  return first;
});
define(setClass, "clear", "self", (interp, get) => {
  const self = asSet(get("self"));
  if (self !== undefined) interp.journal.assign(self, "items", new Map());
  return NONE;
});
const SET_OPS = [
  ["union", "|", "update"],
  ["intersection", "&", "intersection_update"],
  ["difference", "-", "difference_update"],
  ["symmetric_difference", "^", "symmetric_difference_update"],
] as const;
for (const cls of [setClass, frozensetClass]) {
  for (const [name, op, change] of SET_OPS) {
    const compute = (interp: Interp, self: Value, others: Value): Value => {
      let result: Value = payloadOf(self);
      if (result.kind === "set") result = { ...result, items: new Map(result.items) };
      for (const other of others.kind === "tuple" ? others.items : [])
        result = interp.lang.binary(interp, op, result, toSet(interp, other), false);
      return result;
    };
    define(cls, name, "self, *others", (interp, get) => compute(interp, get("self"), get("others")));
    if (cls !== setClass || change === "update") continue;
    define(cls, change, "self, *others", (interp, get) => {
      const self = asSet(get("self"));
      const made = compute(interp, get("self"), get("others"));
      if (self === undefined || made.kind !== "set") return NONE;
      interp.journal.assign(self, "items", new Map(made.items));
      if (made.why !== undefined) interp.journal.assign(self, "why", made.why);
      return NONE;
    });
  }
  for (const [name, op] of [
    ["issubset", "<="],
    ["issuperset", ">="],
  ] as const)
    define(cls, name, "self, other, /", (interp, get) =>
      interp.lang.compare(interp, op, payloadOf(get("self")), toSet(interp, get("other"))),
    );
  define(cls, "isdisjoint", "self, other, /", (interp, get) => {
    const self = asSet(get("self"));
    const other = toSet(interp, get("other"));
    const why = self?.why ?? other.why;
    if (self === undefined || why !== undefined) return unknown(why ?? { reason: t("an unknown set") });
    return bool([...self.items.keys()].every((key) => !other.items.has(key)));
  });
  define(cls, "copy", "self", (_interp, get) => {
    const self = asSet(get("self"));
    return self === undefined ? NONE : { ...self, items: new Map(self.items) };
  });
}

import { callValue, itemsOf } from "../../eval/evaluate.ts";
import { fail, type Interp, isWhy } from "../../eval/interp.ts";
import {
  bool,
  type ClassValue,
  type DictValue,
  int,
  list,
  NONE,
  NOT_IMPLEMENTED,
  str,
  unknown,
  type Value,
} from "../../eval/value.ts";
import { t } from "../../text/text.ts";
import { truth } from "../arithmetic.ts";
import { toDict } from "../containers.ts";
import { reprOf } from "../format.ts";
import { iteratorOver } from "../iteration.ts";
import { native, nativeClass, raw } from "../native.ts";
import { dictClass, emptyDict, hashKey, makeInstance, objectClass, payloadOf } from "../types.ts";
import { counterClass } from "./counter.ts";
import { dequeClass } from "./deque.ts";
import { fn, type Names } from "./module.ts";
import { namedTupleClass } from "./namedtuple.ts";
import { abstract, abstractModule } from "./typing.ts";

const text = (made: string | undefined): Value =>
  made === undefined ? unknown({ reason: t("text of an unknown value") }) : str(made);
const pairsRepr = (interp: Interp, dict: DictValue): string | undefined => {
  const pairs: string[] = [];
  for (const [key, value] of dict.entries.values()) {
    const [k, v] = [reprOf(interp, key), reprOf(interp, value)];
    if (k === undefined || v === undefined) return undefined;
    pairs.push(`(${k}, ${v})`);
  }
  return `[${pairs.join(", ")}]`;
};
const plain = (dict: DictValue): DictValue => ({
  kind: "dict",
  entries: dict.entries,
  ...(dict.why === undefined ? {} : { why: dict.why }),
});

const orderedDict: ClassValue = nativeClass(
  "OrderedDict",
  "collections",
  [dictClass],
  [
    [
      "move_to_end",
      native("move_to_end", "self, key, last=True", (interp, get) => {
        const self = payloadOf(get("self"));
        const key = hashKey(interp, get("key"));
        if (self.kind !== "dict" || key === undefined) return NONE;
        const entry = self.entries.get(key);
        if (entry === undefined)
          return self.why === undefined
            ? fail(interp, "KeyError", reprOf(interp, get("key")) ?? "", { args: [get("key")] })
            : NONE;
        const rest = [...self.entries].filter(([k]) => k !== key);
        interp.journal.assign(
          self,
          "entries",
          new Map(truth(interp, get("last")) === false ? [[key, entry], ...rest] : [...rest, [key, entry]]),
        );
        return NONE;
      }),
    ],
    [
      "__eq__",
      native("__eq__", "self, other", (interp, get) => {
        const [a, b] = [payloadOf(get("self")), payloadOf(get("other"))];
        if (a.kind !== "dict" || b.kind !== "dict") return NOT_IMPLEMENTED;
        const isOrdered = (value: Value, dict: DictValue): boolean =>
          value.kind === "instance" ? value.cls.mro.includes(orderedDict) : dict.cls === orderedDict;
        const same = interp.lang.compare(interp, "==", plain(a), plain(b));
        if (!isOrdered(get("self"), a) || !isOrdered(get("other"), b) || same.kind !== "bool" || !same.value)
          return same;
        const keys = [...b.entries.keys()];
        return bool([...a.entries.keys()].every((key, i) => key === keys[i]));
      }),
    ],
    [
      "__repr__",
      native("__repr__", "self", (interp, get) => {
        const self = get("self");
        const dict = payloadOf(self);
        if (dict.kind !== "dict" || dict.why !== undefined) return text(undefined);
        const name = self.kind === "instance" ? self.cls.name : "OrderedDict";
        const pairs = pairsRepr(interp, dict);
        return text(dict.entries.size === 0 ? `${name}()` : pairs === undefined ? undefined : `${name}(${pairs})`);
      }),
    ],
  ],
);

const defaultDict: ClassValue = nativeClass(
  "defaultdict",
  "collections",
  [dictClass],
  [
    [
      "default_factory",
      {
        kind: "property",
        get: native("default_factory", "self", (_interp, get) => {
          const self = payloadOf(get("self"));
          return self.kind === "dict" ? (self.factory ?? NONE) : NONE;
        }),
        set: undefined,
      },
    ],
    [
      "__repr__",
      native("__repr__", "self", (interp, get) => {
        const self = payloadOf(get("self"));
        if (self.kind !== "dict" || self.why !== undefined) return text(undefined);
        const [factory, inner] = [reprOf(interp, self.factory ?? NONE), reprOf(interp, plain(self))];
        return text(factory === undefined || inner === undefined ? undefined : `defaultdict(${factory}, ${inner})`);
      }),
    ],
  ],
  (interp, cls, args) => {
    const [factory, source] = args.positional.map((arg) => arg.value);
    const made = source === undefined ? emptyDict() : toDict(interp, source);
    const entries = new Map(isWhy(made) ? [] : made.entries);
    for (const [key, { value }] of args.keywords)
      if (key !== "default_factory") entries.set(`s:${key}`, Object.freeze([str(key), value] as const));
    const why = isWhy(made) ? made : made.why;
    return { kind: "dict", entries, cls, factory: factory ?? NONE, ...(why === undefined ? {} : { why }) };
  },
);

// --- ChainMap ----------------------------------------------------------------------------------------------------

function mapsOf(value: Value): readonly Value[] {
  const maps = value.kind === "instance" ? value.attrs.get("maps") : undefined;
  return maps?.kind === "list" ? maps.items : [];
}

/** All entries, those of the first map before those behind it, in the order of Python's iteration. */
function merged(interp: Interp, value: Value): DictValue {
  const made = emptyDict();
  for (const map of mapsOf(value).toReversed()) {
    const dict = toDict(interp, map);
    if (isWhy(dict)) return { ...made, why: dict };
    for (const [key, entry] of dict.entries) made.entries.set(key, entry);
  }
  return made;
}

const chainMap: ClassValue = nativeClass(
  "ChainMap",
  "collections",
  [objectClass],
  [
    [
      "__init__",
      raw("__init__", (interp, args) => {
        const self = args.positional[0]?.value;
        const maps = args.positional.slice(1).map((arg) => arg.value);
        if (self?.kind === "instance")
          interp.journal.set(self.attrs, "maps", list(maps.length === 0 ? [emptyDict()] : maps));
        return NONE;
      }),
    ],
    [
      "__getitem__",
      native("__getitem__", "self, key", (interp, get) => {
        for (const map of mapsOf(get("self"))) {
          const known = truth(interp, interp.lang.compare(interp, "in", get("key"), map));
          if (isWhy(known)) return unknown(known);
          if (known) return interp.lang.getItem(interp, map, get("key"));
        }
        return fail(interp, "KeyError", reprOf(interp, get("key")) ?? "", { args: [get("key")] });
      }),
    ],
    [
      "__setitem__",
      native("__setitem__", "self, key, value", (interp, get) => {
        const [first] = mapsOf(get("self"));
        if (first !== undefined) interp.lang.setItem(interp, first, get("key"), get("value"));
        return NONE;
      }),
    ],
    [
      "__contains__",
      native("__contains__", "self, key", (interp, get) =>
        interp.lang.compare(interp, "in", get("key"), merged(interp, get("self"))),
      ),
    ],
    ["__len__", native("__len__", "self", (interp, get) => int(merged(interp, get("self")).entries.size))],
    [
      "__iter__",
      native("__iter__", "self", (interp, get) => {
        const dict = merged(interp, get("self"));
        return iteratorOver(
          "dict_keyiterator",
          [...dict.entries.values()].map(([key]) => key),
        );
      }),
    ],
    [
      "get",
      native("get", "self, key, default=None", (interp, get) =>
        callValue(interp, interp.lang.getAttribute(interp, merged(interp, get("self")), "get", undefined), {
          positional: [{ value: get("key") }, { value: get("default") }],
          keywords: [],
        }),
      ),
    ],
    ...(["keys", "values", "items"] as const).map((of): [string, Value] => [
      of,
      native(of, "self", (interp, get) => ({ kind: "view", of, dict: merged(interp, get("self")) })),
    ]),
    [
      "new_child",
      native("new_child", "self, m=None", (interp, get) => {
        const made = makeInstance(interp, chainMap);
        const first = get("m").kind === "none" ? emptyDict() : get("m");
        made.attrs.set("maps", list([first, ...mapsOf(get("self"))]));
        return made;
      }),
    ],
  ],
);

/** `collections`. */
export function collectionsNames(): Names {
  return {
    OrderedDict: orderedDict,
    defaultdict: defaultDict,
    Counter: counterClass,
    ChainMap: chainMap,
    UserDict: dictClass,
    deque: dequeClass,
    namedtuple: fn(
      "namedtuple",
      "typename, field_names, *, rename=False, defaults=None, module=None",
      (interp, get) => {
        const name = get("typename");
        const fields = get("field_names");
        const names =
          fields.kind === "str" ? fields.value.split(/[\s,]+/).filter((f) => f !== "") : itemsOf(interp, fields);
        if (isWhy(names)) return unknown(names);
        const texts = names.map((n) => (typeof n === "string" ? n : n.kind === "str" ? n.value : ""));
        const fallback = get("defaults");
        const values = fallback.kind === "none" ? [] : itemsOf(interp, fallback);
        const defaults = new Map<string, Value>();
        if (!isWhy(values))
          values.forEach((value, i) => {
            defaults.set(texts[texts.length - values.length + i] ?? "", value);
          });
        const module = interp.frames.at(-1)?.module.name ?? "collections";
        return namedTupleClass(interp, name.kind === "str" ? name.value : "tuple", texts, defaults, module);
      },
    ),
    abc: abstractModule("collections.abc"),
    Iterable: abstract("Iterable"),
  };
}

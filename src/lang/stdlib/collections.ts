import { itemsOf } from "../../eval/evaluate.ts";
import { isWhy } from "../../eval/interp.ts";
import { type ClassValue, type DictValue, int, NONE, unknown, type Value } from "../../eval/value.ts";
import { toFloat, truth } from "../arithmetic.ts";
import { toDict } from "../containers.ts";
import { native, nativeClass } from "../native.ts";
import { dictClass, emptyDict, hashKey } from "../types.ts";
import { dequeClass } from "./deque.ts";
import { fn, type Names } from "./module.ts";
import { namedTupleClass } from "./namedtuple.ts";
import { abstract, abstractModule } from "./typing.ts";

export function collectionsNames(): Names {
  const orderedDict = nativeClass(
    "OrderedDict",
    "collections",
    [dictClass],
    [
      [
        "move_to_end",
        native("move_to_end", "self, key, last=True", (interp, get) => {
          const self = get("self");
          const key = hashKey(interp, get("key"));
          if (self.kind !== "dict" || key === undefined) return NONE;
          const entry = self.entries.get(key);
          if (entry === undefined) return NONE;
          const rest = [...self.entries].filter(([k]) => k !== key);
          interp.journal.assign(
            self,
            "entries",
            new Map(truth(interp, get("last")) === false ? [[key, entry], ...rest] : [...rest, [key, entry]]),
          );
          return NONE;
        }),
      ],
    ],
  );
  const defaultDict: ClassValue = nativeClass("defaultdict", "collections", [dictClass], [], (interp, cls, args) => {
    const made = args.positional[1] === undefined ? emptyDict() : toDict(interp, args.positional[1].value);
    const factory = args.positional[0]?.value ?? NONE;
    return { kind: "dict", entries: new Map(isWhy(made) ? [] : made.entries), cls, factory };
  });
  const counter = nativeClass("Counter", "collections", [dictClass], [], (interp, cls, args) => {
    const made: DictValue = { kind: "dict", entries: new Map(), cls, factory: fn("int", "", () => int(0)) };
    const items = args.positional[0] === undefined ? [] : itemsOf(interp, args.positional[0].value);
    if (isWhy(items)) return unknown(items);
    for (const item of items) {
      const key = hashKey(interp, item) ?? "?";
      const before = made.entries.get(key)?.[1];
      made.entries.set(
        key,
        Object.freeze([item, int((before === undefined ? 0 : (toFloat(before) ?? 0)) + 1)] as const),
      );
    }
    return made;
  });
  return {
    OrderedDict: orderedDict,
    defaultdict: defaultDict,
    Counter: counter,
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
        return namedTupleClass(interp, name.kind === "str" ? name.value : "tuple", texts, defaults, "collections");
      },
    ),
    abc: abstractModule("collections.abc"),
    Iterable: abstract("Iterable"),
  };
}

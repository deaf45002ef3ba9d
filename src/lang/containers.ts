import { callValue, itemsOf } from "../eval/evaluate.ts";
import { fail, type Interp, isWhy } from "../eval/interp.ts";
import { lostEntries } from "../eval/join.ts";
import { fill } from "../eval/registry.ts";
import {
  type DictValue,
  type IntValue,
  int,
  list,
  NONE,
  type SetValue,
  type SliceValue,
  str,
  unknown,
  type Value,
} from "../eval/value.ts";
import type { Why } from "../shape/dim.ts";
import { t } from "../text/text.ts";
import { rangeLength, specialMethod, toFloat, whyOf } from "./arithmetic.ts";
import { unhashable } from "./compare.ts";
import { reprOf } from "./format.ts";
import { removeEntry } from "./live.ts";
import { classAttribute, emptyDict, hashKey, payloadOf, typeName } from "./types.ts";

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
    case "bytes":
      return sequenceItem(
        interp,
        "byte",
        [...box.value].map((c) => int(c.charCodeAt(0))),
        index,
        (items) => ({ kind: "bytes", value: String.fromCharCode(...items.map((item) => toFloat(item) ?? 0)) }),
      );
    case "str":
      return sequenceItem(interp, "string", [...box.value].map(str), index, (items) =>
        str(items.map((i) => (i.kind === "str" ? i.value : "")).join("")),
      );
    case "range": {
      const items = itemsOf(interp, box);
      if (isWhy(items)) return unknown(items);
      const at = asIndex(interp, index);
      if (at.kind !== "slice") return sequenceItem(interp, "range object", items, index, (part) => list([...part]));
      const positions = sliceRange(at, items.length, interp);
      if (positions === undefined) return unknown({ reason: t("a slice with unknown bounds") });
      const [first, stride] = [toFloat(box.start) ?? 0, toFloat(box.step) ?? 1];
      const step = toFloat(at.step) ?? 1;
      const from = positions[0] ?? sliceStart(at, items.length);
      const [start, by] = [first + from * stride, step * stride];
      const to = positions.length === 0 ? start : start + by * positions.length;
      const end = positions.length === 0 ? start : rangeEnd(at, items.length, first, stride, to);
      return { kind: "range", start: int(start), stop: int(end), step: int(by) };
    }
    case "dict": {
      const key = hashKey(interp, index);
      if (key === undefined) return unknown(unhashable(interp, index));
      if (!box.entries.has(key)) fill(interp, box, key);
      const entry = box.entries.get(key);
      if (entry !== undefined) return entry[1];
      if (box.why !== undefined) return unknown(box.why);
      if (box.factory !== undefined && box.factory.kind !== "none") {
        const value = callValue(interp, box.factory, { positional: [], keywords: [] });
        interp.journal.setEntry(box, key, Object.freeze([index, value] as const));
        return value;
      }
      const owner = object.kind === "instance" ? object.cls : box.cls;
      const missing = owner === undefined ? undefined : classAttribute(owner, "__missing__");
      if (missing !== undefined)
        return callValue(
          interp,
          { kind: "method", self: object, fn: missing },
          { positional: [{ value: index }], keywords: [] },
        );
      return fail(interp, "KeyError", reprOf(interp, index) ?? "", { args: [index] });
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
      // `Generic[T]` and `list[int]` are the class itself for our purposes; a plain class has no items.
      if (box.place === undefined || box.mro.some((cls) => GENERIC.has(cls.name) || cls.unknownBase !== undefined))
        return box;
      return fail(interp, "TypeError", `type '${box.name}' is not subscriptable`);
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
    const n = at.dim.size ?? (at.big === undefined ? undefined : Number(at.big));
    if (typeof n !== "number")
      return items.length === 0
        ? unknown(at.dim.why ?? { reason: t("an unknown index") })
        : unknown(at.dim.why ?? { reason: t("an unknown index") });
    const item = items[n < 0 ? n + items.length : n];
    if (item !== undefined && -items.length <= n) return item;
    return fail(interp, "IndexError", name === "byte" ? "index out of range" : `${name} index out of range`);
  }
  if (at.kind === "slice") {
    const range = sliceRange(at, items.length, interp);
    return range === undefined
      ? unknown({ reason: t("a slice with unknown bounds") })
      : make(range.map((i) => items[i] ?? NONE));
  }
  if (at.kind === "unknown") return at;
  const type = typeName(interp, index);
  const message =
    name === "string"
      ? `string indices must be integers, not '${type}'`
      : name === "range object"
        ? `range indices must be integers or slices, not ${type}`
        : `${name} indices must be integers or slices, not ${type}`;
  return fail(interp, "TypeError", message);
}

/** Classes whose subclasses take type arguments. */
const GENERIC: ReadonlySet<string> = new Set(
  "Generic Protocol list dict tuple set frozenset type Mapping MutableMapping Sequence Iterable Iterator Callable".split(
    " ",
  ),
);

function sliceStart(slice: SliceValue, length: number): number {
  const n = toFloat(slice.lower);
  const back = (toFloat(slice.step) ?? 1) < 0;
  if (n === undefined) return back ? length - 1 : 0;
  return Math.max(back ? -1 : 0, Math.min(back ? length - 1 : length, n < 0 ? n + length : n));
}

/** Where a slice of a range ends: at its own upper bound, which is printed. */
function rangeEnd(slice: SliceValue, length: number, first: number, stride: number, otherwise: number): number {
  const n = toFloat(slice.upper);
  const back = (toFloat(slice.step) ?? 1) < 0;
  if (n === undefined) return back ? first - stride : slice.upper.kind === "none" ? first + length * stride : otherwise;
  const at = Math.max(back ? -1 : 0, Math.min(back ? length - 1 : length, n < 0 ? n + length : n));
  return first + at * stride;
}

function asIndex(interp: Interp, index: Value): Value {
  if (index.kind === "bool") return int(index.value ? 1 : 0);
  if (index.kind === "instance") {
    const fn = classAttribute(index.cls, "__index__");
    if (fn !== undefined)
      return callValue(interp, { kind: "method", self: index, fn }, { positional: [], keywords: [] });
    return payloadOf(index);
  }
  const own = index.kind === "tensor" ? specialMethod(interp, index, "__index__") : undefined;
  return own === undefined ? index : callValue(interp, own, { positional: [], keywords: [] });
}

/** Positions that a slice picks from a sequence of that length; undefined when a bound is not known. */
export function sliceRange(slice: SliceValue, length: number, interp?: Interp): readonly number[] | undefined {
  const bound = (value: Value): number | undefined | null => {
    if (value.kind === "none") return null;
    const at = interp === undefined || value.kind !== "instance" ? value : asIndex(interp, value);
    if (
      interp !== undefined &&
      (at.kind === "str" || at.kind === "float" || at.kind === "list" || at.kind === "tuple" || at.kind === "dict")
    )
      fail(interp, "TypeError", "slice indices must be integers or None or have an __index__ method");
    return toFloat(at) ?? undefined;
  };
  const step = bound(slice.step) ?? (slice.step.kind === "none" ? 1 : undefined);
  if (step === 0 && interp !== undefined) fail(interp, "ValueError", "slice step cannot be zero");
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
        const plain = at.step.kind === "none" || toFloat(at.step) === 1;
        const range = sliceRange(at, box.items.length, interp);
        const iterable = payloadOf(value);
        if (
          iterable.kind === "int" ||
          iterable.kind === "float" ||
          iterable.kind === "none" ||
          iterable.kind === "bool"
        ) {
          fail(interp, "TypeError", plain ? "can only assign an iterable" : "must assign iterable to extended slice");
          return;
        }
        const items = itemsOf(interp, value);
        if (range === undefined || isWhy(items))
          interp.journal.assign(box, "why", isWhy(items) ? items : { reason: t("a slice with unknown bounds") });
        else {
          const copy = [...box.items];
          if (plain) copy.splice(range[0] ?? sliceStart(at, copy.length), range.length, ...items);
          else if (items.length !== range.length) {
            fail(
              interp,
              "ValueError",
              `attempt to assign sequence of size ${items.length} to extended slice of size ${range.length}`,
            );
            return;
          } else
            range.forEach((position, i) => {
              copy[position] = items[i] ?? NONE;
            });
          interp.journal.assign(box, "items", copy);
        }
        return;
      }
      const n = at.kind === "int" ? at.dim.size : undefined;
      if (at.kind === "str" || at.kind === "float" || at.kind === "none" || at.kind === "tuple") {
        fail(interp, "TypeError", `list indices must be integers or slices, not ${typeName(interp, at)}`);
        return;
      }
      if (typeof n !== "number") {
        interp.journal.assign(box, "why", whyOf(at) ?? { reason: t("an unknown index") });
        return;
      }
      const position = n < 0 ? n + box.items.length : n;
      if (box.why !== undefined) return;
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
      if (key === undefined) loseEntries(interp, box, unhashable(interp, index));
      else interp.journal.setEntry(box, key, Object.freeze([box.entries.get(key)?.[0] ?? index, value] as const));
      return;
    }
    case "unknown":
    case "opaque":
    case "lazy":
      return;
    case "instance":
      if (box.tainted !== undefined || box.cls.place === undefined || box.cls.mro.some((c) => c.unknownBase)) return;
      fail(interp, "TypeError", `'${box.cls.name}' object does not support item assignment`);
      return;
    default:
      fail(interp, "TypeError", `'${typeName(interp, box)}' object does not support item assignment`);
  }
}

/** A write under a key that is not known: every value may be another now, and there may be one more. */
export function loseEntries(interp: Interp, box: DictValue, why: Why): void {
  interp.journal.assign(box, "entries", new Map(lostEntries(box.entries, why)));
  interp.journal.assign(box, "why", why);
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
    if (key !== undefined && box.entries.has(key)) removeEntry(interp, box, key);
    else if (key !== undefined && box.why === undefined)
      fail(interp, "KeyError", reprOf(interp, index) ?? "", { args: [index] });
    else if (key === undefined) loseEntries(interp, box, unhashable(interp, index));
    return;
  }
  if (box.kind === "list") {
    const at = asIndex(interp, index);
    if (at.kind === "slice") {
      const positions = sliceRange(at, box.items.length, interp);
      if (positions === undefined) interp.journal.assign(box, "why", { reason: t("an unknown index") });
      else {
        const gone = new Set(positions);
        interp.journal.assign(
          box,
          "items",
          box.items.filter((_item, i) => !gone.has(i)),
        );
      }
      return;
    }
    const n = toFloat(at);
    if (n === undefined) {
      interp.journal.assign(box, "why", { reason: t("an unknown index") });
      return;
    }
    const position = n < 0 ? n + box.items.length : n;
    if (box.why !== undefined) return;
    if (position < 0 || box.items.length <= position) fail(interp, "IndexError", "list assignment index out of range");
    else
      interp.journal.assign(
        box,
        "items",
        box.items.filter((_item, i) => i !== position),
      );
    return;
  }
  if (box.kind === "unknown" || box.kind === "opaque" || box.kind === "lazy" || box.kind === "tensor") return;
  if (
    box.kind === "instance" &&
    (box.tainted !== undefined || box.cls.place === undefined || box.cls.mro.some((c) => c.unknownBase))
  )
    return;
  fail(interp, "TypeError", `'${typeName(interp, box)}' object doesn't support item deletion`);
}

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
  for (const [index, item] of items.entries()) {
    if (item.kind === "int" || item.kind === "float" || item.kind === "none" || item.kind === "bool") {
      const message = `cannot convert dictionary update sequence element #${index} to a sequence`;
      return whyOf(fail(interp, "TypeError", message)) ?? { reason: t("an unknown dict") };
    }
    const pair = itemsOf(interp, item);
    if (isWhy(pair)) return pair;
    if (pair.length !== 2) {
      const message = `dictionary update sequence element #${index} has length ${pair.length}; 2 is required`;
      return whyOf(fail(interp, "ValueError", message)) ?? { reason: t("an unknown dict") };
    }
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
    if (key === undefined) why = unhashable(interp, item);
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
  if (special !== undefined) {
    const made = callValue(interp, { kind: "method", self: value, fn: special }, { positional: [], keywords: [] });
    if (made.kind === "int" && typeof made.dim.size === "number" && made.dim.size < 0)
      return fail(interp, "ValueError", "__len__() should return >= 0");
    return made;
  }
  const box = payloadOf(value);
  switch (box.kind) {
    case "view":
      fill(interp, box.dict, undefined);
      return box.dict.why === undefined ? int(box.dict.entries.size) : lost(box.dict.why);
    case "list":
      return box.why === undefined ? int(box.items.length) : lost(box.why);
    case "tuple":
      return int(box.items.length);
    case "str":
    case "bytes":
      return int([...box.value].length);
    case "dict":
      fill(interp, box, undefined);
      return box.why === undefined ? int(box.entries.size) : lost(box.why);
    case "set":
      return box.why === undefined ? int(box.items.size) : lost(box.why);
    case "range": {
      const n = rangeLength(box.start, box.stop, box.step);
      return n === undefined ? lost({ reason: t("an unknown range") }) : int(n);
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

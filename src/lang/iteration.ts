import { callValue, force } from "../eval/evaluate.ts";
import { resultOf } from "../eval/generator.ts";
import { fail, type Interp, isWhy, Raised } from "../eval/interp.ts";
import { advance, lose } from "../eval/iterate.ts";
import { fill } from "../eval/registry.ts";
import { type DictValue, type IteratorValue, int, intOf, NONE, str, tuple, type Value } from "../eval/value.ts";
import type { Why } from "../shape/dim.ts";
import { add, mul } from "../shape/size.ts";
import { t } from "../text/text.ts";
import { rangeLength, specialMethod, truth } from "./arithmetic.ts";
import { quietly } from "./exceptions.ts";
import { setItems } from "./sets.ts";
import { classAttribute, payloadOf, typeName } from "./types.ts";

export function iteratorOver(name: string, items: readonly Value[]): IteratorValue {
  return { kind: "iterator", name, index: 0, next: (index) => items[index] };
}

/** An iterator of which it is not known how long it is; `sample` is what each of its items is. */
export function lostIterator(why: Why, sample?: Value): IteratorValue {
  const lost: IteratorValue = { kind: "iterator", name: "unknown", index: 0, next: () => undefined, why };
  return sample === undefined ? lost : { ...lost, sample };
}

/**
 * An iterator whose values are made on demand from others. `make` gets what `pull` needs to take from a source: a
 * source that gets lost loses this one.
 */
export function lazyIterator(
  interp: Interp,
  name: string,
  make: (pull: (source: IteratorValue) => Value | undefined, self: IteratorValue) => Value | undefined | Why,
): IteratorValue {
  const pull = (source: IteratorValue): Value | undefined => {
    const value = advance(interp, source);
    if (value === undefined && source.why !== undefined) lose(interp, self, source.why);
    return value;
  };
  const self: IteratorValue = {
    kind: "iterator",
    name,
    index: 0,
    next: () => {
      const made = make(pull, self);
      if (isWhy(made)) return lose(interp, self, made);
      return self.why === undefined ? made : undefined;
    },
  };
  return self;
}

/** The StopIteration of an iterator at its end, as an exception to raise. */
export function stopIteration(interp: Interp, iterator: IteratorValue): never {
  const result = resultOf(iterator);
  throw new Raised(interp.lang.makeException(interp, "StopIteration", "", result === NONE ? [] : [result]), interp);
}

/** `iter(value)`. */
export function iterate(interp: Interp, value: Value): IteratorValue {
  const direct = value.kind === "iterator" ? undefined : specialMethod(interp, value, "__iter__");
  if (direct !== undefined && direct.kind === "method" && direct.fn.kind !== "none") {
    const made = callValue(interp, direct, { positional: [], keywords: [] });
    if (made.kind === "iterator") return made;
    if (made.kind === "unknown") return lostIterator(made.why);
    if (made.kind === "instance" && classAttribute(made.cls, "__next__") !== undefined)
      return protocolIterator(interp, made);
    if (made.kind === "instance" && (made.tainted !== undefined || made.cls.mro.some((c) => c.unknownBase)))
      return lostIterator(made.tainted ?? { reason: t("an iterator that is not known") });
    // Of ours: a list stands for an iterator.
    if (direct.fn.kind === "builtin") return iterate(interp, made);
    const lost = fail(interp, "TypeError", `iter() returned non-iterator of type '${typeName(interp, made)}'`);
    return lostIterator(lost.kind === "unknown" ? lost.why : { reason: t("not iterable") });
  }
  const source = payloadOf(value);
  switch (source.kind) {
    case "iterator":
      return source;
    case "list":
      // Live: items appended while iterating are seen.
      return source.why === undefined
        ? { kind: "iterator", name: "list_iterator", index: 0, next: (index) => source.items[index] }
        : lostIterator(source.why);
    case "tuple":
      return iteratorOver("tuple_iterator", source.items);
    case "str":
      return iteratorOver("str_ascii_iterator", [...source.value].map(str));
    case "bytes":
      return iteratorOver(
        "bytes_iterator",
        [...source.value].map((c) => int(c.charCodeAt(0))),
      );
    case "set":
      return source.why === undefined ? iteratorOver("set_iterator", setItems(source)) : lostIterator(source.why);
    case "dict":
      return overDict(interp, source, "dict_keyiterator", ([key]) => key);
    case "view":
      return source.of === "keys"
        ? overDict(interp, source.dict, "dict_keyiterator", ([key]) => key)
        : source.of === "values"
          ? overDict(interp, source.dict, "dict_valueiterator", (entry) => entry[1])
          : overDict(interp, source.dict, "dict_itemiterator", (entry) => tuple([entry[0], entry[1]]));
    case "range": {
      const n = rangeLength(source.start, source.stop, source.step);
      if (n === undefined) {
        const why = source.stop.dim.why ??
          source.start.dim.why ?? { reason: t("a range that depends on the input's size") };
        return lostIterator(why, intOf({ size: undefined, why }));
      }
      const { start, step } = source;
      // A loop variable has no origin of its own: its value is no number of the source.
      return {
        kind: "iterator",
        name: "range_iterator",
        index: 0,
        ...(step.dim.size === 1 ? { stop: source.stop.dim } : {}),
        next: (index) =>
          index < n ? intOf({ size: add(start.dim.size ?? 0, mul(step.dim.size ?? 1, index)) }) : undefined,
      };
    }
    case "unknown":
      return lostIterator(source.why);
    case "lazy":
      return iterate(interp, force(interp, source));
    case "instance": {
      const getter = classAttribute(source.cls, "__getitem__");
      if (getter !== undefined) return indexIterator(interp, source, getter);
      const lost = source.cls.mro.find((cls) => cls.unknownBase !== undefined)?.unknownBase ?? source.tainted;
      if (lost !== undefined) return lostIterator(lost);
      break;
    }
    case "opaque":
      return lostIterator({ reason: t("iteration over {0} is not followed", source.name) });
    case "class":
      if (source.meta !== undefined) {
        const method = classAttribute(source.meta, "__iter__");
        if (method !== undefined) {
          const made = callValue(
            interp,
            { kind: "method", self: source, fn: method },
            { positional: [], keywords: [] },
          );
          return made.kind === "iterator" ? made : iterate(interp, made);
        }
      }
      break;
    default:
  }
  const lost = fail(interp, "TypeError", `'${typeName(interp, source)}' object is not iterable`);
  return lostIterator(lost.kind === "unknown" ? lost.why : { reason: t("not iterable") });
}

function overDict(
  interp: Interp,
  dict: DictValue,
  name: string,
  pick: (entry: readonly [Value, Value]) => Value,
): IteratorValue {
  fill(interp, dict, undefined);
  if (dict.why !== undefined) return lostIterator(dict.why);
  const size = dict.entries.size;
  const entries = [...dict.entries.values()];
  const self: IteratorValue = {
    kind: "iterator",
    name,
    index: 0,
    next: (index) => {
      if (dict.entries.size !== size) {
        const lost = fail(interp, "RuntimeError", "dictionary changed size during iteration");
        return lose(interp, self, lost.kind === "unknown" ? lost.why : { reason: t("an unknown dict") });
      }
      const entry = entries[index];
      return entry === undefined ? undefined : pick(entry);
    },
  };
  return self;
}

function protocolIterator(interp: Interp, instance: Extract<Value, { kind: "instance" }>): IteratorValue {
  return {
    kind: "iterator",
    name: instance.cls.name,
    index: 0,
    next: () =>
      quietly(
        interp,
        () =>
          interp.lang.call(interp, interp.lang.getAttribute(interp, instance, "__next__", undefined), {
            positional: [],
            keywords: [],
          }),
        "StopIteration",
      ),
  };
}

/** Turns of an iteration by index before it is taken to have no end. */
const INDEX_LIMIT = 10_000;

/** Iteration by `__getitem__` with 0, 1, … until an IndexError. */
function indexIterator(interp: Interp, instance: Extract<Value, { kind: "instance" }>, getter: Value): IteratorValue {
  const length = classAttribute(instance.cls, "__len__");
  const native = getter.kind === "builtin" && length !== undefined;
  const known = native
    ? callValue(interp, { kind: "method", self: instance, fn: length }, { positional: [], keywords: [] })
    : undefined;
  const n = known?.kind === "int" && typeof known.dim.size === "number" ? known.dim.size : undefined;
  if (native && n === undefined) return lostIterator({ reason: t("iteration by index without a known length") });
  const at = (index: number): Value =>
    callValue(
      interp,
      { kind: "method", self: instance, fn: getter },
      { positional: [{ value: int(index) }], keywords: [] },
    );
  const self: IteratorValue = {
    kind: "iterator",
    name: "iterator",
    index: 0,
    next: (index) => {
      if (n !== undefined) return index < n ? at(index) : undefined;
      if (index === Infinity) return undefined;
      if (INDEX_LIMIT < index) return lose(interp, self, { reason: t("an iteration without end") });
      const value = quietly(interp, () => at(index), "IndexError");
      // What cannot tell its length may never end.
      return value?.kind === "unknown" ? lose(interp, self, value.why) : value;
    },
  };
  return self;
}

/** Sorts by Python's order, stably; undefined when a comparison is not known. */
export function sortValues(
  interp: Interp,
  items: readonly Value[],
  key: Value,
  reverse: boolean,
): readonly Value[] | undefined {
  const keyed = items.map((item) => ({
    item,
    key: key.kind === "none" ? item : callValue(interp, key, { positional: [{ value: item }], keywords: [] }),
  }));
  // Reversed before and after, so that equal items keep their order.
  if (reverse) keyed.reverse();
  let lost = false;
  const less = (a: Value, b: Value): boolean => {
    const known = truth(interp, interp.lang.compare(interp, "<", a, b));
    if (isWhy(known)) lost = true;
    return known === true;
  };
  // By insertion as Python does for short lists, so that `later < earlier` is what is asked.
  const sorted = mergeSort(keyed, (a, b) => less(a.key, b.key));
  if (reverse) sorted.reverse();
  return lost ? undefined : sorted.map(({ item }) => item);
}

function mergeSort<T>(items: readonly T[], less: (a: T, b: T) => boolean): T[] {
  if (items.length < 2) return [...items];
  if (items.length <= 32) {
    const sorted: T[] = [];
    for (const item of items) {
      let low = 0;
      let high = sorted.length;
      // Most lists come sorted: ask the last one first.
      const last = sorted[high - 1];
      if (last !== undefined && !less(item, last)) low = high;
      while (low < high) {
        const middle = (low + high) >> 1;
        const other = sorted[middle];
        if (other !== undefined && less(item, other)) high = middle;
        else low = middle + 1;
      }
      sorted.splice(low, 0, item);
    }
    return sorted;
  }
  const half = items.length >> 1;
  const left = mergeSort(items.slice(0, half), less);
  const right = mergeSort(items.slice(half), less);
  const merged: T[] = [];
  let i = 0;
  for (const item of right) {
    for (let head = left[i]; head !== undefined && !less(item, head); head = left[++i]) merged.push(head);
    merged.push(item);
  }
  return [...merged, ...left.slice(i)];
}

import { callValue, force } from "../eval/evaluate.ts";
import { fail, type Interp, isWhy, Raised } from "../eval/interp.ts";
import { fill } from "../eval/registry.ts";
import { type IteratorValue, int, intOf, NONE, str, unknown, type Value } from "../eval/value.ts";
import type { Why } from "../shape/dim.ts";
import { add, mul } from "../shape/size.ts";
import { t } from "../text/text.ts";
import { rangeLength, specialMethod, truth } from "./arithmetic.ts";
import { classAttribute, payloadOf, typeName } from "./types.ts";

export function iteratorOver(name: string, items: readonly Value[]): IteratorValue {
  return { kind: "iterator", name, index: 0, next: (index) => items[index] };
}

export function lostIterator(why: Why): IteratorValue {
  return { kind: "iterator", name: "unknown", index: 0, next: () => undefined, why };
}

/** `iter(value)`. */
export function iterate(interp: Interp, value: Value): IteratorValue {
  const direct = specialMethod(interp, value, "__iter__");
  if (direct !== undefined) {
    const made = callValue(interp, direct, { positional: [], keywords: [] });
    if (made.kind === "iterator") return made;
    if (made.kind === "unknown") return lostIterator(made.why);
    if (made.kind === "instance") return protocolIterator(interp, made);
    return iterate(interp, made);
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
      return iteratorOver("str_iterator", [...source.value].map(str));
    case "bytes":
      return iteratorOver(
        "bytes_iterator",
        [...source.value].map((c) => int(c.charCodeAt(0))),
      );
    case "set":
      return source.why === undefined
        ? iteratorOver("set_iterator", [...source.items.values()])
        : lostIterator(source.why);
    case "dict":
      fill(interp, source, undefined);
      return source.why === undefined
        ? iteratorOver(
            "dict_keyiterator",
            [...source.entries.values()].map(([key]) => key),
          )
        : lostIterator(source.why);
    case "range": {
      const n = rangeLength(source.start, source.stop, source.step);
      if (n === undefined)
        return lostIterator(
          source.stop.dim.why ?? source.start.dim.why ?? { reason: t("a range that depends on the input's size") },
        );
      const { start, step } = source;
      // A loop variable has no origin of its own: its value is no number of the source.
      return {
        kind: "iterator",
        name: "range_iterator",
        index: 0,
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
      if (getter !== undefined) return lengthIterator(interp, source, getter);
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

/** The next value of an iterator; undefined at its end. Steps it. */
export function advance(interp: Interp, iterator: IteratorValue): Value | undefined {
  if (iterator.why !== undefined) return unknown(iterator.why);
  const value = iterator.next(iterator.index);
  if (value !== undefined) interp.journal.assign(iterator, "index", iterator.index + 1);
  return value;
}

function protocolIterator(interp: Interp, instance: Extract<Value, { kind: "instance" }>): IteratorValue {
  return {
    kind: "iterator",
    name: instance.cls.name,
    index: 0,
    next: () => {
      const handlers = interp.handlers;
      interp.handlers++;
      try {
        return interp.lang.call(interp, interp.lang.getAttribute(interp, instance, "__next__", undefined), {
          positional: [],
          keywords: [],
        });
      } catch (error) {
        if (
          error instanceof Raised &&
          interp.lang.matches(interp, error.value, interp.lang.builtins.get("StopIteration") ?? NONE) === true
        )
          return undefined;
        throw error;
      } finally {
        interp.handlers = handlers;
      }
    },
  };
}

function lengthIterator(interp: Interp, instance: Extract<Value, { kind: "instance" }>, getter: Value): IteratorValue {
  const length = classAttribute(instance.cls, "__len__");
  const known =
    length === undefined
      ? undefined
      : callValue(interp, { kind: "method", self: instance, fn: length }, { positional: [], keywords: [] });
  const n = known?.kind === "int" && typeof known.dim.size === "number" ? known.dim.size : undefined;
  if (n === undefined) return lostIterator({ reason: t("iteration by index without a known length") });
  return {
    kind: "iterator",
    name: instance.cls.name,
    index: 0,
    next: (index) =>
      index < n
        ? callValue(
            interp,
            { kind: "method", self: instance, fn: getter },
            { positional: [{ value: int(index) }], keywords: [] },
          )
        : undefined,
  };
}

/** Sorts by Python's order; undefined when a comparison is not known. */
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
  let lost = false;
  keyed.sort((a, b) => {
    const less = truth(interp, interp.lang.compare(interp, "<", a.key, b.key));
    if (isWhy(less)) {
      lost = true;
      return 0;
    }
    if (less) return reverse ? 1 : -1;
    const more = truth(interp, interp.lang.compare(interp, "<", b.key, a.key));
    return more === true ? (reverse ? -1 : 1) : 0;
  });
  return lost ? undefined : keyed.map(({ item }) => item);
}

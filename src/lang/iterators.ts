import { callValue, itemsOf } from "../eval/evaluate.ts";
import { fail, isWhy, type Truth } from "../eval/interp.ts";
import { advance } from "../eval/iterate.ts";
import { bool, int, intOf, list, NONE, tuple, unknown, type Value } from "../eval/value.ts";
import { add } from "../shape/size.ts";
import { t } from "../text/text.ts";
import { specialMethod, toFloat, truth } from "./arithmetic.ts";
import { compare } from "./compare.ts";
import { arg, flag } from "./constructors.ts";
import { lengthOf } from "./containers.ts";
import { quietly } from "./exceptions.ts";
import { iterate, iteratorOver, lazyIterator, lostIterator, sortValues, stopIteration } from "./iteration.ts";
import { define, defineRaw } from "./table.ts";
import * as types from "./types.ts";

define("sorted", "iterable, *, key=None, reverse=False", (interp, get) => {
  const items = itemsOf(interp, get("iterable"));
  if (isWhy(items)) return { kind: "list", items: [], why: items };
  const sorted = sortValues(interp, items, get("key"), truth(interp, get("reverse")) === true);
  return sorted === undefined
    ? { kind: "list", items: [], why: { reason: t("an order that is not known") } }
    : list([...sorted]);
});
define("reversed", "sequence", (interp, get) => {
  const value = get("sequence");
  const special = specialMethod(interp, value, "__reversed__");
  if (special !== undefined) return callValue(interp, special, { positional: [], keywords: [] });
  const source = types.payloadOf(value);
  const byIndex =
    source.kind === "instance"
      ? specialMethod(interp, source, "__getitem__") !== undefined &&
        specialMethod(interp, source, "__len__") !== undefined
      : source.kind !== "set" && source.kind !== "iterator" && source.kind !== "int" && source.kind !== "none";
  if (!byIndex && source.kind !== "instance")
    return fail(interp, "TypeError", `'${types.typeName(interp, value)}' object is not reversible`);
  const length = source.kind === "instance" ? toFloat(lengthOf(interp, source)) : undefined;
  if (length !== undefined && source.kind === "instance")
    return lazyIterator(interp, "reversed", (_pull, self) =>
      self.index < length ? interp.lang.getItem(interp, source, int(length - 1 - self.index)) : undefined,
    );
  const items = itemsOf(interp, value);
  const name = source.kind === "list" ? "list_reverseiterator" : "reversed";
  return isWhy(items) ? lostIterator(items) : iteratorOver(name, [...items].reverse());
});
define("enumerate", "iterable, start=0", (interp, get) => {
  const source = iterate(interp, get("iterable"));
  if (source.why !== undefined) return lostIterator(source.why);
  const start = get("start");
  const from = start.kind === "int" ? (start.dim.size ?? 0) : 0;
  return lazyIterator(interp, "enumerate", (pull, self) => {
    const item = pull(source);
    return item === undefined ? undefined : tuple([intOf({ size: add(from, self.index) }), item]);
  });
});
defineRaw("zip", (interp, args) => {
  const sources = args.positional.map((p) => iterate(interp, p.value));
  const lost = sources.find((source) => source.why !== undefined)?.why ?? args.more;
  if (lost !== undefined) return lostIterator(lost);
  const strict = args.keywords.find(([key]) => key === "strict")?.[1].value;
  const isStrict = strict !== undefined && truth(interp, strict) === true;
  return lazyIterator(interp, "zip", (pull, self) => {
    const items: Value[] = [];
    for (const [at, source] of sources.entries()) {
      const item = pull(source);
      if (self.why !== undefined) return undefined;
      if (item !== undefined) {
        items.push(item);
        continue;
      }
      if (!isStrict) return undefined;
      if (0 < at) return fail(interp, "ValueError", unequal(at, "shorter"));
      for (const [later, other] of sources.entries())
        if (0 < later && pull(other) !== undefined) return fail(interp, "ValueError", unequal(later, "longer"));
      return undefined;
    }
    return sources.length === 0 ? undefined : tuple(items);
  });
});
function unequal(at: number, how: string): string {
  return `zip() argument ${at + 1} is ${how} than argument${at === 1 ? " 1" : `s 1-${at}`}`;
}
defineRaw("map", (interp, args) => {
  const fn = arg(args, 0) ?? NONE;
  const sources = args.positional.slice(1).map((p) => iterate(interp, p.value));
  const lost = sources.find((source) => source.why !== undefined)?.why ?? args.more;
  if (lost !== undefined) return lostIterator(lost);
  return lazyIterator(interp, "map", (pull) => {
    const positional: { readonly value: Value }[] = [];
    for (const source of sources) {
      const value = pull(source);
      if (value === undefined) return undefined;
      positional.push({ value });
    }
    return positional.length === 0 ? undefined : callValue(interp, fn, { positional, keywords: [] });
  });
});
define("filter", "function, iterable", (interp, get) => {
  const source = iterate(interp, get("iterable"));
  if (source.why !== undefined) return lostIterator(source.why);
  const fn = get("function");
  return lazyIterator(interp, "filter", (pull) => {
    for (;;) {
      const item = pull(source);
      if (item === undefined) return undefined;
      const kept = truth(
        interp,
        fn.kind === "none" ? item : callValue(interp, fn, { positional: [{ value: item }], keywords: [] }),
      );
      if (isWhy(kept)) return kept;
      if (kept) return item;
    }
  });
});
for (const name of ["any", "all"] as const) {
  define(name, "iterable", (interp, get) => {
    const source = iterate(interp, get("iterable"));
    let lost: Truth = name === "all";
    for (let turn = 0; turn < 100_000; turn++) {
      const item = advance(interp, source);
      if (item === undefined) return flag(source.why ?? lost);
      const known = truth(interp, item);
      if (isWhy(known)) lost = known;
      else if (known === (name === "any")) return bool(known);
    }
    return unknown({ reason: t("an iteration without end") });
  });
}
define("iter", "object, *sentinel", (interp, get) => {
  const rest = get("sentinel");
  const sentinel = rest.kind === "tuple" ? rest.items[0] : undefined;
  const fn = get("object");
  if (sentinel === undefined) return iterate(interp, fn);
  return lazyIterator(interp, "callable_iterator", (_pull, self) => {
    if (self.index === Infinity) return undefined;
    const value = callValue(interp, fn, { positional: [], keywords: [] });
    const same = truth(interp, compare(interp, "==", value, sentinel));
    return isWhy(same) ? same : same ? undefined : value;
  });
});
define("next", "iterator, *default", (interp, get) => {
  const source = get("iterator");
  const rest = get("default");
  const fallback = rest.kind === "tuple" ? rest.items[0] : undefined;
  const special = specialMethod(interp, source, "__next__");
  if (special !== undefined) {
    const call = (): Value => callValue(interp, special, { positional: [], keywords: [] });
    return fallback === undefined ? call() : (quietly(interp, call, "StopIteration") ?? fallback);
  }
  if (source.kind === "unknown") return source;
  if (source.kind !== "iterator") {
    if (source.kind === "opaque" || source.kind === "lazy" || source.kind === "instance")
      if (source.kind !== "instance" || source.tainted !== undefined)
        return unknown({ reason: t("an iterator that is not known") });
    return fail(interp, "TypeError", `'${types.typeName(interp, source)}' object is not an iterator`);
  }
  const value = advance(interp, source);
  if (value !== undefined) return value;
  if (source.why !== undefined) return unknown(source.why);
  return fallback ?? stopIteration(interp, source);
});

import { callValue, force, itemsOf } from "../../eval/evaluate.ts";
import { fail, isWhy } from "../../eval/interp.ts";
import { lazyArgument, lazyEntry } from "../../eval/lazy.ts";
import { NONE, str, tuple, unknown, type Value } from "../../eval/value.ts";
import { findAttribute } from "../attributes.ts";
import { nativeClass, raw } from "../native.ts";
import { objectClass } from "../types.ts";
import { fn, identity, type Names } from "./module.ts";

const partialClass = nativeClass(
  "partial",
  "functools",
  [objectClass],
  [
    [
      "__call__",
      raw("__call__", (interp, args) => {
        const self = args.positional[0]?.value;
        if (self?.kind !== "instance") return NONE;
        const base = self.attrs.get("args");
        const keywords = self.attrs.get("keywords");
        const given = new Map(
          (keywords?.kind === "dict" ? [...keywords.entries.values()] : []).map(
            (entry) =>
              [entry[0].kind === "str" ? entry[0].value : "", lazyArgument(() => entry[1], undefined)] as const,
          ),
        );
        for (const [key, arg] of args.keywords) given.set(key, arg);
        return callValue(interp, force(interp, self.attrs.get("func") ?? NONE), {
          positional: [
            ...(base?.kind === "tuple" ? base.items.map((value) => ({ value })) : []),
            ...args.positional.slice(1),
          ],
          keywords: [...given],
          more: args.more,
        });
      }),
    ],
    [
      "__init__",
      raw("__init__", (interp, args) => {
        const self = args.positional[0]?.value;
        if (self?.kind !== "instance") return NONE;
        const [, func] = args.positional;
        interp.journal.set(self.attrs, "func", func?.later ?? func?.value ?? NONE);
        interp.journal.set(self.attrs, "args", tuple(args.positional.slice(2).map((arg) => arg.value)));
        interp.journal.set(self.attrs, "keywords", {
          kind: "dict",
          entries: new Map(args.keywords.map(([key, arg]) => [`s:${key}`, lazyEntry(str(key), () => arg.value)])),
          ...(args.more === undefined ? {} : { why: args.more }),
        });
        return NONE;
      }),
    ],
  ],
);

export function functools(): Names {
  const wrapsWith = (wrapped: Value): Value =>
    raw(
      "wraps",
      (interp, args) => {
        const wrapper = args.positional[0]?.value ?? NONE;
        if (wrapper.kind === "function") {
          for (const name of ["__name__", "__qualname__", "__module__", "__doc__"]) {
            const value = findAttribute(interp, wrapped, name);
            if (value !== undefined && value.kind !== "unknown") interp.lang.setAttribute(interp, wrapper, name, value);
          }
          interp.lang.setAttribute(interp, wrapper, "__wrapped__", wrapped);
        }
        return wrapper;
      },
      { free: true },
    );
  const cached = raw(
    "lru_cache",
    (_interp, args) => {
      const first = args.positional[0]?.value;
      return first !== undefined && (first.kind === "function" || first.kind === "builtin" || first.kind === "class")
        ? first
        : identity("lru_cache");
    },
    { free: true },
  );
  return {
    partial: partialClass,
    partialmethod: partialClass,
    wraps: raw(
      "wraps",
      (_interp, args) =>
        wrapsWith(args.positional[0]?.value ?? args.keywords.find(([key]) => key === "wrapped")?.[1].value ?? NONE),
      { free: true },
    ),
    update_wrapper: raw("update_wrapper", (_interp, args) => args.positional[0]?.value ?? NONE, { free: true }),
    reduce: fn("reduce", "function, iterable, *initial", (interp, get) => {
      const items = itemsOf(interp, get("iterable"));
      if (isWhy(items)) return unknown(items);
      const initial = get("initial");
      const all = [...(initial.kind === "tuple" ? initial.items.slice(0, 1) : []), ...items];
      const first = all[0];
      if (first === undefined) return fail(interp, "TypeError", "reduce() of empty iterable with no initial value");
      return all
        .slice(1)
        .reduce(
          (total, item) =>
            callValue(interp, get("function"), { positional: [{ value: total }, { value: item }], keywords: [] }),
          first,
        );
    }),
    lru_cache: cached,
    cache: cached,
    cached_property: raw(
      "cached_property",
      (_interp, args) => ({ kind: "property", get: args.positional[0]?.value ?? NONE, set: undefined, cached: true }),
      { free: true },
    ),
    total_ordering: identity("total_ordering"),
    singledispatch: identity("singledispatch"),
  };
}

import { callValue, itemsOf } from "../../eval/evaluate.ts";
import { type Interp, isWhy } from "../../eval/interp.ts";
import { int, NONE, tuple, type Value } from "../../eval/value.ts";
import { toFloat } from "../arithmetic.ts";
import { iterate, iteratorOver, lostIterator } from "../iteration.ts";
import { nativeClass, raw } from "../native.ts";
import { objectClass } from "../types.ts";
import { fn, type Names } from "./module.ts";

export function itertools(): Names {
  const all = (
    interp: Interp,
    values: readonly { readonly value: Value }[],
  ): readonly (readonly Value[])[] | import("../../shape/dim.ts").Why => {
    const lists: (readonly Value[])[] = [];
    for (const { value } of values) {
      const items = itemsOf(interp, value);
      if (isWhy(items)) return items;
      lists.push(items);
    }
    return lists;
  };
  return {
    chain: nativeClass(
      "chain",
      "itertools",
      [objectClass],
      [
        [
          "from_iterable",
          {
            kind: "wrapper",
            type: "static",
            fn: fn("from_iterable", "iterable", (interp, get) => {
              const outer = itemsOf(interp, get("iterable"));
              if (isWhy(outer)) return lostIterator(outer);
              const lists = all(
                interp,
                outer.map((value) => ({ value })),
              );
              return isWhy(lists)
                ? lostIterator(lists)
                : iteratorOver("chain", (lists as readonly (readonly Value[])[]).flat());
            }),
          },
        ],
      ],
      (interp, _cls, args) => {
        const lists = all(interp, args.positional);
        return isWhy(lists)
          ? lostIterator(lists)
          : iteratorOver("chain", (lists as readonly (readonly Value[])[]).flat());
      },
    ),
    repeat: fn("repeat", "object, times=None", (_interp, get) => {
      const times = toFloat(get("times"));
      const value = get("object");
      return {
        kind: "iterator",
        name: "repeat",
        index: 0,
        next: (index) => (times === undefined || index < times ? value : undefined),
      };
    }),
    count: fn("count", "start=0, step=1", (_interp, get) => {
      const start = toFloat(get("start")) ?? 0;
      const stride = toFloat(get("step")) ?? 1;
      return { kind: "iterator", name: "count", index: 0, next: (index) => int(start + index * stride) };
    }),
    cycle: fn("cycle", "iterable", (interp, get) => {
      const items = itemsOf(interp, get("iterable"));
      return isWhy(items)
        ? lostIterator(items)
        : { kind: "iterator", name: "cycle", index: 0, next: (index) => items[index % Math.max(1, items.length)] };
    }),
    product: raw(
      "product",
      (interp, args) => {
        const lists = all(interp, args.positional);
        if (isWhy(lists)) return lostIterator(lists);
        const times = toFloat(args.keywords.find(([key]) => key === "repeat")?.[1].value ?? int(1)) ?? 1;
        let rows: Value[][] = [[]];
        for (let i = 0; i < times; i++)
          for (const items of lists as readonly (readonly Value[])[])
            rows = rows.flatMap((row) => items.map((item) => [...row, item]));
        return iteratorOver("product", rows.map(tuple));
      },
      { free: true },
    ),
    zip_longest: raw(
      "zip_longest",
      (interp, args) => {
        const lists = all(interp, args.positional);
        if (isWhy(lists)) return lostIterator(lists);
        const fill = args.keywords.find(([key]) => key === "fillvalue")?.[1].value ?? NONE;
        const columns = lists as readonly (readonly Value[])[];
        const rows = Math.max(0, ...columns.map((c) => c.length));
        return iteratorOver(
          "zip_longest",
          Array.from({ length: rows }, (_x, i) => tuple(columns.map((c) => c[i] ?? fill))),
        );
      },
      { free: true },
    ),
    accumulate: fn("accumulate", "iterable, func=None, *, initial=None", (interp, get) => {
      const items = itemsOf(interp, get("iterable"));
      if (isWhy(items)) return lostIterator(items);
      const start = get("initial");
      const all = start.kind === "none" ? items : [start, ...items];
      const sums: Value[] = [];
      for (const item of all) {
        const last = sums.at(-1);
        sums.push(
          last === undefined
            ? item
            : get("func").kind === "none"
              ? interp.lang.binary(interp, "+", last, item, false)
              : callValue(interp, get("func"), { positional: [{ value: last }, { value: item }], keywords: [] }),
        );
      }
      return iteratorOver("accumulate", sums);
    }),
    islice: raw(
      "islice",
      (interp, args) => {
        const source = iterate(interp, args.positional[0]?.value ?? NONE);
        if (source.why !== undefined) return lostIterator(source.why);
        const [a, b, c] = args.positional.slice(1).map((p) => toFloat(p.value));
        const start = args.positional.length < 3 ? 0 : (a ?? 0);
        const stop = args.positional.length < 3 ? a : b;
        const items: Value[] = [];
        for (let i = start; (stop === undefined || i < stop) && items.length < 100_000; i += c ?? 1) {
          const item = source.next(source.index + i);
          if (item === undefined) break;
          items.push(item);
        }
        return iteratorOver("islice", items);
      },
      { free: true },
    ),
    pairwise: fn("pairwise", "iterable", (interp, get) => {
      const items = itemsOf(interp, get("iterable"));
      return isWhy(items)
        ? lostIterator(items)
        : iteratorOver(
            "pairwise",
            items.slice(1).map((item, i) => tuple([items[i] ?? NONE, item])),
          );
    }),
  };
}

import { callValue, itemsOf } from "../../eval/evaluate.ts";
import { type Interp, isWhy } from "../../eval/interp.ts";
import { type IteratorValue, int, NONE, tuple, unknown, type Value } from "../../eval/value.ts";
import type { Why } from "../../shape/dim.ts";
import { t } from "../../text/text.ts";
import { toFloat, truth } from "../arithmetic.ts";
import { iterate, iteratorOver, lazyIterator, lostIterator } from "../iteration.ts";
import { type Body, native, nativeClass, raw } from "../native.ts";
import { objectClass } from "../types.ts";
import { fn, type Names } from "./module.ts";

type Pull = (source: IteratorValue) => Value | undefined;

/** An iterator of the module that takes from one source; a lost source gives a lost one. */
function from(
  interp: Interp,
  name: string,
  iterable: Value,
  make: (source: IteratorValue, pull: Pull, self: IteratorValue) => Value | undefined | Why,
): Value {
  const source = iterate(interp, iterable);
  if (source.why !== undefined) return lostIterator(source.why);
  return lazyIterator(interp, name, (pull, self) => make(source, pull, self));
}

const holds = (interp: Interp, predicate: Value, item: Value): boolean | Why =>
  truth(
    interp,
    predicate.kind === "none" ? item : callValue(interp, predicate, { positional: [{ value: item }], keywords: [] }),
  );

function allItems(interp: Interp, values: readonly Value[]): readonly (readonly Value[])[] | Why {
  const lists: (readonly Value[])[] = [];
  for (const value of values) {
    const items = itemsOf(interp, value);
    if (isWhy(items)) return items;
    lists.push(items);
  }
  return lists;
}

/** Chains the iterables that `outer` gives, one after the other. */
function chained(interp: Interp, outer: IteratorValue): Value {
  if (outer.why !== undefined) return lostIterator(outer.why);
  return lazyIterator(interp, "chain", (pull, self) => {
    for (;;) {
      let inner = self.state as IteratorValue | undefined;
      if (inner === undefined) {
        const next = pull(outer);
        if (next === undefined) return undefined;
        inner = iterate(interp, next);
        interp.journal.assign(self, "state", inner);
      }
      const item = pull(inner);
      if (item !== undefined || self.why !== undefined) return item;
      interp.journal.assign(self, "state", undefined);
    }
  });
}

/** Ways of picking `size` positions of `n`, in lexicographic order. */
function picks(n: number, size: number, kind: "permutations" | "combinations" | "replacement"): number[][] {
  const found: number[][] = [];
  const walk = (chosen: readonly number[]): void => {
    if (100_000 < found.length) return;
    if (chosen.length === size) {
      found.push([...chosen]);
      return;
    }
    const last = chosen.at(-1);
    for (
      let i = kind === "permutations" || last === undefined ? 0 : kind === "combinations" ? last + 1 : last;
      i < n;
      i++
    )
      if (kind !== "permutations" || !chosen.includes(i)) walk([...chosen, i]);
  };
  walk([]);
  return found;
}

const arranged = (name: string, signature: string, kind: Parameters<typeof picks>[2]): Value =>
  fn(name, signature, (interp, get) => {
    const items = itemsOf(interp, get("iterable"));
    if (isWhy(items)) return lostIterator(items);
    const size = get("r").kind === "none" ? items.length : toFloat(get("r"));
    if (size === undefined) return lostIterator({ reason: t("an unknown number") });
    return iteratorOver(
      name,
      picks(items.length, size, kind).map((row) => tuple(row.map((i) => items[i] ?? NONE))),
    );
  });

const define = (name: string, signature: string, body: Body): [string, Value] => [name, fn(name, signature, body)];

/** `itertools`. */
export function itertools(): Names {
  const chain = nativeClass(
    "chain",
    "itertools",
    [objectClass],
    [
      [
        "from_iterable",
        {
          kind: "wrapper",
          type: "static",
          fn: native("from_iterable", "iterable", (interp, get) => chained(interp, iterate(interp, get("iterable"))), {
            free: true,
          }),
        },
      ],
    ],
    (interp, _cls, args) =>
      args.more === undefined
        ? chained(
            interp,
            iteratorOver(
              "tuple_iterator",
              args.positional.map(({ value }) => value),
            ),
          )
        : lostIterator(args.more),
  );
  return Object.fromEntries([
    ["chain", chain],
    define("repeat", "object, times=None", (interp, get) => {
      const times = toFloat(get("times"));
      if (times === undefined && get("times").kind !== "none") return lostIterator({ reason: t("an unknown number") });
      return lazyIterator(interp, "repeat", (_pull, self) =>
        times === undefined || self.index < times ? get("object") : undefined,
      );
    }),
    define("count", "start=0, step=1", (interp, get) =>
      lazyIterator(interp, "count", (_pull, self) => {
        const last = self.state as Value | undefined;
        const next = last === undefined ? get("start") : interp.lang.binary(interp, "+", last, get("step"), false);
        interp.journal.assign(self, "state", next);
        return next;
      }),
    ),
    define("cycle", "iterable", (interp, get) =>
      from(interp, "cycle", get("iterable"), (source, pull, self) => {
        const seen = (self.state ?? []) as readonly Value[];
        const item = pull(source);
        if (item !== undefined) {
          interp.journal.assign(self, "state", [...seen, item]);
          return item;
        }
        return self.why === undefined && 0 < seen.length ? seen[self.index % seen.length] : undefined;
      }),
    ),
    [
      "product",
      raw(
        "product",
        (interp, args) => {
          const lists = allItems(
            interp,
            args.positional.map(({ value }) => value),
          );
          if (isWhy(lists)) return lostIterator(lists);
          const times = toFloat(args.keywords.find(([key]) => key === "repeat")?.[1].value ?? int(1)) ?? 1;
          const rounds = Array.from({ length: times }, () => lists).flat();
          const total = rounds.reduce((size, items) => size * items.length, 1);
          return lazyIterator(interp, "product", (_pull, self) => {
            if (!(self.index < total)) return undefined;
            let rest = self.index;
            const row = rounds.toReversed().map((items) => {
              const item = items[rest % items.length];
              rest = Math.floor(rest / items.length);
              return item ?? NONE;
            });
            return tuple(row.reverse());
          });
        },
        { free: true },
      ),
    ],
    ["permutations", arranged("permutations", "iterable, r=None", "permutations")],
    ["combinations", arranged("combinations", "iterable, r", "combinations")],
    ["combinations_with_replacement", arranged("combinations_with_replacement", "iterable, r", "replacement")],
    [
      "zip_longest",
      raw(
        "zip_longest",
        (interp, args) => {
          const sources = args.positional.map(({ value }) => iterate(interp, value));
          const lost = sources.find((source) => source.why !== undefined)?.why ?? args.more;
          if (lost !== undefined) return lostIterator(lost);
          const filler = args.keywords.find(([key]) => key === "fillvalue")?.[1].value ?? NONE;
          return lazyIterator(interp, "zip_longest", (pull) => {
            const row = sources.map((source) => pull(source));
            return row.every((item) => item === undefined) ? undefined : tuple(row.map((item) => item ?? filler));
          });
        },
        { free: true },
      ),
    ],
    define("accumulate", "iterable, func=None, *, initial=None", (interp, get) =>
      from(interp, "accumulate", get("iterable"), (source, pull, self) => {
        const last = self.state as Value | undefined;
        const { func, initial } = { func: get("func"), initial: get("initial") };
        if (last === undefined && initial.kind !== "none") {
          interp.journal.assign(self, "state", initial);
          return initial;
        }
        const item = pull(source);
        if (item === undefined) return undefined;
        const next =
          last === undefined
            ? item
            : func.kind === "none"
              ? interp.lang.binary(interp, "+", last, item, false)
              : callValue(interp, func, { positional: [{ value: last }, { value: item }], keywords: [] });
        interp.journal.assign(self, "state", next);
        return next;
      }),
    ),
    [
      "islice",
      raw(
        "islice",
        (interp, args) => {
          const bounds = args.positional.slice(1).map(({ value }) => value);
          const lost = bounds.find((bound) => bound.kind !== "none" && toFloat(bound) === undefined);
          if (lost !== undefined) return lostIterator({ reason: t("a slice with unknown bounds") });
          const [a, b, c] = bounds.map(toFloat);
          const [start, stop, step] = bounds.length < 2 ? [0, a, 1] : [a ?? 0, b, c ?? 1];
          return from(interp, "islice", args.positional[0]?.value ?? NONE, (source, pull, self) => {
            // How many have been taken from the source.
            let taken = (self.state ?? 0) as number;
            const wanted = self.index === 0 ? start : taken - 1 + step;
            if (stop !== undefined && stop <= wanted) {
              while (taken < stop && self.index === 0 && pull(source) !== undefined) taken++;
              interp.journal.assign(self, "state", taken);
              return undefined;
            }
            let item: Value | undefined;
            while (taken <= wanted) {
              item = pull(source);
              if (item === undefined) return undefined;
              taken++;
            }
            interp.journal.assign(self, "state", taken);
            return item;
          });
        },
        { free: true },
      ),
    ],
    define("pairwise", "iterable", (interp, get) =>
      from(interp, "pairwise", get("iterable"), (source, pull, self) => {
        const before = (self.state as Value | undefined) ?? pull(source);
        const item = before === undefined ? undefined : pull(source);
        if (before === undefined || item === undefined) return undefined;
        interp.journal.assign(self, "state", item);
        return tuple([before, item]);
      }),
    ),
    define("takewhile", "predicate, iterable", (interp, get) =>
      from(interp, "takewhile", get("iterable"), (source, pull, self) => {
        const item = self.state === true ? undefined : pull(source);
        if (item === undefined) return undefined;
        const kept = holds(interp, get("predicate"), item);
        if (kept === false) interp.journal.assign(self, "state", true);
        return isWhy(kept) ? kept : kept ? item : undefined;
      }),
    ),
    define("dropwhile", "predicate, iterable", (interp, get) =>
      from(interp, "dropwhile", get("iterable"), (source, pull, self) => {
        for (;;) {
          const item = pull(source);
          if (item === undefined || self.state === true) return item;
          const dropped = holds(interp, get("predicate"), item);
          if (isWhy(dropped)) return dropped;
          if (dropped) continue;
          interp.journal.assign(self, "state", true);
          return item;
        }
      }),
    ),
    define("filterfalse", "predicate, iterable", (interp, get) =>
      from(interp, "filterfalse", get("iterable"), (source, pull) => {
        for (;;) {
          const item = pull(source);
          if (item === undefined) return undefined;
          const dropped = holds(interp, get("predicate"), item);
          if (isWhy(dropped)) return dropped;
          if (!dropped) return item;
        }
      }),
    ),
    define("starmap", "function, iterable", (interp, get) =>
      from(interp, "starmap", get("iterable"), (source, pull) => {
        const item = pull(source);
        if (item === undefined) return undefined;
        const items = itemsOf(interp, item);
        if (isWhy(items)) return items;
        return callValue(interp, get("function"), { positional: items.map((value) => ({ value })), keywords: [] });
      }),
    ),
    define("compress", "data, selectors", (interp, get) => {
      const selectors = iterate(interp, get("selectors"));
      return from(interp, "compress", get("data"), (source, pull) => {
        for (;;) {
          const item = pull(source);
          const selector = item === undefined ? undefined : pull(selectors);
          if (selector === undefined) return undefined;
          const kept = truth(interp, selector);
          if (isWhy(kept)) return kept;
          if (kept) return item;
        }
      });
    }),
    define("groupby", "iterable, key=None", (interp, get) => {
      const items = itemsOf(interp, get("iterable"));
      if (isWhy(items)) return lostIterator(items);
      const key = get("key");
      const groups: { readonly key: Value; readonly items: Value[] }[] = [];
      for (const item of items) {
        const own =
          key.kind === "none" ? item : callValue(interp, key, { positional: [{ value: item }], keywords: [] });
        const last = groups.at(-1);
        const same = last === undefined ? false : truth(interp, interp.lang.compare(interp, "==", last.key, own));
        if (isWhy(same)) return lostIterator(same);
        if (same && last !== undefined) last.items.push(item);
        else groups.push({ key: own, items: [item] });
      }
      return lazyIterator(interp, "groupby", (_pull, self) => {
        const group = groups[self.index];
        return group === undefined ? undefined : tuple([group.key, iteratorOver("_grouper", group.items)]);
      });
    }),
    define("tee", "iterable, n=2", (interp, get) => {
      const source = iterate(interp, get("iterable"));
      const n = toFloat(get("n"));
      if (n === undefined) return unknown({ reason: t("an unknown number") });
      if (source.why !== undefined)
        return tuple(Array.from({ length: n }, () => lostIterator(source.why ?? { reason: t("an unknown loop") })));
      const seen: { items: Value[] } = { items: [] };
      return tuple(
        Array.from({ length: n }, () =>
          lazyIterator(interp, "_tee", (pull, self) => {
            const known = seen.items[self.index];
            if (known !== undefined) return known;
            const item = pull(source);
            if (item !== undefined) interp.journal.push(seen, item);
            return item;
          }),
        ),
      );
    }),
  ]);
}

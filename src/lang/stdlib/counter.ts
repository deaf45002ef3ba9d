import { callValue, itemsOf } from "../../eval/evaluate.ts";
import { type Interp, isWhy } from "../../eval/interp.ts";
import {
  type CallArgs,
  type ClassValue,
  type DictValue,
  int,
  list,
  NONE,
  NOT_IMPLEMENTED,
  str,
  tuple,
  unknown,
  type Value,
} from "../../eval/value.ts";
import { t } from "../../text/text.ts";
import { toFloat } from "../arithmetic.ts";
import { setItem, toDict } from "../containers.ts";
import { reprOf } from "../format.ts";
import { iteratorOver } from "../iteration.ts";
import { native, nativeClass, raw } from "../native.ts";
import { dictClass, hashKey } from "../types.ts";

const dictOf = (value: Value | undefined): DictValue | undefined => (value?.kind === "dict" ? value : undefined);
const numberIn = (dict: DictValue, key: string): number => toFloat(dict.entries.get(key)?.[1] ?? NONE) ?? 0;

/** Adds what a call's arguments count, times `sign`. */
function count(interp: Interp, self: DictValue, args: CallArgs, sign: 1 | -1): void {
  const add = (item: Value, by: Value): void => {
    const key = hashKey(interp, item);
    const known = key === undefined ? undefined : self.entries.get(key)?.[1];
    const value = interp.lang.binary(interp, sign === 1 ? "+" : "-", known ?? int(0), by, false);
    setItem(interp, self, item, value);
  };
  const source = args.positional[0]?.value;
  if (source !== undefined && source.kind !== "none") {
    const isMapping = source.kind === "dict" || (source.kind === "instance" && source.payload?.kind === "dict");
    const mapping = isMapping ? toDict(interp, source) : undefined;
    if (mapping !== undefined && !isWhy(mapping)) {
      for (const [item, by] of [...mapping.entries.values()]) add(item, by);
      if (mapping.why !== undefined) interp.journal.assign(self, "why", mapping.why);
    } else {
      const items = itemsOf(interp, source);
      if (isWhy(items)) interp.journal.assign(self, "why", items);
      else for (const item of items) add(item, int(1));
    }
  }
  for (const [key, { value }] of args.keywords) add(str(key), value);
  if (args.more !== undefined) interp.journal.assign(self, "why", args.more);
}

const rest = (args: CallArgs): CallArgs => ({ ...args, positional: args.positional.slice(1) });

function combine(name: string, pick: (a: number, b: number) => number): [string, Value] {
  return [
    name,
    native(name, "self, other", (_interp, get) => {
      const [a, b] = [dictOf(get("self")), dictOf(get("other"))];
      if (a === undefined || b === undefined) return NOT_IMPLEMENTED;
      const why = a.why ?? b.why;
      if (why !== undefined) return unknown(why);
      const made: DictValue = { kind: "dict", entries: new Map(), cls: counterClass };
      for (const [key, entry] of [...a.entries, ...b.entries]) {
        const n = pick(numberIn(a, key), numberIn(b, key));
        if (0 < n && !made.entries.has(key)) made.entries.set(key, Object.freeze([entry[0], int(n)] as const));
      }
      return made;
    }),
  ];
}

function mostCommon(dict: DictValue): (readonly [Value, Value])[] {
  return [...dict.entries]
    .map(([key, entry]) => ({ entry, n: numberIn(dict, key) }))
    .sort((a, b) => b.n - a.n)
    .map(({ entry }) => entry);
}

/** `collections.Counter`. */
export const counterClass: ClassValue = nativeClass(
  "Counter",
  "collections",
  [dictClass],
  [
    [
      "update",
      raw("update", (interp, args) => {
        const self = dictOf(args.positional[0]?.value);
        if (self !== undefined) count(interp, self, rest(args), 1);
        return NONE;
      }),
    ],
    [
      "subtract",
      raw("subtract", (interp, args) => {
        const self = dictOf(args.positional[0]?.value);
        if (self !== undefined) count(interp, self, rest(args), -1);
        return NONE;
      }),
    ],
    ["__missing__", native("__missing__", "self, key", () => int(0))],
    [
      "most_common",
      native("most_common", "self, n=None", (_interp, get) => {
        const self = dictOf(get("self"));
        if (self === undefined || self.why !== undefined) return unknown(self?.why ?? { reason: t("an unknown dict") });
        const n = toFloat(get("n"));
        const sorted = mostCommon(self).map(([key, value]) => tuple([key, value]));
        return list(n === undefined ? sorted : sorted.slice(0, n));
      }),
    ],
    [
      "elements",
      native("elements", "self", (_interp, get) => {
        const self = dictOf(get("self"));
        const items = [...(self?.entries ?? [])].flatMap(([key, [item]]) =>
          Array.from({ length: Math.max(0, self === undefined ? 0 : numberIn(self, key)) }, () => item),
        );
        return iteratorOver("chain", items);
      }),
    ],
    [
      "total",
      native("total", "self", (interp, get) =>
        callValue(interp, interp.lang.builtins.get("sum") ?? NONE, {
          positional: [
            {
              value: { kind: "view", of: "values", dict: dictOf(get("self")) ?? { kind: "dict", entries: new Map() } },
            },
          ],
          keywords: [],
        }),
      ),
    ],
    combine("__add__", (a, b) => a + b),
    combine("__sub__", (a, b) => a - b),
    combine("__and__", Math.min),
    combine("__or__", Math.max),
    [
      "__repr__",
      native("__repr__", "self", (interp, get) => {
        const self = dictOf(get("self"));
        if (self === undefined || self.entries.size === 0) return str("Counter()");
        const parts = mostCommon(self).map(
          ([key, value]) => `${reprOf(interp, key) ?? "?"}: ${reprOf(interp, value) ?? "?"}`,
        );
        return str(`Counter({${parts.join(", ")}})`);
      }),
    ],
  ],
  (interp, cls, args) => {
    const made: DictValue = { kind: "dict", entries: new Map(), cls };
    count(interp, made, args, 1);
    return made;
  },
);

import { callValue, itemsOf } from "../../eval/evaluate.ts";
import { fail, type Interp, isWhy } from "../../eval/interp.ts";
import {
  bool,
  float,
  int,
  type ListValue,
  list,
  type ModuleValue,
  NONE,
  str,
  unknown,
  type Value,
} from "../../eval/value.ts";
import { t } from "../../text/text.ts";
import { toFloat, truth } from "../arithmetic.ts";
import { abstractOf } from "../classes.ts";
import { reprOf } from "../format.ts";
import { bigOf } from "../integers.ts";
import { sortValues } from "../iteration.ts";
import { native, nativeClass, raw } from "../native.ts";
import { makeInstance, objectClass, payloadOf } from "../types.ts";
import { fn, type Names, nativeModule } from "./module.ts";

// Small modules of the standard library, one function each.

const listOf = (value: Value): ListValue | undefined => {
  const inner = payloadOf(value);
  return inner.kind === "list" && inner.why === undefined ? inner : undefined;
};
const lostList = (): Value => unknown({ reason: t("an unknown sequence") });
const less = (interp: Interp, a: Value, b: Value): boolean | undefined => {
  const known = truth(interp, interp.lang.compare(interp, "<", a, b));
  return typeof known === "boolean" ? known : undefined;
};

const KEYWORDS =
  "False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield".split(
    " ",
  );
const SOFT_KEYWORDS = ["_", "case", "match"];

/** `keyword`: Python's own words, those of CPython 3.11. */
export function keywordModule(): ModuleValue {
  const among = (name: string, words: readonly string[]): Value =>
    fn(name, "x", (_interp, get) => {
      const x = get("x");
      if (x.kind === "unknown") return x;
      return bool(x.kind === "str" && words.includes(x.value));
    });
  return nativeModule("keyword", {
    kwlist: list(KEYWORDS.map(str)),
    softkwlist: list(SOFT_KEYWORDS.map(str)),
    iskeyword: among("iskeyword", KEYWORDS),
    issoftkeyword: among("issoftkeyword", SOFT_KEYWORDS),
  });
}

/** `bisect`: where a value belongs in a sorted list. */
export function bisectModule(): ModuleValue {
  const find = (interp: Interp, items: readonly Value[], x: Value, right: boolean): number | undefined => {
    let [low, high] = [0, items.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const item = items[middle] ?? NONE;
      const before = right ? less(interp, x, item) : less(interp, item, x);
      if (before === undefined) return undefined;
      if (right ? before : !before) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const names: Names = {};
  for (const [suffix, right] of [
    ["", true],
    ["_right", true],
    ["_left", false],
  ] as const) {
    names[`bisect${suffix}`] = fn(`bisect${suffix}`, "a, x", (interp, get) => {
      const items = itemsOf(interp, get("a"));
      const at = isWhy(items) ? undefined : find(interp, items, get("x"), right);
      return at === undefined ? lostList() : int(at);
    });
    names[`insort${suffix}`] = fn(`insort${suffix}`, "a, x", (interp, get) => {
      const self = listOf(get("a"));
      const at = self === undefined ? undefined : find(interp, self.items, get("x"), right);
      if (self !== undefined && at !== undefined)
        interp.journal.assign(self, "items", self.items.toSpliced(at, 0, get("x")));
      return NONE;
    });
  }
  return nativeModule("bisect", names);
}

/** `heapq`, on lists kept sorted, which are heaps. */
export function heapqModule(): ModuleValue {
  const keep = (interp: Interp, heap: ListValue, items: readonly Value[]): boolean => {
    const sorted = sortValues(interp, items, NONE, false);
    if (sorted === undefined) interp.journal.assign(heap, "why", { reason: t("an order that is not known") });
    else interp.journal.assign(heap, "items", [...sorted]);
    return sorted !== undefined;
  };
  const some = (name: string, reverse: boolean): Value =>
    fn(name, "n, iterable, key=None", (interp, get) => {
      const items = itemsOf(interp, get("iterable"));
      const sorted = isWhy(items) ? undefined : sortValues(interp, items, get("key"), reverse);
      const n = toFloat(get("n"));
      return sorted === undefined || n === undefined ? lostList() : list(sorted.slice(0, n));
    });
  return nativeModule("heapq", {
    heapify: fn("heapify", "x", (interp, get) => {
      const heap = listOf(get("x"));
      if (heap !== undefined) keep(interp, heap, heap.items);
      return NONE;
    }),
    heappush: fn("heappush", "heap, item", (interp, get) => {
      const heap = listOf(get("heap"));
      if (heap !== undefined) keep(interp, heap, [...heap.items, get("item")]);
      return NONE;
    }),
    heappop: fn("heappop", "heap", (interp, get) => {
      const heap = listOf(get("heap"));
      if (heap === undefined) return lostList();
      const [first, ...rest] = heap.items;
      if (first === undefined) return fail(interp, "IndexError", "index out of range");
      interp.journal.assign(heap, "items", rest);
      return first;
    }),
    nsmallest: some("nsmallest", false),
    nlargest: some("nlargest", true),
  });
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/** `string`: its constants and `Template`. */
export function stringModule(): ModuleValue {
  const punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
  const upper = LETTERS.toUpperCase();
  const fill = (name: string, safe: boolean): [string, Value] => [
    name,
    raw(name, (interp, args) => {
      const [self, mapping] = args.positional.map((arg) => arg.value);
      const template = self?.kind === "instance" ? self.attrs.get("template") : undefined;
      if (template?.kind !== "str") return unknown({ reason: t("an unknown text") });
      let lost: Value | undefined;
      const text = template.value.replace(/\$(?:(\$)|(\w+)|\{(\w+)\})/g, (whole, escaped, plain, braced) => {
        if (escaped !== undefined) return "$";
        const key = (plain ?? braced) as string;
        const given = args.keywords.find(([name]) => name === key)?.[1].value;
        const value = given ?? (mapping?.kind === "dict" ? mapping.entries.get(`s:${key}`)?.[1] : undefined);
        if (value === undefined) {
          if (!safe) lost ??= fail(interp, "KeyError", `'${key}'`, { args: [str(key)] });
          return whole;
        }
        const made = callValue(interp, interp.lang.builtins.get("str") ?? NONE, {
          positional: [{ value }],
          keywords: [],
        });
        if (made.kind !== "str") lost = made;
        return made.kind === "str" ? made.value : "";
      });
      return lost ?? str(text);
    }),
  ];
  return nativeModule("string", {
    ascii_lowercase: str(LETTERS),
    ascii_uppercase: str(upper),
    ascii_letters: str(LETTERS + upper),
    digits: str("0123456789"),
    hexdigits: str("0123456789abcdefABCDEF"),
    octdigits: str("01234567"),
    punctuation: str(punctuation),
    whitespace: str(" \t\n\r\v\f"),
    printable: str(`0123456789${LETTERS}${upper}${punctuation} \t\n\r\v\f`),
    Template: nativeClass(
      "Template",
      "string",
      [objectClass],
      [
        [
          "__init__",
          native("__init__", "self, template", (interp, get) => {
            const self = get("self");
            if (self.kind === "instance") interp.journal.set(self.attrs, "template", get("template"));
            return NONE;
          }),
        ],
        fill("substitute", false),
        fill("safe_substitute", true),
      ],
    ),
  });
}

/** `textwrap`: what changes a text's margins. */
export function textwrapModule(): ModuleValue {
  const on = (name: string, signature: string, make: (text: string, get: (name: string) => Value) => string): Value =>
    fn(name, signature, (_interp, get) => {
      const text = get("text");
      return text.kind === "str" ? str(make(text.value, get)) : unknown({ reason: t("an unknown text") });
    });
  return nativeModule("textwrap", {
    dedent: on("dedent", "text", (text) => {
      const lines = text.split("\n").map((line) => (/^[ \t]+$/.test(line) ? "" : line));
      const margins = lines.filter((line) => line !== "").map((line) => /^[ \t]*/.exec(line)?.[0] ?? "");
      let margin = margins[0] ?? "";
      for (const other of margins) while (!other.startsWith(margin)) margin = margin.slice(0, -1);
      return lines.map((line) => line.slice(margin.length)).join("\n");
    }),
    indent: on("indent", "text, prefix, predicate=None", (text, get) => {
      const prefix = get("prefix");
      const lead = prefix.kind === "str" ? prefix.value : "";
      return text.replace(/^(?=.*\S)/gm, lead);
    }),
    shorten: on("shorten", "text, width, placeholder=' [...]'", (text, get) => {
      const width = toFloat(get("width")) ?? 0;
      const end = get("placeholder");
      const tail = end.kind === "str" ? end.value : "";
      const words = text.trim().split(/\s+/);
      if (words.join(" ").length <= width) return words.join(" ");
      while (0 < words.length && width < words.join(" ").length + tail.length) words.pop();
      return words.length === 0 ? tail.trimStart() : words.join(" ") + tail;
    }),
  });
}

/** `numbers`: the abstract classes of the numeric tower. */
export function numbersModule(): ModuleValue {
  const kinds: Readonly<Record<string, readonly Value["kind"][]>> = {
    Number: ["int", "float", "bool", "complex"],
    Complex: ["int", "float", "bool", "complex"],
    Real: ["int", "float", "bool"],
    Rational: ["int", "bool"],
    Integral: ["int", "bool"],
  };
  const names: Names = {};
  for (const [name, accepted] of Object.entries(kinds)) {
    const cls = nativeClass(name, "numbers", [objectClass]);
    abstractOf.set(cls, (value) => accepted.includes(payloadOf(value).kind));
    names[name] = cls;
  }
  return nativeModule("numbers", names);
}

/** `statistics`: averages of known numbers. */
export function statisticsModule(): ModuleValue {
  const over = (name: string, make: (values: readonly number[]) => number): Value =>
    fn(name, "data", (interp, get) => {
      const items = itemsOf(interp, get("data"));
      if (isWhy(items)) return unknown(items);
      const numbers = items.map(toFloat);
      if (numbers.includes(undefined)) return unknown({ reason: t("an unknown number") });
      const made = make(numbers as number[]);
      const whole = items.every((item) => bigOf(item) !== undefined) && Number.isInteger(made);
      return whole ? int(made) : float(made);
    });
  const mean = (values: readonly number[]): number => values.reduce((sum, n) => sum + n, 0) / values.length;
  return nativeModule(
    "statistics",
    {
      mean: over("mean", mean),
      fmean: fn("fmean", "data", (interp, get) => {
        const items = itemsOf(interp, get("data"));
        const numbers = isWhy(items) ? [undefined] : items.map(toFloat);
        return numbers.includes(undefined)
          ? unknown({ reason: t("an unknown number") })
          : float(mean(numbers as number[]));
      }),
      median: over("median", (values) => {
        const sorted = [...values].sort((a, b) => a - b);
        const half = sorted.length >> 1;
        return sorted.length % 2 === 1 ? (sorted[half] ?? 0) : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
      }),
    },
    (interp, name) =>
      interp.really.absent("statistics", name)
        ? undefined
        : unknown({ reason: t("{0}.{1} is not followed", "statistics", name) }, `statistics.${name}`),
  );
}

/** `weakref`: references are as strong as any, while a model is built. */
export function weakrefModule(): ModuleValue {
  const reference = nativeClass(
    "ReferenceType",
    "weakref",
    [objectClass],
    [
      [
        "__call__",
        native("__call__", "self", (_interp, get) => {
          const self = get("self");
          return self.kind === "instance" ? (self.attrs.get("object") ?? NONE) : NONE;
        }),
      ],
    ],
  );
  const ref = fn("ref", "object, callback=None", (interp, get) => {
    const made = makeInstance(interp, reference);
    made.attrs.set("object", get("object"));
    return made;
  });
  return nativeModule(
    "weakref",
    { ref, proxy: fn("proxy", "object, callback=None", (_interp, get) => get("object")), ReferenceType: reference },
    (interp, name) =>
      interp.really.absent("weakref", name)
        ? undefined
        : unknown({ reason: t("{0}.{1} is not followed", "weakref", name) }, `weakref.${name}`),
  );
}

/** `gc`, which does nothing that shows. */
export function gcModule(): ModuleValue {
  return nativeModule("gc", {
    collect: fn("collect", "generation=2", () => int(0)),
    enable: fn("enable", "", () => NONE),
    disable: fn("disable", "", () => NONE),
    isenabled: fn("isenabled", "", () => bool(true)),
  });
}

/** `types.SimpleNamespace`. */
export const simpleNamespace = nativeClass(
  "SimpleNamespace",
  "types",
  [objectClass],
  [
    [
      "__init__",
      raw("__init__", (interp, args) => {
        const self = args.positional[0]?.value;
        if (self?.kind !== "instance") return NONE;
        for (const [key, { value }] of args.keywords) interp.journal.set(self.attrs, key, value);
        if (args.more !== undefined) interp.journal.assign(self, "tainted", args.more);
        return NONE;
      }),
    ],
    [
      "__eq__",
      native("__eq__", "self, other", (interp, get) => {
        const [a, b] = [get("self"), get("other")];
        if (a.kind !== "instance" || b.kind !== "instance" || !b.cls.mro.includes(simpleNamespace)) return bool(false);
        return interp.lang.compare(
          interp,
          "==",
          interp.lang.getAttribute(interp, a, "__dict__", undefined),
          interp.lang.getAttribute(interp, b, "__dict__", undefined),
        );
      }),
    ],
    [
      "__repr__",
      native("__repr__", "self", (interp, get) => {
        const self = get("self");
        if (self.kind !== "instance") return NONE;
        const parts = [...self.attrs].map(([key, value]) => {
          const text = reprOf(interp, value);
          return text === undefined ? undefined : `${key}=${text}`;
        });
        return parts.includes(undefined)
          ? unknown({ reason: t("text of an unknown value") })
          : str(`namespace(${parts.join(", ")})`);
      }),
    ],
  ],
);

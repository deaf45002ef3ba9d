import { callValue } from "../../eval/evaluate.ts";
import { fail, type Interp } from "../../eval/interp.ts";
import { type InstanceValue, int, list, NONE, opaque, str, tuple, unknown, type Value } from "../../eval/value.ts";
import { t } from "../../text/text.ts";
import { toFloat, whyOf } from "../arithmetic.ts";
import { libraryException } from "../exceptions.ts";
import { reprOf } from "../format.ts";
import { iteratorOver } from "../iteration.ts";
import { type Body, native, nativeClass } from "../native.ts";
import { makeInstance, objectClass } from "../types.ts";
import { fn, type Names } from "./module.ts";

const FLAGS: Readonly<Record<string, readonly [number, string]>> = {
  IGNORECASE: [2, "i"],
  I: [2, "i"],
  MULTILINE: [8, "m"],
  M: [8, "m"],
  DOTALL: [16, "s"],
  S: [16, "s"],
  VERBOSE: [64, ""],
  X: [64, ""],
  ASCII: [256, ""],
  A: [256, ""],
  UNICODE: [32, ""],
  U: [32, ""],
};

interface Compiled {
  readonly pattern: string;
  readonly expression: RegExp;
  readonly groups: number;
  readonly names: ReadonlyMap<string, number>;
}

const compiled = new Map<string, Compiled | undefined>();
const patterns = new WeakMap<InstanceValue, Compiled>();
const matches = new WeakMap<InstanceValue, { readonly match: RegExpExecArray; readonly of: Compiled }>();

/** Python's pattern as a JavaScript one; undefined where they mean different things. */
function translate(pattern: string, flags: number): Compiled | undefined {
  const key = `${flags}:${pattern}`;
  if (compiled.has(key)) return compiled.get(key);
  let source =
    (flags & 64) === 0
      ? pattern
      : pattern.replace(/\\.|\[(?:\\.|[^\]])*\]|\s+|#.*$/gm, (part) => (/^(?:\s|#)/.test(part) ? "" : part));
  let js = "dv";
  for (const [bit, letter] of [
    [2, "i"],
    [8, "m"],
    [16, "s"],
  ] as const)
    if ((flags & bit) !== 0) js += letter;
  const inline = /^\(\?([aimsux]+)\)/.exec(source);
  if (inline !== null) {
    source = source.slice(inline[0].length);
    for (const letter of inline[1] ?? "") if ("ims".includes(letter) && !js.includes(letter)) js += letter;
  }
  source = source
    .replace(/\(\?P<(\w+)>/g, "(?<$1>")
    .replace(/\(\?P=(\w+)\)/g, "\\k<$1>")
    .replace(/\\A/g, "(?<![\\s\\S])")
    .replace(/\\Z/g, "(?![\\s\\S])")
    .replace(/\\([^\w\s])/g, (whole, c: string) =>
      /[\^$\\.*+?()[\]{}|/&\-!#%,:;<=>@`~]/.test(c) ? (/[&!#%,:;<=>@`~]/.test(c) ? c : whole) : c,
    );
  // `$` also matches before a last line break.
  if (!js.includes("m")) source = source.replace(/(^|[^\\])\$(?=$|[)|])/g, "$1(?=\\n?(?![\\s\\S]))");
  let made: Compiled | undefined;
  // A character class with an unescaped bracket or set operator means something else in JavaScript's sets: without them.
  for (const mode of [js.replace("v", "u"), js.replace("v", "")]) {
    try {
      const expression = new RegExp(source, mode);
      const groups = (new RegExp(`${source}|`, mode).exec("")?.length ?? 1) - 1;
      const names = new Map<string, number>();
      let index = 0;
      for (const [open] of source.matchAll(/\\.|\[(?:\\.|[^\]])*\]|\((?!\?)|\(\?<\w+>/g)) {
        if (!open.startsWith("(")) continue;
        index++;
        const name = /^\(\?<(\w+)>/.exec(open)?.[1];
        if (name !== undefined) names.set(name, index);
      }
      made = { pattern, expression, groups, names };
      break;
    } catch {
      made = undefined;
    }
  }
  compiled.set(key, made);
  return made;
}

const errorClass = libraryException("error", "re", "Exception");

/** The compiled pattern of an argument: a text or a `re.compile` of one. */
function patternOf(value: Value, flags: Value): Compiled | undefined {
  if (value.kind === "instance") return patterns.get(value);
  const bits = flags.kind === "none" ? 0 : toFloat(flags);
  return value.kind === "str" && bits !== undefined ? translate(value.value, bits) : undefined;
}

const lost = (value: Value): Value => unknown(whyOf(value) ?? { reason: t("a pattern that is not followed") });

function matchValue(interp: Interp, of: Compiled, match: RegExpExecArray | null): Value {
  if (match === null) return NONE;
  const made = makeInstance(interp, matchClass);
  matches.set(made, { match, of });
  return made;
}

function run(of: Compiled, text: string, how: "search" | "match" | "fullmatch", from = 0): RegExpExecArray | null {
  const { source, flags } = of.expression;
  if (how === "search") {
    const expression = new RegExp(source, `${flags}g`);
    expression.lastIndex = from;
    return expression.exec(text);
  }
  const expression = new RegExp(how === "match" ? source : `(?:${source})(?![\\s\\S])`, `${flags}y`);
  expression.lastIndex = from;
  return expression.exec(text);
}

function everyMatch(of: Compiled, text: string): readonly RegExpExecArray[] {
  return [...text.matchAll(new RegExp(of.expression.source, `${of.expression.flags}g`))];
}

const group = (text: string | undefined, otherwise: Value = NONE): Value =>
  text === undefined ? otherwise : str(text);

/** A replacement text with its references, or the result of a function. */
function replacement(interp: Interp, of: Compiled, match: RegExpExecArray, repl: Value): string | Value {
  if (repl.kind !== "str") {
    const made = callValue(interp, repl, { positional: [{ value: matchValue(interp, of, match) }], keywords: [] });
    return made.kind === "str" ? made.value : made;
  }
  return repl.value.replace(/\\(?:g<(\w+)>|(\d{1,2})|([\s\S]))/g, (_whole, name, digits, other) => {
    const key: string | undefined = name ?? digits;
    if (key !== undefined) return match[/^\d+$/.test(key) ? Number(key) : (of.names.get(key) ?? 0)] ?? "";
    return { n: "\n", t: "\t", r: "\r", "\\": "\\" }[other as string] ?? `\\${other as string}`;
  });
}

type Work = (interp: Interp, of: Compiled, text: string, get: (name: string) => Value) => Value;

const substitute =
  (counted: boolean): Work =>
  (interp, of, text, get) => {
    const most = toFloat(get("count")) ?? 0;
    let [out, at, n] = ["", 0, 0];
    for (const match of everyMatch(of, text)) {
      if (0 < most && most <= n) break;
      const made = replacement(interp, of, match, get("repl"));
      if (typeof made !== "string") return made.kind === "unknown" ? made : lost(made);
      out += text.slice(at, match.index) + made;
      at = match.index + match[0].length;
      n++;
    }
    const result = str(out + text.slice(at));
    return counted ? tuple([result, int(n)]) : result;
  };

const WORK: Readonly<Record<string, readonly [string, Work]>> = {
  match: ["string", (interp, of, text) => matchValue(interp, of, run(of, text, "match"))],
  fullmatch: ["string", (interp, of, text) => matchValue(interp, of, run(of, text, "fullmatch"))],
  search: ["string", (interp, of, text) => matchValue(interp, of, run(of, text, "search"))],
  findall: [
    "string",
    (_interp, of, text) =>
      list(
        everyMatch(of, text).map((match) => {
          if (of.groups === 0) return str(match[0]);
          if (of.groups === 1) return str(match[1] ?? "");
          return tuple(match.slice(1).map((part) => str(part ?? "")));
        }),
      ),
  ],
  finditer: [
    "string",
    (interp, of, text) =>
      iteratorOver(
        "callable_iterator",
        everyMatch(of, text).map((match) => matchValue(interp, of, match)),
      ),
  ],
  sub: ["repl, string, count=0", substitute(false)],
  subn: ["repl, string, count=0", substitute(true)],
  split: [
    "string, maxsplit=0",
    (_interp, of, text, get) => {
      const most = toFloat(get("maxsplit")) ?? 0;
      const parts: Value[] = [];
      let [at, n] = [0, 0];
      for (const match of everyMatch(of, text)) {
        if (0 < most && most <= n) break;
        parts.push(str(text.slice(at, match.index)), ...match.slice(1).map((part) => group(part)));
        at = match.index + match[0].length;
        n++;
      }
      return list([...parts, str(text.slice(at))]);
    },
  ],
};

const onPattern =
  (work: Work): Body =>
  (interp, get) => {
    const self = get("self");
    const of = self.kind === "instance" ? patterns.get(self) : undefined;
    const text = get("string");
    if (of === undefined || text.kind !== "str") return text.kind === "str" ? lost(self) : textRefused(interp, text);
    return work(interp, of, text.value, get);
  };

function textRefused(interp: Interp, value: Value): Value {
  if (value.kind === "none" || value.kind === "int" || value.kind === "list")
    return fail(
      interp,
      "TypeError",
      `expected string or bytes-like object, got '${interp.lang.typeName(interp, value)}'`,
    );
  return lost(value);
}

const patternClass = nativeClass(
  "Pattern",
  "re",
  [objectClass],
  [
    ...Object.entries(WORK).map(([name, [signature, work]]): [string, Value] => [
      name,
      native(name, `self, ${signature}`, onPattern(work)),
    ]),
    [
      "__repr__",
      native("__repr__", "self", (interp, get) => {
        const self = get("self");
        const of = self.kind === "instance" ? patterns.get(self) : undefined;
        return str(`re.compile(${reprOf(interp, str(of?.pattern ?? "")) ?? ""})`);
      }),
    ],
  ],
);

const held = (value: Value): { readonly match: RegExpExecArray; readonly of: Compiled } | undefined =>
  value.kind === "instance" ? matches.get(value) : undefined;

function groupAt(interp: Interp, self: Value, key: Value): number | Value {
  const found = held(self);
  if (found === undefined) return lost(self);
  const at = key.kind === "str" ? found.of.names.get(key.value) : toFloat(key);
  if (at !== undefined && at <= found.of.groups) return at;
  return key.kind === "unknown" ? key : fail(interp, "IndexError", "no such group");
}

function groups(interp: Interp, self: Value, keys: readonly Value[]): Value {
  const found = held(self);
  if (found === undefined) return lost(self);
  const texts = (keys.length === 0 ? [int(0)] : keys).map((key) => {
    const at = groupAt(interp, self, key);
    return typeof at === "number" ? group(found.match[at]) : at;
  });
  return texts.length === 1 ? (texts[0] ?? NONE) : tuple(texts);
}

const ends =
  (pick: (start: number, end: number) => Value): Body =>
  (interp, get) => {
    const key = get("group");
    const at = groupAt(interp, get("self"), key.kind === "none" ? int(0) : key);
    const found = held(get("self"));
    if (typeof at !== "number" || found === undefined) return typeof at === "number" ? lost(get("self")) : at;
    const [start, end] = found.match.indices?.[at] ?? [-1, -1];
    return pick(start, end);
  };

const matchClass = nativeClass(
  "Match",
  "re",
  [objectClass],
  [
    [
      "group",
      native("group", "self, *keys", (interp, get) => {
        const keys = get("keys");
        return groups(interp, get("self"), keys.kind === "tuple" ? keys.items : []);
      }),
    ],
    ["__getitem__", native("__getitem__", "self, key", (interp, get) => groups(interp, get("self"), [get("key")]))],
    [
      "groups",
      native("groups", "self, default=None", (_interp, get) =>
        tuple((held(get("self"))?.match.slice(1) ?? []).map((part) => group(part, get("default")))),
      ),
    ],
    [
      "groupdict",
      native("groupdict", "self, default=None", (_interp, get) => {
        const found = held(get("self"));
        return {
          kind: "dict",
          entries: new Map(
            [...(found?.of.names ?? [])].map(([name, at]) => [
              `s:${name}`,
              Object.freeze([str(name), group(found?.match[at], get("default"))] as const),
            ]),
          ),
        };
      }),
    ],
    [
      "start",
      native(
        "start",
        "self, group=None",
        ends((start) => int(start)),
      ),
    ],
    [
      "end",
      native(
        "end",
        "self, group=None",
        ends((_start, end) => int(end)),
      ),
    ],
    [
      "span",
      native(
        "span",
        "self, group=None",
        ends((start, end) => tuple([int(start), int(end)])),
      ),
    ],
    [
      "string",
      {
        kind: "property",
        get: native("string", "self", (_i, get) => str(held(get("self"))?.match.input ?? "")),
        set: undefined,
      },
    ],
  ],
);

/** `re`. */
export function reNames(): Names {
  const names: Names = {
    compile: fn("compile", "pattern, flags=0", (interp, get) => {
      const pattern = get("pattern");
      if (pattern.kind === "instance") return pattern;
      const of = patternOf(pattern, get("flags"));
      if (of === undefined) return lost(pattern);
      const made = makeInstance(interp, patternClass);
      patterns.set(made, of);
      made.attrs.set("pattern", str(of.pattern));
      made.attrs.set("groups", int(of.groups));
      made.attrs.set("flags", int(toFloat(get("flags")) ?? 0));
      return made;
    }),
    escape: fn("escape", "pattern", (_interp, get) => {
      const text = get("pattern");
      return text.kind === "str" ? str(text.value.replace(/[\s#$&()*+\-.?[\\\]^{|}~]/g, "\\$&")) : lost(text);
    }),
    error: errorClass,
    Pattern: patternClass,
    Match: matchClass,
    NOFLAG: int(0),
    RegexFlag: opaque("re", "RegexFlag"),
  };
  for (const [name, [bit]] of Object.entries(FLAGS)) names[name] = int(bit);
  for (const [name, [signature, work]] of Object.entries(WORK))
    names[name] = fn(name, `pattern, ${signature}, flags=0`, (interp, get) => {
      const of = patternOf(get("pattern"), get("flags"));
      const text = get("string");
      if (text.kind !== "str") return textRefused(interp, text);
      return of === undefined ? lost(get("pattern")) : work(interp, of, text.value, get);
    });
  return names;
}

import { fail, type Interp } from "../eval/interp.ts";
import {
  type BytesValue,
  bool,
  type ClassValue,
  int,
  list,
  NONE,
  str,
  tuple,
  unknown,
  type Value,
} from "../eval/value.ts";
import { t } from "../text/text.ts";
import { toFloat, whyOf } from "./arithmetic.ts";
import { setItem } from "./containers.ts";
import { stringsOf } from "./format.ts";
import { native, raw } from "./native.ts";
import { strFormat } from "./templates.ts";
import { bytesClass, emptyDict, hashKey, payloadOf, strClass, typeName } from "./types.ts";

type Kind = "str" | "bytes";
type Get = (name: string) => Value;

const lostText = (value: Value): Value => unknown(whyOf(value) ?? { reason: t("an unknown text") });

/** A method of `str`, and of `bytes` where it means the same there. An unknown argument gives an unknown result. */
function define(
  name: string,
  signature: string,
  body: (text: string, get: Get, interp: Interp, kind: Kind) => Value,
  kinds: readonly Kind[] = ["str", "bytes"],
): void {
  for (const kind of kinds) {
    const cls: ClassValue = kind === "str" ? strClass : bytesClass;
    cls.attrs.set(
      name,
      native(name, `self${signature === "" ? "" : `, ${signature}`}`, (interp, get) => {
        const self = payloadOf(get("self"));
        return self.kind === kind ? body(self.value, get, interp, kind) : lostText(self);
      }),
    );
  }
}
const ONLY_STR = ["str"] as const;

/** The text of an argument; undefined when it is none. */
const textOf = (value: Value): string | undefined => {
  const inner = payloadOf(value);
  return inner.kind === "str" || inner.kind === "bytes" ? inner.value : undefined;
};
const made = (kind: Kind, value: string): Value => ({ kind, value });
/** A text in UTF-8, one character a byte. */
export function bytesOf(text: string): BytesValue {
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte));
  return { kind: "bytes", value: bytes.join("") };
}
const all = (kind: Kind, values: readonly string[]): Value => list(values.map((value) => made(kind, value)));
/** Python takes a letter for one whatever its plane. */
const chars = (text: string): readonly string[] => [...text];
const known = (get: Get, ...names: readonly string[]): Value | undefined =>
  names.map(get).find((value) => value.kind === "unknown" || (value.kind === "int" && value.dim.size === undefined));

define("lower", "", (text, _g, _i, kind) => made(kind, text.toLowerCase()));
define("upper", "", (text, _g, _i, kind) => made(kind, text.toUpperCase()));
define("casefold", "", (text) => str(text.toLowerCase().replaceAll("ß", "ss")), ONLY_STR);
define("swapcase", "", (text, _g, _i, kind) =>
  made(
    kind,
    chars(text)
      .map((c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase()))
      .join(""),
  ),
);
define("title", "", (text, _g, _i, kind) =>
  made(
    kind,
    text.replace(/\p{L}+/gu, (word) => (word[0] ?? "").toUpperCase() + word.slice(1).toLowerCase()),
  ),
);
define("capitalize", "", (text, _g, _i, kind) =>
  made(kind, (text[0] ?? "").toUpperCase() + text.slice(1).toLowerCase()),
);
for (const [name, left, right] of [
  ["strip", true, true],
  ["lstrip", true, false],
  ["rstrip", false, true],
] as const) {
  define(name, "chars=None, /", (text, get, _i, kind) => {
    const lost = known(get, "chars");
    if (lost !== undefined) return lostText(lost);
    const set = textOf(get("chars"));
    const drop = (c: string | undefined): boolean =>
      c !== undefined && (set === undefined ? /\s/.test(c) : set.includes(c));
    let from = 0;
    let to = text.length;
    while (left && from < to && drop(text[from])) from++;
    while (right && from < to && drop(text[to - 1])) to--;
    return made(kind, text.slice(from, to));
  });
}

/** Words between blanks; what is left after the last split keeps its blanks. */
function splitBlanks(text: string, most: number, fromEnd: boolean): string[] {
  const parts: string[] = [];
  let rest = fromEnd ? text.trimEnd() : text.trimStart();
  while (rest !== "") {
    if (0 <= most && parts.length === most) {
      parts.push(fromEnd ? rest.trimEnd() : rest);
      break;
    }
    const match = fromEnd ? /^([\s\S]*?)(\S+)$/.exec(rest) : /^(\S+)([\s\S]*)$/.exec(rest);
    parts.push((fromEnd ? match?.[2] : match?.[1]) ?? "");
    rest = fromEnd ? (match?.[1] ?? "").trimEnd() : (match?.[2] ?? "").trimStart();
  }
  return fromEnd ? parts.reverse() : parts;
}

for (const [name, fromEnd] of [
  ["split", false],
  ["rsplit", true],
] as const)
  define(name, "sep=None, maxsplit=-1", (text, get, interp, kind) => {
    const lost = known(get, "sep", "maxsplit");
    if (lost !== undefined) return lostText(lost);
    const sep = textOf(get("sep"));
    const most = toFloat(get("maxsplit")) ?? -1;
    if (sep === undefined) return all(kind, splitBlanks(text, most, fromEnd));
    if (sep === "") return fail(interp, "ValueError", "empty separator");
    const parts = text.split(sep);
    if (most < 0 || parts.length <= most + 1) return all(kind, parts);
    const at = parts.length - most;
    return all(
      kind,
      fromEnd
        ? [parts.slice(0, at).join(sep), ...parts.slice(at)]
        : [...parts.slice(0, most), parts.slice(most).join(sep)],
    );
  });
define("splitlines", "keepends=False", (text, get, interp, kind) => {
  const keep = interp.lang.truth(interp, get("keepends")) === true;
  const lines = text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];
  return all(
    kind,
    lines.map((line) => (keep ? line : line.replace(/(?:\r\n|\r|\n)$/, ""))),
  );
});
for (const [name, find] of [
  ["partition", (text: string, sep: string) => text.indexOf(sep)],
  ["rpartition", (text: string, sep: string) => text.lastIndexOf(sep)],
] as const)
  define(name, "sep, /", (text, get, _i, kind) => {
    const sep = textOf(get("sep"));
    if (sep === undefined) return lostText(get("sep"));
    const at = find(text, sep);
    const missing = name === "partition" ? [text, "", ""] : ["", "", text];
    return tuple(
      (at < 0 ? missing : [text.slice(0, at), sep, text.slice(at + sep.length)]).map((part) => made(kind, part)),
    );
  });
define(
  "join",
  "iterable, /",
  (text, get, interp) => {
    const parts = stringsOf(interp, get("iterable"));
    return parts === undefined ? lostText(get("iterable")) : str(parts.join(text));
  },
  ONLY_STR,
);
define(
  "join",
  "iterable, /",
  (text, get, interp) => {
    const items = interp.lang.call(interp, interp.lang.builtins.get("list") ?? NONE, {
      positional: [{ value: get("iterable") }],
      keywords: [],
    });
    if (items.kind !== "list" || items.why !== undefined) return lostText(items);
    const parts = items.items.map(textOf);
    return parts.includes(undefined) ? lostText(items) : { kind: "bytes", value: parts.join(text) };
  },
  ["bytes"],
);
define("replace", "old, new, count=-1, /", (text, get, _i, kind) => {
  const from = textOf(get("old"));
  const to = textOf(get("new"));
  const count = toFloat(get("count"));
  if (from === undefined || to === undefined || count === undefined)
    return lostText([get("old"), get("new"), get("count")].find((v) => v.kind === "unknown") ?? NONE);
  if (count < 0)
    return made(
      kind,
      text.replaceAll(from, () => to),
    );
  const parts = text.split(from);
  const head = parts.slice(0, count + 1).join(to);
  return made(kind, parts.length <= count + 1 ? head : `${head}${from}${parts.slice(count + 1).join(from)}`);
});

/** The part of a text that `start` and `end` bound, and where it begins; undefined when they are not known. */
function part(text: string, get: Get): { readonly text: string; readonly from: number } | undefined {
  const [start, end] = [get("start"), get("end")];
  const bound = (value: Value, fallback: number): number | undefined => {
    const n = value.kind === "none" ? fallback : toFloat(value);
    return n === undefined ? undefined : n < 0 ? Math.max(0, n + text.length) : n;
  };
  const [from, to] = [bound(start, 0), bound(end, text.length)];
  return from === undefined || to === undefined ? undefined : { text: text.slice(from, to), from };
}

for (const [name, test] of [
  ["startswith", (a: string, b: string) => a.startsWith(b)],
  ["endswith", (a: string, b: string) => a.endsWith(b)],
] as const) {
  define(name, "prefix, start=None, end=None, /", (text, get, interp) => {
    const prefix = get("prefix");
    const inside = part(text, get);
    const options = prefix.kind === "tuple" ? prefix.items : [prefix];
    const wrong = options.find((option) => textOf(option) === undefined);
    if (wrong !== undefined && ["int", "none", "list", "float"].includes(wrong.kind))
      return fail(
        interp,
        "TypeError",
        `${name} first arg must be str or a tuple of str, not ${typeName(interp, wrong)}`,
      );
    if (wrong !== undefined || inside === undefined) return lostText(wrong ?? get("start"));
    return bool(options.some((option) => test(inside.text, textOf(option) ?? "")));
  });
}
for (const [name, refuses, last] of [
  ["find", false, false],
  ["rfind", false, true],
  ["index", true, false],
  ["rindex", true, true],
] as const)
  define(name, "sub, start=None, end=None, /", (text, get, interp) => {
    const sub = textOf(get("sub"));
    const inside = part(text, get);
    if (sub === undefined || inside === undefined) return lostText(get("sub"));
    const at = last ? inside.text.lastIndexOf(sub) : inside.text.indexOf(sub);
    if (0 <= at) return int(at + inside.from);
    return refuses ? fail(interp, "ValueError", "substring not found") : int(-1);
  });
define("count", "sub, start=None, end=None, /", (text, get) => {
  const sub = textOf(get("sub"));
  const inside = part(text, get);
  if (sub === undefined || inside === undefined) return lostText(get("sub"));
  return int(sub === "" ? inside.text.length + 1 : inside.text.split(sub).length - 1);
});

const every =
  (test: RegExp) =>
  (text: string): Value =>
    bool(text !== "" && chars(text).every((c) => test.test(c)));
define("isdigit", "", every(/[\p{Nd}\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089]/u));
define("isnumeric", "", every(/\p{N}/u), ONLY_STR);
define("isdecimal", "", every(/\p{Nd}/u), ONLY_STR);
define("isalpha", "", every(/\p{L}/u));
define("isalnum", "", every(/[\p{L}\p{N}]/u));
define("isspace", "", every(/\s/u));
define("isascii", "", (text) => bool(/^[\0-\x7f]*$/.test(text)));
define("isprintable", "", (text) => bool(!/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u.test(text)), ONLY_STR);
define("isidentifier", "", (text) => bool(/^[\p{L}_][\p{L}\p{N}_]*$/u.test(text)), ONLY_STR);
define("isupper", "", (text) => bool(text !== text.toLowerCase() && text === text.toUpperCase()));
define("islower", "", (text) => bool(text !== text.toUpperCase() && text === text.toLowerCase()));
define("istitle", "", (text) => {
  const words = text.match(/\p{L}+/gu) ?? [];
  return bool(
    0 < words.length && words.every((word) => /^\p{Lu}/u.test(word) && word.slice(1) === word.slice(1).toLowerCase()),
  );
});

const padder = (name: string, pad: (text: string, missing: number, fill: string) => string): void =>
  define(name, "width, fill=' ', /", (text, get, _i, kind) => {
    const width = toFloat(get("width"));
    const fill = textOf(get("fill"));
    if (width === undefined || fill === undefined) return lostText(get("width"));
    const missing = Math.min(width, 1e6) - chars(text).length;
    return made(kind, missing <= 0 ? text : pad(text, missing, fill));
  });
padder("ljust", (text, missing, fill) => text + fill.repeat(missing));
padder("rjust", (text, missing, fill) => fill.repeat(missing) + text);
padder("center", (text, missing, fill) => {
  // CPython puts the odd one to the left when the width is odd.
  const left = Math.floor(missing / 2) + (missing & (missing + chars(text).length) & 1);
  return fill.repeat(left) + text + fill.repeat(missing - left);
});
define("zfill", "width, /", (text, get, _i, kind) => {
  const width = toFloat(get("width"));
  if (width === undefined) return lostText(get("width"));
  const sign = /^[+-]/.exec(text)?.[0] ?? "";
  return made(kind, sign + text.slice(sign.length).padStart(width - sign.length, "0"));
});
define("removeprefix", "prefix, /", (text, get, _i, kind) => {
  const prefix = textOf(get("prefix"));
  if (prefix === undefined) return lostText(get("prefix"));
  return made(kind, text.startsWith(prefix) ? text.slice(prefix.length) : text);
});
define("removesuffix", "suffix, /", (text, get, _i, kind) => {
  const suffix = textOf(get("suffix"));
  if (suffix === undefined) return lostText(get("suffix"));
  return made(kind, suffix !== "" && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text);
});
define("expandtabs", "tabsize=8", (text, get, _i, kind) => {
  const size = toFloat(get("tabsize"));
  if (size === undefined) return lostText(get("tabsize"));
  let column = 0;
  let out = "";
  for (const c of text) {
    const added = c === "\t" ? " ".repeat(size === 0 ? 0 : size - (column % size)) : c;
    column = c === "\n" || c === "\r" ? 0 : column + added.length;
    out += added;
  }
  return made(kind, out);
});

// --- translation, formats and encodings --------------------------------------------------------------------------

define(
  "translate",
  "table, /",
  (text, get, interp) => {
    const table = payloadOf(get("table"));
    if (table.kind !== "dict" || table.why !== undefined) return lostText(table);
    let out = "";
    for (const c of text) {
      const found = table.entries.get(hashKey(interp, int(c.codePointAt(0) ?? 0)) ?? "")?.[1];
      if (found === undefined) out += c;
      else if (found.kind === "str") out += found.value;
      else if (found.kind === "int") out += String.fromCodePoint(toFloat(found) ?? 0);
      else if (found.kind !== "none") return lostText(found);
    }
    return str(out);
  },
  ONLY_STR,
);
strClass.attrs.set("maketrans", {
  kind: "wrapper",
  type: "static",
  fn: native(
    "maketrans",
    "x, y=None, z=None, /",
    (interp, get) => {
      const table = emptyDict();
      const [x, y, z] = [get("x"), textOf(get("y")), textOf(get("z"))];
      if (x.kind === "dict") {
        for (const [key, value] of x.entries.values())
          setItem(interp, table, key.kind === "str" ? int(key.value.codePointAt(0) ?? 0) : key, value);
        return table;
      }
      const from = chars(textOf(x) ?? "");
      chars(y ?? "").forEach((to, i) => {
        setItem(interp, table, int(from[i]?.codePointAt(0) ?? 0), int(to.codePointAt(0) ?? 0));
      });
      for (const c of z ?? "") setItem(interp, table, int(c.codePointAt(0) ?? 0), NONE);
      return table;
    },
    { free: true },
  ),
});
define(
  "encode",
  "encoding='utf-8', errors='strict'",
  (text, get) => {
    const encoding = textOf(get("encoding"))?.toLowerCase().replaceAll(/[_-]/g, "");
    if (encoding === "utf8") return bytesOf(text);
    if ((encoding === "latin1" || encoding === "ascii" || encoding === "iso88591") && !/[^\0-\xff]/.test(text))
      return { kind: "bytes", value: text };
    return unknown({ reason: t("an encoding that is not followed") });
  },
  ONLY_STR,
);
define(
  "decode",
  "encoding='utf-8', errors='strict'",
  (text, get) => {
    const encoding = textOf(get("encoding"))?.toLowerCase().replaceAll(/[_-]/g, "");
    if (encoding === "latin1" || encoding === "iso88591" || !/[^\0-\x7f]/.test(text)) return str(text);
    if (encoding !== "utf8") return unknown({ reason: t("an encoding that is not followed") });
    return str(new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(text, (c) => c.charCodeAt(0))));
  },
  ["bytes"],
);
define(
  "hex",
  "",
  (text) =>
    str(
      chars(text)
        .map((c) => c.charCodeAt(0).toString(16).padStart(2, "0"))
        .join(""),
    ),
  ["bytes"],
);
strClass.attrs.set(
  "format",
  raw("format", (interp, args) => {
    const self = payloadOf(args.positional[0]?.value ?? NONE);
    if (self.kind !== "str") return lostText(self);
    if (args.more !== undefined) return unknown(args.more);
    return strFormat(
      interp,
      self.value,
      args.positional.slice(1).map((arg) => arg.value),
      (name) => args.keywords.find(([key]) => key === name)?.[1].value,
    );
  }),
);
define(
  "format_map",
  "mapping, /",
  (text, get, interp) => strFormat(interp, text, [], (name) => interp.lang.getItem(interp, get("mapping"), str(name))),
  ONLY_STR,
);

/** Loading this file defines the methods. */
export const stringMethods = strClass.attrs;

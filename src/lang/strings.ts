import { fail, type Interp } from "../eval/interp.ts";
import { bool, int, list, NONE, str, tuple, unknown, type Value } from "../eval/value.ts";
import { t } from "../text/text.ts";
import { toFloat, whyOf } from "./arithmetic.ts";
import { stringsOf } from "./format.ts";
import { native, raw } from "./native.ts";
import { strFormat } from "./templates.ts";
import { strClass } from "./types.ts";

/** Methods of `str`. An unknown argument gives an unknown result. */
function define(
  name: string,
  signature: string,
  body: (text: string, get: (name: string) => Value, interp: Interp) => Value,
): void {
  strClass.attrs.set(
    name,
    native(name, `self${signature === "" ? "" : `, ${signature}`}`, (interp, get) => {
      const self = get("self");
      const text =
        self.kind === "str"
          ? self.value
          : self.kind === "instance" && self.payload?.kind === "str"
            ? self.payload.value
            : undefined;
      return text === undefined ? unknown(whyOf(self) ?? { reason: t("an unknown text") }) : body(text, get, interp);
    }),
  );
}

const textOf = (value: Value): string | undefined => (value.kind === "str" ? value.value : undefined);
const lostText = (value: Value): Value => unknown(whyOf(value) ?? { reason: t("an unknown text") });

define("lower", "", (text) => str(text.toLowerCase()));
define("upper", "", (text) => str(text.toUpperCase()));
define("title", "", (text) =>
  str(text.toLowerCase().replace(/[a-z]+/g, (word) => (word[0] ?? "").toUpperCase() + word.slice(1))),
);
define("capitalize", "", (text) => str((text[0] ?? "").toUpperCase() + text.slice(1).toLowerCase()));
for (const [name, left, right] of [
  ["strip", true, true],
  ["lstrip", true, false],
  ["rstrip", false, true],
] as const) {
  define(name, "chars=None", (text, get) => {
    const chars = textOf(get("chars"));
    const drop = (c: string | undefined): boolean =>
      c !== undefined && (chars === undefined ? /\s/.test(c) : chars.includes(c));
    let from = 0;
    let to = text.length;
    while (left && from < to && drop(text[from])) from++;
    while (right && from < to && drop(text[to - 1])) to--;
    return str(text.slice(from, to));
  });
}
const splitter = (name: string, fromEnd: boolean): void =>
  define(name, "sep=None, maxsplit=-1", (text, get) => {
    const sep = textOf(get("sep"));
    const most = toFloat(get("maxsplit")) ?? -1;
    if (get("sep").kind === "unknown") return lostText(get("sep"));
    const parts =
      sep === undefined
        ? text
            .trim()
            .split(/\s+/)
            .filter((p) => p !== "")
        : text.split(sep);
    if (most < 0 || parts.length <= most + 1) return list(parts.map(str));
    const joint = sep ?? " ";
    return list(
      (fromEnd
        ? [parts.slice(0, parts.length - most).join(joint), ...parts.slice(parts.length - most)]
        : [...parts.slice(0, most), parts.slice(most).join(joint)]
      ).map(str),
    );
  });
splitter("split", false);
splitter("rsplit", true);
define("splitlines", "keepends=False", (text) => list(text.split(/\r\n|\r|\n/).map(str)));
define("partition", "sep", (text, get) => {
  const sep = textOf(get("sep")) ?? "";
  const at = text.indexOf(sep);
  return tuple((at < 0 ? [text, "", ""] : [text.slice(0, at), sep, text.slice(at + sep.length)]).map(str));
});
define("rpartition", "sep", (text, get) => {
  const sep = textOf(get("sep")) ?? "";
  const at = text.lastIndexOf(sep);
  return tuple((at < 0 ? ["", "", text] : [text.slice(0, at), sep, text.slice(at + sep.length)]).map(str));
});
define("join", "iterable", (text, get, interp) => {
  const parts = stringsOf(interp, get("iterable"));
  return parts === undefined ? lostText(get("iterable")) : str(parts.join(text));
});
define("replace", "old, new, count=-1", (text, get) => {
  const from = textOf(get("old"));
  const to = textOf(get("new"));
  const count = toFloat(get("count")) ?? -1;
  if (from === undefined || to === undefined) return lostText(get("old"));
  if (count < 0) return str(text.replaceAll(from, () => to));
  const parts = text.split(from);
  return str(
    parts.slice(0, count + 1).join(to) +
      parts
        .slice(count + 1)
        .map((p) => from + p)
        .join(""),
  );
});
for (const [name, test] of [
  ["startswith", (a: string, b: string) => a.startsWith(b)],
  ["endswith", (a: string, b: string) => a.endsWith(b)],
] as const) {
  define(name, "prefix, start=0", (text, get) => {
    const prefix = get("prefix");
    const options = prefix.kind === "tuple" ? prefix.items.map(textOf) : [textOf(prefix)];
    if (options.some((option) => option === undefined)) return lostText(prefix);
    return bool(options.some((option) => option !== undefined && test(text.slice(toFloat(get("start")) ?? 0), option)));
  });
}
define("find", "sub, start=0", (text, get) => int(text.indexOf(textOf(get("sub")) ?? "", toFloat(get("start")) ?? 0)));
define("rfind", "sub", (text, get) => int(text.lastIndexOf(textOf(get("sub")) ?? "")));
define("index", "sub", (text, get, interp) => {
  const at = text.indexOf(textOf(get("sub")) ?? "");
  return at < 0 ? fail(interp, "ValueError", "substring not found") : int(at);
});
define("count", "sub", (text, get) => int(text.split(textOf(get("sub")) ?? "\u0000").length - 1));
define("isdigit", "", (text) => bool(/^\d+$/.test(text)));
define("isnumeric", "", (text) => bool(/^\d+$/.test(text)));
define("isdecimal", "", (text) => bool(/^\d+$/.test(text)));
define("isalpha", "", (text) => bool(/^\p{L}+$/u.test(text)));
define("isalnum", "", (text) => bool(/^[\p{L}\d]+$/u.test(text)));
define("isidentifier", "", (text) => bool(/^[\p{L}_][\p{L}\d_]*$/u.test(text)));
define("isupper", "", (text) => bool(text !== text.toLowerCase() && text === text.toUpperCase()));
define("islower", "", (text) => bool(text !== text.toUpperCase() && text === text.toLowerCase()));
define("zfill", "width", (text, get) => str(text.padStart(toFloat(get("width")) ?? 0, "0")));
define("ljust", "width, fill=' '", (text, get) =>
  str(text.padEnd(toFloat(get("width")) ?? 0, textOf(get("fill")) ?? " ")),
);
define("rjust", "width, fill=' '", (text, get) =>
  str(text.padStart(toFloat(get("width")) ?? 0, textOf(get("fill")) ?? " ")),
);
define("center", "width, fill=' '", (text, get) => {
  const missing = Math.max(0, (toFloat(get("width")) ?? 0) - text.length);
  const fill = textOf(get("fill")) ?? " ";
  return str(fill.repeat(Math.floor(missing / 2)) + text + fill.repeat(Math.ceil(missing / 2)));
});
define("removeprefix", "prefix", (text, get) =>
  str(text.startsWith(textOf(get("prefix")) ?? "\u0000") ? text.slice((textOf(get("prefix")) ?? "").length) : text),
);
define("removesuffix", "suffix", (text, get) =>
  str(
    text.endsWith(textOf(get("suffix")) ?? "\u0000")
      ? text.slice(0, text.length - (textOf(get("suffix")) ?? "").length)
      : text,
  ),
);
define("encode", "encoding='utf-8'", (text) => ({ kind: "bytes", value: text }));
strClass.attrs.set(
  "format",
  raw("format", (interp, args) => {
    const self = args.positional[0]?.value ?? NONE;
    if (self.kind !== "str") return lostText(self);
    return strFormat(
      interp,
      self.value,
      args.positional.slice(1).map((arg) => arg.value),
      (name) => args.keywords.find(([key]) => key === name)?.[1].value,
    );
  }),
);

/** Loading this file defines the methods. */
export const stringMethods = strClass.attrs;

import { callValue } from "../../eval/evaluate.ts";
import { fail, type Interp } from "../../eval/interp.ts";
import { bool, float, list, NONE, str, unknown, type Value } from "../../eval/value.ts";
import { t } from "../../text/text.ts";
import { toFloat, truth, whyOf } from "../arithmetic.ts";
import { setItem } from "../containers.ts";
import { libraryException } from "../exceptions.ts";
import { reprOf } from "../format.ts";
import { wholeNumber } from "../integers.ts";
import { emptyDict, payloadOf } from "../types.ts";
import { fn, type Names } from "./module.ts";

const decodeError = libraryException("JSONDecodeError", "json.decoder", "ValueError");

interface Style {
  readonly indent: string | undefined;
  readonly item: string;
  readonly key: string;
  readonly sort: boolean;
  readonly ascii: boolean;
  readonly fallback: Value;
}

/** A text as JSON; another value when it cannot be told. */
function dump(interp: Interp, given: Value, style: Style, depth: number): string | Value {
  const value = payloadOf(given);
  switch (value.kind) {
    case "none":
      return "null";
    case "bool":
      return value.value ? "true" : "false";
    case "int":
      return reprOf(interp, value) ?? unknown(whyOf(value) ?? { reason: t("an unknown number") });
    case "float": {
      const text = reprOf(interp, value);
      if (text === undefined) return unknown(whyOf(value) ?? { reason: t("an unknown number") });
      return { nan: "NaN", inf: "Infinity", "-inf": "-Infinity" }[text] ?? text;
    }
    case "str":
      return quote(value.value, style.ascii);
    case "list":
    case "tuple": {
      if (value.kind === "list" && value.why !== undefined) return unknown(value.why);
      return wrap(
        "[",
        value.items.map((item) => dump(interp, item, style, depth + 1)),
        "]",
        style,
        depth,
      );
    }
    case "dict": {
      if (value.why !== undefined) return unknown(value.why);
      const pairs: { readonly name: string; readonly text: string | Value }[] = [];
      for (const [key, item] of value.entries.values()) {
        const name = key.kind === "str" ? key.value : dump(interp, key, style, depth);
        if (typeof name !== "string") return name;
        const text = dump(interp, item, style, depth + 1);
        pairs.push({ name, text: typeof text === "string" ? quote(name, style.ascii) + style.key + text : text });
      }
      if (style.sort) pairs.sort((a, b) => (a.name < b.name ? -1 : 1));
      return wrap(
        "{",
        pairs.map((pair) => pair.text),
        "}",
        style,
        depth,
      );
    }
    case "unknown":
      return value;
    default:
      if (style.fallback.kind !== "none")
        return dump(
          interp,
          callValue(interp, style.fallback, { positional: [{ value: given }], keywords: [] }),
          style,
          depth,
        );
      return fail(
        interp,
        "TypeError",
        `Object of type ${interp.lang.typeName(interp, given)} is not JSON serializable`,
      );
  }
}

function wrap(
  open: string,
  parts: readonly (string | Value)[],
  close: string,
  style: Style,
  depth: number,
): string | Value {
  const lost = parts.find((part) => typeof part !== "string");
  if (lost !== undefined) return lost;
  if (parts.length === 0) return open + close;
  if (style.indent === undefined) return open + parts.join(style.item) + close;
  const line = `\n${style.indent.repeat(depth + 1)}`;
  return `${open}${line}${parts.join(style.item.trimEnd() + line)}\n${style.indent.repeat(depth)}${close}`;
}

function quote(text: string, ascii: boolean): string {
  const plain = JSON.stringify(text);
  return ascii
    ? plain.replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`)
    : plain;
}

function load(interp: Interp, value: unknown): Value {
  if (value === null) return NONE;
  if (typeof value === "boolean") return bool(value);
  if (typeof value === "string") return str(value);
  if (value instanceof Exact)
    return /[.eE]/.test(value.text) ? float(Number(value.text)) : wholeNumber(BigInt(value.text));
  if (Array.isArray(value)) return list(value.map((item) => load(interp, item)));
  const made = emptyDict();
  for (const [key, item] of Object.entries(value as object)) setItem(interp, made, str(key), load(interp, item));
  return made;
}

/** A number as it is written: `1` and `1.0` differ in Python. */
class Exact {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const MARK = "\u0000number:";

/** Parses, keeping how numbers are written. */
function parse(text: string): unknown {
  const marked = text.replace(/"(?:\\.|[^"\\])*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (part) =>
    part.startsWith('"') ? part : `"${MARK.replace("\u0000", "\\u0000")}${part}"`,
  );
  return JSON.parse(marked, (_key, value: unknown) =>
    typeof value === "string" && value.startsWith(MARK) ? new Exact(value.slice(MARK.length)) : value,
  );
}

/** `json`. */
export function jsonNames(): Names {
  return {
    dumps: fn(
      "dumps",
      "obj, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True, cls=None, indent=None, separators=None, default=None, sort_keys=False",
      (interp, get) => {
        const indent = get("indent");
        const width = toFloat(indent);
        const separators = get("separators");
        const texts = separators.kind === "tuple" ? separators.items : [];
        const [item, key] = texts.map((one) => (one.kind === "str" ? one.value : ""));
        const made = dump(
          interp,
          get("obj"),
          {
            indent: indent.kind === "str" ? indent.value : width === undefined ? undefined : " ".repeat(width),
            item: item ?? ", ",
            key: key ?? ": ",
            sort: truth(interp, get("sort_keys")) === true,
            ascii: truth(interp, get("ensure_ascii")) !== false,
            fallback: get("default"),
          },
          0,
        );
        return typeof made === "string" ? str(made) : made;
      },
    ),
    loads: fn("loads", "s, **kwargs", (interp, get) => {
      const text = get("s");
      if (text.kind !== "str") return unknown(whyOf(text) ?? { reason: t("an unknown text") });
      let parsed: unknown;
      try {
        parsed = parse(text.value);
      } catch {
        return fail(interp, "JSONDecodeError", "Expecting value: line 1 column 1 (char 0)");
      }
      return load(interp, parsed);
    }),
    JSONDecodeError: decodeError,
  };
}

import type { ErrorExpr, Expr, FormatExpr, StringExpr } from "../../core/core.ts";
import {
  type ExpressionNode,
  type FormatStringNode,
  type FStringMiddleToken,
  type IdentifierToken,
  type OperatorToken,
  OperatorType,
  ParseNodeType,
  type StringListNode,
  StringTokenFlags,
  type Token,
  TokenType,
} from "./pyright.ts";
import { innerSpan, type Source, spanOf, tokenFrom } from "./source.ts";

type Part = FormatExpr["parts"][number];
/** Undefined for literal text that is not decoded. */
type Parts = (Part | undefined)[];

/** Adjacent literals as one string, or as one f-string when any of them is one. `lower` lowers a field's expression. */
export function lowerStrings(
  source: Source,
  node: StringListNode,
  lower: (node: ExpressionNode) => Expr,
): StringExpr | FormatExpr | ErrorExpr {
  const span = innerSpan(source, node);
  const unclosed = node.d.strings.some(
    ({ start, d }) => (d.token.flags & StringTokenFlags.Unterminated) !== 0 || source.unclosed.includes(start),
  );
  if (unclosed) return { kind: "error", span, message: "the string is never closed", parts: [] };
  const parts: Parts = [];
  let format = false;
  let bytes = false;
  for (const string of node.d.strings) {
    if (string.nodeType === ParseNodeType.FormatString) {
      format = true;
      parts.push(...formatParts(source, string, lower));
    } else {
      const { escapedValue, flags } = string.d.token;
      bytes ||= (flags & StringTokenFlags.Bytes) !== 0;
      parts.push(decode(escapedValue, flags));
    }
  }
  const joined = joinText(parts);
  if (joined === undefined) {
    return { kind: "error", span, message: "a character given by name is not decoded", parts: [] };
  }
  if (format) return { kind: "format", span, parts: joined };
  return { kind: "string", span, value: joined.filter((part) => typeof part === "string").join(""), bytes };
}

function joinText(parts: Parts): readonly Part[] | undefined {
  const joined: Part[] = [];
  for (const part of parts) {
    if (part === undefined) return undefined;
    const last = joined.at(-1);
    if (typeof part === "string" && typeof last === "string") joined[joined.length - 1] = last + part;
    else if (part !== "") joined.push(part);
  }
  return joined;
}

// The parser keeps an f-string's expressions in one flat list and drops conversions: the tokens have the structure.
function formatParts(source: Source, node: FormatStringNode, lower: (node: ExpressionNode) => Expr): Parts {
  const { tokens, text } = source;
  const fields = new Map(node.d.fieldExprs.map((field) => [field.start, field]));
  const end = node.start + node.length;
  let index = tokenFrom(tokens, node.start) + 1;
  return readParts(false);

  function readParts(spec: boolean): Parts {
    const parts: Parts = [];
    for (let token = tokens[index]; token !== undefined && token.start < end; token = tokens[index]) {
      if (token.type === TokenType.FStringMiddle) {
        const { escapedValue, flags } = token as FStringMiddleToken;
        const value = decode(escapedValue, flags);
        parts.push(spec ? value : value?.replace(/\{\{|\}\}/g, (pair) => pair.charAt(0)));
        index++;
      } else if (token.type === TokenType.OpenCurlyBrace) {
        parts.push(...readField(token));
      } else {
        break;
      }
    }
    return parts;
  }

  function readField(open: Token): Parts {
    index++;
    const field = fields.get(tokens[index]?.start ?? -1);
    if (field === undefined) return [];
    const value = lower(field);
    index = tokenFrom(tokens, field.start + field.length);
    while (tokens[index]?.type === TokenType.Comma) index++;
    let debug = "";
    if (isAssign(tokens[index])) {
      index++;
      debug = text.slice(open.start + 1, tokens[index]?.start ?? end);
    }
    let conversion: "" | "s" | "r" | "a" = "";
    if (tokens[index]?.type === TokenType.ExclamationMark) {
      const name = tokens[index + 1];
      const letter = name?.type === TokenType.Identifier ? (name as IdentifierToken).value : "";
      if (letter === "s" || letter === "r" || letter === "a") conversion = letter;
      index += 2;
    }
    let spec: Expr | undefined;
    let known = true;
    const colon = tokens[index];
    if (colon?.type === TokenType.Colon) {
      index++;
      const parts = joinText(readParts(true));
      known = parts !== undefined;
      const span = spanOf(source, colon.start + 1, tokens[index]?.start ?? end);
      const only = parts?.length === 0 ? "" : parts?.length === 1 ? parts[0] : undefined;
      if (typeof only === "string") spec = { kind: "string", span, value: only, bytes: false };
      else if (parts !== undefined) spec = { kind: "format", span, parts };
    }
    if (tokens[index]?.type === TokenType.CloseCurlyBrace) index++;
    if (!known) return [undefined];
    if (debug !== "" && conversion === "" && spec === undefined) conversion = "r";
    return [debug, { value, conversion, spec }];
  }
}

function isAssign(token: Token | undefined): boolean {
  return token?.type === TokenType.Operator && (token as OperatorToken).operatorType === OperatorType.Assign;
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\n": "",
};

const ESCAPE = /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(N)\{[^}]*\}|([\s\S]))/g;

/** The text of a literal's inside; undefined where it names a character (`\N{…}`): there is no table of names here. */
function decode(raw: string, flags: StringTokenFlags): string | undefined {
  const text = raw.replace(/\r\n?/g, "\n");
  if ((flags & StringTokenFlags.Raw) !== 0 || !text.includes("\\")) return text;
  const bytes = (flags & StringTokenFlags.Bytes) !== 0;
  let named = false;
  const value = text.replace(ESCAPE, (whole, octal, hex, short, long, name, simple) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & (bytes ? 0xff : 0x1ff));
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (simple !== undefined) return SIMPLE_ESCAPES[simple] ?? whole;
    if (bytes) return whole;
    if (name !== undefined) {
      named = true;
      return "";
    }
    const code = Number.parseInt(short ?? long, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
  return named ? undefined : value;
}

import type { Span } from "../../text/span.ts";
import type { RawError, Token } from "./pyright.ts";
import { type ParseNode, ParseNodeType, TokenType } from "./pyright.ts";

/** What the lowering knows of the piece of text that it lowers. Offsets are relative to the piece, spans absolute. */
export interface Source {
  readonly text: string;
  /** Offset of the piece in the file. */
  readonly base: number;
  readonly tokens: readonly Token[];
  /** Where the logical lines end, in order. */
  readonly lineEnds: readonly number[];
  /** In order of offset; each is given to the innermost statement that can confine it. */
  readonly errors: readonly SourceError[];
  /** Offsets of strings that the splitter had to close. */
  readonly unclosed: readonly number[];
  /** What the parser accepts and the lowering does not, in offsets of the piece. */
  readonly found: { readonly start: number; readonly end: number; readonly message: string }[];
  /** Ranges that are indented without reason. */
  readonly misplaced: readonly Span[];
}

export interface SourceError extends RawError {
  claimed: boolean;
}

interface Range {
  readonly start: number;
  readonly length: number;
}

export function makeSource(
  text: string,
  base: number,
  tokens: readonly Token[],
  errors: readonly RawError[],
  unclosed: readonly number[],
): Source {
  const placed = errors.map((error) => ({ ...placeError(tokens, error), claimed: false }));
  return {
    text,
    base,
    tokens,
    lineEnds: tokens.filter(endsLine).map(({ start }) => start),
    unclosed,
    found: [],
    errors: placed.sort((a, b) => a.start - b.start),
    misplaced: errors.filter(({ key }) => key === "unexpectedIndent").map(({ start }) => indentedRange(tokens, start)),
  };
}

function endsLine({ type }: Token): boolean {
  return type === TokenType.NewLine || type === TokenType.EndOfStream;
}

/** A missing block is reported at the next statement; it belongs to the line that needs the block. */
function placeError(tokens: readonly Token[], error: RawError): RawError {
  if (error.key !== "expectedIndentedBlock") return error;
  let index = tokenFrom(tokens, error.start) - 1;
  while (0 < index && isLayout(tokens[index])) index--;
  const token = tokens[index];
  return token === undefined ? error : { key: error.key, start: token.start, end: token.start + token.length };
}

function indentedRange(tokens: readonly Token[], start: number): Span {
  let depth = 0;
  for (let index = tokenFrom(tokens, start); index < tokens.length; index++) {
    const token = tokens[index];
    if (token?.type === TokenType.Indent) depth++;
    else if (token?.type === TokenType.Dedent) depth--;
    if (token !== undefined && depth <= 0) return { start, end: token.start };
  }
  return { start, end: Number.POSITIVE_INFINITY };
}

/** Index of the first token that starts at or after an offset. */
export function tokenFrom(tokens: readonly Token[], offset: number): number {
  return lowerBound(tokens, offset, ({ start }) => start);
}

/** Index of the first item, of items in order of offset, that is at or after an offset. */
function lowerBound<T>(items: readonly T[], offset: number, offsetOf: (item: T) => number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && offsetOf(item) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the first token at or after an offset that stands for text. */
export function codeTokenFrom(tokens: readonly Token[], offset: number): number {
  let index = tokenFrom(tokens, offset);
  while (isLayout(tokens[index])) index++;
  return index;
}

function isLayout(token: Token | undefined): boolean {
  return token?.type === TokenType.NewLine || token?.type === TokenType.Indent || token?.type === TokenType.Dedent;
}

/** The absolute span of a range of the piece. */
export function spanOf(source: Source, start: number, end: number): Span {
  return { start: source.base + start, end: source.base + end };
}

/** The absolute span of a node as the parser has it: with the parentheses around it. */
export function outerSpan(source: Source, node: Range): Span {
  return spanOf(source, outerStart(source, node), node.start + node.length);
}

/** The parser leaves the parenthesis that opens before a `yield` out of it, and of all that starts with it. */
function outerStart(source: Source, node: Range): number {
  if (!source.text.startsWith("yield", node.start) || !("nodeType" in node)) return node.start;
  const { nodeType, d } = node as ParseNode;
  if (nodeType === ParseNodeType.Name) return node.start;
  const index = tokenFrom(source.tokens, node.start);
  if (source.tokens[index]?.type !== TokenType.Keyword) return node.start;
  if (nodeType === ParseNodeType.Yield || nodeType === ParseNodeType.YieldFrom) {
    const end = d.expr === undefined ? node.start + YIELD_LENGTH : d.expr.start + d.expr.length;
    if (node.start + node.length <= end) return node.start;
  }
  const before = source.tokens[index - 1];
  return before?.type === TokenType.OpenParenthesis ? before.start : node.start;
}

const YIELD_LENGTH = 5;

/** The absolute span of an expression without the parentheses around it (a tuple and a generator keep their own). */
export function innerSpan(source: Source, node: ParseNode): Span {
  const end = node.start + node.length;
  if (source.text.charCodeAt(node.start) !== 40) {
    const own = node.nodeType === ParseNodeType.Yield || node.nodeType === ParseNodeType.YieldFrom;
    return spanOf(source, own ? node.start : outerStart(source, node), end);
  }
  const { tokens } = source;
  const leftmost = leftmostStart(node);
  let first = codeTokenFrom(tokens, node.start);
  let layers = 0;
  while (tokens[first]?.type === TokenType.OpenParenthesis && (tokens[first]?.start ?? 0) < leftmost) {
    layers++;
    first++;
  }
  if (ownsParentheses(node)) {
    layers--;
    first--;
  }
  if (layers <= 0) return spanOf(source, node.start, end);
  let last = tokenFrom(tokens, end) - 1;
  while (0 < layers && tokens[last]?.type === TokenType.CloseParenthesis) {
    layers--;
    last--;
  }
  const from = tokens[first];
  const to = tokens[last];
  return from === undefined || to === undefined || to.start < from.start
    ? spanOf(source, node.start, end)
    : spanOf(source, from.start, to.start + to.length);
}

function ownsParentheses(node: ParseNode): boolean {
  return (node.nodeType === ParseNodeType.Tuple || node.nodeType === ParseNodeType.Comprehension) && node.d.hasParens;
}

/** Where a node's first child starts, for the nodes that start with a child. */
function leftmostStart(node: ParseNode): number {
  switch (node.nodeType) {
    case ParseNodeType.BinaryOperation:
    case ParseNodeType.Call:
    case ParseNodeType.Index:
    case ParseNodeType.MemberAccess:
      return node.d.leftExpr.start;
    case ParseNodeType.Ternary:
      return node.d.ifExpr.start;
    case ParseNodeType.Comprehension:
      return node.d.expr.start;
    case ParseNodeType.Tuple:
      return node.d.items[0]?.start ?? Number.POSITIVE_INFINITY;
    default:
      return Number.POSITIVE_INFINITY;
  }
}

/** The end of a tuple without parentheses: after its trailing comma, if it has one. */
export function endWithComma(source: Source, end: number): number {
  const token = source.tokens[tokenFrom(source.tokens, end)];
  return token?.type === TokenType.Comma ? token.start + token.length : end;
}

/** The end of a slice: after the colons that follow its last operand. */
export function endWithColons(source: Source, end: number): number {
  let index = tokenFrom(source.tokens, end);
  let last = end;
  for (let token = source.tokens[index]; token?.type === TokenType.Colon; token = source.tokens[index]) {
    last = token.start + token.length;
    index++;
  }
  return last;
}

/** The offset where the logical line that holds an offset ends. */
export function logicalLineEnd({ lineEnds, text }: Source, offset: number): number {
  return lineEnds[lowerBound(lineEnds, offset, (end) => end)] ?? text.length;
}

/** The first error from `start` up to and including `end`, claimed or not; all of them are claimed. */
export function errorOnLine(source: Source, start: number, end: number): SourceError | undefined {
  let found: SourceError | undefined;
  for (const error of source.errors) {
    if (error.start < start || end < error.start) continue;
    error.claimed = true;
    found ??= error;
  }
  return found;
}

/** Claims the errors from `start` up to and including `end` that no inner statement has claimed. */
export function claimErrors(source: Source, start: number, end: number): readonly SourceError[] {
  if (source.errors.length === 0) return [];
  const mine = source.errors.filter((error) => !error.claimed && start <= error.start && error.start <= end);
  for (const error of mine) error.claimed = true;
  return mine;
}

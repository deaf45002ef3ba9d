import { DiagnosticSink } from "@zzzen/pyright-internal/dist/common/diagnosticSink.js";
import { pythonVersion3_13 } from "@zzzen/pyright-internal/dist/common/pythonVersion.js";
import { LocAddendum, LocMessage } from "@zzzen/pyright-internal/dist/localization/localize.js";
import type { ModuleNode } from "@zzzen/pyright-internal/dist/parser/parseNodes.js";
import { ParseOptions, Parser } from "@zzzen/pyright-internal/dist/parser/parser.js";
import { Tokenizer } from "@zzzen/pyright-internal/dist/parser/tokenizer.js";
import type { FStringStartToken, Token } from "@zzzen/pyright-internal/dist/parser/tokenizerTypes.js";
import { StringTokenFlags } from "@zzzen/pyright-internal/dist/parser/tokenizerTypes.js";
import { STATEMENT_LINE } from "./keywords.ts";
import { SENTENCES } from "./messages.ts";

// The one file that knows the parser library; everything else of it is imported from here.
export type {
  ArgumentNode,
  ClassNode,
  ComprehensionNode,
  DecoratorNode,
  DictionaryNode,
  ExpressionNode,
  FormatStringNode,
  ForNode,
  FunctionNode,
  IfNode,
  ImportFromNode,
  ImportNode,
  IndexNode,
  LambdaNode,
  MatchNode,
  ModuleNode,
  NameNode,
  ParameterNode,
  ParseNode,
  PatternAtomNode,
  PatternClassNode,
  PatternMappingNode,
  PatternSequenceNode,
  StatementNode,
  StringListNode,
  SuiteNode,
  TryNode,
  TypeParameterListNode,
  WhileNode,
  WithNode,
} from "@zzzen/pyright-internal/dist/parser/parseNodes.js";
export { ArgCategory, ParamCategory, ParseNodeType } from "@zzzen/pyright-internal/dist/parser/parseNodes.js";
export type {
  FStringMiddleToken,
  IdentifierToken,
  OperatorToken,
  Token,
} from "@zzzen/pyright-internal/dist/parser/tokenizerTypes.js";
export {
  KeywordType,
  OperatorType,
  StringTokenFlags,
  TokenType,
} from "@zzzen/pyright-internal/dist/parser/tokenizerTypes.js";

/** A syntax error: the parser's message key and a half-open range of offsets into the parsed text. */
export interface RawError {
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

/** The parser's tree of one text, its tokens in order and its errors. */
export interface RawTree {
  readonly module: ModuleNode;
  readonly tokens: readonly Token[];
  readonly errors: readonly RawError[];
}

/**
 * Parses one text as a Python 3.13 file. When it has errors, it is read again with open brackets closed before lines
 * that can only start a statement. Throws what the library throws: a RangeError where nesting exhausts the stack.
 */
export function parseRaw(text: string): RawTree {
  const tree = parseOnce(text);
  if (tree.errors.length === 0) return tree;
  recovery.active = true;
  recovery.used = false;
  try {
    const recovered = parseOnce(text);
    return recovery.used ? recovered : tree;
  } finally {
    recovery.active = false;
  }
}

function parseOnce(text: string): RawTree {
  const options = new ParseOptions();
  options.pythonVersion = pythonVersion3_13;
  const sink = new DiagnosticSink();
  const { parserOutput, tokenizerOutput } = new Parser().parseSourceFile(text, options, sink, EMPTY_HASH);
  const { lines } = parserOutput;
  const offset = ({ line, character }: { readonly line: number; readonly character: number }): number =>
    line < lines.count ? Math.min(lines.getItemAt(line).start + character, text.length) : text.length;
  const errors = sink.fetchAndClear().map(({ message, range }) => ({
    key: /^\w*/.exec(message)?.[0] ?? "",
    start: offset(range.start),
    end: offset(range.end),
  }));
  const { count } = tokenizerOutput.tokens;
  const tokens = Array.from({ length: count }, (_, index) => tokenizerOutput.tokens.getItemAt(index));
  return { module: parserOutput.parseTree, tokens, errors };
}

// Given, so that the parser does not hash the text.
const EMPTY_HASH = { primary: 0, secondary: 0 };

const recovery = { active: false, used: false };

interface TokenizerInternals {
  _parenDepth: number;
  _activeFString: { readonly startToken: FStringStartToken } | undefined;
  _fStringStack: { readonly startToken: FStringStartToken }[];
  readonly _cs: { readonly position: number; getText(): string };
  _handleNewLine(length: number, kind: number): void;
}

installRecovery();
installMessageKeys();

/** Makes the tokenizer close open brackets at a line that starts a statement, while `recovery.active`. */
function installRecovery(): void {
  const prototype = Tokenizer.prototype as unknown as TokenizerInternals;
  const original = prototype._handleNewLine;
  prototype._handleNewLine = function (this: TokenizerInternals, length, kind) {
    const strings = this._activeFString === undefined ? [] : [...this._fStringStack, this._activeFString];
    const triple = strings.some(({ startToken }) => (startToken.flags & StringTokenFlags.Triplicate) !== 0);
    if (recovery.active && 0 < this._parenDepth && !triple) {
      STATEMENT_LINE.lastIndex = this._cs.position + length;
      if (STATEMENT_LINE.test(this._cs.getText())) {
        this._parenDepth = 0;
        this._activeFString = undefined;
        this._fStringStack = [];
        recovery.used = true;
      }
    }
    original.call(this, length, kind);
  };
}

/** Makes every message of the library its own key, so that no locale and no message file decides what we report. */
function installMessageKeys(): void {
  for (const target of [LocMessage, LocAddendum] as unknown as Record<string, unknown>[]) {
    for (const key of new Set([...Object.keys(target), ...SENTENCES.keys()])) {
      target[key] = () => (FORMATTED.has(key) ? { format: () => key, toString: () => key } : key);
    }
  }
}

const FORMATTED: ReadonlySet<string> = new Set([
  "invalidTokenChars",
  "duplicateParam",
  "duplicateCapturePatternTarget",
  "orPatternMissingName",
]);

import type { Expr, Module, Stmt } from "../../core/core.ts";
import { sentence } from "./messages.ts";
import { parseRaw } from "./pyright.ts";
import { rebase } from "./rebase.ts";
import { makeScope } from "./scope.ts";
import { logicalLineEnd, makeSource, type Source, spanOf } from "./source.ts";
import { type Piece, splitFile } from "./split.ts";
import { lowerStatements } from "./statements.ts";

/** One parsed file. `chunks` is what a later parse of an edited text reuses. */
export interface ParsedFile {
  readonly text: string;
  readonly module: Module;
  readonly chunks: readonly Chunk[];
}

/** One column-0 statement, lowered. Spans are absolute. */
interface Chunk {
  readonly piece: Piece;
  readonly body: readonly Stmt[];
  readonly names: readonly string[];
  readonly errors: Module["syntaxErrors"];
}

/**
 * Parses and lowers Python 3.13 text. Total: any text gives a module, and what is no Python is in it as error nodes.
 * The statements that `previous` had too are reused, as the same nodes where they did not move.
 */
export function parsePython(text: string, previous?: ParsedFile): ParsedFile {
  const { pieces, comments } = splitFile(text);
  const known = new Map<string, Chunk[]>();
  for (const chunk of previous?.chunks ?? []) {
    const key = keyOf(chunk.piece);
    const same = known.get(key);
    if (same === undefined) known.set(key, [chunk]);
    else same.push(chunk);
  }
  const chunks = pieces.map((piece) => {
    const same = known.get(keyOf(piece));
    const found = same?.find((chunk) => chunk.piece.start === piece.start) ?? same?.[0];
    return found === undefined ? parsePiece(piece) : moveChunk(found, piece);
  });
  const module: Module = {
    body: chunks.flatMap((chunk) => chunk.body),
    comments,
    names: [...new Set(chunks.flatMap((chunk) => chunk.names))],
    syntaxErrors: chunks.flatMap((chunk) => chunk.errors),
  };
  return { text, module, chunks };
}

/** The only expression that a text consists of; undefined when it is anything else. */
export function parseExpression(text: string): Expr | undefined {
  const { module } = parsePython(text);
  const [statement] = module.body;
  return module.syntaxErrors.length === 0 && module.body.length === 1 && statement?.kind === "expression"
    ? statement.value
    : undefined;
}

function keyOf({ text, unclosed }: Piece): string {
  return unclosed.length === 0 ? text : `${unclosed.join()}\0${text}`;
}

function moveChunk(chunk: Chunk, piece: Piece): Chunk {
  const delta = piece.start - chunk.piece.start;
  if (delta === 0) return chunk;
  return { piece, body: rebase(chunk.body, delta), names: chunk.names, errors: rebase(chunk.errors, delta) };
}

function parsePiece(piece: Piece): Chunk {
  try {
    return lowerPiece(piece);
  } catch {
    // Too deep for the stack, or an assertion of the parser's on text that nobody has written before.
    return brokenChunk(piece);
  }
}

function lowerPiece(piece: Piece): Chunk {
  const { module, tokens, errors } = parseRaw(piece.text);
  const source = makeSource(piece.text, piece.start, tokens, errors, piece.unclosed);
  const scope = makeScope("module", source, undefined);
  const body = lowerStatements(scope, module.d.statements, -1, piece.text.length);
  return {
    piece,
    body,
    names: [...scope.locals].filter((name) => !name.startsWith(".")),
    errors: reportedErrors(source),
  };
}

/** One error for each logical line, the first: what follows it there is mostly its consequence. */
function reportedErrors(source: Source): Module["syntaxErrors"] {
  const found = [
    ...source.errors.map(({ key, start, end }) => ({ start, end, message: sentence(key) })),
    ...source.unclosed.map((start) => ({ start, end: start + 3, message: sentence("stringUnterminated") })),
    ...source.found,
  ].sort((a, b) => a.start - b.start || a.end - b.end);
  const lines = new Set<number>();
  return found.flatMap(({ start, end, message }) => {
    const line = logicalLineEnd(source, start);
    if (lines.has(line)) return [];
    lines.add(line);
    return [{ span: spanOf(source, start, end), message }];
  });
}

const BINDING_WORD = /(?:\b(?:def|class|as|import|for)\s+|,\s*)([^\W\d]\w*)|([^\W\d]\w*)\s*(?::=|[,=](?!=)|:)/g;

function brokenChunk(piece: Piece): Chunk {
  const span = { start: piece.start, end: piece.start + piece.text.length };
  const message = sentence("maxParseDepthExceeded");
  const binds = [...new Set([...piece.text.matchAll(BINDING_WORD)].map((match) => match[1] ?? match[2] ?? ""))];
  return {
    piece,
    body: [{ kind: "error", span, message, parts: [], binds }],
    names: binds,
    errors: [{ span, message }],
  };
}

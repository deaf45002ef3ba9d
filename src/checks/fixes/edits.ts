import type { CallExpr } from "../../core/core.ts";
import type { Span } from "../../text/span.ts";

/** The span to delete so that a call loses one argument together with its comma and blanks. */
export function argumentWithComma(call: CallExpr, index: number): Span | undefined {
  const own = call.args[index];
  const [before, after] = [call.args[index - 1], call.args[index + 1]];
  if (own === undefined) return undefined;
  if (before !== undefined) return { start: before.span.end, end: own.span.end };
  return after === undefined ? own.span : { start: own.span.start, end: after.span.start };
}

/** The blanks that a line starts with. */
export function indentAt(source: string, offset: number): string {
  const start = source.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(source.slice(start))?.[0] ?? "";
}

/** The offset of the end of the line, before its line break. */
export function lineEnd(source: string, offset: number): number {
  const end = source.slice(offset).search(/\r?\n|\r/);
  return end < 0 ? source.length : offset + end;
}

/** The line break that the file uses. */
export function lineBreak(source: string): string {
  return source.includes("\r\n") ? "\r\n" : "\n";
}

/** Characters of code that a title has room for. */
const ROOM = 48;

/** Code as a title shows it: on one line, its end left out where it is long. */
export function brief(code: string): string {
  const line = code.replace(/\s+/g, " ");
  return line.length <= ROOM ? line : `${line.slice(0, ROOM - 1)}…`;
}

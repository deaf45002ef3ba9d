import { lineIndex } from "../text/span.ts";

/** Where the one changed stretch of a text lies: `[start, oldEnd)` became `[start, newEnd)`. */
export interface Change {
  readonly start: number;
  readonly oldEnd: number;
  readonly newEnd: number;
}

/** The stretch in which two texts differ; empty at the end for equal texts. */
export function changeBetween(before: string, after: string): Change {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let same = 0;
  while (
    same < shorter - start &&
    before.charCodeAt(before.length - 1 - same) === after.charCodeAt(after.length - 1 - same)
  )
    same++;
  return { start, oldEnd: before.length - same, newEnd: after.length - same };
}

/** An offset of the old text in the new one; undefined inside the changed stretch. */
export function forward(change: Change, offset: number): number | undefined {
  if (offset <= change.start) return offset;
  return offset < change.oldEnd ? undefined : offset + change.newEnd - change.oldEnd;
}

/** An offset of the new text in the old one; undefined inside the changed stretch. */
export function backward({ start, oldEnd, newEnd }: Change, offset: number): number | undefined {
  return forward({ start, oldEnd: newEnd, newEnd: oldEnd }, offset);
}

interface LspPosition {
  readonly line: number;
  readonly character: number;
}

/** A text after one change of the protocol: the whole, or what stands in a range. */
export function applied(
  text: string,
  change: { readonly text: string; readonly range?: { readonly start: LspPosition; readonly end: LspPosition } },
): string {
  if (change.range === undefined) return change.text;
  const lines = lineIndex(text);
  const start = lines.offset({ line: change.range.start.line, column: change.range.start.character });
  const end = lines.offset({ line: change.range.end.line, column: change.range.end.character });
  return text.slice(0, start) + change.text + text.slice(end);
}

import type { Canvas, Piece } from "./drawing.ts";
import type { ViewNode, ViewShortcut } from "./model.ts";

export interface LayoutOptions {
  /** Pixels that the drawing may be wide. */
  readonly room: number;
  /** Ids of the nodes whose inside is drawn. */
  readonly open: ReadonlySet<string>;
  /** Width of one character of the diagram's monospaced text, in pixels. */
  readonly charWidth: number;
  /** Words for the folded count and for nodes without a name, already in the user's language. */
  readonly title: (node: ViewNode) => string;
}

/** What a container's layout needs of its children's. */
export interface Drafting extends LayoutOptions {
  /** Of stages and blocks, in pixels. */
  readonly boxWidth: number;
  /** Multiply-adds of the costliest box that is drawn. */
  readonly most: number;
  readonly piece: (node: ViewNode, width: number) => Piece;
}

/** Identity passes on the left; what computes something on the right. */
export function isLeft(shortcut: ViewShortcut): boolean {
  return shortcut.kind === "identity";
}

/** The words beside a shortcut's line, and both sizes where it does not fit. */
export function shortcutWords(
  canvas: Canvas,
  shortcut: ViewShortcut,
  count: number,
  x: number,
  y: number,
  left: boolean,
): void {
  const at = { x: left ? x - 6 : x + 6, anchor: left ? ("end" as const) : ("start" as const) };
  const text = count < 2 ? shortcut.label : `${shortcut.label} ×${count}`;
  const { mismatch } = shortcut;
  canvas.labels.push({ ...at, y: mismatch === undefined ? y + 4 : y - 4, text, role: "shortcut" });
  if (mismatch === undefined) return;
  canvas.labels.push({ ...at, y: y + 12, text: `${mismatch.left} ≠ ${mismatch.right}`, role: "mismatch" });
}

/** The value's line from `entry` into the top of something at x, y, with an arrow's head. */
export function flow(canvas: Canvas, id: string, entry: readonly [number, number], x: number, y: number): void {
  if (y - entry[1] < 3) return;
  canvas.lines.push({ points: [entry, [x, y]], style: "solid", role: "flow", arrow: true, fits: true, id });
}

/** The same without a head. */
export function flowTo(canvas: Canvas, id: string, x: number, from: number, to: number): void {
  if (to - from < 1) return;
  canvas.lines.push({
    points: [
      [x, from],
      [x, to],
    ],
    style: "solid",
    role: "flow",
    arrow: false,
    fits: true,
    id,
  });
}

import { branchPiece } from "./branches.ts";
import { columnPiece, isColumn } from "./column.ts";
import { type Canvas, type Drawing, type Piece, SIZE } from "./drawing.ts";
import type { PreviewView, ViewNode } from "./model.ts";
import { type Drafting, flow, flowTo, isLeft, type LayoutOptions, shortcutWords } from "./strokes.ts";

/**
 * The network drawn as one column: values flow down, shortcuts pass to the left (identity) and right. Boxes are narrower
 * where the room is not enough for their full width; a drawing that does not fit even so is wider than the room.
 */
export function layout(view: PreviewView, options: LayoutOptions): Drawing {
  const full = drawn(view, options, SIZE.boxWidth);
  const over = full.width - options.room;
  return over <= 0 ? full : drawn(view, options, Math.max(SIZE.leastBoxWidth, SIZE.boxWidth - over));
}

function drawn(view: PreviewView, options: LayoutOptions, boxWidth: number): Drawing {
  const draft: Drafting = {
    ...options,
    boxWidth,
    most: costliest(view.network, options.open),
    piece: (node, width) => pieceOf(node, draft, width),
  };
  const body = insideOf(view.network, draft, boxWidth, true);
  const canvas: Canvas = { boxes: [], frames: [], lines: [], labels: [], sums: [] };
  const x = body.left + SIZE.margin;
  const top = 20;
  canvas.labels.push({
    x,
    y: 13,
    text: view.inputs.map((input) => input.name).join(", "),
    anchor: "middle",
    role: "input",
  });
  body.draw(canvas, x, top + SIZE.labelGap, [x, top]);
  return {
    width: Math.ceil(body.left + body.right + 2 * SIZE.margin),
    height: Math.ceil(top + SIZE.labelGap + body.height + SIZE.margin),
    ...canvas,
  };
}

/** A note with fewer characters left than this is not begun. */
const MIN_NOTE = 8;

function pieceOf(node: ViewNode, draft: Drafting, width: number): Piece {
  if (node.kind === "add") return sumPiece(node);
  if (draft.open.has(node.id) && 0 < node.children.length) return framePiece(node, draft);
  return withShortcuts(node, boxPiece(node, draft, width));
}

function insideOf(node: ViewNode, draft: Drafting, width: number, labelled: boolean): Piece {
  return isColumn(node) ? columnPiece(node, draft, width, labelled) : branchPiece(node, draft);
}

function boxPiece(node: ViewNode, draft: Drafting, width: number): Piece {
  const note = noteOf(node);
  const opens = 0 < node.children.length;
  const height = node.level === "layer" ? SIZE.layerHeight : SIZE.boxHeight;
  return {
    left: width / 2,
    right: width / 2,
    height,
    airy: false,
    draw: (canvas, x, y, entry) => {
      flow(canvas, node.id, entry, x, y);
      const room = Math.floor((width - (opens ? 36 : 24)) / draft.charWidth);
      // The name comes first: the note has what it leaves, if that is enough to say anything.
      const title = draft.title(node);
      const label = cut(
        title,
        room < title.length + MIN_NOTE + 1 ? room : Math.max(title.length, room - note.length - 1),
      );
      const rest = room - label.length - 1;
      canvas.boxes.push({
        id: node.id,
        x: x - width / 2,
        y,
        width,
        height,
        label,
        note: rest < Math.min(note.length, MIN_NOTE) ? "" : cut(note, rest),
        tip: tipOf(title, note),
        bar: draft.most === 0 ? 0 : (node.madds ?? 0) / draft.most,
        opens,
      });
    },
  };
}

/** A closed block with its shortcut: leaves the line above the box, joins it at the ⊕ below. */
function withShortcuts(node: ViewNode, box: Piece): Piece {
  const [shortcut] = node.shortcuts;
  if (shortcut === undefined) return box;
  const left = isLeft(shortcut);
  const lane = box.left + SIZE.lane;
  const side = lane + SIZE.words;
  const above = 11;
  const below = 7 + 2 * SIZE.sumRadius;
  return {
    left: left ? side : box.left,
    right: left ? box.right : side,
    height: above + box.height + below,
    airy: true,
    draw: (canvas, x, y, entry) => {
      box.draw(canvas, x, y + above, entry);
      const sum = y + above + box.height + below - SIZE.sumRadius;
      const edge = left ? x - lane : x + lane;
      flowTo(canvas, node.id, x, y + above + box.height, sum - SIZE.sumRadius);
      const end = left ? x - SIZE.sumRadius - 1 : x + SIZE.sumRadius + 1;
      canvas.lines.push({
        points: [
          [x, y + 2],
          [edge, y + 2],
          [edge, sum],
          [end, sum],
        ],
        style: shortcut.style,
        role: "shortcut",
        arrow: true,
        fits: shortcut.fits,
        id: node.id,
      });
      canvas.sums.push({ id: node.id, x, y: sum, fits: shortcut.fits });
      shortcutWords(canvas, shortcut, node.shortcuts.length, edge, (y + sum) / 2, left);
    },
  };
}

function framePiece(node: ViewNode, draft: Drafting): Piece {
  const { boxWidth } = draft;
  const holdsBlocks = node.level === "stage" && node.children.some((child) => child.level !== "layer");
  const width = holdsBlocks ? boxWidth : boxWidth - SIZE.layerIndent;
  const inside = insideOf(node, draft, width, false);
  const note = node.level === "block" ? noteOf(node) : "";
  // The axis stands in the frame's middle, unless that would leave as much room as many lines beside it need.
  const even = isColumn(node) && inside.right <= boxWidth / 2 + 2 * (SIZE.lane + SIZE.words);
  const half = Math.max(inside.left, even ? inside.right : 0, boxWidth / 2) + SIZE.framePad;
  const right = Math.max(half, inside.right + SIZE.framePad);
  // The first child is at most a box with a line beside it, unless it is open too.
  const first = node.children.find((child) => child.drawn);
  const beside = half - boxWidth / 2 - SIZE.lane - 28;
  const closed = first === undefined || !draft.open.has(first.id) || first.children.length === 0;
  const fits = note === "" && closed && draft.title(node).length * draft.charWidth < beside;
  const top = fits ? SIZE.frameTop : SIZE.frameHead + SIZE.gap / 2;
  return {
    left: half,
    right,
    height: top + inside.height + SIZE.framePad,
    airy: false,
    draw: (canvas, x, y, entry) => {
      const room = Math.floor((half + right - 60) / draft.charWidth);
      const title = draft.title(node);
      const label = cut(title, room - Math.min(note.length, 12));
      canvas.frames.push({
        id: node.id,
        x: x - half,
        y,
        width: half + right,
        height: top + inside.height + SIZE.framePad,
        label,
        note: cut(note, room - label.length),
        tip: tipOf(title, note),
      });
      flowTo(canvas, node.id, entry[0], entry[1], y);
      inside.draw(canvas, x, y + top, [x, y]);
      flowTo(canvas, node.id, x, y + top + inside.height, y + top + inside.height + SIZE.framePad);
    },
  };
}

function sumPiece(node: ViewNode): Piece {
  const height = 2 * SIZE.sumRadius + 4;
  return {
    left: SIZE.sumRadius,
    right: SIZE.sumRadius,
    height,
    airy: false,
    draw: (canvas, x, y, entry) => {
      const center = y + height / 2;
      flow(canvas, node.id, entry, x, center - SIZE.sumRadius);
      canvas.sums.push({ id: node.id, x, y: center, fits: node.fits });
      flowTo(canvas, node.id, x, center + SIZE.sumRadius, y + height);
    },
  };
}

function noteOf(node: ViewNode): string {
  if (node.kind === "run") return node.detail;
  const text =
    node.kind === "operator" ? "" : node.level === "layer" ? `${node.type} ${node.detail}`.trim() : node.type;
  return node.count < 2 ? text : `${text} ×${node.count}`;
}

function tipOf(title: string, note: string): string {
  return note === "" ? title : `${title} · ${note}`;
}

function cut(text: string, room: number): string {
  if (text.length <= room) return text;
  return room < 2 ? "" : `${text.slice(0, room - 1)}…`;
}

function costliest(node: ViewNode, open: ReadonlySet<string>): number {
  if (!open.has(node.id) || node.children.length === 0) return node.madds ?? 0;
  return Math.max(0, ...node.children.map((child) => costliest(child, open)));
}

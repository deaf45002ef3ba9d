import { type Canvas, type Piece, type Point, SIZE } from "./drawing.ts";
import type { ViewArc, ViewNode } from "./model.ts";
import { type Drafting, isLeft, shortcutWords } from "./strokes.ts";

interface Span {
  /** Index of the child that the value leaves; -1 for the container's top. */
  readonly from: number;
  /** Index of the child that it enters; the number of children for the container's bottom. */
  readonly to: number;
}

interface Column {
  /** What stands on the axis, in order. */
  readonly main: readonly ViewNode[];
  readonly arcs: readonly (Span & { readonly arc: ViewArc; readonly through: readonly ViewNode[] })[];
  /** Children that read no value of the forward pass: a constant, or what follows something unknown. */
  readonly loose: ReadonlySet<number>;
  /** Values that pass over at least one child, shortcuts aside; those of one child share a line. */
  readonly skips: readonly Skip[];
}

/** `to` is the last of the children that the value enters. */
interface Skip extends Span {
  readonly targets: readonly number[];
}

/** Whether the node's children form one line, each reading the one before it, apart from shortcuts and skips. */
export function isColumn(node: ViewNode): boolean {
  return columnOf(node) !== undefined;
}

function columnOf(node: ViewNode): Column | undefined {
  const aside = new Set(node.arcs.flatMap((arc) => arc.through));
  const main = node.children.filter((child) => child.drawn && !aside.has(child.id));
  const index = new Map(main.map((child, i) => [child.id, i]));
  const at = (id: string, border: number): number | undefined => (id === "" ? border : index.get(id));
  const arcs: Column["arcs"][number][] = [];
  for (const arc of node.arcs) {
    const from = at(arc.from, -1);
    const to = at(arc.to, main.length);
    if (from === undefined || to === undefined || to <= from) return undefined;
    const through = node.children.filter((child) => arc.through.includes(child.id));
    arcs.push({ from, to, arc, through });
  }
  const steps = new Set<number>();
  const skips: Span[] = [];
  for (const edge of node.edges) {
    if (aside.has(edge.from) || aside.has(edge.to)) continue;
    const from = at(edge.from, -1);
    const to = at(edge.to, main.length);
    if (from === undefined || to === undefined || to <= from) return undefined;
    if (to === from + 1) steps.add(to);
    else if (!arcs.some((arc) => arc.from === from && arc.to === to)) skips.push({ from, to });
  }
  const fed = new Set(node.edges.map((edge) => edge.to));
  const loose = new Set(main.flatMap((child, i) => (fed.has(child.id) ? [] : [i])));
  for (let i = 0; i < main.length; i++) {
    // An add whose main branch is empty (x + f(x) with f on the shortcut's side) reads the fork alone.
    const alone = arcs.some((arc) => arc.to === i && arc.from === i - 1);
    if (!steps.has(i) && !alone && !loose.has(i)) return undefined;
  }
  return 0 < main.length ? { main, arcs, skips: bundled(skips), loose } : undefined;
}

/** In a dense block every child's value goes to all that follow: one line from each, not one to each. */
function bundled(skips: readonly Span[]): readonly Skip[] {
  const byStart = new Map<number, number[]>();
  for (const { from, to } of skips) byStart.set(from, [...(byStart.get(from) ?? []), to]);
  return [...byStart].map(([from, ends]) => {
    const targets = [...new Set(ends)].sort((a, b) => a - b);
    return { from, to: targets.at(-1) ?? from, targets };
  });
}

/** The children one below the other. `labelled`: the shape is written at each edge where it changes, the last one too. */
export function columnPiece(node: ViewNode, draft: Drafting, width: number, labelled: boolean): Piece {
  const column = columnOf(node) ?? { main: node.children, arcs: [], skips: [], loose: new Set<number>() };
  const { main } = column;
  const pieces = main.map((child) => draft.piece(child, width));
  const texts = edgeTexts(node, main, labelled);
  const tops: number[] = [];
  // A shortcut or skip that starts at the container's top needs the line above the first child to leave from.
  const leads = [...column.arcs, ...column.skips].some((span) => span.from < 0);
  let height = leads ? 11 : 0;
  for (const [i, piece] of pieces.entries()) {
    if (0 < i) height += texts[i] !== "" ? SIZE.labelGap : piece.airy ? SIZE.shortGap : SIZE.gap;
    tops.push(height);
    height += piece.height;
  }
  const bottomOf = (i: number): number => (i < 0 ? -1 : (tops[i] ?? 0) + (pieces[i]?.height ?? 0));
  const last = texts[main.length] ?? "";
  if (last !== "") height += SIZE.labelGap + 4;
  const half = Math.max(...pieces.map((piece) => piece.left), 0);
  const halfRight = Math.max(...pieces.map((piece) => piece.right), 0);
  const lanes = lanesOf(column, pieces, half, halfRight, draft);
  return {
    left: lanes.left,
    right: lanes.right,
    height,
    airy: false,
    draw: (canvas, x, y, entry) => {
      let from = entry;
      for (const [i, piece] of pieces.entries()) {
        const top = y + (tops[i] ?? 0);
        const text = texts[i] ?? "";
        if (text !== "") {
          canvas.labels.push({ x: x + 10, y: (from[1] + top) / 2 + 3, text, anchor: "start", role: "shape" });
        }
        piece.draw(canvas, x, top, column.loose.has(i) ? [x, top] : from);
        from = [x, top + piece.height];
      }
      if (last !== "") {
        const end = from[1] + SIZE.labelGap;
        canvas.lines.push({
          points: [from, [x, end]],
          style: "solid",
          role: "flow",
          arrow: true,
          fits: true,
          id: node.id,
        });
        canvas.labels.push({ x: x + 10, y: end - 10, text: last, anchor: "start", role: "shape" });
      }
      for (const lane of lanes.all) {
        const start = y + bottomOf(lane.span.from) + 4;
        lane.draw(canvas, x, start, (child) => {
          const half = (pieces[child]?.height ?? 0) / 2;
          return child < main.length ? y + (tops[child] ?? 0) + half : y + height;
        });
      }
    },
  };
}

/** For each child, and for the bottom, the shape on the edge above it where it is to be written, else "". */
function edgeTexts(node: ViewNode, main: readonly ViewNode[], labelled: boolean): readonly string[] {
  const texts: string[] = [];
  let before = "";
  const quiet = labelled ? "" : node.level === "stage" ? node.output.text : "";
  for (let i = 0; i <= main.length; i++) {
    const from = i === 0 ? "" : main[i - 1]?.id;
    const to = i === main.length ? "" : main[i]?.id;
    const edge =
      node.edges.find((one) => one.from === from && one.to === to) ?? node.edges.find((one) => one.from === from);
    const shape = edge?.shape ?? "";
    const told = shape !== before && shape !== quiet && (labelled || (0 < i && i < main.length));
    const joint = labelled && (i === main.length || isGroup(main[i - 1]) || isGroup(main[i]));
    texts.push(told || joint ? shape : "");
    before = shape;
  }
  return texts;
}

function isGroup(node: ViewNode | undefined): boolean {
  return node !== undefined && node.level !== "layer";
}

/** More values than this that pass over something stand close together. */
const MANY_SKIPS = 4;

interface Lane {
  readonly span: Span;
  /** `endOf`: at which height a line enters a child. */
  readonly draw: (canvas: Canvas, x: number, start: number, endOf: (child: number) => number) => void;
}

/** Places each shortcut and skip beside the column, farther out where two pass the same child. */
function lanesOf(
  column: Column,
  pieces: readonly Piece[],
  half: number,
  halfRight: number,
  draft: Drafting,
): { readonly left: number; readonly right: number; readonly all: readonly Lane[] } {
  let left = half;
  let right = halfRight;
  const all: Lane[] = [];
  const taken: { readonly side: "left" | "right"; readonly span: Span; readonly out: number }[] = [];
  const reserve = (side: "left" | "right", span: Span, room: number, gap: number = SIZE.lane): number => {
    const inmost = side === "left" ? half : halfRight;
    let start = inmost;
    for (const one of taken)
      if (one.side === side && one.span.from < span.to && span.from < one.span.to) start = Math.max(start, one.out);
    const lane = start + (start === inmost ? SIZE.lane : gap);
    taken.push({ side, span, out: lane + room });
    if (side === "left") left = Math.max(left, lane + room);
    else right = Math.max(right, lane + room);
    return lane;
  };
  const inner = [...column.arcs].sort((a, b) => a.to - a.from - (b.to - b.from));
  for (const one of inner) {
    const { arc } = one;
    const onLeft = isLeft(arc.shortcut) && one.through.length === 0;
    const boxes = one.through.map((child) => draft.piece(child, SIZE.narrowWidth));
    const wide = Math.max(0, ...boxes.map((box) => box.left));
    const words = boxes.length === 0 ? SIZE.words : Math.max(wide, SIZE.words - wide);
    const lane = reserve(onLeft ? "left" : "right", one, wide + words) + wide;
    all.push({
      span: one,
      draw: (canvas, x, start, endOf) =>
        drawArc(canvas, arc, boxes, onLeft ? x - lane : x + lane, x, start, endOf(one.to)),
    });
  }
  const gap = MANY_SKIPS < column.skips.length ? SIZE.denseLane : SIZE.lane;
  for (const span of [...column.skips].sort((a, b) => a.to - a.from - (b.to - b.from))) {
    const lane = reserve("right", span, gap === SIZE.lane ? 4 : 0, gap);
    all.push({
      span,
      draw: (canvas, x, start, endOf) => {
        for (const [i, target] of span.targets.entries()) {
          const reach = pieces[target]?.right;
          const end = endOf(target);
          const from: readonly Point[] =
            i === span.targets.length - 1
              ? [
                  [x, start],
                  [x + lane, start],
                ]
              : [];
          const to: readonly Point[] = reach === undefined ? [] : [[x + reach + 1, end]];
          canvas.lines.push({
            points: [...from, [x + lane, end], ...to],
            style: "solid",
            role: "skip",
            arrow: true,
            fits: true,
            id: column.main[target]?.id ?? "",
          });
        }
      },
    });
  }
  return { left, right, all };
}

function drawArc(
  canvas: Canvas,
  arc: ViewArc,
  boxes: readonly Piece[],
  lane: number,
  x: number,
  start: number,
  end: number,
): void {
  const { shortcut } = arc;
  const line = { style: shortcut.style, role: "shortcut" as const, fits: shortcut.fits, id: arc.to };
  const target = lane < x ? x - SIZE.sumRadius - 1 : x + SIZE.sumRadius + 1;
  const tall = boxes.reduce((sum, box) => sum + box.height + SIZE.gap, 0);
  if (boxes.length === 0) {
    canvas.lines.push({
      ...line,
      points: [
        [x, start],
        [lane, start],
        [lane, end],
        [target, end],
      ],
      arrow: true,
    });
    shortcutWords(canvas, shortcut, 1, lane, (start + end) / 2, lane < x);
    return;
  }
  let y = Math.max(start + SIZE.gap, (start + end - tall + SIZE.gap) / 2);
  canvas.lines.push({
    ...line,
    points: [
      [x, start],
      [lane, start],
      [lane, y],
    ],
    arrow: true,
  });
  shortcutWords(canvas, shortcut, 1, lane, (start + y) / 2 + 4, false);
  for (const box of boxes) {
    box.draw(canvas, lane, y, [lane, y]);
    const next = y + box.height + SIZE.gap;
    y = next;
    const isLast = box === boxes.at(-1);
    if (isLast)
      canvas.lines.push({
        ...line,
        points: [
          [lane, next - SIZE.gap],
          [lane, end],
          [target, end],
        ],
        arrow: true,
      });
    else
      canvas.lines.push({
        ...line,
        points: [
          [lane, next - SIZE.gap],
          [lane, next],
        ],
        arrow: true,
      });
  }
}

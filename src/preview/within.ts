import type { Area, Drawing, Line, Point } from "./drawing.ts";

/** A part of a drawing, in its own pixels. */
export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Finds what of a drawing lies in a rectangle, without looking at the rest of it. */
export interface Lookup {
  /** How many boxes, frames, lines, labels and sums there are. */
  readonly parts: number;
  readonly within: (rect: Rect) => Drawing;
  /** What stands at a point: a sum or a box, else the innermost frame. */
  readonly at: (point: Point) => string | undefined;
  /** Where a node stands. */
  readonly place: (id: string) => Rect | undefined;
}

/** Height of the stripes that parts are kept by: a few boxes each. */
const STRIPE = 256;
/** What reaches over more is looked at each time: few do. */
const MANY_STRIPES = 8;
/** Pixels that a text may reach beyond its point, and an arrow's head or a border beyond its line. */
const TEXT_REACH = 220;
const LINE_REACH = 8;

export function lookupOf(drawing: Drawing): Lookup {
  const boxes = stripes(drawing.boxes, rectOfArea);
  const frames = stripes(drawing.frames, rectOfArea);
  const lines = stripes(drawing.lines, rectOfLine);
  const labels = stripes(drawing.labels, ({ x, y }) => around(x, y, TEXT_REACH, 14));
  const sums = stripes(drawing.sums, ({ x, y }) => around(x, y, 8, 8));
  const places = new Map<string, Rect>();
  for (const sum of drawing.sums) places.set(sum.id, around(sum.x, sum.y, 8, 8));
  for (const area of [...drawing.frames, ...drawing.boxes]) places.set(area.id, rectOfArea(area));
  return {
    parts:
      drawing.boxes.length + drawing.frames.length + drawing.lines.length + drawing.labels.length + drawing.sums.length,
    within: (rect) => ({
      width: drawing.width,
      height: drawing.height,
      boxes: boxes(rect),
      frames: frames(rect),
      lines: lines(rect),
      labels: labels(rect),
      sums: sums(rect),
    }),
    at: ([x, y]) => {
      const rect = around(x, y, 0, 0);
      return (sums(rect).at(-1) ?? boxes(rect).at(-1) ?? frames(rect).at(-1))?.id;
    },
    place: (id) => places.get(id),
  };
}

/** Parts that reach into a rectangle, in the drawing's order. */
function stripes<T>(parts: readonly T[], rectOf: (part: T) => Rect): (rect: Rect) => readonly T[] {
  const rects = parts.map(rectOf);
  const byStripe = new Map<number, number[]>();
  const long: number[] = [];
  for (const [index, { top, bottom }] of rects.entries()) {
    if (MANY_STRIPES * STRIPE < bottom - top) {
      long.push(index);
      continue;
    }
    for (let stripe = Math.floor(top / STRIPE); stripe <= Math.floor(bottom / STRIPE); stripe++) {
      const held = byStripe.get(stripe);
      if (held === undefined) byStripe.set(stripe, [index]);
      else held.push(index);
    }
  }
  return (rect) => {
    const found = new Set<number>();
    for (let stripe = Math.floor(rect.top / STRIPE); stripe <= Math.floor(rect.bottom / STRIPE); stripe++)
      for (const index of byStripe.get(stripe) ?? []) if (meets(rects[index], rect)) found.add(index);
    for (const index of long) if (meets(rects[index], rect)) found.add(index);
    return [...found].sort((a, b) => a - b).flatMap((index) => parts[index] ?? []);
  };
}

function meets(a: Rect | undefined, b: Rect): boolean {
  return a !== undefined && a.left <= b.right && b.left <= a.right && a.top <= b.bottom && b.top <= a.bottom;
}

function rectOfArea({ x, y, width, height }: Area): Rect {
  return { left: x, top: y, right: x + width, bottom: y + height };
}

function rectOfLine({ points }: Line): Rect {
  let [left, top, right, bottom] = [
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ];
  for (const [x, y] of points) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  return {
    left: left - LINE_REACH,
    top: top - LINE_REACH,
    right: right + LINE_REACH,
    bottom: bottom + LINE_REACH,
  };
}

function around(x: number, y: number, width: number, height: number): Rect {
  return { left: x - width, top: y - height, right: x + width, bottom: y + height };
}

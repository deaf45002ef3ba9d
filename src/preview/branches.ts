import { graphlib, layout as rank } from "@dagrejs/dagre";
import { type Piece, type Point, SIZE } from "./drawing.ts";
import type { ViewArc, ViewEdge, ViewNode } from "./model.ts";
import type { Drafting } from "./strokes.ts";

/** The container's borders in the ranked graph. */
const TOP = "\u0000top";
const BOTTOM = "\u0000bottom";

interface Spot {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The children of a node whose values part and join, ranked from top to bottom. */
export function branchPiece(node: ViewNode, draft: Drafting): Piece {
  const drawn = node.children.filter((child) => child.drawn);
  const pieces = new Map(drawn.map((child) => [child.id, draft.piece(child, widthOf(child, draft))]));
  const edges = node.edges.filter(
    (edge) => (edge.from === "" || pieces.has(edge.from)) && (edge.to === "" || pieces.has(edge.to)),
  );
  // The shape below a child stands to the right of its line: the next child's line keeps clear of it.
  const textWidth = (id: string): number => {
    const out = edges.find((edge) => edge.from === id && edge.to !== "");
    return out === undefined || out.shape === shapeInto(node, id) ? 0 : out.shape.length * draft.charWidth + 6;
  };
  const graph = new graphlib.Graph({ multigraph: false });
  graph.setGraph({ rankdir: "TB", nodesep: 6, ranksep: 36, edgesep: 10, ranker: "tight-tree" });
  graph.setDefaultEdgeLabel(() => ({}));
  graph.setNode(TOP, { width: 2, height: 2 });
  graph.setNode(BOTTOM, { width: 2, height: 2 });
  for (const [id, piece] of pieces)
    graph.setNode(id, { width: Math.max(piece.left + piece.right, textWidth(id)), height: piece.height });
  for (const edge of edges) graph.setEdge(nameOf(edge.from, TOP), nameOf(edge.to, BOTTOM));
  if (!edges.some((edge) => edge.from === "")) graph.removeNode(TOP);
  if (!edges.some((edge) => edge.to === "")) graph.removeNode(BOTTOM);
  rank(graph);
  const spots = new Map(graph.nodes().map((id): [string, Spot] => [id, spotOf(graph.node(id))]));
  const width = Math.max(...[...spots.values()].map((spot) => spot.x + spot.width / 2));
  const reach = drawn.map((child) => (spots.get(child.id)?.x ?? 0) + 2 + textWidth(child.id) - width / 2);
  const height = Math.max(...[...spots.values()].map((spot) => spot.y + spot.height / 2));
  return {
    left: width / 2,
    right: Math.max(width / 2, ...reach),
    height,
    airy: false,
    draw: (canvas, x, y, entry) => {
      const left = x - width / 2;
      const axis = (id: string): number => {
        const spot = spots.get(id);
        const piece = pieces.get(id);
        return (
          left + (spot === undefined ? width / 2 : spot.x + (piece === undefined ? 0 : (piece.left - piece.right) / 2))
        );
      };
      const topOf = (id: string): number => y + ((spots.get(id)?.y ?? 0) - (spots.get(id)?.height ?? 0) / 2);
      const bottomOf = (id: string): number => y + ((spots.get(id)?.y ?? 0) + (spots.get(id)?.height ?? 0) / 2);
      for (const [id, piece] of pieces) piece.draw(canvas, axis(id), topOf(id), [axis(id), topOf(id)]);
      const told = new Set<string>();
      for (const edge of edges) {
        const from = nameOf(edge.from, TOP);
        const to = nameOf(edge.to, BOTTOM);
        const start: Point = from === TOP ? entry : [axis(from), bottomOf(from)];
        const end: Point = to === BOTTOM ? [x, y + height] : [axis(to), topOf(to)];
        const bends = middle(graph.edge(from, to), left, y);
        const arc = node.arcs.find((one) => isOnArc(edge, one));
        canvas.lines.push({
          points: square([start, ...bends, end]),
          style: arc?.shortcut.style ?? "solid",
          role: arc === undefined ? "flow" : "shortcut",
          arrow: to !== BOTTOM,
          fits: arc?.shortcut.fits ?? true,
          id: to === BOTTOM ? node.id : to,
        });
        if (arc?.shortcut.mismatch !== undefined && edge.to === arc.to) {
          const text = `${arc.shortcut.mismatch.left} ≠ ${arc.shortcut.mismatch.right}`;
          canvas.labels.push({ x: end[0] + 14, y: end[1] - 2, text, anchor: "start", role: "mismatch" });
        }
        if (
          from === TOP ||
          told.has(from) ||
          edge.shape === shapeInto(node, edge.from) ||
          (to === BOTTOM && edge.shape === node.output.text)
        )
          continue;
        told.add(from);
        canvas.labels.push({ x: start[0] + 6, y: start[1] + 13, text: edge.shape, anchor: "start", role: "shape" });
      }
    },
  };
}

function widthOf(node: ViewNode, draft: Drafting): number {
  const text = draft.title(node).length + (node.detail || node.type).length + 2;
  return Math.max(SIZE.narrowWidth - 40, Math.min(SIZE.narrowWidth - 10, Math.ceil(text * draft.charWidth) + 28));
}

/** The edge runs along the shortcut: from the fork to the add, or past something on the way. */
function isOnArc(edge: ViewEdge, arc: ViewArc): boolean {
  const passes = arc.through.includes(edge.from) || arc.through.includes(edge.to);
  return passes || (arc.through.length === 0 && edge.from === arc.from && edge.to === arc.to);
}

/** The shape on the first edge into a child, so that one that does not change it need not say it again. */
function shapeInto(node: ViewNode, id: string): string {
  return node.edges.find((edge) => edge.to === id)?.shape ?? "";
}

function nameOf(id: string, border: string): string {
  return id === "" ? border : id;
}

function spotOf(label: {
  readonly x?: number;
  readonly y?: number;
  readonly width: number;
  readonly height: number;
}): Spot {
  return { x: label.x ?? 0, y: label.y ?? 0, width: label.width, height: label.height };
}

/** Only upright and level stretches; the last level one lies close above the end, so that edges that join share it. */
function square(points: readonly Point[]): readonly Point[] {
  const result: Point[] = [];
  for (const [i, point] of points.entries()) {
    const before = points[i - 1];
    if (before !== undefined && 1 < Math.abs(before[0] - point[0])) {
      const y = i === points.length - 1 ? point[1] - 11 : (before[1] + point[1]) / 2;
      result.push([before[0], y], [point[0], y]);
    }
    result.push(point);
  }
  return result;
}

/** The bends of a ranked edge without its two ends, which lie on the boxes' borders. */
function middle(
  edge: { readonly points?: readonly { readonly x: number; readonly y: number }[] },
  left: number,
  top: number,
): Point[] {
  const points = edge.points ?? [];
  return points.length < 4 ? [] : points.slice(1, -1).map((point): Point => [left + point.x, top + point.y]);
}

import type { ShapeTree } from "../graph/graph.ts";
import { type Group, pathLabel } from "./groups.ts";
import { dimText } from "./shape-text.ts";

/** How many shape groups one card shows. */
export const GROUP_LIMIT = 6;

/**
 * Groups as aligned lines, `layer3.0–5  [N, 1024, 14, 14]`: paths to the left, each axis in its own column where all
 * ranks are equal. A single group needs no path. `top` stands for the root's own path.
 */
export function shapeTable(groups: readonly Group[], top: string): readonly string[] {
  const cells = alignedShapes(groups.map((group) => dimsOf(group.value)));
  const shapes = groups.map((group, i) => cells?.[i] ?? group.text);
  if (groups.length < 2) return shapes;
  const labels = groups.map((group) => pathLabel(group.paths, top));
  const width = Math.max(...labels.map((label) => label.length));
  return shapes.map((shape, i) => `${(labels[i] ?? "").padEnd(width)}  ${shape}`);
}

/** Shapes with each axis right-aligned in its column; undefined where ranks differ or one is not a tensor. */
export function alignedShapes(shapes: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  const rank = shapes[0]?.length;
  if (rank === undefined || shapes.some((dims) => dims?.length !== rank)) return undefined;
  const widths = Array.from({ length: rank }, (_, axis) =>
    Math.max(...shapes.map((dims) => dims?.[axis]?.length ?? 0)),
  );
  return shapes.map((dims) => `[${(dims ?? []).map((dim, axis) => dim.padStart(widths[axis] ?? 0)).join(", ")}]`);
}

function dimsOf(value: ShapeTree): readonly string[] | undefined {
  return value.kind === "tensor" ? value.type.shape?.map(dimText) : undefined;
}

/** Columns that a text takes in a fixed-width font; a Chinese character takes two. */
export function columns(text: string): number {
  return text.length + (text.match(/[\u2e80-\u9fff\uff00-\uff60]/g)?.length ?? 0);
}

/** Fills a text with blanks up to a number of columns. */
export function padColumns(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - columns(text)));
}

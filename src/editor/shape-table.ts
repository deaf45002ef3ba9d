import type { ShapeTree } from "../graph/graph.ts";
import { type Group, groupLabel } from "./groups.ts";
import { dimText, treeText } from "./shape-text.ts";

/** How many shape groups one card shows. */
export const GROUP_LIMIT = 6;

/**
 * Groups as aligned lines, `layer3.0–5  [N, 1024, 14, 14]`: paths to the left, each axis in its own column where all
 * ranks are equal. A single group needs no path; one of several tensors takes a line for each, with its index or key.
 * `top` stands for the root's own path.
 */
export function shapeTable(groups: readonly Group[], top: string): readonly string[] {
  const [only] = groups;
  const parts = groups.length === 1 && only !== undefined ? partsOf(only.value) : [];
  if (1 < parts.length) return partTable(parts);
  const cells = alignedShapes(groups.map((group) => dimsOf(group.value)));
  const shapes = groups.map((group, i) => cells?.[i] ?? group.text);
  if (groups.length < 2) return shapes;
  return labelled(
    groups.map((group) => groupLabel(group, groups, top)),
    shapes,
  );
}

type Part = readonly [label: string, value: ShapeTree | null];

function partsOf(value: ShapeTree): readonly Part[] {
  if (value.kind === "seq") return value.items.map((item, i): Part => [`[${i}]`, item]);
  return value.kind === "dict" ? value.entries : [];
}

function partTable(parts: readonly Part[]): readonly string[] {
  const shown = parts.length <= GROUP_LIMIT ? parts : parts.slice(0, GROUP_LIMIT - 1);
  // What holds tensors itself stays on its line, beside the columns of the others.
  const tensors = alignedShapes(shown.flatMap(([, value]) => (value?.kind === "tensor" ? [dimsOf(value)] : [])));
  let next = 0;
  const texts = shown.map(([, value]) =>
    value?.kind === "tensor" ? (tensors?.[next++] ?? treeText(value)) : treeText(value),
  );
  const lines = labelled(
    shown.map(([label]) => label),
    texts,
  );
  return shown.length === parts.length ? lines : [...lines, `… ${parts.length - shown.length}`];
}

function labelled(labels: readonly string[], texts: readonly string[]): readonly string[] {
  const width = Math.max(...labels.map(columns));
  return texts.map((text, i) => `${padColumns(labels[i] ?? "", width)}  ${text}`);
}

/** Shapes with each axis right-aligned in its column; undefined where ranks differ or one is not a tensor. */
function alignedShapes(shapes: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
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

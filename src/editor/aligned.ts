import { columns, padColumns } from "./shape-table.ts";

/** A shape with what stands to its left and to its right. */
export interface Row {
  readonly label: string;
  readonly dims: readonly string[];
  readonly note?: string;
}

/** Columns between shapes and what stands to their right. */
export const GAP = 3;

/**
 * Shapes below each other, aligned at their last axes as broadcasting compares them, and `^^` under the axes that differ,
 * counted from the right; `note` stands to the right of those marks.
 */
export function alignedRows(
  rows: readonly Row[],
  differing: ReadonlySet<number>,
  width: number,
  note = "",
): readonly string[] {
  const rank = Math.max(...rows.map(({ dims }) => dims.length));
  const cellAt = (dims: readonly string[], fromRight: number): string => dims[dims.length - 1 - fromRight] ?? "";
  const axes = Array.from({ length: rank }, (_, i) => rank - 1 - i);
  const widths = new Map(axes.map((axis) => [axis, Math.max(...rows.map(({ dims }) => cellAt(dims, axis).length))]));
  const left = Math.max(...rows.map(({ label }) => columns(label))) + 2;
  const shapes = rows.map(({ dims }) => {
    const missing = axes.slice(0, rank - dims.length).reduce((sum, axis) => sum + (widths.get(axis) ?? 0) + 2, 0);
    const cells = axes.slice(rank - dims.length).map((axis) => cellAt(dims, axis).padStart(widths.get(axis) ?? 0));
    return `${" ".repeat(missing)}[${cells.join(", ")}]`;
  });
  const right = left + Math.max(...shapes.map((shape) => shape.length)) + GAP;
  const lines = rows.map(({ label, note = "" }, i) => {
    const line = `${padColumns(label, left)}${shapes[i] ?? ""}`;
    return note === "" ? line : `${padColumns(line, right)}${cut(note, width - right)}`;
  });
  if (differing.size === 0) return lines;
  const marks = axes.map((axis) => (differing.has(axis) ? "^" : " ").repeat(widths.get(axis) ?? 0)).join("  ");
  const under = `${" ".repeat(left + 1)}${marks}`.trimEnd();
  return [...lines, note === "" ? under : `${padColumns(under, right)}${cut(note, width - right)}`];
}

function cut(text: string, width: number): string {
  if (columns(text) <= width) return text;
  let kept = text;
  while (kept !== "" && width - 1 < columns(kept)) kept = kept.slice(0, -1);
  return `${kept}…`;
}

import type { Analysis } from "../analysis.ts";
import { givenRun, shownRun } from "../editor/context.ts";
import { countOfOne, LAYER_COLUMNS, layerRows, outputsText } from "../editor/layer-table.ts";
import { exactCount, shortCount } from "../editor/numbers.ts";
import { inputText } from "../editor/root-text.ts";
import { shapeText, treeText } from "../editor/shape-text.ts";
import { render } from "../text/text.ts";
import { type Names, varsJson } from "./json.ts";
import type { ShapeJson } from "./json-shapes.ts";

/** The layer table: path, type, output shape, parameters, multiply-adds; totals below. */
export function summaryTable(analysis: Analysis): string {
  const graph = shownRun(analysis)?.graph;
  if (graph === undefined) return headline(analysis);
  const columns = [LAYER_COLUMNS, ...layerRows(analysis)];
  const total = `${totalText(graph.params)} parameters, ${totalText(graph.madds === undefined ? undefined : countOfOne(graph.madds))} multiply-adds${typeof graph.madds === "object" ? " for N = 1" : ""}`;
  return [headline(analysis), "", ...aligned(columns, 3), "", total].join("\n");
}

/** Every shape of a root: its modules, and its variables by line. */
export function shapesTable(analysis: Analysis, names: Names): string {
  const run = givenRun(analysis);
  const modules = (run?.graph.modules ?? [])
    .filter(({ calls }) => 0 < calls.length)
    .map((module) => [module.path === "" ? "(root)" : module.path, module.type, outputsText(module)]);
  const vars = [...(run?.observations ?? [])].flatMap(([file, observations]) =>
    varsJson(file, observations, names).map((entry) => [
      `${entry.file}:${entry.line}`,
      entry.variable,
      `${entry.shapes.map(jsonText).join(" ")}${entry.assumed === true ? " (assumed)" : ""}`,
    ]),
  );
  const gaps = analysis.gaps.map(({ place, reason }) => {
    const where =
      place === undefined
        ? ""
        : `${names.name(place.file)}:${names.lines(place.file).position(place.span.start).line + 1}: `;
    return `  ${where}${render(reason)}`;
  });
  return [
    headline(analysis),
    "",
    ...aligned([["module", "type", "output"], ...modules], 3),
    "",
    ...aligned([["line", "variable", "shapes"], ...vars], 3),
    ...(gaps.length === 0 ? [] : ["", "not understood:", ...gaps]),
  ].join("\n");
}

function headline(analysis: Analysis): string {
  const graph = givenRun(analysis)?.graph;
  const input = (graph?.inputs ?? []).map(({ type }) => shapeText(type)).join(", ");
  const output = graph?.output === undefined ? "?" : treeText(graph.output);
  const example = analysis.example ? `, shown at ${inputText(analysis)}` : "";
  return `${analysis.root.model}: ${input === "" ? "?" : input} → ${output}${example}`;
}

function totalText(count: number | undefined): string {
  return count === undefined ? "?" : `${exactCount(count)} (${shortCount(count)})`;
}

function jsonText(shape: ShapeJson | null): string {
  return JSON.stringify(shape).replaceAll('"', "").replaceAll(",", ", ");
}

/** Rows with columns padded; those from `right` on are right-aligned. */
function aligned(rows: readonly (readonly string[])[], right: number): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column < right ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}

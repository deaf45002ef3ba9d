import type { Analysis } from "../analysis.ts";
import { givenRun, shownRun } from "../editor/context.ts";
import { exactCount, shortCount } from "../editor/numbers.ts";
import { inputText } from "../editor/root-text.ts";
import { shapeText, treeText } from "../editor/shape-text.ts";
import type { ModuleInfo } from "../graph/graph.ts";
import { evaluate, printUser, type Size } from "../shape/size.ts";
import { render } from "../text/text.ts";
import { moduleMadds, type Names, varsJson } from "./json.ts";
import type { ShapeJson } from "./json-shapes.ts";

/** The layer table: path, type, output shape, parameters, multiply-adds; totals below. */
export function summaryTable(analysis: Analysis): string {
  const graph = shownRun(analysis)?.graph;
  if (graph === undefined) return headline(analysis);
  const rows = graph.modules.flatMap((module): readonly (readonly string[])[] => {
    if (module.calls.length === 0 || module.path === "") return [];
    return [
      [
        module.path,
        described(module),
        outputsText(module),
        counted(module.params),
        maddsText(moduleMadds(module, graph)),
      ],
    ];
  });
  const columns = [["path", "type", "output", "parameters", "multiply-adds"], ...rows];
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

function described(module: ModuleInfo): string {
  return module.hint === "" ? module.type : `${module.type} ${module.hint}`;
}

function outputsText(module: ModuleInfo): string {
  const texts = module.calls.map(({ output }) => treeText(output));
  return [...new Set(texts)].join(" ");
}

function counted(count: number | undefined): string {
  return count === undefined ? "?" : exactCount(count);
}

function totalText(count: number | undefined): string {
  return count === undefined ? "?" : `${exactCount(count)} (${shortCount(count)})`;
}

/** A count with the batch symbol as 1; undefined where it depends on other symbols too. */
function countOfOne(size: Size): number | undefined {
  return evaluate(size, new Map([["N", 1]]));
}

function maddsText(size: Size | undefined): string {
  if (size === undefined) return "?";
  const count = countOfOne(size);
  return count === undefined ? printUser(size) : exactCount(count);
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

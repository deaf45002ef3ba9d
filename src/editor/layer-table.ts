import type { Analysis } from "../analysis.ts";
import type { Graph, ModuleInfo } from "../graph/graph.ts";
import { add, evaluate, printUser, type Size } from "../shape/size.ts";
import { shownRun } from "./context.ts";
import { exactCount } from "./numbers.ts";
import { treeText } from "./shape-text.ts";

/** Titles of the columns; those from the fourth on are counts. */
export const LAYER_COLUMNS = ["path", "type", "output", "parameters", "multiply-adds"] as const;

/** A row for each module that is called, of an example where sizes are open: path, type, output shape, costs. */
export function layerRows(analysis: Analysis): readonly (readonly string[])[] {
  const graph = shownRun(analysis)?.graph;
  return (graph?.modules ?? []).flatMap((module): readonly (readonly string[])[] => {
    if (graph === undefined || module.calls.length === 0 || module.path === "") return [];
    const madds = maddsText(moduleMadds(module, graph));
    return [[module.path, described(module), outputsText(module), counted(module.params), madds]];
  });
}

export type TableFormat = "markdown" | "csv";

/** The layer table as a file's text, with a last row of totals. */
export function layerTable(analysis: Analysis, format: TableFormat): string {
  const graph = shownRun(analysis)?.graph;
  const output = graph?.output === undefined ? "?" : treeText(graph.output);
  const total = ["total", analysis.root.model, output, counted(graph?.params), maddsText(graph?.madds)];
  const rows = [...layerRows(analysis), total];
  if (format === "csv")
    return `${[LAYER_COLUMNS, ...rows.map(plainCounts)].map((row) => row.map(csvCell).join(",")).join("\r\n")}\r\n`;
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const rule = LAYER_COLUMNS.map((_, column) => (column < 3 ? "---" : "---:"));
  return `${[line(LAYER_COLUMNS), line(rule), ...rows.map(line)].join("\n")}\n`;
}

/** A spreadsheet reads a number without commas. */
function plainCounts(row: readonly string[]): readonly string[] {
  return row.map((cell, column) => (3 <= column && /^[\d,]+$/.test(cell) ? cell.replaceAll(",", "") : cell));
}

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Multiply-adds of a module's calls together; undefined where one of its operators' is not known. */
export function moduleMadds(module: ModuleInfo, graph: Graph): Size | undefined {
  let sum: Size = 0;
  for (const { from, to } of module.calls) {
    for (const node of graph.nodes.slice(from, to)) {
      if (node.op === "gap" || node.uncounted) return undefined;
      if (node.madds !== undefined) sum = add(sum, node.madds);
    }
  }
  return sum;
}

function described(module: ModuleInfo): string {
  return module.hint === "" ? module.type : `${module.type} ${module.hint}`;
}

/** The shapes of a module's outputs over its calls, each once. */
export function outputsText(module: ModuleInfo): string {
  const texts = module.calls.map(({ output }) => treeText(output));
  return [...new Set(texts)].join(" ");
}

function counted(count: number | undefined): string {
  return count === undefined ? "?" : exactCount(count);
}

/** A count with the batch symbol as 1; undefined where it depends on other symbols too. */
export function countOfOne(size: Size): number | undefined {
  return evaluate(size, new Map([["N", 1]]));
}

function maddsText(size: Size | undefined): string {
  if (size === undefined) return "?";
  const count = countOfOne(size);
  return count === undefined ? printUser(size) : exactCount(count);
}

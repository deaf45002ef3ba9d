import type { Analysis, InputSpec } from "../../src/analysis.ts";
import { createAnalyzer } from "../../src/analyzer.ts";
import { diskFiles } from "../../src/cli/disk.ts";
import type { Program } from "../../src/graph/program.ts";
import { createParseCache } from "../../src/parses.ts";
import { toProgram } from "../../src/preview/program.ts";
import { render } from "../../src/text/text.ts";

const parses = createParseCache();

function analyzed(file: string, model: string, input: readonly InputSpec[], folders: readonly string[]): Analysis {
  const analyzer = createAnalyzer(diskFiles, { paths: folders, pythonPaths: folders, timeout: 60_000 }, parses);
  return analyzer.analyzeModel(file, model, input);
}

/** The program of a model on an input of this shape, or why there is none. */
export function programOf(
  file: string,
  model: string,
  shape: readonly number[],
  folders: readonly string[],
): Program | string {
  const analysis = analyzed(file, model, [{ kind: "tensor", shape }], folders);
  const graph = analysis.concrete?.graph;
  const reason = analysis.unknown ?? analysis.gaps[0];
  if (graph === undefined) return reason === undefined ? "no graph" : render(reason.reason);
  const result = toProgram(graph);
  return result.kind === "ok" ? result.program : render(result.reason);
}

/** The operators that a model applies to inputs of these shapes, undefined where there is no graph. */
export function operatorsOf(
  file: string,
  model: string,
  shapes: readonly (readonly number[])[],
  folders: readonly string[],
): readonly string[] | undefined {
  const input = shapes.map((shape) => ({ kind: "tensor" as const, shape }));
  const graph = analyzed(file, model, input, folders).concrete?.graph;
  return graph === undefined ? undefined : [...new Set(graph.nodes.map(({ op }) => op))];
}

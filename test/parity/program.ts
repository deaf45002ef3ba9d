import { createAnalyzer } from "../../src/analyzer.ts";
import { diskFiles } from "../../src/cli/disk.ts";
import type { Program } from "../../src/graph/program.ts";
import { createParseCache } from "../../src/parses.ts";
import { toProgram } from "../../src/preview/program.ts";
import { render } from "../../src/text/text.ts";

const parses = createParseCache();

/** The program of a model on an input of this shape, or why there is none. */
export function programOf(
  file: string,
  model: string,
  shape: readonly number[],
  folders: readonly string[],
): Program | string {
  const analyzer = createAnalyzer(diskFiles, { paths: folders, pythonPaths: folders, timeout: 60_000 }, parses);
  const analysis = analyzer.analyzeModel(file, model, [{ kind: "tensor", shape }]);
  const graph = analysis.concrete?.graph;
  const reason = analysis.unknown ?? analysis.gaps[0];
  if (graph === undefined) return reason === undefined ? "no graph" : render(reason.reason);
  const result = toProgram(graph);
  return result.kind === "ok" ? result.program : render(result.reason);
}

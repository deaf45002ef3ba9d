import type { Report } from "../../src/analysis.ts";
import { createAnalyzer } from "../../src/analyzer.ts";
import type { InputSpec } from "../../src/graph/input.ts";
import { parseInput } from "../../src/graph/input.ts";

const FOLDER = "/one";
const ONE = `${FOLDER}/model.py`;

/** What is said of a text as the only file of a workspace, for one root: its expression and input (`2,3,32,32`). */
export function checkOne(text: string, model: string, input: string): Report {
  const analyzer = createAnalyzer(
    {
      read: (name) => (name === ONE ? text : undefined),
      kind: (name) => (name === ONE ? "file" : name === FOLDER ? "folder" : undefined),
      list: () => ["model.py"],
      join: (folder, name) => `${folder}/${name}`,
      parent: (name) => name.slice(0, Math.max(1, name.lastIndexOf("/"))),
    },
    { paths: [], pythonPaths: [] },
  );
  return analyzer.report(ONE, [analyzer.analyzeModel(ONE, model, [given(input)])]);
}

function given(input: string): InputSpec {
  const parsed = parseInput(input);
  if (parsed.kind === "error") throw new Error(input);
  return parsed.input;
}

import type { Analysis, Analyzer, FileSystem, Observation, Options, Report, Root } from "../../src/analysis.ts";
import type { Diagnostic } from "../../src/checks/diagnostic.ts";
import { t } from "../../src/text/text.ts";
import { analysisOf, diagnosticOf, GraphBuilder, observation, tensor, tree } from "../editor/fixture.ts";

/**
 * A stand-in for the analyzer with a language of its own, so that the server's part can be tested alone: each
 * `def NAME():` is a root, each `NAME = f(SIZES)` binds a tensor of those sizes, `bad` is an error that `good` fixes.
 */
export function fakeAnalyzer(files: FileSystem, _options: Options): Analyzer {
  const rootsOf = (file: string): readonly Root[] =>
    [...(files.read(file) ?? "").matchAll(/^def (\w+)\(\):/gm)].map((match) => ({
      file,
      model: `${match[1]}()`,
      input: undefined,
      place: { file, span: { start: match.index, end: match.index + match[0].length } },
      kind: "factory",
    }));
  const analyze = (root: Root, input?: Analysis["input"]): Analysis => {
    const text = files.read(root.file) ?? "";
    const g = new GraphBuilder();
    g.module("", "Net");
    g.input("x", tensor("N, 3, 224, 224"));
    const observations = [...text.matchAll(/^ *(\w+) = f\(([^)]*)\)/gm)].map((match): Observation => {
      const start = match.index + match[0].indexOf(match[1] ?? "");
      const value = tree(tensor(match[2] ?? ""));
      return observation({ start, end: start + (match[1]?.length ?? 0) }, "bind", [{ path: "", value }], {
        name: match[1] ?? "",
        statement: start,
      });
    });
    const run = { graph: g.graph(), observations: new Map([[root.file, observations]]) };
    const analysis = analysisOf({
      concrete: run,
      diagnostics: badIn(root, text),
      ...(input === undefined ? {} : { input, example: false }),
    });
    return { ...analysis, root };
  };
  const reportOf = (file: string, roots: readonly Analysis[]): Report => ({
    file,
    roots,
    diagnostics: roots[0]?.diagnostics ?? [],
    usedIgnores: [],
  });
  return {
    roots: rootsOf,
    spares: () => [],
    analyze,
    analyzeModel: (file, model, input) =>
      analyze({ file, model, input: undefined, place: { file, span: { start: 0, end: 0 } }, kind: "given" }, input),
    report: reportOf,
    tell(file, roots) {
      const report = reportOf(file, roots);
      const diagnostics = report.diagnostics.map((one) => ({ ...one, fixes: [] }));
      return {
        report: { ...report, diagnostics },
        *prove() {
          yield;
          return report;
        },
      };
    },
    changed: () => undefined,
    dispose: () => undefined,
  };
}

function badIn(root: Root, text: string): readonly Diagnostic[] {
  return [...text.matchAll(/\bbad\b/g)].map((match) => {
    const place = { file: root.file, span: { start: match.index, end: match.index + 3 } };
    const fixes = [{ title: t("Make it good"), edits: [{ place, text: "good" }], preferred: true, safe: true }];
    return diagnosticOf({
      place,
      code: "python-error",
      message: t("{0} is bad", root.model),
      roots: [root.model],
      fixes,
    });
  });
}

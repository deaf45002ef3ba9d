import type { Analysis, Analyzer, InputSpec, Report, Root, Run } from "../analysis.ts";
import { inTurns, withLeftOut } from "../turns.ts";
import { type Names, type RootJson, rootJson } from "./json.ts";
import type { Source } from "./report.ts";

/** Milliseconds that the roots of one file may take together; one that is begun is ended. */
const FILE_LIMIT = 60_000;

/** What a file's roots say; not the analyses themselves, which a package's would not fit into memory. */
export interface FileReport extends Pick<Report, "diagnostics" | "usedIgnores"> {
  readonly file: string;
  readonly roots: readonly RootJson[];
}

/** The one root to check, and on which input, where they are given. */
export interface Given {
  readonly model: string | undefined;
  readonly input: readonly InputSpec[] | undefined;
}

/**
 * Every root of some files, or the given one of each, with what they say. A class that code of these files builds is
 * analyzed by itself, at the end, only if none of them runs it. `watch` sees each analysis whole.
 */
export function* checkFiles(
  analyzer: Analyzer,
  files: readonly string[],
  given: Given,
  names: Names & Pick<Source, "text">,
  watch: (analysis: Analysis) => void = () => undefined,
): Generator<FileReport, void> {
  const named = new Set(files);
  const starts = new Map<string, Set<number>>();
  const analyze = (root: Root): Analysis => {
    const analysis = analyzer.analyze(root, given.input);
    for (const run of [analysis.concrete, analysis.symbolic])
      for (const [file, observations] of run?.observations ?? []) {
        const seen = starts.get(file) ?? new Set();
        starts.set(file, seen);
        for (const { span } of observations) seen.add(span.start);
      }
    watch(analysis);
    return analysis;
  };
  const waiting: Root[] = [];
  for (const file of files) {
    const roots = rootsFor(analyzer, file, given);
    const spares = given.model === undefined ? analyzer.spares(file) : [];
    // Other files' roots are those files' own, met in their turn; only then is it known which classes are left.
    const isMet = roots.some((root) => root.file !== file && named.has(root.file));
    const own = roots.filter((root) => root.file === file || !named.has(root.file));
    if (isMet) waiting.push(...spares);
    yield reportOn(analyzer, file, own, isMet ? [] : spares, analyze, names);
  }
  const left = waiting.filter(({ file, spare }) => {
    const seen = [...(starts.get(file) ?? [])];
    return spare !== undefined && !seen.some((start) => spare.start <= start && start < spare.end);
  });
  for (const file of new Set(left.map((root) => root.file)))
    yield reportOn(
      analyzer,
      file,
      [],
      left.filter((root) => root.file === file),
      analyze,
      names,
    );
}

function rootsFor(analyzer: Analyzer, file: string, { model, input }: Given): readonly Root[] {
  if (model === undefined) return analyzer.roots(file);
  return [{ file, model, input, place: { file, span: { start: 0, end: 0 } }, kind: "given" }];
}

function reportOn(
  analyzer: Analyzer,
  file: string,
  roots: readonly Root[],
  spares: readonly Root[],
  analyze: (root: Root) => Analysis,
  names: Names & Pick<Source, "text">,
): FileReport {
  // What a comment silences is told from where the graphs lie, and a mistake's fix is held against the graph that it
  // stands in. Few analyses have either, and a file's graphs are large.
  const isCommented = names.text(file).includes("resnet-lens:");
  const told = new Map<Root, RootJson>();
  const analyses: Analysis[] = [];
  for (const analysis of inTurns(roots, spares, analyze, FILE_LIMIT)) {
    told.set(analysis.root, rootJson(analysis, names));
    const isNeeded = isCommented || analysis.diagnostics.some(({ severity }) => severity === "error");
    const concrete = isNeeded ? withoutShapes(analysis.concrete ?? analysis.symbolic) : undefined;
    analyses.push({ ...analysis, concrete, symbolic: undefined });
  }
  const all = withLeftOut(roots, analyses);
  const { diagnostics, usedIgnores } = analyzer.report(file, all);
  return {
    file,
    roots: all.map((analysis) => told.get(analysis.root) ?? rootJson(analysis, names)),
    diagnostics,
    usedIgnores,
  };
}

function withoutShapes(run: Run | undefined): Run | undefined {
  return run && { graph: run.graph, observations: new Map() };
}

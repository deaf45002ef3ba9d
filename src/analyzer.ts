import type { Analysis, Analyzer, FileSystem, Options, Root, Telling } from "./analysis.ts";
import { createSession } from "./evaluation.ts";
import type { InputSpec } from "./graph/input.ts";
import { createParseCache, type ParseCache } from "./parses.ts";
import { proven, tell } from "./report.ts";
import { analyzeRoot, guarded } from "./root-run.ts";
import { type Found, findRoots } from "./roots/find.ts";

/** What was made from files, and which they were. */
interface Kept<T> {
  readonly value: T;
  readonly files: ReadonlySet<string>;
}

/** Graph nodes and observations of the analyses that are kept; one takes a few hundred bytes. */
const MOST_KEPT = 50_000;
/** Characters of source whose modules stay loaded between roots. */
const MOST_LOADED = 4_000_000;

/**
 * An analyzer over files: finds roots, runs them, checks what the runs gave. Analyzers that read the same files may
 * share a cache of parses.
 */
export function createAnalyzer(files: FileSystem, options: Options, parses: ParseCache = createParseCache()): Analyzer {
  const session = createSession(files, options, parses);
  const analyses = new Map<string, Kept<Analysis>>();
  const found = new Map<string, Kept<Found> & { readonly version: number }>();

  /** Analyzers of edited texts: what these wrote to the classes of ours is taken back before anything else writes there. */
  const proving = new Set<Analyzer>();
  const rest = (): void => {
    for (const one of proving) one.dispose();
  };
  const telling = (file: string, shown: readonly Analysis[]): Telling =>
    tell(
      files,
      (edited) => {
        const made = createAnalyzer(edited, options, parses);
        proving.add(made);
        return {
          ...made,
          dispose() {
            made.dispose();
            proving.delete(made);
          },
        };
      },
      session.parsed,
      file,
      shown,
    );

  const analyze = (root: Root, input?: readonly InputSpec[]): Analysis => {
    const given = input ?? root.input;
    const key = JSON.stringify([root.file, root.model, root.kind, root.place.span.start, root.opened, given]);
    const known = analyses.get(key);
    if (known !== undefined) {
      // The one asked for last is the last to go.
      analyses.delete(key);
      analyses.set(key, known);
      return known.value;
    }
    rest();
    if (MOST_LOADED < session.held()) session.reset();
    const made = session.reading(root.file, () => analyzeRoot(session, root, given, options));
    analyses.set(key, made);
    let weight = [...analyses.values()].reduce((sum, kept) => sum + weightOf(kept.value), 0);
    for (const [oldest, kept] of analyses) {
      if (weight <= MOST_KEPT || oldest === key) break;
      weight -= weightOf(kept.value);
      analyses.delete(oldest);
    }
    return made.value;
  };

  const find = (file: string): Found => {
    const known = found.get(file);
    if (known?.version === session.workspace.version()) return known.value;
    rest();
    const nothing: Found = { roots: [], spares: [] };
    const made = session.reading(file, () => guarded(session, options, () => findRoots(session, file)) ?? nothing);
    found.set(file, { ...made, version: session.workspace.version() });
    return made.value;
  };

  return {
    roots: (file) => find(file).roots,
    spares: (file) => find(file).spares,
    analyze,
    analyzeModel: (file, model, input) =>
      analyze({ file, model, input, place: { file, span: { start: 0, end: 0 } }, kind: "given" }, input),
    report: (file, shown) => proven(telling(file, shown)),
    tell: telling,
    changed(file) {
      rest();
      const known = session.forget(file);
      for (const kept of [analyses, found] as const)
        for (const [key, { files: read }] of kept) if (!known || read.has(file)) kept.delete(key);
    },
    dispose() {
      rest();
      session.reset();
    },
  };
}

function weightOf({ concrete, symbolic }: Analysis): number {
  let weight = 0;
  for (const run of [concrete, symbolic]) {
    weight += run?.graph.nodes.length ?? 0;
    for (const list of run?.observations.values() ?? []) for (const { instances } of list) weight += instances.length;
  }
  return weight;
}

import type { Analysis, Analyzer, FileSystem, Options, Root } from "./analysis.ts";
import { createSession } from "./evaluation.ts";
import type { InputSpec } from "./graph/input.ts";
import { report } from "./report.ts";
import { analyzeRoot, guarded } from "./root-run.ts";
import { findRoots } from "./roots/find.ts";

/** An analyzer over files: finds roots, runs them, checks what the runs gave. */
export function createAnalyzer(files: FileSystem, options: Options): Analyzer {
  const session = createSession(files, options);
  let cache = new Map<string, Analysis>();
  const rootCache = new Map<string, readonly Root[]>();

  const analyze = (root: Root, input?: readonly InputSpec[]): Analysis => {
    const given = input ?? root.input;
    const key = JSON.stringify([root.file, root.model, root.kind, given]);
    const known = cache.get(key);
    if (known !== undefined) return known;
    const made = analyzeRoot(session, root, given, options);
    cache.set(key, made);
    return made;
  };

  return {
    roots(file) {
      const known = rootCache.get(file);
      if (known !== undefined) return known;
      const made = guarded(session, options, () => findRoots(session, file)) ?? [];
      rootCache.set(file, made);
      return made;
    },
    analyze,
    analyzeModel: (file, model, input) =>
      analyze({ file, model, input, place: { file, span: { start: 0, end: 0 } }, kind: "given" }, input),
    report: (file, roots) => report(files, (edited) => createAnalyzer(edited, options), file, roots),
    changed(file) {
      session.forget(file);
      cache = new Map();
      rootCache.clear();
    },
  };
}

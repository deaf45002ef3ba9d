import type { Analysis, Analyzer, FileSystem, Report, Telling } from "./analysis.ts";
import { within } from "./checks/code.ts";
import type { Diagnostic } from "./checks/diagnostic.ts";
import { type Commented, heedIgnores, topStatement, unusedIgnores } from "./checks/ignores.ts";
import { mergeDiagnostics } from "./checks/merge.ts";
import type { Module } from "./core/core.ts";
import { withFixes } from "./offers.ts";
import { createWorkbench } from "./proof.ts";
import type { Place, Span } from "./text/span.ts";

/** What the roots of a file say together, but for what its comments silence; then with fixes, proven on the edited text. */
export function tell(
  files: FileSystem,
  analyzerOver: (files: FileSystem) => Analyzer,
  source: (file: string) => Commented | undefined,
  file: string,
  roots: readonly Analysis[],
): Telling {
  const merged = mergeDiagnostics(roots.map((analysis) => analysis.diagnostics));
  const { kept: told, used } = heedIgnores(merged, source);
  const own = source(file);
  const unused = own === undefined ? [] : unusedIgnores(file, own, used, isSeen(file, own.module, roots));
  const reportOf = (diagnostics: readonly Diagnostic[]): Report => ({
    file,
    roots,
    diagnostics: [...diagnostics, ...unused],
    usedIgnores: used,
  });
  return {
    report: reportOf(told),
    *prove() {
      const bench = createWorkbench(files, analyzerOver, roots, merged);
      try {
        return reportOf(yield* withFixes(bench, told));
      } finally {
        bench.dispose();
      }
    },
  };
}

/** The report with its fixes, all at once. */
export function proven({ prove }: Telling): Report {
  const steps = prove();
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** Tells of a place whether roots run the statement around it, and all that do were followed completely. */
function isSeen(file: string, module: Module, roots: readonly Analysis[]): (span: Span) => boolean {
  return (span) => {
    const statement = topStatement(module, span);
    if (statement === undefined) return false;
    const reaching = roots.filter((analysis) =>
      placesOf(analysis).some((place) => place?.file === file && within(place.span, statement)),
    );
    return 0 < reaching.length && reaching.every(({ root, gaps }) => root.kind !== "class" && gaps.length === 0);
  };
}

function placesOf({ root, concrete, symbolic }: Analysis): readonly (Place | undefined)[] {
  const graph = (concrete ?? symbolic)?.graph;
  return [
    root.place,
    ...(graph?.nodes.map(({ place }) => place) ?? []),
    ...(graph?.modules.flatMap(({ place, classPlace }) => [place, classPlace]) ?? []),
  ];
}

import type { Analysis, Analyzer, FileSystem, Report } from "./analysis.ts";
import { within } from "./checks/code.ts";
import type { Diagnostic, Fix } from "./checks/diagnostic.ts";
import { type Commented, heedIgnores, topStatement, unusedIgnores } from "./checks/ignores.ts";
import { mergeDiagnostics } from "./checks/merge.ts";
import type { Module } from "./core/core.ts";
import { provenFix, type Workbench } from "./proof.ts";
import type { Place, Span } from "./text/span.ts";

/** Fixes offered for one mistake, at most. */
const MOST_OFFERED = 3;
/** Proofs tried for one mistake, and for all of a file; each analyzes the roots that the mistake happens in once more. */
const MOST_TRIED = 14;
const MOST_TRIED_FOR_MORE = 3;
const MOST_TRIED_IN_FILE = 48;

/**
 * What the roots of a file say together, but for what its comments silence, with the fixes that are proven on the edited
 * text.
 */
export function report(
  files: FileSystem,
  analyzerOver: (files: FileSystem) => Analyzer,
  source: (file: string) => Commented | undefined,
  file: string,
  roots: readonly Analysis[],
): Report {
  const merged = mergeDiagnostics(roots.map((analysis) => analysis.diagnostics));
  const { kept: told, used } = heedIgnores(merged, source);
  const bench: Workbench = { files, analyzerOver, roots, before: merged };
  let left = MOST_TRIED_IN_FILE;
  const diagnostics = told.map((found): Diagnostic => {
    const { propose, ...diagnostic } = found;
    if (propose === undefined || left <= 0) return diagnostic;
    const fixes: Fix[] = [];
    let tries = Math.min(left, MOST_TRIED);
    for (const fix of propose()) {
      if (tries-- <= 0 || MOST_OFFERED <= fixes.length) break;
      left--;
      if (!provenFix(bench, diagnostic, fix.edits)) continue;
      if (fixes.length === 0) tries = Math.min(tries, MOST_TRIED_FOR_MORE);
      fixes.push(fix);
    }
    return { ...diagnostic, fixes: ranked(fixes) };
  });
  const own = source(file);
  const unused = own === undefined ? [] : unusedIgnores(file, own, used, isSeen(file, own.module, roots));
  return { file, roots, diagnostics: [...diagnostics, ...unused], usedIgnores: used };
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

/** The first is the one to take where it says so itself, or where nothing else is proven. */
function ranked(fixes: readonly Fix[]): readonly Fix[] {
  return fixes.map((fix, i) => ({ ...fix, preferred: i === 0 && (fix.preferred || fixes.length === 1) }));
}

import type { Analysis, Analyzer, FileSystem, Report } from "./analysis.ts";
import { within } from "./checks/code.ts";
import type { Diagnostic, Edit } from "./checks/diagnostic.ts";
import { type Commented, heedIgnores, topStatement, unusedIgnores } from "./checks/ignores.ts";
import { mergeDiagnostics } from "./checks/merge.ts";
import type { Module } from "./core/core.ts";
import type { Place, Span } from "./text/span.ts";
import type { Text } from "./text/text.ts";

/** At most so many fixes of one report are proven; the rest are not offered. */
const MAX_PROOFS = 24;

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
  let left = MAX_PROOFS;
  const diagnostics = told.map((diagnostic): Diagnostic => {
    const kept = diagnostic.fixes.filter((fix) => {
      if (left-- <= 0) return false;
      return proves(files, analyzerOver, roots, merged, diagnostic, fix.edits);
    });
    return { ...diagnostic, fixes: kept };
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

/** Whether the edited text no longer has the diagnostic and has no new one, in every root that reaches it. */
function proves(
  files: FileSystem,
  analyzerOver: (files: FileSystem) => Analyzer,
  roots: readonly Analysis[],
  before: readonly Diagnostic[],
  diagnostic: Diagnostic,
  edits: readonly Edit[],
): boolean {
  const edited = new Map<string, string>();
  for (const file of new Set(edits.map((edit) => edit.place.file))) {
    const text = files.read(file);
    if (text === undefined) return false;
    edited.set(
      file,
      applyEdits(
        text,
        edits.filter((edit) => edit.place.file === file),
      ),
    );
  }
  const analyzer = analyzerOver({ ...files, read: (file) => edited.get(file) ?? files.read(file) });
  const reached = roots.filter((analysis) => diagnostic.roots.includes(analysis.root.model));
  if (reached.length === 0) return false;
  try {
    return better(analyzer, reached, before, diagnostic);
  } finally {
    // What the edited text writes to the classes of ours must not stay.
    analyzer.dispose();
  }
}

/** Whether an analyzer over an edited text no longer finds a mistake, and no new one. */
function better(
  analyzer: Analyzer,
  reached: readonly Analysis[],
  before: readonly Diagnostic[],
  diagnostic: Diagnostic,
): boolean {
  const count = (list: readonly Diagnostic[], d: Diagnostic): number =>
    list
      .filter((other) => other.code === d.code && messageKey(other.message) === messageKey(d.message))
      .reduce((n, other) => n + Math.max(1, other.instances.length), 0);
  const after = mergeDiagnostics(
    reached.map(
      (analysis) => analyzer.analyze(analysis.root.kind === "given" ? analysis.root : { ...analysis.root }).diagnostics,
    ),
  );
  if (count(before, diagnostic) <= count(after, diagnostic)) return false;
  return (
    after.every((d) => d.severity !== "error" || 0 < before.filter((b) => b.code === d.code).length) &&
    after.filter((d) => d.severity === "error").length <= before.filter((d) => d.severity === "error").length
  );
}

function messageKey(message: Text): string {
  return (
    message.template +
    message.args
      .map((arg) => (typeof arg === "string" ? arg : typeof arg === "object" && "template" in arg ? arg.template : ""))
      .join("|")
  );
}

/** A text with edits applied, from its end to its start. */
function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = text;
  for (const edit of [...edits].sort((a, b) => b.place.span.start - a.place.span.start))
    result = result.slice(0, edit.place.span.start) + edit.text + result.slice(edit.place.span.end);
  return result;
}

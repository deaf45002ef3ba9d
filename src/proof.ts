import type { Analysis, Analyzer, FileSystem } from "./analysis.ts";
import type { Diagnostic, Edit } from "./checks/diagnostic.ts";

/** What a fix is proven on. */
export interface Workbench {
  readonly files: FileSystem;
  readonly analyzerOver: (files: FileSystem) => Analyzer;
  readonly roots: readonly Analysis[];
  /** All diagnostics of those roots. */
  readonly before: readonly Diagnostic[];
}

/** Whether the edited text no longer has the diagnostic and has no new one, in every root that reaches it. */
export function provenFix(bench: Workbench, diagnostic: Diagnostic, edits: readonly Edit[]): boolean {
  const { files, analyzerOver, roots, before } = bench;
  const edited = new Map<string, string>();
  for (const file of new Set(edits.map((edit) => edit.place.file))) {
    const text = files.read(file);
    if (text === undefined) return false;
    edited.set(file, applyEdits(text, editsOf(edits, file)));
  }
  const analyzer = analyzerOver({ ...files, read: (file) => edited.get(file) ?? files.read(file) });
  // What a call alone gives is where it now stands, which is not looked for: such a root is its expression.
  const reached = roots.filter((analysis) => diagnostic.roots.includes(analysis.root.model));
  try {
    return (
      0 < reached.length &&
      reached.every((analysis) => {
        const { diagnostics, gaps } = analyzer.analyze(moved(analysis, edits).root, givenInput(analysis));
        // What is no longer followed proves nothing.
        if (analysis.gaps.length < gaps.length) return false;
        const own = before.filter(({ roots: names }) => names.includes(analysis.root.model));
        return better(own, diagnostics, diagnostic, edits);
      })
    );
  } finally {
    // What the edited text writes to the classes of ours must not stay.
    analyzer.dispose();
  }
}

/** The input, where it was not guessed. */
function givenInput({ input, example }: Analysis): Analysis["input"] | undefined {
  return example ? undefined : input;
}

/** A root's own spans as they are after the edits. */
function moved(analysis: Analysis, edits: readonly Edit[]): Analysis {
  const { root } = analysis;
  const own = editsOf(edits, root.file);
  const span = (one: { readonly start: number; readonly end: number }) => ({
    start: ahead(one.start, own),
    end: ahead(one.end, own),
  });
  const setup =
    root.setup === undefined
      ? {}
      : {
          setup: {
            ...root.setup,
            call: span(root.setup.call),
            model: span(root.setup.model),
            built: span(root.setup.built),
          },
        };
  return { ...analysis, root: { ...root, place: { ...root.place, span: span(root.place.span) }, ...setup } };
}

/** Whether the diagnostic is gone, in all its instances, and every error or warning that is left was there before. */
function better(
  before: readonly Diagnostic[],
  after: readonly Diagnostic[],
  diagnostic: Diagnostic,
  edits: readonly Edit[],
): boolean {
  const left = new Map<string, number>();
  for (const one of before) left.set(keyOf(one, []), (left.get(keyOf(one, [])) ?? 0) + 1);
  const gone = keyOf(diagnostic, []);
  left.set(gone, (left.get(gone) ?? 1) - 1);
  return after.every((one) => {
    if (one.severity === "info" || one.severity === "hint") return true;
    const key = keyOf(one, editsOf(edits, one.place.file));
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    return 0 < count;
  });
}

/**
 * A mistake by its code and where it starts, as the text was before the edits. A name that exists nowhere is one mistake
 * wherever it is read.
 */
function keyOf({ code, place, original }: Diagnostic, edits: readonly Edit[]): string {
  if (original?.startsWith("NameError") === true) return `${code} ${place.file} ${original}`;
  return `${code} ${place.file} ${back(place.span.start, edits)}`;
}

function editsOf(edits: readonly Edit[], file: string): readonly Edit[] {
  return edits.filter((edit) => edit.place.file === file).sort((a, b) => a.place.span.start - b.place.span.start);
}

/** Where an offset of the text before the edits is after them. */
function ahead(offset: number, edits: readonly Edit[]): number {
  let delta = 0;
  for (const { place, text } of edits)
    if (place.span.end <= offset) delta += text.length - (place.span.end - place.span.start);
  return offset + delta;
}

/** Where an offset of the edited text was before. */
function back(offset: number, edits: readonly Edit[]): number {
  let delta = 0;
  for (const { place, text } of edits) {
    const start = place.span.start + delta;
    if (offset < start + text.length) return offset < start ? offset - delta : place.span.start;
    delta += text.length - (place.span.end - place.span.start);
  }
  return offset - delta;
}

/** A text with edits applied, from its end to its start. */
function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = text;
  for (const edit of [...edits].reverse())
    result = result.slice(0, edit.place.span.start) + edit.text + result.slice(edit.place.span.end);
  return result;
}

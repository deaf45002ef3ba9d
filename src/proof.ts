import type { Analysis, Analyzer, FileSystem } from "./analysis.ts";
import type { Diagnostic, Edit } from "./checks/diagnostic.ts";
import { render } from "./text/text.ts";
import { keepsOutput, weakens } from "./weakens.ts";

/** What fixes are proven on: an analyzer of its own, over the files with one fix's edits made at a time. */
export interface Workbench {
  readonly roots: readonly Analysis[];
  /** All diagnostics of those roots. */
  readonly before: readonly Diagnostic[];
  /** The stored text of a file. */
  readonly read: (file: string) => string | undefined;
  /** Puts other texts in place of some files, until the stored ones are put back. */
  readonly edit: (texts: ReadonlyMap<string, string>) => void;
  readonly restore: () => void;
  /** Roots that a file offers, and one of them analyzed, on the texts as they are now. */
  readonly find: Analyzer["roots"];
  readonly analyze: Analyzer["analyze"];
  /** Milliseconds of all analyses. */
  readonly spent: () => number;
  readonly dispose: () => void;
}

/** A workbench whose analyzer is made when first needed, and keeps what no edit touches. */
export function createWorkbench(
  files: FileSystem,
  analyzerOver: (files: FileSystem) => Analyzer,
  roots: readonly Analysis[],
  before: readonly Diagnostic[],
): Workbench {
  let texts: ReadonlyMap<string, string> = new Map();
  let analyzer: Analyzer | undefined;
  let spent = 0;
  const show = (next: ReadonlyMap<string, string>): void => {
    const touched = new Set([...texts.keys(), ...next.keys()]);
    texts = next;
    for (const file of touched) analyzer?.changed(file);
  };
  const current = (): Analyzer => {
    analyzer ??= analyzerOver({ ...files, read: (file) => texts.get(file) ?? files.read(file) });
    return analyzer;
  };
  return {
    roots,
    before,
    read: files.read,
    edit: show,
    // What the edited text writes to the classes of ours must not stay.
    restore: () => show(new Map()),
    find: (file) => current().roots(file),
    analyze(root, input) {
      const analysis = current().analyze(root, input);
      spent += analysis.time;
      return analysis;
    },
    spent: () => spent,
    dispose: () => analyzer?.dispose(),
  };
}

/** What an edited text is known to change. */
export interface Proof {
  /** Mistakes that are gone, and those that are left. */
  readonly gone: readonly Diagnostic[];
  readonly left: readonly Diagnostic[];
  /** What the model gives has the lengths that it was declared to have, as far as these were known. */
  readonly keeps: boolean;
}

/**
 * Whether the edited text no longer has the diagnostic and has no new one, in every root that reaches it: then the
 * mistakes that are gone with it, itself among them, and those that are left; else undefined. Each root is a step.
 */
export function* provenFix(
  bench: Workbench,
  diagnostic: Diagnostic,
  edits: readonly Edit[],
): Generator<void, Proof | undefined> {
  const { roots, before } = bench;
  const texts = editedTexts(bench, edits);
  if (edits.some(({ place }) => !texts.has(place.file))) return undefined;
  const reached = roots.filter((analysis) => diagnostic.roots.includes(analysis.root.model));
  const reaching = new Set(reached.map(({ root }) => root.model));
  if (reached.length === 0) return undefined;
  bench.edit(texts);
  try {
    const left = new Set<string>();
    let keeps = true;
    for (const analysis of reached) {
      yield;
      const after = bench.analyze(moved(analysis, edits).root, givenInput(analysis));
      const { diagnostics, gaps } = after;
      // What is no longer followed proves nothing.
      if (analysis.gaps.length < gaps.length) return undefined;
      for (const one of diagnostics) left.add(keyOf(one, editsOf(edits, one.place.file)));
      const own = before.filter(({ roots: names }) => names.includes(analysis.root.model));
      if (!better(own, diagnostics, diagnostic, edits)) return undefined;
      const isWhole = diagnostics.every(({ severity }) => severity !== "error");
      if (diagnostic.severity === "error" && isWhole && weakens(analysis, after)) return undefined;
      keeps &&= keepsOutput(analysis, after);
    }
    // Of what other roots say nothing is known.
    const isGone = (one: Diagnostic): boolean =>
      !left.has(keyOf(one, [])) && one.roots.every((root) => reaching.has(root));
    return { gone: before.filter(isGone), left: before.filter((one) => !isGone(one)), keeps };
  } finally {
    bench.restore();
  }
}

/** The analysis of the same root with edits made. */
export function editedAnalysis(bench: Workbench, analysis: Analysis, edits: readonly Edit[]): Analysis {
  bench.edit(editedTexts(bench, edits));
  try {
    const { root } = moved(analysis, edits);
    // The edit may be in the expression that builds the model.
    const found = bench
      .find(root.file)
      .find(({ kind, place }) => kind === root.kind && place.span.start === root.place.span.start);
    return bench.analyze(found ?? root, givenInput(analysis));
  } finally {
    bench.restore();
  }
}

function editedTexts(bench: Workbench, edits: readonly Edit[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const file of new Set(edits.map((edit) => edit.place.file))) {
    const text = bench.read(file);
    if (text !== undefined) texts.set(file, applyEdits(text, editsOf(edits, file)));
  }
  return texts;
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
  const known = new Set(before.map((one) => keyOf(one, [])));
  const fixed = keyOf(diagnostic, []);
  // At the same statement only what is said of other instances in the same words is another mistake.
  const others = new Set(before.filter((one) => one !== diagnostic && keyOf(one, []) === fixed).map(wordsOf));
  others.delete(wordsOf(diagnostic));
  return after.every((one) => {
    if (one.severity === "info" || one.severity === "hint") return true;
    const key = keyOf(one, editsOf(edits, one.place.file));
    return key === fixed ? others.has(wordsOf(one)) : known.has(key);
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

function wordsOf({ message, instances }: Diagnostic): string {
  return `${render(message)} ${instances.join()}`;
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

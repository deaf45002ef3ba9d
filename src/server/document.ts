import type { Analysis, Analyzer, Root } from "../analysis.ts";
import { type Choice, typedInputs } from "../editor/choice.ts";
import type { Published } from "../editor/code-actions.ts";
import type { FileView } from "../editor/context.ts";
import { namesTensorLibrary } from "../editor/names-library.ts";
import { lineIndex, type Place } from "../text/span.ts";

/** An open document and what is known of it. Changed only by the session. */
export interface OpenDocument {
  readonly uri: string;
  readonly file: string;
  text: string;
  choice: Choice;
  /** Asked for by a command, although no tensor library is named. */
  forced: boolean;
  roots: readonly Root[];
  /** The last good analysis, of the text in the view. */
  view: FileView | undefined;
  /** While the view has only the roots that are done: the last one that had all, of an older text. */
  whole: FileView | undefined;
  published: readonly Published[];
  /** Their fixes are proven. */
  fixed: boolean;
  /** Comments that silence something which its roots report. */
  usedIgnores: readonly Place[];
  /** Counts edits and choices; work for an older count stops. */
  generation: number;
  /** Milliseconds on the clock of the session; 0 before the first edit. */
  lastEdit: number;
}

export function openDocument(uri: string, file: string, text: string, choice: Choice): OpenDocument {
  return {
    uri,
    file,
    text,
    choice,
    forced: false,
    roots: [],
    view: undefined,
    whole: undefined,
    published: [],
    fixed: false,
    usedIgnores: [],
    generation: 0,
    lastEdit: 0,
  };
}

export function isAnalyzed(document: OpenDocument): boolean {
  return document.forced || document.view !== undefined || namesTensorLibrary(document.text);
}

/** The roots to analyze, the shown one first; one that the user typed comes before those found. */
export function orderedRoots(document: OpenDocument, found: readonly Root[]): readonly Root[] {
  const { choice, file } = document;
  const { model } = choice;
  if (model === undefined) return found;
  const known = found.find((root) => root.model === model);
  // One that was picked from the code is gone from it.
  if (known === undefined && choice.typed !== true) return found;
  return [known ?? typedRoot(file, model), ...found.filter((root) => root.model !== model)];
}

/** A root that is not in the code. */
export function typedRoot(file: string, model: string): Root {
  return { file, model, input: undefined, place: { file, span: { start: 0, end: 0 } }, kind: "given" };
}

export function analyzeRoot(analyzer: Analyzer, document: OpenDocument, root: Root): Analysis {
  const texts = document.choice.inputs[root.model];
  const typed = texts === undefined ? undefined : typedInputs(texts);
  const input = typed?.kind === "ok" ? typed.inputs : undefined;
  return root.kind === "given" ? analyzer.analyzeModel(root.file, root.model, input) : analyzer.analyze(root, input);
}

export function viewFor(
  document: OpenDocument,
  analyses: readonly Analysis[],
  diagnostics: FileView["diagnostics"],
): FileView {
  return { file: document.file, text: document.text, lines: lineIndex(document.text), analyses, diagnostics };
}

/** The last whole view without the roots that are done since; undefined where the view is whole. */
export function remainder({ view, whole }: OpenDocument): FileView | undefined {
  if (view === undefined || whole === undefined) return undefined;
  const done = new Set(view.analyses.map(({ root }) => root.model));
  return { ...whole, analyses: whole.analyses.filter(({ root }) => !done.has(root.model)) };
}

/** Whether an analysis has enough to take the place of the last good one. */
export function isGood(analyses: readonly Analysis[]): boolean {
  const [shown] = analyses;
  return shown !== undefined && (shown.concrete !== undefined || shown.symbolic !== undefined);
}

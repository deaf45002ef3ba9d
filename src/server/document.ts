import type { Analysis, Analyzer, InputSpec, Root } from "../analysis.ts";
import type { Published } from "../editor/code-actions.ts";
import type { FileView } from "../editor/context.ts";
import { namesTensorLibrary } from "../editor/names-library.ts";
import { lineIndex } from "../text/span.ts";

/** An open document and what is known of it. Changed only by the session. */
export interface OpenDocument {
  readonly uri: string;
  readonly file: string;
  text: string;
  /** What the user picked: a root expression, and inputs by root. */
  model: string | undefined;
  readonly inputs: Map<string, readonly InputSpec[]>;
  /** Asked for by a command, although no tensor library is named. */
  forced: boolean;
  roots: readonly Root[];
  /** The last good analysis, of the text in the view. */
  view: FileView | undefined;
  published: readonly Published[];
  /** Counts edits and choices; work for an older count stops. */
  generation: number;
  /** Milliseconds on the clock of the session; 0 before the first edit. */
  lastEdit: number;
}

export function openDocument(uri: string, file: string, text: string): OpenDocument {
  return {
    uri,
    file,
    text,
    model: undefined,
    inputs: new Map(),
    forced: false,
    roots: [],
    view: undefined,
    published: [],
    generation: 0,
    lastEdit: 0,
  };
}

export function isAnalyzed(document: OpenDocument): boolean {
  return document.forced || document.view !== undefined || namesTensorLibrary(document.text);
}

/** The roots to analyze, the shown one first; one that the user typed comes before those found. */
export function orderedRoots(document: OpenDocument, found: readonly Root[]): readonly Root[] {
  const { model, file } = document;
  if (model === undefined) return found;
  const place = { file, span: { start: 0, end: 0 } };
  const shown = found.find((root) => root.model === model) ?? {
    file,
    model,
    input: undefined,
    place,
    kind: "given" as const,
  };
  return [shown, ...found.filter((root) => root.model !== model)];
}

export function analyzeRoot(analyzer: Analyzer, document: OpenDocument, root: Root): Analysis {
  const input = document.inputs.get(root.model);
  return root.kind === "given" ? analyzer.analyzeModel(root.file, root.model, input) : analyzer.analyze(root, input);
}

export function viewFor(
  document: OpenDocument,
  analyses: readonly Analysis[],
  diagnostics: FileView["diagnostics"],
): FileView {
  return { file: document.file, text: document.text, lines: lineIndex(document.text), analyses, diagnostics };
}

/** Whether an analysis has enough to take the place of the last good one. */
export function isGood(analyses: readonly Analysis[]): boolean {
  const [shown] = analyses;
  return shown !== undefined && (shown.concrete !== undefined || shown.symbolic !== undefined);
}

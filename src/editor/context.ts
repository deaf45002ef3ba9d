import type { Location, Range } from "vscode-languageserver";
import type { Analysis, Run } from "../analysis.ts";
import type { Code, Diagnostic } from "../checks/diagnostic.ts";
import type { LineIndex, Place } from "../text/span.ts";
import type { Text } from "../text/text.ts";

/** One file as the features see it: its text, and the analyses of its roots, the shown root first. */
export interface FileView {
  readonly file: string;
  readonly text: string;
  readonly lines: LineIndex;
  readonly analyses: readonly Analysis[];
  /** All diagnostics of the file's roots, also those that stand in other files. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What the features need of the surroundings. */
export interface Context {
  /** A sentence in the user's language. */
  readonly say: (text: Text) => string;
  /** A place as protocol data; a file that cannot be read gives its first line. */
  readonly location: (place: Place) => Location;
  /** The source at a place; undefined for a file that cannot be read. */
  readonly source: (place: Place) => { readonly text: string; readonly before: string } | undefined;
  /** A link that runs one of our commands; undefined where the client knows none. */
  readonly command: ((command: string, ...args: readonly unknown[]) => string) | undefined;
  /** The uri of the page on a code; undefined where it is not at hand. A link that runs a command would not be followed. */
  readonly rulePage?: (code: Code) => string | undefined;
}

/** The run that is shown: on the concrete or example input where there is one. */
export function shownRun(analysis: Analysis): Run | undefined {
  return analysis.concrete ?? analysis.symbolic;
}

/** The run that stands for the input as it was given: with symbols where sizes are only an example. */
export function givenRun(analysis: Analysis): Run | undefined {
  return analysis.example ? (analysis.symbolic ?? analysis.concrete) : shownRun(analysis);
}

/** A span of the view's own file as protocol data. */
export function rangeIn(view: FileView, span: { readonly start: number; readonly end: number }): Range {
  const start = view.lines.position(span.start);
  const end = view.lines.position(span.end);
  return {
    start: { line: start.line, character: start.column },
    end: { line: end.line, character: end.column },
  };
}

/** Offset of a protocol position in the view's text. */
export function offsetIn(view: FileView, position: { readonly line: number; readonly character: number }): number {
  return view.lines.offset({ line: position.line, column: position.character });
}

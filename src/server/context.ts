import type { FileSystem } from "../analysis.ts";
import type { Context } from "../editor/context.ts";
import { type LineIndex, lineIndex, type Place } from "../text/span.ts";
import { type Notebooks, placeInCell } from "./notebooks.ts";

/** The features' surroundings in a server; line indexes are kept until a file changes. */
export interface ServerContext extends Context {
  readonly forget: (file: string) => void;
  /** The place in the document that the client shows it in: a notebook's in its cell. */
  readonly shownPlace: (place: Place) => Place;
  /** The line of source that a place begins in. */
  readonly lineText: (place: Place) => string | undefined;
}

export function contextFor(
  files: FileSystem,
  uriOf: (file: string) => string,
  notebooks: Notebooks,
  commands: boolean,
  rulePage: Context["rulePage"],
  say: Context["say"],
): ServerContext {
  const indexes = new Map<string, LineIndex>();
  const linesOf = (file: string): LineIndex => {
    const known = indexes.get(file);
    if (known !== undefined) return known;
    const index = lineIndex(files.read(file) ?? "");
    indexes.set(file, index);
    return index;
  };
  return {
    say,
    location({ file, span }) {
      const lines = linesOf(file);
      const start = lines.position(span.start);
      const end = lines.position(span.end);
      const cell = notebooks.cellAt(file, start.line);
      const first = cell?.line ?? 0;
      return {
        uri: cell?.uri ?? uriOf(file),
        range: {
          start: { line: start.line - first, character: start.column },
          end: { line: end.line - first, character: end.column },
        },
      };
    },
    shownPlace(place) {
      const lines = linesOf(place.file);
      const start = lines.position(place.span.start);
      const cell = notebooks.cellAt(place.file, start.line);
      return cell === undefined ? place : placeInCell(cell, start, lines.position(place.span.end));
    },
    lineText({ file, span }) {
      const text = files.read(file);
      if (text === undefined) return undefined;
      const lines = linesOf(file);
      const start = lines.lineStart(lines.position(span.start).line);
      const end = text.indexOf("\n", start);
      return text.slice(start, end < 0 ? undefined : end);
    },
    source({ file, span }) {
      const text = files.read(file);
      if (text === undefined) return undefined;
      const line = linesOf(file).lineStart(linesOf(file).position(span.start).line);
      return { text: text.slice(span.start, span.end), before: text.slice(line, span.start) };
    },
    command: commands ? (name, ...args) => `command:${name}?${encodeURIComponent(JSON.stringify(args))}` : undefined,
    ...(rulePage === undefined ? {} : { rulePage }),
    forget: (file) => void indexes.delete(file),
  };
}

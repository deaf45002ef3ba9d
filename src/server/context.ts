import type { FileSystem } from "../analysis.ts";
import type { Context } from "../editor/context.ts";
import { type LineIndex, lineIndex } from "../text/span.ts";

/** The features' surroundings in a server; line indexes are kept until a file changes. */
export interface ServerContext extends Context {
  readonly forget: (file: string) => void;
}

export function contextFor(
  files: FileSystem,
  uriOf: (file: string) => string,
  commands: boolean,
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
      return {
        uri: uriOf(file),
        range: { start: { line: start.line, character: start.column }, end: { line: end.line, character: end.column } },
      };
    },
    source({ file, span }) {
      const text = files.read(file);
      if (text === undefined) return undefined;
      const line = linesOf(file).lineStart(linesOf(file).position(span.start).line);
      return { text: text.slice(span.start, span.end), before: text.slice(line, span.start) };
    },
    command: commands ? (name, ...args) => `command:${name}?${encodeURIComponent(JSON.stringify(args))}` : undefined,
    forget: (file) => void indexes.delete(file),
  };
}

import type { FileSystem } from "../analysis.ts";

/** Files with open documents laid over them: what the user sees is what is analyzed. */
export function overlay(files: FileSystem, open: ReadonlyMap<string, string>): FileSystem {
  return {
    ...files,
    read: (file) => open.get(file) ?? files.read(file),
    kind: (path) => (open.has(path) ? "file" : files.kind(path)),
  };
}

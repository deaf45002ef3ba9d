import type { FileSystem } from "../analysis.ts";
import { isNotebook, joinCells, notebookCells } from "../syntax/python/notebook.ts";

/** Files in which a notebook reads as its code. */
export function readingNotebooks(files: FileSystem): FileSystem {
  return {
    ...files,
    read(file) {
      const text = files.read(file);
      return text === undefined ? undefined : codeOf(file, text);
    },
  };
}

/** A file's Python code: of a notebook its code cells, joined in order. Undefined for one that is no notebook. */
export function codeOf(file: string, text: string): string | undefined {
  if (!isNotebook(file)) return text;
  const cells = notebookCells(text);
  return cells === undefined ? undefined : joinCells(cells);
}

import { joinCells, lineCount } from "../syntax/python/notebook.ts";
import { lineIndex, type Place, type Position } from "../text/span.ts";
import { syntaxChecker } from "./syntax.ts";

/** One code cell of an open notebook, as the client shows it. */
export interface Cell {
  readonly uri: string;
  readonly text: string;
}

/** Where a cell begins in its notebook's joined code. */
export interface CellStart {
  readonly uri: string;
  /** 0-based line of the joined code. */
  readonly line: number;
  /** 1-based number among the code cells. */
  readonly number: number;
  readonly text: string;
}

/** The open notebooks: each one's cells, joined in their order, are analyzed as one module. */
export interface Notebooks {
  /** Keeps a notebook's cells; `touched` names those whose text is new. Returns their joined code. */
  readonly put: (uri: string, file: string, cells: readonly Cell[], touched: ReadonlySet<string>) => string;
  readonly cells: (uri: string) => readonly Cell[];
  readonly drop: (uri: string) => void;
  /** The document that a uri's text is part of: a cell's notebook, else itself. */
  readonly ownerOf: (uri: string) => string;
  /** Where the text of a uri begins in its document, 0-based, and how many lines it takes. */
  readonly extentOf: (uri: string) => { readonly line: number; readonly lines: number };
  /** The cell that holds a line of a file's joined code; undefined in a file that is no notebook. */
  readonly cellAt: (file: string, line: number) => CellStart | undefined;
}

interface Entry {
  readonly uri: string;
  readonly cells: readonly Cell[];
  /** First lines, by cell. */
  readonly starts: readonly number[];
  /** Cells that do not parse and that the user has left so: they run nowhere, and are read as empty. */
  readonly broken: ReadonlySet<string>;
}

export function openNotebooks(): Notebooks {
  const byFile = new Map<string, Entry>();
  const files = new Map<string, string>();
  const owners = new Map<string, string>();
  // Not the session's own checker: that one keeps its last text to read edits fast.
  const isBroken = syntaxChecker();

  const entryOf = (uri: string): Entry | undefined => byFile.get(files.get(uri) ?? "");

  return {
    put(uri, file, cells, touched) {
      const before = entryOf(uri);
      for (const cell of before?.cells ?? []) owners.delete(cell.uri);
      for (const cell of cells) owners.set(cell.uri, uri);
      const broken = new Set<string>();
      for (const cell of cells) {
        // The cell in hand is half typed, unless it never was whole: the session keeps the last good shapes then.
        const leftSo = before === undefined || before.broken.has(cell.uri) || !touched.has(cell.uri);
        if (leftSo && isBroken(joinCells([cell.text]))) broken.add(cell.uri);
      }
      const starts: number[] = [];
      let line = 0;
      for (const { text } of cells) {
        starts.push(line);
        line += lineCount(text);
      }
      files.set(uri, file);
      byFile.set(file, { uri, cells, starts, broken });
      return joinCells(cells.map((cell) => (broken.has(cell.uri) ? "\n".repeat(lineCount(cell.text) - 1) : cell.text)));
    },
    cells: (uri) => entryOf(uri)?.cells ?? [],
    drop(uri) {
      for (const cell of entryOf(uri)?.cells ?? []) owners.delete(cell.uri);
      byFile.delete(files.get(uri) ?? "");
      files.delete(uri);
    },
    ownerOf: (uri) => owners.get(uri) ?? uri,
    extentOf(uri) {
      const entry = entryOf(owners.get(uri) ?? "");
      const at = entry?.cells.findIndex((cell) => cell.uri === uri) ?? -1;
      const cell = entry?.cells[at];
      if (entry === undefined || cell === undefined) return { line: 0, lines: Number.POSITIVE_INFINITY };
      return { line: entry.starts[at] ?? 0, lines: lineCount(cell.text) };
    },
    cellAt(file, line) {
      const entry = byFile.get(file);
      if (entry === undefined) return undefined;
      const at = entry.starts.findLastIndex((start) => start <= line);
      const cell = entry.cells[at];
      return cell === undefined
        ? undefined
        : { uri: cell.uri, line: entry.starts[at] ?? 0, number: at + 1, text: cell.text };
    },
  };
}

/** A place of a notebook's joined code, given by its positions, as one of the cell's own text. */
export function placeInCell(cell: CellStart, start: Position, end: Position): Place {
  const lines = lineIndex(cell.text);
  const offset = ({ line, column }: Position): number => lines.offset({ line: line - cell.line, column });
  return { file: cell.uri, span: { start: offset(start), end: offset(end) } };
}

import { statementEnd } from "./logical-line.ts";

/**
 * The Python code of a stored notebook (`.ipynb`), a text a code cell; undefined where it is not one.
 * A notebook in another language has no cells. https://nbformat.readthedocs.io/en/latest/format_description.html
 */
export function notebookCells(json: string): readonly string[] | undefined {
  let notebook: unknown;
  try {
    notebook = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (!isRecord(notebook) || !Array.isArray(notebook.cells)) return undefined;
  if (!isPython(notebook.metadata)) return [];
  return notebook.cells.flatMap((cell: unknown) => {
    if (!isRecord(cell) || cell.cell_type !== "code") return [];
    const { source } = cell;
    if (typeof source === "string") return [source];
    return Array.isArray(source) ? [source.filter((line) => typeof line === "string").join("")] : [];
  });
}

/** Whether a file's id is a notebook's, an unsaved one's included. */
export function isNotebook(file: string): boolean {
  return /\.ipynb(?:\?|$)/.test(file);
}

/** Cells as one module, each from a line of its own, with what only IPython understands taken out line by line. */
export function joinCells(cells: readonly string[]): string {
  return cells.map(pythonOf).join("\n");
}

/** How many lines of the joined text a cell takes. */
export function lineCount(cell: string): number {
  return cell.split(LINE_BREAK).length;
}

const LINE_BREAK = /\r\n|\r|\n/;

/** Cell magics whose cell is still Python, run in the notebook's own names. */
const PYTHON_CELLS = new Set(["time", "capture", "prun", "python", "python3", "pypy"]);

/**
 * A cell as Python with the same lines: magics, shell commands and questions (`model?`) become `pass`, a value taken
 * from one becomes unknown, and a cell in another language becomes empty.
 */
function pythonOf(cell: string): string {
  const lines = cell.split(LINE_BREAK);
  const magic = /^\s*%%(\w+)/.exec(lines.find((line) => line.trim() !== "") ?? "")?.[1];
  if (magic !== undefined && !PYTHON_CELLS.has(magic)) return lines.map(() => "").join("\n");
  const code = lines.map((line) => (/^\s*%%/.test(line) ? "" : line)).join("\n");
  let text = "";
  let at = 0;
  while (at < code.length) {
    const end = endOfLine(code, at);
    const line = code.slice(at, end);
    const special = specialLine(line);
    const next =
      special === undefined && line.trim() !== "" ? statementEnd(code, at + indentOf(line)) : commandEnd(code, end);
    const stop = endOfLine(code, Math.max(next, end));
    text += special === undefined ? code.slice(at, stop) : special + code.slice(end, stop).replace(/[^\n]/g, "");
    if (stop < code.length) text += "\n";
    at = stop + 1;
  }
  return text;
}

/** What stands for a line that only IPython understands; undefined for Python. */
function specialLine(line: string): string | undefined {
  const indent = line.slice(0, indentOf(line));
  const code = line.trim();
  // `%time ` is as long as `if 1: `, so what it runs keeps its place.
  if (/^%time \S/.test(code)) return `${indent}if 1: ${code.slice(6)}`;
  if (/^(?:[%!]|\?{1,2}\w)/.test(code) || /^[\w.]+\?{1,2}$/.test(code)) return `${indent}pass`;
  const assigned = /^([\w\s,.[\]*()]+=)\s*(?:!|%\w)/.exec(code)?.[1];
  return assigned === undefined ? undefined : `${indent}${assigned} get_ipython()`;
}

/** The end of a shell command that a backslash continues on the next line. */
function commandEnd(code: string, end: number): number {
  let at = end;
  while (code[at - 1] === "\\" && at < code.length) at = endOfLine(code, at + 1);
  return at;
}

function endOfLine(code: string, at: number): number {
  const end = code.indexOf("\n", at);
  return end < 0 ? code.length : end;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** Whether a notebook's metadata names Python, or no language at all. */
function isPython(metadata: unknown): boolean {
  if (!isRecord(metadata)) return true;
  const { kernelspec, language_info: info } = metadata;
  const language = isRecord(info) ? info.name : isRecord(kernelspec) ? kernelspec.language : undefined;
  return typeof language !== "string" || /^i?python/i.test(language);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

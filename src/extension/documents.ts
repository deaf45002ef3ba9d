import * as vscode from "vscode";
import { namesTensorLibrary } from "../editor/names-library.ts";

/** Schemes of documents that are no file of the user's own, such as old versions. */
const FOREIGN = new Set(["git", "gitlens", "review", "pr", "output", "vscode-local-history"]);

/** Whether a document is a Python file, or a notebook's Python cell, that the server may see. */
export function isPython(document: vscode.TextDocument): boolean {
  return document.languageId === "python" && !FOREIGN.has(document.uri.scheme);
}

/** Whether there may be a model in a document. */
export function isModelSource(document: vscode.TextDocument): boolean {
  return isPython(document) && namesTensorLibrary(document.getText());
}

/** The document in hand: of the active editor, or the selected cell of a notebook whose cells are only looked at. */
export function activeDocument(): vscode.TextDocument | undefined {
  const document = vscode.window.activeTextEditor?.document;
  const { activeNotebookEditor } = vscode.window;
  if (document !== undefined || activeNotebookEditor === undefined) return document;
  const { notebook, selection } = activeNotebookEditor;
  const cells = notebook.getCells();
  const selected = cells[selection.start]?.document;
  return selected !== undefined && isPython(selected)
    ? selected
    : cells.map((cell) => cell.document).find((cell) => isPython(cell));
}

/** The uri of what a document is analyzed as: a cell's is its notebook's. */
export function analyzedUri(document: vscode.TextDocument): string {
  return (notebookOf(document) ?? document).uri.toString();
}

/** The uri behind a file's id: a path, or a uri in words. */
export function uriOf(file: string): vscode.Uri {
  return /^[a-z][\w+.-]+:/i.test(file) ? vscode.Uri.parse(file, true) : vscode.Uri.file(file);
}

/** The open document of a uri; opens it where it is not. */
export async function documentOf(uri: vscode.Uri): Promise<vscode.TextDocument> {
  const text = uri.toString();
  return (
    vscode.workspace.textDocuments.find((open) => open.uri.toString() === text) ??
    vscode.workspace.openTextDocument(uri)
  );
}

/** Shows a range of a document in the editor that it stands open in, else in the first column. */
export async function showRange(
  document: vscode.TextDocument,
  range: vscode.Range,
  preserveFocus: boolean,
): Promise<void> {
  const visible = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
  const notebook = notebookOf(document);
  if (notebook === undefined) {
    const viewColumn = visible?.viewColumn ?? vscode.ViewColumn.One;
    await vscode.window.showTextDocument(document, { viewColumn, preserveFocus, selection: range });
    return;
  }
  const index = notebook.getCells().findIndex((cell) => cell.document === document);
  const shown = vscode.window.visibleNotebookEditors.find((editor) => editor.notebook === notebook);
  const editor = await vscode.window.showNotebookDocument(notebook, {
    viewColumn: shown?.viewColumn ?? vscode.ViewColumn.One,
    preserveFocus,
    selections: [new vscode.NotebookRange(index, index + 1)],
  });
  editor.revealRange(
    new vscode.NotebookRange(index, index + 1),
    vscode.NotebookEditorRevealType.InCenterIfOutsideViewport,
  );
  const cell = vscode.window.visibleTextEditors.find((each) => each.document === document);
  if (cell !== undefined) cell.selection = new vscode.Selection(range.start, range.end);
}

function notebookOf(document: vscode.TextDocument): vscode.NotebookDocument | undefined {
  if (document.uri.scheme !== "vscode-notebook-cell") return undefined;
  return vscode.workspace.notebookDocuments.find((notebook) =>
    notebook.getCells().some((cell) => cell.document === document),
  );
}

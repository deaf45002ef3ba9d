import * as vscode from "vscode";
import { namesTensorLibrary } from "../editor/names-library.ts";

/** Schemes of documents that are no file of the user's own: old versions, and cells, which make sense only together. */
const FOREIGN = new Set(["git", "gitlens", "review", "pr", "vscode-notebook-cell", "output", "vscode-local-history"]);

/** Whether a document is a Python file that the server may see. */
export function isPython(document: vscode.TextDocument): boolean {
  return document.languageId === "python" && !FOREIGN.has(document.uri.scheme);
}

/** Whether there may be a model in a document. */
export function isModelSource(document: vscode.TextDocument): boolean {
  return isPython(document) && namesTensorLibrary(document.getText());
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

import type { Connection } from "vscode-languageserver";
import { applied } from "./edits.ts";
import type { Host } from "./host.ts";
import type { Cell } from "./notebooks.ts";
import type { Session } from "./session.ts";

/** Keeps the session's notebooks as the client shows them. */
export function syncNotebooks(connection: Connection, host: Host, sessionNow: () => Session | undefined): void {
  const { synchronization } = connection.notebooks;

  synchronization.onDidOpenNotebookDocument(({ notebookDocument: { uri, cells }, cellTextDocuments }) => {
    const session = sessionNow();
    const texts = new Map(cellTextDocuments.map((document) => [document.uri, document.text]));
    const put = cells.map((cell): Cell => ({ uri: cell.document, text: texts.get(cell.document) ?? "" }));
    session?.open(uri, session.notebooks.put(uri, host.fileOf(uri), put, new Set()));
  });

  synchronization.onDidChangeNotebookDocument(({ notebookDocument: { uri }, change }) => {
    const session = sessionNow();
    if (session === undefined || change.cells === undefined) return;
    const { structure, textContent } = change.cells;
    let cells = [...session.notebooks.cells(uri)];
    if (structure !== undefined) {
      const { start, deleteCount, cells: added = [] } = structure.array;
      const texts = new Map(cells.map((cell) => [cell.uri, cell.text]));
      for (const opened of structure.didOpen ?? []) texts.set(opened.uri, opened.text);
      const put = added.map((cell): Cell => ({ uri: cell.document, text: texts.get(cell.document) ?? "" }));
      cells.splice(start, deleteCount, ...put);
    }
    const touched = new Set((textContent ?? []).map(({ document }) => document.uri));
    for (const { document, changes } of textContent ?? [])
      cells = cells.map((cell) =>
        cell.uri === document.uri ? { uri: cell.uri, text: changes.reduce(applied, cell.text) } : cell,
      );
    session.edit(uri, session.notebooks.put(uri, host.fileOf(uri), cells, touched), structure !== undefined);
  });

  synchronization.onDidCloseNotebookDocument(({ notebookDocument: { uri } }) => {
    const session = sessionNow();
    session?.close(uri);
    session?.notebooks.drop(uri);
  });
}

import * as vscode from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { type FilesParams, METHODS } from "../editor/protocol.ts";

/** Files that are sent at the start; a browser's workspace may be a whole repository on a server. */
const FILE_LIMIT = 500;
/** Bytes of one file. */
const SIZE_LIMIT = 1_000_000;

/** Sends the workspace's Python files to a server that has no disk, and each one again when it changes. */
export async function sendFiles(context: vscode.ExtensionContext, client: BaseLanguageClient): Promise<void> {
  const watcher = vscode.workspace.createFileSystemWatcher("**/*.py");
  const again = async (uri: vscode.Uri): Promise<void> => send(client, [await contentOf(uri)]);
  context.subscriptions.push(
    watcher,
    watcher.onDidChange(again),
    watcher.onDidCreate(again),
    watcher.onDidDelete((uri) => send(client, [{ uri: uri.toString(), text: null }])),
  );
  const found = await vscode.workspace.findFiles(
    "**/*.py",
    "**/{node_modules,.venv,venv,site-packages}/**",
    FILE_LIMIT,
  );
  if (0 < found.length) await send(client, await Promise.all(found.map(contentOf)));
}

async function send(client: BaseLanguageClient, files: FilesParams["files"]): Promise<void> {
  await client.sendNotification(METHODS.files, { files } satisfies FilesParams);
}

async function contentOf(uri: vscode.Uri): Promise<FilesParams["files"][number]> {
  try {
    const bytes = await vscode.workspace.fs.readFile(uri);
    return { uri: uri.toString(), text: SIZE_LIMIT < bytes.byteLength ? null : new TextDecoder().decode(bytes) };
  } catch {
    return { uri: uri.toString(), text: null };
  }
}

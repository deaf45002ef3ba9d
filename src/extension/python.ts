import * as vscode from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { type EnvironmentParams, METHODS } from "../editor/protocol.ts";

/** The part of the Python extension's interface that is used. Nothing of it runs an interpreter for us. */
interface PythonExtension {
  readonly environments?: {
    readonly getActiveEnvironmentPath: (resource?: vscode.Uri) => EnvironmentPath;
    readonly resolveEnvironment: (environment: EnvironmentPath) => Promise<Environment | undefined>;
    readonly onDidChangeActiveEnvironmentPath: vscode.Event<unknown>;
  };
}

interface EnvironmentPath {
  readonly id: string;
  readonly path: string;
}

interface Environment {
  readonly executable?: { readonly uri?: vscode.Uri; readonly sysPrefix?: string };
  readonly environment?: { readonly folderUri?: vscode.Uri };
}

/** Tells the server which Python environment is chosen for the workspace, now and when another one is. */
export async function followEnvironment(context: vscode.ExtensionContext, client: BaseLanguageClient): Promise<void> {
  const extension = vscode.extensions.getExtension<PythonExtension>("ms-python.python");
  const environments = (await extension?.activate())?.environments;
  if (environments === undefined) return;
  const tell = async (): Promise<void> => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const path = environments.getActiveEnvironmentPath(folder);
    const folders = foldersOf(path, await environments.resolveEnvironment(path));
    if (client.isRunning()) await client.sendNotification(METHODS.environment, { folders } satisfies EnvironmentParams);
  };
  context.subscriptions.push(environments.onDidChangeActiveEnvironmentPath(() => void tell().catch(() => undefined)));
  await tell();
}

/** Where the environment's packages may lie: its own folder, else the one that the interpreter says, else the one above it. */
function foldersOf({ path }: EnvironmentPath, found: Environment | undefined): readonly string[] {
  const executable = found?.executable?.uri ?? (/[\\/]/.test(path) ? vscode.Uri.file(path) : undefined);
  const prefix = found?.executable?.sysPrefix;
  const folders = [
    found?.environment?.folderUri,
    prefix === undefined || prefix === "" ? undefined : vscode.Uri.file(prefix),
    executable === undefined ? undefined : vscode.Uri.joinPath(executable, "..", ".."),
  ].flatMap((uri) => (uri === undefined ? [] : [uri.toString()]));
  return [...new Set(folders)];
}

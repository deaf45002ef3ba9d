import * as vscode from "vscode";
import type { Platform } from "./platform.ts";
import { type Lens, start } from "./start.ts";

const platform: Platform = {
  async createClient(context, options) {
    // Loaded when the first model is opened, not when the extension is activated.
    const { LanguageClient, TransportKind } = await import("vscode-languageclient/node");
    const module = vscode.Uri.joinPath(context.extensionUri, "dist", "server.js").fsPath;
    const server = { module, transport: TransportKind.ipc };
    return new LanguageClient("resnetLens", "ResNet Lens", { run: server, debug: server }, options);
  },
  fileOf: (uri) => (uri.scheme === "file" ? uri.fsPath : uri.toString()),
  openFile: async (uri) =>
    uri.scheme === "file" ? (await import("./disk-files.ts")).openOnDisk(uri.fsPath) : undefined,
  cachedCheckpoints: async () => (await import("./disk-files.ts")).torchCheckpoints(process.env),
  sendsFiles: false,
};

let lens: Lens | undefined;

/** VS Code calls this when a Python file is opened, or one of the commands is run. */
export function activate(context: vscode.ExtensionContext): void {
  lens = start(context, platform);
}

export function deactivate(): Promise<void> | undefined {
  return lens?.stop();
}

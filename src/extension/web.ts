import * as vscode from "vscode";
import type { Platform } from "./platform.ts";
import { type Lens, start } from "./start.ts";

const platform: Platform = {
  async createClient(context, options) {
    const { LanguageClient } = await import("vscode-languageclient/browser");
    const script = vscode.Uri.joinPath(context.extensionUri, "dist", "server-web.js");
    return new LanguageClient("resnetLens", "ResNet Lens", new Worker(script.toString(true)), options);
  },
  fileOf: (uri) => uri.toString(),
  openFile: undefined,
  cachedCheckpoints: async () => [],
  sendsFiles: true,
};

let lens: Lens | undefined;

/** As in the Node host, with the server in a worker. */
export function activate(context: vscode.ExtensionContext): void {
  lens = start(context, platform);
}

export function deactivate(): Promise<void> | undefined {
  return lens?.stop();
}

import * as vscode from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { METHODS } from "../editor/protocol.ts";
import { registerCommands } from "./commands.ts";
import { isModelSource } from "./documents.ts";
import type { Platform } from "./platform.ts";
import { PREVIEW } from "./preview-type.ts";
import { previewRulePages } from "./rule-pages.ts";
import { startStatus } from "./status.ts";

/** The running extension. */
export interface Lens {
  readonly stop: () => Promise<void>;
}

/** What the extension's parts share. */
export interface Shared {
  readonly context: vscode.ExtensionContext;
  readonly platform: Platform;
  /** The server's client, started on first use; undefined where the extension is switched off. */
  readonly client: () => Promise<BaseLanguageClient | undefined>;
  /** The client if it already runs. */
  readonly running: () => BaseLanguageClient | undefined;
  /** Fires with a document's uri when its shapes are new. */
  readonly onChanged: vscode.Event<string>;
}

/** Registers what is cheap; the server starts when an open Python file names a tensor library, or on command. */
export function start(context: vscode.ExtensionContext, platform: Platform): Lens {
  const changed = new vscode.EventEmitter<string>();
  let starting: Promise<BaseLanguageClient> | undefined;
  let started: BaseLanguageClient | undefined;

  const client = async (): Promise<BaseLanguageClient | undefined> => {
    if (!isEnabled()) return undefined;
    starting ??= startClient().catch((error) => {
      starting = undefined;
      throw error;
    });
    return starting;
  };

  async function startClient(): Promise<BaseLanguageClient> {
    const { makeClient } = await import("./client.ts");
    const made = await makeClient(context, platform);
    made.onNotification(METHODS.changed, ({ uri }: { readonly uri: string }) => changed.fire(uri));
    await made.start();
    started = made;
    if (platform.sendsFiles) {
      const { sendFiles } = await import("./send-files.ts");
      await sendFiles(context, made);
    } else {
      const { followEnvironment } = await import("./python.ts");
      // The shapes do not wait for it; without it there are the settings and the project's own folders.
      void followEnvironment(context, made).catch(() => undefined);
    }
    return made;
  }

  const stop = async (): Promise<void> => {
    const before = starting;
    starting = undefined;
    started = undefined;
    await (await before?.catch(() => undefined))?.stop();
  };

  const shared: Shared = { context, platform, client, running: () => started, onChanged: changed.event };
  const status = startStatus(shared);
  registerCommands(shared);
  keepPreview(shared);

  const look = (document: vscode.TextDocument): void => {
    // A client that cannot start has said so in its own output; there is no one to tell here.
    if (starting === undefined && isEnabled() && isModelSource(document))
      client().then(status.refresh, () => undefined);
  };
  context.subscriptions.push(
    changed,
    previewRulePages(context),
    vscode.workspace.onDidOpenTextDocument(look),
    vscode.workspace.onDidChangeTextDocument(({ document }) => look(document)),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (!event.affectsConfiguration("resnetLens.enabled")) return;
      if (!isEnabled()) await stop();
      else vscode.workspace.textDocuments.forEach(look);
      status.refresh();
    }),
  );
  vscode.workspace.textDocuments.forEach(look);
  return { stop };
}

/** The preview that stood open stands open again when the window is. */
function keepPreview(shared: Shared): void {
  const serializer: vscode.WebviewPanelSerializer = {
    deserializeWebviewPanel: async (panel, state) => (await import("./panel.ts")).restorePreview(shared, panel, state),
  };
  shared.context.subscriptions.push(vscode.window.registerWebviewPanelSerializer(PREVIEW, serializer));
}

function isEnabled(): boolean {
  return vscode.workspace.getConfiguration("resnetLens").get<boolean>("enabled", true);
}

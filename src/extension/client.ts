import * as vscode from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { CARD_COMMANDS, type InitializationOptions } from "../editor/protocol.ts";
import { isPython } from "./documents.ts";
import { rememberedChoices } from "./memory.ts";
import type { Platform } from "./platform.ts";
import { rulePages } from "./rule-pages.ts";
import { table } from "./say.ts";

/** Milliseconds to wait for the language support whose hover ours should come beside in a stable order. */
const PYLANCE_LIMIT = 3_000;

/** The client of our language server; not started. */
export async function makeClient(context: vscode.ExtensionContext, platform: Platform): Promise<BaseLanguageClient> {
  await pylance();
  const options: InitializationOptions = {
    table: table(),
    commands: true,
    choices: rememberedChoices(context),
    rulePages: rulePages(context).toString(),
  };
  const watcher = vscode.workspace.createFileSystemWatcher("**/*.py");
  context.subscriptions.push(watcher);
  return platform.createClient(context, {
    documentSelector: [{ language: "python" }],
    initializationOptions: options,
    synchronize: { fileEvents: watcher },
    markdown: { isTrusted: { enabledCommands: CARD_COMMANDS } },
    middleware: {
      didOpen: async (document, next) => {
        if (isPython(document)) await next(document);
      },
    },
  });
}

/** Providers registered later come first in a hover: without this the order would change from start to start. */
async function pylance(): Promise<void> {
  const extension = vscode.extensions.getExtension("ms-python.vscode-pylance");
  if (extension === undefined || extension.isActive) return;
  await Promise.race([extension.activate(), new Promise((resolve) => setTimeout(resolve, PYLANCE_LIMIT))]);
}

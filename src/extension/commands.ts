import * as vscode from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { METHODS, type Position } from "../editor/protocol.ts";
import { t } from "../text/text.ts";
import { activeDocument, documentOf, isPython, showRange } from "./documents.ts";
import { say } from "./say.ts";
import type { Shared } from "./start.ts";

/** Registers every command; what a command needs is loaded when it is first run. */
export function registerCommands(shared: Shared): void {
  const { context } = shared;
  const on = (name: string, run: (...args: readonly unknown[]) => Promise<unknown>): void => {
    context.subscriptions.push(vscode.commands.registerCommand(`resnetLens.${name}`, run));
  };

  on("openSample", async () => (await import("./sample.ts")).openSample(context));
  on("analyze", () => analyze(shared));
  on("reportWrongShape", async () => (await import("./report-shape.ts")).reportWrongShape(shared));
  on("preview", (uri, model) =>
    withDocument(shared, uri, async (client, document) => {
      const { showPreview } = await import("./panel.ts");
      await showPreview(shared, client, document, asText(model));
    }),
  );
  on("choose", (uri) =>
    withDocument(shared, uri, async (client, document) =>
      (await import("./choose.ts")).choose({ context, client, document }),
    ),
  );
  on("changeInput", (uri, model) =>
    withDocument(shared, uri, async (client, document) =>
      (await import("./choose.ts")).changeInput({ context, client, document }, asText(model)),
    ),
  );
  on("chooseArguments", (uri, model) =>
    withDocument(shared, uri, async (client, document) =>
      (await import("./choose.ts")).typeRoot({ context, client, document }, asText(model)),
    ),
  );
  on("showMismatch", (uri, model) =>
    withDocument(shared, uri, async (client, document) => {
      const params = { uri: document.uri.toString(), model: asText(model) };
      const found = await client.sendRequest<Position | null>(METHODS.mismatch, params);
      if (found === null) return;
      const place = new vscode.Position(found.line, found.character);
      const target = await documentOf(vscode.Uri.parse(found.uri));
      await showRange(target, new vscode.Range(place, place), false);
    }),
  );
}

async function analyze(shared: Shared): Promise<void> {
  const document = activeDocument();
  if (document === undefined || !isPython(document)) {
    void vscode.window.showInformationMessage(say(t("Open a Python file with a model in it first.")));
    return;
  }
  await withDocument(shared, document.uri.toString(), (client) =>
    client.sendRequest(METHODS.analyze, { uri: document.uri.toString() }),
  );
}

/** Runs a command on the given document, or the active one, with the server started. */
async function withDocument(
  shared: Shared,
  uri: unknown,
  run: (client: BaseLanguageClient, document: vscode.TextDocument) => Promise<unknown>,
): Promise<void> {
  const named = typeof uri === "string" ? await documentOf(vscode.Uri.parse(uri)) : undefined;
  const document = named ?? activeDocument();
  if (document === undefined) return;
  const client = await shared.client();
  if (client === undefined) {
    void vscode.window.showInformationMessage(say(t("ResNet Lens is switched off by the setting resnetLens.enabled.")));
    return;
  }
  await run(client, document);
}

function asText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

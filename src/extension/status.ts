import * as vscode from "vscode";
import { METHODS, type StatusAnswer } from "../editor/protocol.ts";
import { t } from "../text/text.ts";
import { activeDocument, analyzedUri, isPython } from "./documents.ts";
import { say } from "./say.ts";
import type { Shared } from "./start.ts";

const ICONS = { ok: "", partial: "$(info) ", error: "$(error) " } as const;

/** The one status item, right, for the active editor's document; hidden elsewhere. */
export function startStatus(shared: Shared): { readonly refresh: () => void } {
  let item: vscode.StatusBarItem | undefined;
  let asked = 0;
  let last: vscode.TextDocument | undefined;

  /** A panel or the problems list in front leaves the last file's item in place. */
  function shownDocument(): vscode.TextDocument | undefined {
    const { visibleTextEditors } = vscode.window;
    const before =
      last?.isClosed === false ? last : visibleTextEditors.find((editor) => isPython(editor.document))?.document;
    last = activeDocument() ?? before;
    return last;
  }

  async function show(): Promise<void> {
    const ask = ++asked;
    const document = shownDocument();
    if (document === undefined) return;
    const status = await statusOf(shared, document);
    if (ask !== asked) return;
    await vscode.commands.executeCommand("setContext", "resnetLens.active", status !== null);
    if (status === null) {
      item?.hide();
      return;
    }
    item ??= makeItem(shared);
    item.text = ICONS[status.state] + status.text;
    const tooltip = new vscode.MarkdownString(status.tooltip);
    tooltip.supportThemeIcons = true;
    item.tooltip = tooltip;
    item.accessibilityInformation = { label: `ResNet Lens: ${status.text}` };
    item.show();
  }

  const refresh = (): void => void show();
  shared.context.subscriptions.push(
    vscode.window.onDidChangeActiveTextEditor(refresh),
    vscode.window.onDidChangeActiveNotebookEditor(refresh),
    shared.onChanged((uri) => {
      const document = shownDocument();
      if (document !== undefined && uri === analyzedUri(document)) refresh();
    }),
  );
  return { refresh };
}

async function statusOf(shared: Shared, document: vscode.TextDocument): Promise<StatusAnswer> {
  const client = shared.running();
  if (client === undefined || !isPython(document)) return null;
  return client.sendRequest<StatusAnswer>(METHODS.status, { uri: document.uri.toString() }).catch(() => null);
}

function makeItem(shared: Shared): vscode.StatusBarItem {
  const item = vscode.window.createStatusBarItem("resnetLens.root", vscode.StatusBarAlignment.Right, 100);
  item.name = say(t("ResNet Lens: model and input"));
  item.command = "resnetLens.choose";
  shared.context.subscriptions.push(item);
  return item;
}

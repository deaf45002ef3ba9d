import * as vscode from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { METHODS, type PreviewAnswer, type PreviewParams } from "../editor/protocol.ts";
import type { ToPage } from "../preview/messages.ts";
import type { PreviewView } from "../preview/model.ts";
import { t } from "../text/text.ts";
import { documentOf } from "./documents.ts";
import { say } from "./say.ts";

type Picked = Extract<ToPage, { kind: "picked-other" | "no-file" }>;

/** Asks for a Python file beside the shown one, and for one of its roots where there are several. */
export async function pickOther(client: BaseLanguageClient, shown: vscode.TextDocument): Promise<Picked | undefined> {
  const defaultUri = shown.isUntitled ? {} : { defaultUri: vscode.Uri.joinPath(shown.uri, "..") };
  const filters = { Python: ["py", "ipynb"] };
  const title = say(t("Compare with a model of another file"));
  const [uri] = (await vscode.window.showOpenDialog({ ...defaultUri, filters, title, canSelectMany: false })) ?? [];
  if (uri === undefined) return undefined;
  const file = uri.path.split("/").at(-1) ?? uri.path;
  // The server knows open documents.
  await documentOf(uri);
  const params: PreviewParams = { uri: uri.toString() };
  const answer = await client.sendRequest<PreviewAnswer<PreviewView>>(METHODS.preview, params);
  if (answer.kind === "none")
    return { kind: "no-file", purpose: "weights", reason: t("{0}: {1}", file, answer.reason) };
  const { root: first, roots } = answer.view.head;
  const root = roots.length < 2 ? first : await vscode.window.showQuickPick([...roots], { title });
  return root === undefined ? undefined : { kind: "picked-other", uri: uri.toString(), file, root };
}

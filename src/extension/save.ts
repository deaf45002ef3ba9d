import * as vscode from "vscode";
import { type Text, t } from "../text/text.ts";
import { say } from "./say.ts";

/** What a kind of file is called in the dialog. */
const KINDS: Readonly<Record<string, Text>> = {
  svg: t("SVG drawing"),
  png: t("PNG picture"),
  npy: t("NumPy array"),
  md: t("Markdown table"),
  csv: t("CSV table"),
};

/** Asks where to, beside a document, and writes there; what happened in a sentence, nothing where the user thought better of it. */
export async function saveFile(beside: vscode.Uri, name: string, bytes: Uint8Array): Promise<Text | undefined> {
  const ending = name.slice(name.lastIndexOf(".") + 1);
  const folder =
    beside.scheme === "untitled" ? vscode.workspace.workspaceFolders?.[0]?.uri : vscode.Uri.joinPath(beside, "..");
  const target = await vscode.window.showSaveDialog({
    ...(folder === undefined
      ? {}
      : { defaultUri: vscode.Uri.joinPath(folder.with({ fragment: "", query: "" }), name) }),
    filters: { [say(KINDS[ending] ?? t("file"))]: [ending] },
  });
  if (target === undefined) return undefined;
  const written = target.path.split("/").at(-1) ?? target.path;
  try {
    await vscode.workspace.fs.writeFile(target, bytes);
    return t("{0} is saved", written);
  } catch {
    return t("{0} cannot be written", written);
  }
}

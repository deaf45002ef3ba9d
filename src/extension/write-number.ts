import * as vscode from "vscode";
import type { NumberTrial } from "../preview/number-edit.ts";
import { type Text, t } from "../text/text.ts";
import { documentOf } from "./documents.ts";

/** Writes a number that was tried into its document, as one step that can be undone; why not, where it cannot be. */
export async function writeNumber({ place, old, text, before }: NumberTrial): Promise<Text | undefined> {
  const document = await documentOf(vscode.Uri.parse(place.uri, true));
  const range = new vscode.Range(place.line, place.start, place.line, place.end);
  const same = place.line < document.lineCount && document.lineAt(place.line).text.trim() === before;
  if (!same || document.getText(range) !== old) return t("the code has changed meanwhile");
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, range, text);
  return (await vscode.workspace.applyEdit(edit)) ? undefined : t("the code cannot be edited");
}

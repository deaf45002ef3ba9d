import * as vscode from "vscode";
import { METHODS, type StatusAnswer } from "../editor/protocol.ts";
import { t } from "../text/text.ts";
import { say } from "./say.ts";
import type { Shared } from "./start.ts";

/** Lines around the cursor that the report quotes. */
const CONTEXT_LINES = 8;

/** Opens a text that describes a wrong shape, to be edited and passed on by hand. Nothing is sent. */
export async function reportWrongShape(shared: Shared): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return;
  const { document, selection } = editor;
  const status = await shared.running()?.sendRequest<StatusAnswer>(METHODS.status, { uri: document.uri.toString() });
  const line = selection.active.line;
  const first = Math.max(0, line - CONTEXT_LINES);
  const last = Math.min(document.lineCount - 1, line + CONTEXT_LINES);
  const source = document.getText(new vscode.Range(first, 0, last, Number.MAX_SAFE_INTEGER));
  const version = String(shared.context.extension.packageJSON.version);
  const content = [
    `# ${say(t("A wrong shape in ResNet Lens {0}", version))}`,
    say(t("This text was not sent anywhere. Edit it and pass it on as you like.")),
    `- ${say(t("Model and input: {0}", status?.text ?? "?"))}`,
    `- ${say(t("Line {0}, where the cursor is", line + 1))}`,
    `- ${say(t("Shown: "))}`,
    `- ${say(t("PyTorch says: "))}`,
    `\`\`\`python\n${source}\n\`\`\``,
    "",
  ].join("\n\n");
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: "markdown", content }));
}

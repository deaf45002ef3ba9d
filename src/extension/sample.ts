import * as vscode from "vscode";

/** Opens the sample as an unsaved document, the cursor on its residual add. */
export async function openSample(context: vscode.ExtensionContext): Promise<void> {
  const file = vscode.Uri.joinPath(context.extensionUri, "sample", "tutorial_resnet.py");
  const content = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  const document = await vscode.workspace.openTextDocument({ language: "python", content });
  const add = /^[ \t]*(?=\w+ \+= \w)/m.exec(content);
  const place = document.positionAt(add === null ? 0 : add.index + add[0].length);
  const editor = await vscode.window.showTextDocument(document, { selection: new vscode.Range(place, place) });
  editor.revealRange(new vscode.Range(place, place), vscode.TextEditorRevealType.InCenter);
}

import * as vscode from "vscode";

/** The folder of the pages on diagnostic codes; it is a part of the extension. */
export function rulePages({ extensionUri }: vscode.ExtensionContext): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, "docs", "rules");
}

/**
 * Shows the pages as they are meant to be read. The link of a problem's code opens a file as text, and cannot run a
 * command.
 */
export function previewRulePages(context: vscode.ExtensionContext): vscode.Disposable {
  const folder = `${rulePages(context).path}/`;
  return vscode.window.onDidChangeActiveTextEditor(async (editor) => {
    const uri = editor?.document.uri;
    if (uri === undefined || !uri.path.startsWith(folder)) return;
    const text = vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .filter(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString());
    await vscode.commands.executeCommand("vscode.openWith", uri, "vscode.markdown.preview.editor");
    await vscode.window.tabGroups.close(text, true);
  });
}

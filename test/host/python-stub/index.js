// The part of the Python extension's interface that tells which environment is chosen; a test chooses by `choose`.
const vscode = require("vscode");

const changed = new vscode.EventEmitter();
let folder;

const executable = () => vscode.Uri.joinPath(vscode.Uri.file(folder), "bin", "python");

exports.activate = () => ({
  ready: Promise.resolve(),
  environments: {
    getActiveEnvironmentPath: () =>
      folder === undefined ? { id: "python", path: "python" } : { id: folder, path: executable().fsPath },
    resolveEnvironment: async ({ path }) =>
      path === "python"
        ? undefined
        : {
            id: path,
            path,
            executable: { uri: executable(), sysPrefix: folder },
            environment: { folderUri: vscode.Uri.file(folder), type: "VirtualEnvironment" },
          },
    onDidChangeActiveEnvironmentPath: changed.event,
  },
  choose(next) {
    folder = next;
    changed.fire({ id: next, path: next });
  },
});

import * as assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import * as path from "node:path";
import * as vscode from "vscode";
import { eventually } from "./eventually.ts";

/** Opens a file of the sample workspace in an editor. */
async function open(name: string): Promise<vscode.TextDocument> {
  const [file] = await vscode.workspace.findFiles(name);
  assert.ok(file, `the sample workspace holds ${name}`);
  const document = await vscode.workspace.openTextDocument(file);
  await vscode.window.showTextDocument(document);
  return document;
}

/** The position inside the first place of a text. */
function inside(document: vscode.TextDocument, text: string): vscode.Position {
  const start = document.getText().indexOf(text);
  assert.notEqual(start, -1, `the file holds ${text}`);
  return document.positionAt(start + 1);
}

function wholeOf(document: vscode.TextDocument): vscode.Range {
  return new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length));
}

/** Problems as `LINE CODE`, in order. */
function problems(document: vscode.TextDocument): readonly string[] {
  const found = [...vscode.languages.getDiagnostics(document.uri)].sort((a, b) =>
    a.range.start.compareTo(b.range.start),
  );
  return found.map(
    ({ range, code }) => `${range.start.line + 1} ${String(typeof code === "object" ? code.value : code)}`,
  );
}

async function hoverText(document: vscode.TextDocument, text: string): Promise<string> {
  const hovers = await eventually(() =>
    vscode.commands.executeCommand<vscode.Hover[]>("vscode.executeHoverProvider", document.uri, inside(document, text)),
  );
  const parts = hovers.flatMap(({ contents }) => contents);
  return parts.map((part) => (typeof part === "string" ? part : part.value)).join("\n");
}

describe("before a Python file is open", () => {
  it("is not active, and leaves for the bench what activation adds to the host's start", async () => {
    const extension = vscode.extensions.getExtension("resnet-lens.resnet-lens");
    assert.ok(extension);
    assert.equal(extension.isActive, false);
    const cpu = process.cpuUsage();
    const start = performance.now();
    await extension.activate();
    const wall = performance.now() - start;
    const { user, system } = process.cpuUsage(cpu);
    assert.equal(extension.isActive, true);
    const times = { wall, cpu: (user + system) / 1_000 };
    await writeFile(path.join(__dirname, "../../activation.json"), JSON.stringify(times));
  });
});

describe("a network whose shortcuts fit", () => {
  let document: vscode.TextDocument;

  before(async () => {
    document = await open("resnet.py");
  });

  it("shows the shapes of every block on the residual add", async () => {
    const text = await hoverText(document, "out += identity");
    assert.match(text, /residual add/);
    assert.match(text, /layer1\S* +\[N, +256, +56, +56\]/);
    assert.match(text, /layer4\S* +\[N, +2048, +7, +7\]/);
  });

  it("shows a hint where the shape changes", async () => {
    const hints = await eventually(() =>
      vscode.commands.executeCommand<vscode.InlayHint[]>(
        "vscode.executeInlayHintProvider",
        document.uri,
        wholeOf(document),
      ),
    );
    const stem = document
      .getText()
      .indexOf("x = self.relu(self.bn1(self.conv1(x)))\n", document.getText().indexOf("class ResNet"));
    const line = document.positionAt(stem).line;
    const labels = hints.filter(({ position }) => position.line === line).map(({ label }) => label);
    assert.deepEqual(labels, ["[N, 64, 112, 112]"]);
  });

  it("has lenses above the factory", async () => {
    const lenses = await eventually(() =>
      vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", document.uri, 50),
    );
    const { line } = inside(document, "def resnet50");
    const titles = lenses.filter(({ range }) => range.start.line === line).map(({ command }) => command?.title);
    assert.deepEqual(titles, ["[N, 3, H, W] → [N, 1000]", "25.6 M parameters", "4.09 G multiply-adds", "Preview"]);
  });

  it("reports nothing", () => assert.deepEqual(problems(document), []));
});

describe("a tutorial's network", () => {
  let document: vscode.TextDocument;

  before(async () => {
    document = await open("tutorial_resnet.py");
  });

  it("has each of its five mistakes reported on its own line", async () => {
    await eventually(() => problems(document));
    assert.deepEqual(problems(document), [
      "38 shortcut-mismatch",
      "50 layer-unused",
      "70 python-error",
      "71 python-error",
      "87 layer-not-called",
    ]);
  });

  it("names the argument that is the cause of the mismatch", () => {
    const mismatch = vscode.languages.getDiagnostics(document.uri).find(({ range }) => range.start.line === 37);
    const causes = (mismatch?.relatedInformation ?? []).map(({ location }) => location.range.start.line + 1);
    assert.ok(causes.includes(73), `line 73 is among ${causes.join(", ")}`);
  });

  it("repairs the mismatch by its preferred quick fix, and the problem vanishes", async () => {
    const place = inside(document, "out += shortcut");
    const actions = await eventually(() =>
      vscode.commands.executeCommand<vscode.CodeAction[]>(
        "vscode.executeCodeActionProvider",
        document.uri,
        new vscode.Range(place, place),
        vscode.CodeActionKind.QuickFix.value,
      ),
    );
    const preferred = actions.find(({ isPreferred }) => isPreferred);
    assert.equal(preferred?.title, "Keep the stride in the first block only (line 73)");
    assert.ok(preferred.edit);
    await vscode.workspace.applyEdit(preferred.edit);
    await eventually(() => (problems(document).some((problem) => problem.startsWith("38 ")) ? [] : [true]));
    await vscode.commands.executeCommand("workbench.action.files.revert");
  });
});

import * as vscode from "vscode";
import { eventually } from "../host/eventually.ts";

/** As beginners write it: the stride goes to the later blocks too, which have no projection. */
const MODEL = `import torch
import torch.nn as nn


class BasicBlock(nn.Module):
    def __init__(self, planes, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(planes, planes, 3, stride=stride)

    def forward(self, x):
        identity = x
        out = self.conv1(x)
        out += identity
        return out


model = BasicBlock(8)
model(torch.randn(1, 8, 32, 32))
`;

function equal(actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`expected ${String(expected)}, got ${String(actual)}`);
}

describe("in the web extension host", () => {
  let document: vscode.TextDocument;

  before(async () => {
    document = await vscode.workspace.openTextDocument({ language: "python", content: MODEL });
    await vscode.window.showTextDocument(document);
  });

  it("reports a shortcut mismatch in an unsaved document", async () => {
    const [problem] = await eventually(() => vscode.languages.getDiagnostics(document.uri));
    equal(problem && document.getText(problem.range), "out += identity");
    equal(typeof problem?.code === "object" ? problem.code.value : problem?.code, "shortcut-mismatch");
  });

  it("answers a hover on the residual add", async () => {
    const position = document.positionAt(MODEL.indexOf("out += identity") + 4);
    const [hover] = await eventually(() =>
      vscode.commands.executeCommand<vscode.Hover[]>("vscode.executeHoverProvider", document.uri, position),
    );
    const text = hover?.contents.map((part) => (typeof part === "string" ? part : part.value)).join("\n") ?? "";
    equal(text.includes("main branch"), true);
  });
});

import * as assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import * as vscode from "vscode";
import { eventually } from "./eventually.ts";

const SOURCE = `from torch import nn
from widths import WIDTH


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, WIDTH, 3, padding=1)

    def forward(self, x):
        y = self.conv(x)
        return y


def net():
    return Net()
`;

/** An environment whose package `widths` says a number. */
async function environment(folder: string, width: number): Promise<string> {
  const packages = path.join(folder, "lib", "python3.12", "site-packages");
  await mkdir(packages, { recursive: true });
  await writeFile(path.join(packages, "widths.py"), `WIDTH = ${width}\n`);
  return folder;
}

describe("the environment that the Python extension has chosen", () => {
  let folder: string;
  let document: vscode.TextDocument;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "lens-python-"));
    await writeFile(path.join(folder, "net.py"), SOURCE);
    document = await vscode.workspace.openTextDocument(path.join(folder, "net.py"));
    await vscode.window.showTextDocument(document);
  });

  after(() => rm(folder, { recursive: true, force: true }));

  async function channels(wanted: RegExp): Promise<string> {
    const at = document.positionAt(SOURCE.indexOf("y = self.conv"));
    const [text = ""] = await eventually(async () => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        "vscode.executeHoverProvider",
        document.uri,
        at,
      );
      const texts = hovers.flatMap(({ contents }) =>
        contents.map((part) => (typeof part === "string" ? part : part.value)),
      );
      return texts.filter((one) => wanted.test(one));
    });
    return text;
  }

  it("is read for imports, and again when another one is chosen", async () => {
    const python = vscode.extensions.getExtension<{ choose: (folder: string) => void }>("ms-python.python");
    assert.ok(python, "the stand-in is installed");
    const { choose } = await python.activate();
    await channels(/\[N, \?, 224, 224\]/);
    choose(await environment(path.join(folder, "first"), 16));
    await channels(/\[N, 16, 224, 224\]/);
    choose(await environment(path.join(folder, "second"), 24));
    await channels(/\[N, 24, 224, 224\]/);
  });
});

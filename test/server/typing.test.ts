import { afterEach, beforeEach, expect, test } from "vitest";
import type { Hover, InlayHint, MessageConnection, PublishDiagnosticsParams } from "vscode-languageserver/node";
import { createAnalyzer } from "../../src/analyzer.ts";
import { METHODS } from "../../src/editor/protocol.ts";
import { connect } from "./connect.ts";

const URI = "untitled:Untitled-1";
const block = (name: string, stride: number): string => `class ${name}(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, ${stride}, 1)

    def forward(self, x):
        out = self.conv(x)
        return out.relu()
`;
const SOURCE = `import torch.nn as nn\n\n${block("One", 1)}\n${block("Two", 2)}
def one():
    return One()

def two():
    return Two()
`;

let client: MessageConnection;

beforeEach(async () => {
  // A pause long enough for whatever a client asks meanwhile.
  client = await connect(createAnalyzer, { pause: () => new Promise((resolve) => setTimeout(resolve, 20)) });
  const textDocument = { uri: URI, languageId: "python", version: 1, text: SOURCE };
  await client.sendNotification("textDocument/didOpen", { textDocument });
  while ((await hints()).length < 4) await new Promise((resolve) => setTimeout(resolve, 5));
});

afterEach(() => client.dispose());

const at = { textDocument: { uri: URI } };

async function hints(): Promise<readonly string[]> {
  const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
  const found = await client.sendRequest<InlayHint[]>("textDocument/inlayHint", { ...at, range });
  return found.map(({ position, label }) => `${position.line} ${label}`);
}

function type(line: number, character: number, text: string): Promise<void> {
  const place = { line, character };
  return client.sendNotification("textDocument/didChange", {
    textDocument: { uri: URI, version: 2 },
    contentChanges: [{ range: { start: place, end: place }, text }],
  });
}

const WHOLE = [
  "7 x: [N, 3, 224, 224] example",
  "8 [N, 8, 224, 224]",
  "16 x: [N, 3, 224, 224] example",
  "17 [N, 8, 112, 112]",
];

test("while an edit is analyzed root by root, no hint goes and comes again", async () => {
  const all = [...WHOLE].sort();
  expect([...(await hints())].sort()).toEqual(all);
  const seen: (readonly string[])[] = [];
  let changes = 0;
  client.onNotification(METHODS.changed, () => {
    changes++;
  });
  await type(23, 0, "\n# later\n");
  while (changes < 2) seen.push([...(await hints())].sort());
  expect(new Set(seen.map((one) => one.join("; ")))).toEqual(new Set([all.join("; ")]));
});

test("a name that is not whole yet takes no shapes away, until the error is told", async () => {
  const all = [...WHOLE].sort();
  let told = false;
  client.onNotification("textDocument/publishDiagnostics", ({ diagnostics }: PublishDiagnosticsParams) => {
    told ||= 0 < diagnostics.length;
  });
  // `self.conv(x)` of the second block.
  const range = { start: { line: 17, character: 19 }, end: { line: 17, character: 23 } };
  await client.sendNotification("textDocument/didChange", {
    textDocument: { uri: URI, version: 2 },
    contentChanges: [{ range, text: "z" }],
  });
  const seen: (readonly string[])[] = [];
  while (!told) seen.push([...(await hints())].sort());
  expect(new Set(seen.slice(0, -1).map((one) => one.join("; ")))).toEqual(new Set([all.join("; ")]));
  while (3 < (await hints()).length) await new Promise((resolve) => setTimeout(resolve, 5));
  expect([...(await hints())].sort()).toEqual(all.filter((hint) => !hint.startsWith("17 ")));
});

test.each(["out = self.\n        ", "y = (x,\n        ", "if x\n        ", "def \n        ", '"'])(
  "half-typed %j keeps every other line's hint, and its hover says so",
  async (typed) => {
    await type(8, 8, typed);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const more = typed.split("\n").length - 1;
    const moved = WHOLE.map((hint) =>
      hint.replace(/^\d+/, (line) => String(Number(line) + (7 < Number(line) ? more : 0))),
    );
    expect([...(await hints())].sort()).toEqual(moved.sort());
    const position = { line: 17 + more, character: 9 };
    const hover = await client.sendRequest<Hover>("textDocument/hover", { ...at, position });
    expect(JSON.stringify(hover.contents)).toContain("before this edit");
    expect(JSON.stringify(hover.contents)).toContain("[N, 8, 112, 112]");
  },
);

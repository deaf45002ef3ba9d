import { expect, test } from "vitest";
import type { Hover, InlayHint, PublishDiagnosticsParams } from "vscode-languageserver/node";
import chinese from "../../l10n/bundle.l10n.zh-cn.json" with { type: "json" };
import { createAnalyzer } from "../../src/analyzer.ts";
import { connect } from "./connect.ts";

const URI = "untitled:Untitled-1";
const SOURCE = `import torch
import torch.nn as nn


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(16, 16, 3, 2, 1)

    def forward(self, x):
        out = self.conv(x)
        out += x
        return out


Block()(torch.randn(2, 16, 32, 32))
`;

test("a client that speaks Chinese reads problems and hovers in it, PyTorch's words as they are", async () => {
  const problems: string[] = [];
  const client = await connect(createAnalyzer, {
    table: chinese,
    listen: (made) =>
      made.onNotification("textDocument/publishDiagnostics", ({ diagnostics }: PublishDiagnosticsParams) => {
        problems.push(...diagnostics.map(({ message }) => String(message)));
      }),
  });
  await client.sendNotification("textDocument/didOpen", {
    textDocument: { uri: URI, languageId: "python", version: 1, text: SOURCE },
  });
  const textDocument = { uri: URI };
  const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
  while (problems.length === 0)
    await client.sendRequest<InlayHint[]>("textDocument/inlayHint", { textDocument, range });
  const position = { line: 11, character: 10 };
  const hover = await client.sendRequest<Hover>("textDocument/hover", { textDocument, position });
  client.dispose();
  expect(problems[0]).toMatch(/\p{Script=Han}/u);
  expect(problems[0]).toContain("[2, 16, 16, 16]");
  expect(JSON.stringify(hover.contents)).toMatch(/\p{Script=Han}/u);
});

import { afterEach, beforeEach, expect, test } from "vitest";
import type {
  CodeAction,
  CodeLens,
  Hover,
  InlayHint,
  MessageConnection,
  PublishDiagnosticsParams,
} from "vscode-languageserver/node";
import { createAnalyzer } from "../../src/analyzer.ts";
import { METHODS, type StatusAnswer } from "../../src/editor/protocol.ts";
import { connect } from "./connect.ts";

const URI = "untitled:Untitled-1.ipynb?jupyter-notebook";
const CELLS = [
  "%matplotlib inline\nimport torch\nimport torch.nn as nn",
  "class Block(nn.Module):\n    def __init__(self, channels):\n        super().__init__()\n        self.conv = nn.Conv2d(channels, channels, 3, 2, 1)\n\n    def forward(self, x):\n        out = self.conv(x)\n        out += x\n        return out",
  "!nvidia-smi\nnet = Block(16)\nnet(torch.randn(2, 16, 32, 32)).shape",
];

let client: MessageConnection;
let problems: Map<string, readonly string[]>;
let messages: string[];

beforeEach(async () => {
  problems = new Map();
  messages = [];
  client = await connect(createAnalyzer, {
    listen: (made) =>
      made.onNotification("textDocument/publishDiagnostics", ({ uri, diagnostics }: PublishDiagnosticsParams) => {
        messages.push(...diagnostics.map(({ message }) => String(message)));
        problems.set(
          uri,
          diagnostics.map(({ range, code }) => `${range.start.line}:${range.start.character} ${code}`),
        );
      }),
  });
});

afterEach(() => client.dispose());

function cellUri(name: string | number): string {
  return `vscode-notebook-cell:Untitled-1.ipynb#${name}`;
}

function open(texts: readonly string[]): Promise<void> {
  const documents = texts.map((text, i) => ({ uri: cellUri(i), languageId: "python", version: 1, text }));
  return client.sendNotification("notebookDocument/didOpen", {
    notebookDocument: {
      uri: URI,
      notebookType: "jupyter-notebook",
      version: 1,
      cells: documents.map(({ uri }) => ({ kind: 2, document: uri })),
    },
    cellTextDocuments: documents,
  });
}

function change(cells: object): Promise<void> {
  return client.sendNotification("notebookDocument/didChange", {
    notebookDocument: { uri: URI, version: 2 },
    change: { cells },
  });
}

/** Puts a text into a cell at a position, as typing would. */
function type(cell: number, line: number, character: number, text: string, length = 0): Promise<void> {
  const range = { start: { line, character }, end: { line, character: character + length } };
  const document = { uri: cellUri(cell), version: 2 };
  return change({ textContent: [{ document, changes: [{ range, text }] }] });
}

async function hints(name: string | number): Promise<readonly string[]> {
  const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
  const textDocument = { uri: cellUri(name) };
  const found = await client.sendRequest<InlayHint[]>("textDocument/inlayHint", { textDocument, range });
  return found.map(({ position, label, tooltip }) => `${position.line} ${label}${tooltip ? ` (${tooltip})` : ""}`);
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}

test("cells are one module: hints, hover, lens and problems stand in their own cells", async () => {
  await open(CELLS);
  expect(await hints(0)).toEqual([]);
  expect(await hints(1)).toEqual(["5 x: [2, 16, 32, 32]", "6 [2, 16, 16, 16]", "7 [2, 16, 16, 16] ≠ [2, 16, 32, 32]"]);
  const at = { textDocument: { uri: cellUri(1) }, position: { line: 6, character: 9 } };
  const hover = await client.sendRequest<Hover>("textDocument/hover", at);
  expect(JSON.stringify(hover.contents)).toContain("[2, 16, 16, 16]");
  expect(hover.range?.start.line).toBe(6);
  const lenses = await client.sendRequest<CodeLens[]>("textDocument/codeLens", at);
  expect(new Set(lenses.map(({ range }) => range.start.line))).toEqual(new Set([0]));
  await until(() => problems.get(cellUri(1)) !== undefined);
  expect(problems.get(cellUri(1))).toEqual(["7:8 shortcut-mismatch"]);
  expect([...problems.keys()]).toEqual([cellUri(1)]);
});

test("an edit of one cell is what the others are analyzed with", async () => {
  await open(CELLS);
  await until(() => problems.get(cellUri(1))?.length === 1);
  await type(2, 2, 23, "64", 2);
  await until(async () => (await hints(1))[0] === "5 x: [2, 16, 64, 32]");
  await type(1, 3, 53, "1", 1);
  await until(async () => (await hints(1)).join() === "5 x: [2, 16, 64, 32]");
  await until(() => problems.get(cellUri(1))?.length === 0);
});

test("a fix is an edit of the cell", async () => {
  await open([CELLS[0] ?? "", (CELLS[1] ?? "").replace("self.conv(x)", "self.conc(x)"), CELLS[2] ?? ""]);
  await until(() => problems.get(cellUri(1)) !== undefined);
  const place = { line: 6, character: 16 };
  const actions = await client.sendRequest<CodeAction[]>("textDocument/codeAction", {
    textDocument: { uri: cellUri(1) },
    range: { start: place, end: place },
    context: { diagnostics: [] },
  });
  const edits = actions[0]?.edit?.changes ?? {};
  expect(Object.keys(edits)).toEqual([cellUri(1)]);
  const [edit] = edits[cellUri(1)] ?? [];
  expect(edit?.newText).toContain("conv");
  expect(edit?.range.start.line).toBe(6);
});

test("a message tells a line by its cell", async () => {
  const layers = "def layers():\n    return nn.Sequential(Block(16), Block(16))\n";
  await open([CELLS[0] ?? "", CELLS[1] ?? "", layers, "net = layers()\nnet(torch.randn(2, 16, 32, 32))"]);
  await until(() => 0 < messages.length);
  expect(messages[0]).toMatch(/; line 4 in code cell 2 strides/);
});

test("a cell comes, moves and goes", async () => {
  await open(CELLS);
  await until(() => problems.get(cellUri(1))?.length === 1);
  const added = { kind: 2, document: cellUri("new") };
  const text = "\n\n# a note\n";
  await change({
    structure: {
      array: { start: 1, deleteCount: 0, cells: [added] },
      didOpen: [{ uri: cellUri("new"), languageId: "python", version: 1, text }],
    },
  });
  await until(async () => (await hints(1))[1] === "6 [2, 16, 16, 16]");
  expect(problems.get(cellUri(1))).toEqual(["7:8 shortcut-mismatch"]);
  await change({
    structure: { array: { start: 2, deleteCount: 1 }, didClose: [{ uri: cellUri(1) }] },
  });
  await until(() => problems.get(cellUri(1))?.length === 0);
});

test("a half-typed cell keeps the shapes of all cells; one that was broken from the start is left out", async () => {
  await open([...CELLS, "def unfinished(\n"]);
  await until(() => problems.get(cellUri(1))?.length === 1);
  await type(2, 2, 0, "net.conv = (\n");
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect((await hints(1))[1]).toBe("6 [2, 16, 16, 16] (before this edit)");
});

test("choices are kept for the notebook, whichever cell they were made in", async () => {
  await open(CELLS);
  const status = async (name: number) =>
    (await client.sendRequest<StatusAnswer>(METHODS.status, { uri: cellUri(name) }))?.text;
  expect(await status(0)).toBe("Block(16) · 2×16×32×32");
  await client.sendRequest(METHODS.setInput, { uri: cellUri(1), inputs: ["2,16,8,8"] });
  expect(await status(2)).toBe("Block(16) · 2×16×8×8");
  const comment = await client.sendRequest(METHODS.comment, { uri: cellUri(0) });
  expect(comment).toEqual({
    uri: cellUri(1),
    line: 0,
    endLine: 0,
    lines: ["# resnet-lens: model Block(16)", "# resnet-lens: input (2, 16, 8, 8)"],
  });
});

import { afterEach, beforeEach, expect, test } from "vitest";
import type {
  CodeAction,
  CodeLens,
  Hover,
  InlayHint,
  MessageConnection,
  PublishDiagnosticsParams,
} from "vscode-languageserver/node";
import { METHODS } from "../../src/editor/protocol.ts";
import { connect } from "./connect.ts";
import { fakeAnalyzer } from "./fake.ts";

const URI = "file:///ws/net.py";
const SOURCE = "import torch\ndef net():\n    a = f(N, 8)\n    b = f(N, 4)\n    bad\ndef other():\n    pass\n";

let client: MessageConnection;
let published: PublishDiagnosticsParams[];
const at = { textDocument: { uri: URI } };
const whole = { ...at, range: { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } } };

beforeEach(async () => {
  published = [];
  client = await connect(fakeAnalyzer, {
    listen: (made) =>
      made.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) => {
        published.push(params);
      }),
    options: { commands: true },
  });
});

afterEach(() => client.dispose());

function open(text: string): Promise<void> {
  return client.sendNotification("textDocument/didOpen", {
    textDocument: { uri: URI, languageId: "python", version: 1, text },
  });
}

/** Replaces the first occurrence of a piece of the source, as typing would. */
function edit(text: string, piece: string, by: string): Promise<void> {
  const start = text.indexOf(piece);
  const before = text.slice(0, start).split("\n");
  const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  const range = { start: position, end: { line: position.line, character: position.character + piece.length } };
  return client.sendNotification("textDocument/didChange", {
    textDocument: { uri: URI, version: 2 },
    contentChanges: [{ range, text: by }],
  });
}

async function hints(): Promise<readonly string[]> {
  const found = await client.sendRequest<InlayHint[]>("textDocument/inlayHint", whole);
  return found.map(
    ({ position, label, tooltip }) =>
      `${position.line}:${position.character} ${label}${tooltip === undefined ? "" : ` (${tooltip})`}`,
  );
}

/** Waits until the last published problems satisfy a condition. */
async function problems(accepts: (messages: readonly unknown[]) => boolean): Promise<readonly unknown[]> {
  const last = (): readonly unknown[] | undefined => published.at(-1)?.diagnostics.map(({ message }) => message);
  await until(() => {
    const messages = last();
    return messages !== undefined && accepts(messages);
  });
  return last() ?? [];
}

async function untilStatus(wanted: string): Promise<void> {
  let text: string | undefined;
  while (text !== wanted) ({ text } = await client.sendRequest<{ text: string }>(METHODS.status, { uri: URI }));
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test("an opened file has hints, a hover, lenses, problems and a status", async () => {
  await open(SOURCE);
  expect(await hints()).toEqual(["2:15 [N, 8]", "3:15 [N, 4]"]);
  const hover = await client.sendRequest<Hover>("textDocument/hover", { ...at, position: { line: 2, character: 4 } });
  expect(JSON.stringify(hover.contents)).toContain("[N, 8]");
  const lenses = await client.sendRequest<CodeLens[]>("textDocument/codeLens", at);
  expect(lenses.map(({ range }) => range.start.line)).toEqual([1, 1, 1, 1, 5, 5, 5, 5]);
  const preview = { title: "Preview", command: "resnetLens.preview", arguments: [URI, "net()"] };
  // Filled at once, since it is analyzed; and whenever it is asked for.
  expect(lenses[3]?.command).toEqual(preview);
  const resolved = await client.sendRequest<CodeLens>("codeLens/resolve", lenses[3]);
  expect(resolved.command).toEqual(preview);
  expect(await problems((messages) => 0 < messages.length)).toEqual(["net() is bad"]);
  expect(await client.sendRequest(METHODS.status, { uri: URI })).toMatchObject({ text: "net · 3×224×224 example" });
});

test("a file that names no tensor library is left alone, until it is asked for", async () => {
  await open("def net():\n    a = f(N, 8)\n");
  expect(await hints()).toEqual([]);
  expect(await client.sendRequest(METHODS.status, { uri: URI })).toBeNull();
  await client.sendRequest(METHODS.analyze, { uri: URI });
  expect(await hints()).toEqual(["1:15 [N, 8]"]);
});

test("an edit is what is analyzed; a fixed problem vanishes at once, a new one comes after a pause", async () => {
  await open(SOURCE);
  await problems((messages) => messages.length === 1);
  const events: string[] = [];
  client.onNotification(METHODS.changed, () => {
    events.push("shapes");
  });
  client.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) => {
    published.push(params);
    events.push(`problems ${params.diagnostics.length}`);
  });
  await edit(SOURCE, "bad", "good");
  await problems((messages) => messages.length === 0);
  await until(() => events.length === 3);
  await edit(SOURCE.replace("bad", "good"), "good", "bad");
  await problems((messages) => messages.length === 1);
  await until(() => events.length === 5);
  // Shapes come when the shown root is done and when all are; the fix is told with them, the new problem after a pause,
  // and the shapes that go with it then too.
  expect(events).toEqual(["shapes", "problems 0", "shapes", "problems 1", "shapes"]);
});

test("half-typed code keeps the last good hints in place, and says so", async () => {
  await open(SOURCE);
  expect(await hints()).toEqual(["2:15 [N, 8]", "3:15 [N, 4]"]);
  await edit(SOURCE, "    a = f(N, 8)\n", "    c = (\n\n    a = f(N, 8)\n");
  // Long enough for an analysis to have taken its place.
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await hints()).toEqual(["4:15 [N, 8] (before this edit)", "5:15 [N, 4] (before this edit)"]);
  const hover = await client.sendRequest<Hover>("textDocument/hover", { ...at, position: { line: 4, character: 4 } });
  expect(JSON.stringify(hover.contents)).toContain("before this edit");
});

test("a quick fix is an edit of the file", async () => {
  await open(SOURCE);
  await problems((messages) => messages.length === 1);
  const range = { start: { line: 4, character: 5 }, end: { line: 4, character: 5 } };
  const actions = await client.sendRequest<CodeAction[]>("textDocument/codeAction", {
    ...at,
    range,
    context: { diagnostics: [] },
  });
  expect(actions[0]).toMatchObject({
    title: "Make it good",
    isPreferred: true,
    edit: {
      changes: {
        [URI]: [{ range: { start: { line: 4, character: 4 }, end: { line: 4, character: 7 } }, newText: "good" }],
      },
    },
  });
});

test("the shown root and its input can be chosen, and go back to what the code says", async () => {
  await open(SOURCE);
  expect(await client.sendRequest(METHODS.setRoot, { uri: URI, model: "other()" })).toEqual({
    kind: "ok",
    choice: { model: "other()", inputs: {} },
  });
  expect(await client.sendRequest(METHODS.status, { uri: URI })).toMatchObject({ text: "other · 3×224×224 example" });
  expect(await client.sendRequest(METHODS.setInput, { uri: URI, inputs: ["3×2.5"] })).toEqual({
    kind: "error",
    error: "2.5 is not a size: a whole number or a symbol such as N",
  });
  const choice = { model: "other()", inputs: { "other()": ["3×32×32"] } };
  expect(await client.sendRequest(METHODS.setInput, { uri: URI, inputs: ["3×32×32"] })).toEqual({ kind: "ok", choice });
  expect(await client.sendRequest(METHODS.roots, { uri: URI })).toEqual({
    roots: [
      { model: "other()", kind: "factory", shown: true, input: "3×224×224", example: false },
      { model: "net()", kind: "factory", shown: false, input: "3×224×224", example: true },
    ],
    inputs: ["3×224×224", "3×128×128", "3×64×64", "3×32×32"],
    choice,
  });
  await client.sendRequest(METHODS.setRoot, { uri: URI, model: null });
  expect(await client.sendRequest(METHODS.status, { uri: URI })).toMatchObject({ text: "net · 3×224×224 example" });
});

test("a model that is typed and stands nowhere in the code is shown first", async () => {
  await open(SOURCE);
  expect(await client.sendRequest(METHODS.setRoot, { uri: URI, model: "net(classes=10)" })).toEqual({
    kind: "ok",
    choice: { model: "net(classes=10)", typed: true, inputs: {} },
  });
  expect(await client.sendRequest(METHODS.status, { uri: URI })).toMatchObject({
    text: "net(classes=10) · 3×224×224 example",
  });
});

test("a choice outlives the document, and counts only while the code offers what was picked", async () => {
  await open(SOURCE);
  await client.sendRequest(METHODS.setRoot, { uri: URI, model: "other()" });
  await client.sendNotification("textDocument/didClose", at);
  await open(SOURCE);
  expect(await client.sendRequest(METHODS.status, { uri: URI })).toMatchObject({ text: "other · 3×224×224 example" });
  await edit(SOURCE, "def other", "def third");
  await untilStatus("net · 3×224×224 example");
});

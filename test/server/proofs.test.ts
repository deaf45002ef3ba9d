import { expect, test } from "vitest";
import type { CodeAction, MessageConnection, PublishDiagnosticsParams } from "vscode-languageserver/node";
import type { Analyzer } from "../../src/analysis.ts";
import { connect } from "./connect.ts";
import { fakeAnalyzer } from "./fake.ts";

const URI = "file:///ws/net.py";
const SOURCE = "import torch\ndef net():\n    a = f(N, 8)\n    bad\n";
const RANGE = { start: { line: 3, character: 4 }, end: { line: 3, character: 7 } };

/** Proofs that are under way, and what ended them. */
interface Proofs {
  released: boolean;
  readonly ends: ("done" | "given up")[];
}

/** The stand-in, whose proofs take until they are released. */
function slowAnalyzer(proofs: Proofs): typeof fakeAnalyzer {
  return (files, options): Analyzer => {
    const fake = fakeAnalyzer(files, options);
    return {
      ...fake,
      tell(file, roots) {
        const { report, prove } = fake.tell(file, roots);
        return {
          report,
          *prove() {
            let end: Proofs["ends"][number] = "given up";
            try {
              while (!proofs.released) yield;
              end = "done";
              return yield* prove();
            } finally {
              proofs.ends.push(end);
            }
          },
        };
      },
    };
  };
}

function actions(client: MessageConnection): Promise<CodeAction[]> {
  return client.sendRequest("textDocument/codeAction", {
    textDocument: { uri: URI },
    range: RANGE,
    context: { diagnostics: [] },
  });
}

test("problems do not wait for their fixes, a request for fixes does, and an edit gives the proofs up", async () => {
  const proofs: Proofs = { released: false, ends: [] };
  let told: () => void = () => undefined;
  const problem = new Promise<void>((resolve) => {
    told = resolve;
  });
  const client = await connect(slowAnalyzer(proofs), {
    listen: (made) =>
      made.onNotification("textDocument/publishDiagnostics", ({ diagnostics }: PublishDiagnosticsParams) => {
        if (diagnostics.length === 1) told();
      }),
  });
  await client.sendNotification("textDocument/didOpen", {
    textDocument: { uri: URI, languageId: "python", version: 1, text: SOURCE },
  });
  await problem;
  expect(proofs.ends).toEqual([]);
  let answered = false;
  const waiting = actions(client).then((found) => {
    answered = true;
    return found;
  });
  const start = { line: 2, character: 13 };
  await client.sendNotification("textDocument/didChange", {
    textDocument: { uri: URI, version: 2 },
    contentChanges: [{ range: { start, end: { line: 2, character: 14 } }, text: "4" }],
  });
  while (proofs.ends.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(proofs.ends).toEqual(["given up"]);
  expect(answered).toBe(false);
  proofs.released = true;
  expect((await waiting)[0]).toMatchObject({ title: "Make it good" });
  expect(proofs.ends).toEqual(["given up", "done"]);
  client.dispose();
});

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { MessageConnection } from "vscode-languageserver/node";
import { createAnalyzer } from "../../src/analyzer.ts";
import { METHODS, type PreviewAnswer, type ProgramAnswer } from "../../src/editor/protocol.ts";
import type { PreviewView } from "../../src/preview/model.ts";
import { connect } from "./connect.ts";

const URI = "file:///ws/net.py";
const SOURCE = `from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)

    def forward(self, x):
        return self.conv(x)


def net():
    return Net()
`;

let client: MessageConnection;
let version = 1;

beforeEach(async () => {
  client = await connect(createAnalyzer);
  await changed("textDocument/didOpen", { textDocument: { uri: URI, languageId: "python", version, text: SOURCE } });
});

afterEach(() => client.dispose());

/** Tells the server, and waits until it has new shapes. */
async function changed(method: string, params: object): Promise<void> {
  const told = new Promise<void>((resolve) => {
    const listening = client.onNotification(METHODS.changed, () => {
      listening.dispose();
      resolve();
    });
  });
  await client.sendNotification(method, params);
  await told;
}

/** The keys that the view and the program have of the text. */
async function keysOf(text: string): Promise<readonly string[]> {
  await changed("textDocument/didChange", {
    textDocument: { uri: URI, version: ++version },
    contentChanges: [{ text }],
  });
  const view = await client.sendRequest<PreviewAnswer<PreviewView>>(METHODS.preview, { uri: URI });
  const program = await client.sendRequest<ProgramAnswer>(METHODS.program, { uri: URI });
  if (view.kind === "none" || program.kind === "none") throw new Error(JSON.stringify([view, program]));
  // Nothing fixes the input: what is shown is of any batch, what is run is of one example.
  expect(view.view.head.example).toBe(true);
  expect(program.program.inputs.map(({ shape }) => shape)).toEqual([[1, 3, 224, 224]]);
  return [view.view.key, program.key];
}

describe("the key of what is shown", () => {
  test("is that of the program that it runs as, on an example too", async () => {
    const [view, program] = await keysOf(SOURCE);
    expect(program).toBe(view);
  });

  test("stays while the model computes the same, and is another where it does not", async () => {
    const [before] = await keysOf(SOURCE);
    const [moved] = await keysOf(`# a comment\n${SOURCE}`);
    const [wider, run] = await keysOf(SOURCE.replace("3, 8, 3", "3, 9, 3"));
    expect(moved).toBe(before);
    expect(wider).not.toBe(before);
    expect(run).toBe(wider);
  });
});

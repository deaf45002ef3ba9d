import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { MessageConnection } from "vscode-languageserver/node";
import { createAnalyzer } from "../../src/analyzer.ts";
import { METHODS } from "../../src/editor/protocol.ts";
import type { NodeNumber, NumberPlace, TrialAnswer } from "../../src/preview/number-edit.ts";
import { render } from "../../src/text/text.ts";
import { connect } from "./connect.ts";

const URI = "file:///ws/net.py";
const SOURCE = `import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, inplanes, planes, stride=1, downsample=None):
        super().__init__()
        self.conv1 = nn.Conv2d(inplanes, planes, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(planes, planes * 1, 3, padding=1, bias=False)
        self.downsample = downsample

    def forward(self, x):
        identity = x if self.downsample is None else self.downsample(x)
        return self.conv2(torch.relu(self.conv1(x))) + identity


class Net(nn.Module):
    def __init__(self, layers, kernel=(3, 3)):
        super().__init__()
        self.inplanes = 16
        self.stem = nn.Conv2d(3, 16, kernel, padding=(1, 1))
        self.layer1 = self.make(16, layers[0])
        self.layer2 = self.make(32, layers[1], stride=2)
        self.tail = nn.Sequential(*[Block(32, 32) for _ in range(5)])
        self.extra = nn.ModuleList(Block(32, 32) for _ in range(len(layers)))
        self.fc = nn.Linear(32, 10)

    def make(self, planes, count, stride=1):
        downsample = None
        if stride != 1:
            downsample = nn.Conv2d(self.inplanes, planes, 1, stride, bias=False)
        blocks = [Block(self.inplanes, planes, stride, downsample)]
        self.inplanes = planes
        for _ in range(1, count):
            blocks.append(Block(planes, planes))
        return nn.Sequential(*blocks)

    def forward(self, x):
        x = self.tail(self.layer2(self.layer1(self.stem(x))))
        for block in self.extra:
            x = block(x)
        return self.fc(x.mean((2, 3)))


def small():
    return Net([2, 3])
`;

let client: MessageConnection;

beforeEach(async () => {
  client = await connect(createAnalyzer);
  await client.sendNotification("textDocument/didOpen", {
    textDocument: { uri: URI, languageId: "python", version: 1, text: SOURCE },
  });
});

afterEach(() => client.dispose());

/** The line, with the number between bars; or why it is not editable. */
function shown({ name, value, place, reason }: NodeNumber): string {
  if (place === undefined) return `${name} ${value}: ${reason === undefined ? "" : render(reason)}`;
  const line = SOURCE.split("\n")[place.line] ?? "";
  return `${name} ${value}: ${line.slice(0, place.start).trimStart()}|${line.slice(place.start, place.end)}|${line.slice(place.end)}`;
}

async function numbersOf(...paths: string[]): Promise<readonly NodeNumber[]> {
  return client.sendRequest(METHODS.numbers, { uri: URI, paths });
}

async function placeOf(path: string, name: string): Promise<NumberPlace> {
  const found = (await numbersOf(path)).find((number) => number.name === name);
  if (found?.place === undefined) throw new Error(`${path} has no ${name} to edit`);
  return found.place;
}

async function attempt(path: string, name: string, text: string): Promise<TrialAnswer> {
  const place = await placeOf(path, name);
  return client.sendRequest(METHODS.tryNumber, { uri: URI, place, text });
}

describe("numbers that stand in the code", () => {
  test("of a layer: one literal for each, through arguments and defaults", async () => {
    expect((await numbersOf("layer2.0.conv1")).map(shown)).toEqual([
      "out_channels 32: self.layer2 = self.make(|32|, layers[1], stride=2)",
      "stride 2: self.layer2 = self.make(32, layers[1], stride=|2|)",
      "padding 1: self.conv1 = nn.Conv2d(inplanes, planes, 3, stride, |1|, bias=False)",
      "in_channels 16: self.layer1 = self.make(|16|, layers[0])",
      "kernel_size 3: self.conv1 = nn.Conv2d(inplanes, planes, |3|, stride, 1, bias=False)",
    ]);
  });

  test("what is computed, or written as several numbers, says so", async () => {
    expect((await numbersOf("layer2.0.conv2")).map(shown)).toContain("out_channels 32: it is computed: planes * 1");
    expect((await numbersOf("stem")).map(shown)).toEqual([
      "out_channels 16: self.stem = nn.Conv2d(3, |16|, kernel, padding=(1, 1))",
      "padding 1: it is written as several numbers",
      "in_channels 3: self.stem = nn.Conv2d(|3|, 16, kernel, padding=(1, 1))",
      "kernel_size 3: it is written as several numbers",
    ]);
  });

  test("blocks in a stage, in a comprehension; a length is no literal", async () => {
    expect((await numbersOf("layer1", "layer2", "tail", "extra")).map(shown)).toEqual([
      "blocks 2: return Net([|2|, 3])",
      "blocks 3: return Net([2, |3|])",
      "blocks 5: self.tail = nn.Sequential(*[Block(32, 32) for _ in range(|5|)])",
    ]);
  });
});

describe("another number, tried on the edited text", () => {
  test("blocks of a stage: what they add", async () => {
    const answer = await attempt("layer2", "blocks", "5");
    if (answer.kind !== "ok") throw new Error(render(answer.reason));
    const { before, after, changes, broken } = answer.trial;
    expect([before, after]).toEqual(["return Net([2, 3])", "return Net([2, 5])"]);
    // A block of 32 channels has two convolutions of 3 by 3 by 32 by 32.
    const block = 2 * 3 * 3 * 32 * 32;
    expect((changes.params.after ?? 0) - (changes.params.before ?? 0)).toBe(2 * block);
    expect(changes.output.before).toBe(changes.output.after);
    expect(broken).toEqual([]);
    // The text that the client has is not touched.
    expect((await numbersOf("layer2")).map(({ value }) => value)).toEqual([3]);
  });

  test("a padding that no longer fits tells the mistake", async () => {
    const answer = await attempt("layer2.0.conv1", "padding", "0");
    if (answer.kind !== "ok") throw new Error(render(answer.reason));
    expect(answer.trial.broken.map((text) => render(text)).join()).toMatch(/shortcut fails for H or W/);
  });

  test("refuses what is no number, and a text that has changed", async () => {
    const place = await placeOf("layer2", "blocks");
    const ask = (text: string): Promise<TrialAnswer> =>
      client.sendRequest(METHODS.tryNumber, { uri: URI, place, text });
    for (const text of ["", "x", "-1", "2.5", "99999999"])
      expect(await ask(text)).toMatchObject({ kind: "none", reason: { template: "a whole number is wanted" } });
    await client.sendNotification("textDocument/didChange", {
      textDocument: { uri: URI, version: 2 },
      contentChanges: [{ text: SOURCE.replace("Net([2, 3])", "Net([x, y, z])") }],
    });
    expect(await ask("4")).toMatchObject({ kind: "none" });
  });

  test("in the expression that builds the model", async () => {
    const text = SOURCE.replace(/def small[\s\S]*/, "print(Net([2, 3])(torch.zeros(1, 3, 32, 32)).shape)\n");
    await client.sendNotification("textDocument/didChange", {
      textDocument: { uri: URI, version: 2 },
      contentChanges: [{ text }],
    });
    let found: readonly NodeNumber[] = [];
    for (let i = 0; i < 100 && found.length === 0; i++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      found = await numbersOf("layer1");
    }
    const place = found[0]?.place;
    const answer = await client.sendRequest<TrialAnswer>(METHODS.tryNumber, { uri: URI, place, text: "4" });
    if (answer.kind !== "ok") throw new Error(render(answer.reason));
    expect(answer.trial.model).toBe("Net([4, 3])");
    expect((answer.trial.changes.params.after ?? 0) - (answer.trial.changes.params.before ?? 0)).toBe(
      2 * 2 * 3 * 3 * 16 * 16,
    );
  });
});

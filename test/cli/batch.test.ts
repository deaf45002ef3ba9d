import { expect, test } from "vitest";
import type { FileSystem } from "../../src/analysis.ts";
import { createAnalyzer } from "../../src/analyzer.ts";
import { runProgram } from "../../src/cli/program.ts";
import { watched } from "../../src/cli/watched.ts";
import { memoryFiles } from "../../src/server/memory-files.ts";

/** A model whose layer, in another file, gives so many features. */
const MODEL = "from layers import layer\n\ndef net():\n    return layer(4)\n";
const layers = (features: number): string =>
  `import torch.nn as nn\n\ndef layer(features):\n    return nn.Linear(features, ${features})\n`;
const REQUEST = { command: "shapes", file: "net.py", model: "net()", input: [[2, 4]] };

type Step = object | ((files: Map<string, string>) => void);

/** Answers of one batch; between its requests files change. */
async function answers(files: Map<string, string>, steps: readonly Step[]): Promise<readonly unknown[]> {
  const out: string[] = [];
  const disk = memoryFiles(files);
  await runProgram(["batch"], {
    cwd: "/ws",
    disk,
    stamp: (path) => stampOf(files, disk, path),
    createAnalyzer,
    print: (text) => void out.push(text),
    printError: (text) => {
      throw new Error(text);
    },
    writeFile: () => undefined,
    readBytes: () => new Uint8Array(),
    asset: () => new Uint8Array(),
    inputLines: async function* () {
      for (const step of steps)
        if (typeof step === "function") step(files);
        else yield JSON.stringify(step);
    },
    runServer: async () => 0,
    color: false,
    version: "0",
    rulePage: () => undefined,
    repository: undefined,
  });
  return out.map((line) => JSON.parse(line));
}

function stampOf(files: ReadonlyMap<string, string>, disk: FileSystem, path: string): string | undefined {
  return files.get(path) ?? (disk.kind(path) === "folder" ? disk.list(path).join() : undefined);
}

test("a file that changes between requests is read anew, one that is given a text only for its request", async () => {
  const files = new Map([
    ["/ws/net.py", MODEL],
    ["/ws/layers.py", layers(5)],
  ]);
  const found = await answers(files, [
    REQUEST,
    { ...REQUEST, text: "import torch.nn as nn\n\ndef net():\n    return nn.Linear(4, 9)\n" },
    REQUEST,
    (now) => now.set("/ws/layers.py", layers(6)),
    REQUEST,
    (now) => now.set("/ws/layers/__init__.py", layers(7)),
    REQUEST,
    { ...REQUEST, input: [[3, 4]], train: true },
  ]);
  expect(found).toMatchObject([
    { output: [2, 5] },
    { output: [2, 9] },
    { output: [2, 5] },
    { output: [2, 6] },
    // A package stands before a module of its name.
    { output: [2, 7] },
    { output: [3, 7] },
  ]);
});

test("what was not there is seen when it comes", () => {
  const files = new Map([["/ws/a.py", ""]]);
  const disk = memoryFiles(files);
  const seen = watched(disk, (path) => stampOf(files, disk, path));
  expect(seen.kind("/ws/b/c/d.py")).toBeUndefined();
  expect(seen.isSame()).toBe(true);
  files.set("/ws/b/c/d.py", "");
  expect(seen.isSame()).toBe(false);
});

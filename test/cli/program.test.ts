import { expect, test } from "vitest";
import type { Environment } from "../../src/cli/environment.ts";
import { readingNotebooks } from "../../src/cli/notebooks.ts";
import { runProgram } from "../../src/cli/program.ts";
import { memoryFiles } from "../../src/server/memory-files.ts";
import { fakeAnalyzer } from "../server/fake.ts";

const FILES: Readonly<Record<string, string>> = {
  "/ws/good.py": "def net():\n    a = f(N, 8)\n",
  "/ws/bad.py": "def net():\n    bad\n",
  "/ws/none.py": "x = 1\n",
  "/ws/models/inner/deep.py": "def deep():\n    bad\n",
  "/ws/book.ipynb": JSON.stringify({
    cells: [
      { cell_type: "code", source: ["%time\n", "def net():\n", "    good\n"] },
      { cell_type: "markdown", source: "bad" },
      { cell_type: "code", source: "x = 1\nbad\n" },
    ],
  }),
  "/ws/models/.hidden/skipped.py": "def skipped():\n    bad\n",
};

interface Answer {
  readonly code: number;
  readonly out: readonly string[];
  readonly err: readonly string[];
}

async function run(args: string, lines: readonly string[] = []): Promise<Answer> {
  const out: string[] = [];
  const err: string[] = [];
  const environment: Environment = {
    cwd: "/ws",
    disk: readingNotebooks(memoryFiles(new Map(Object.entries(FILES)))),
    stamp: () => "",
    createAnalyzer: fakeAnalyzer,
    print: (text) => void out.push(text),
    printError: (text) => void err.push(text),
    writeFile: (file, content) => void out.push(`${file}: ${String(content).slice(0, 20)}`),
    readBytes: () => {
      throw new Error("no such file");
    },
    asset: () => new Uint8Array(),
    inputLines: async function* () {
      yield* lines;
    },
    runServer: async () => 0,
    color: false,
    version: "0.1.0",
    rulePage: () => undefined,
    repository: undefined,
  };
  const code = await runProgram(
    args.split(" ").filter((arg) => arg !== ""),
    environment,
  );
  return { code, out, err };
}

test("check ends with 0 without and with 1 with an error", async () => {
  expect(await run("check good.py")).toEqual({ code: 0, out: ["0 errors, 0 warnings, 1 model read"], err: [] });
  expect((await run("check bad.py")).code).toBe(1);
});

test("a notebook's lines are those of its code cells, joined", async () => {
  const { code, out } = await run("check --json book.ipynb");
  expect(code).toBe(1);
  const places = JSON.parse(out[0] ?? "").diagnostics.map((one: { file: string; line: number }) => [
    one.file,
    one.line,
  ]);
  expect(places).toEqual([["book.ipynb", 6]]);
});

test("files are written as they were given, below a folder as that folder and the rest", async () => {
  const { out } = await run("check --json ./bad.py ./models good.py");
  const { diagnostics, roots } = JSON.parse(out[0] ?? "");
  expect(diagnostics.map(({ file }: { readonly file: string }) => file)).toEqual([
    "./bad.py",
    "./models/inner/deep.py",
  ]);
  expect(roots.map(({ file, model }: { readonly file: string; readonly model: string }) => [file, model])).toEqual([
    ["./bad.py", "net()"],
    ["./models/inner/deep.py", "deep()"],
    ["good.py", "net()"],
  ]);
});

test.each([
  ["check missing.py", "error: cannot read missing.py"],
  ["check", "error: missing required argument 'path'"],
  ["check good.py --input 3,-2", "error: --input: -2 is not a size: a whole number or a symbol such as N"],
  [
    "check good.py --timeout soon",
    "error: option '--timeout <ms>' argument 'soon' is invalid. It is not a whole number.",
  ],
  ["check good.py --nonsense", "error: unknown option '--nonsense'"],
  ["nonsense", "error: unknown command 'nonsense'"],
  ["shapes none.py", "error: no call or factory in none.py builds a model; name one with --model"],
  ["lsp", "error: required option '--stdio' not specified"],
  ["run good.py --backend webgl", "error: option '--backend <name>' argument 'webgl' is invalid. It is wasm or cpu."],
  ["run good.py --taps layer1", "error: --taps needs --out: each tap is written beside it"],
  ["run good.py --tensor x.npy", "error: cannot read x.npy"],
])("%s could not run: one line on stderr, 2", async (args, message) => {
  expect(await run(args)).toEqual({ code: 2, out: [], err: [message] });
});

test("a root and its input are given", async () => {
  const { out, code } = await run(
    'shapes --json good.py --model net(1) --input {"shape":[2,3],"dtype":"int64"} --input 4,5',
  );
  expect(code).toBe(0);
  expect(JSON.parse(out[0] ?? "")).toMatchObject({
    model: "net(1)",
    input: [
      [2, 3],
      [4, 5],
    ],
  });
});

test("batch answers each request in order; a request that fails answers with an error", async () => {
  const { out, code } = await run("batch", [
    '{"id": "1", "command": "check", "file": "good.py"}',
    "{broken",
    '{"id": "2", "command": "check", "file": "missing.py"}',
    '{"id": "3", "command": "check", "file": "missing.py", "text": "def made():\\n    bad\\n"}',
    '{"id": "4", "command": "shapes", "file": "good.py", "input": [["N", 3]]}',
    '{"id": "5", "command": "dance", "file": "good.py"}',
    '{"id": "6", "command": "check", "file": "good.py", "model": "net(6)"}',
  ]);
  expect(code).toBe(0);
  const answers = out.map((line) => JSON.parse(line));
  expect(answers.map(({ id, error }) => [id, error])).toEqual([
    ["1", undefined],
    [null, "the request is not valid JSON"],
    ["2", "cannot read missing.py"],
    ["3", undefined],
    ["4", undefined],
    ["5", '"command" is "check" or "shapes", not "dance"'],
    ["6", undefined],
  ]);
  expect(answers[0].diagnostics).toEqual([]);
  expect(answers[3].diagnostics[0]).toMatchObject({ file: "missing.py", line: 2, column: 5, message: "made() is bad" });
  expect(answers[6].roots.map(({ model }: { readonly model: string }) => model)).toEqual(["net(6)"]);
});

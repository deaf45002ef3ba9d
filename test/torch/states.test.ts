import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { InputSpec } from "../../src/analysis.ts";
import { createAnalyzer } from "../../src/analyzer.ts";
import { parseInput } from "../../src/graph/input.ts";
import { disk } from "./disk.ts";

const DATA = fileURLToPath(new URL("../data", import.meta.url));

/** What `scripts/truth/record_states.py` saw in PyTorch's `state_dict()`. */
interface Root {
  readonly file: string;
  readonly model: string;
  readonly input: readonly unknown[];
  readonly state: readonly (readonly [string, readonly number[]])[];
}
const { roots }: { readonly roots: readonly Root[] } = JSON.parse(
  gunzipSync(readFileSync(path.join(DATA, "truth", "states.json.gz"))).toString("utf8"),
);

const analyzer = createAnalyzer(disk, { paths: [], pythonPaths: [] });

function specOf(value: unknown): InputSpec {
  const parsed = parseInput(JSON.stringify(value));
  if (parsed.kind === "error") throw new Error(parsed.message.template);
  return parsed.input;
}

test.each(roots)("$file $model holds PyTorch's parameters and buffers", ({ file, model, input, state }) => {
  const { concrete } = analyzer.analyzeModel(path.join(DATA, "models", file), model, input.map(specOf));
  const ours = (concrete?.graph.weights ?? [])
    .filter(({ persistent }) => persistent)
    .flatMap(({ keys, shape }) => keys.map((key) => [key, shape.map(({ size }) => size)]));
  expect(ours.sort()).toEqual([...state].map(([key, shape]) => [key, [...shape]]).sort());
});

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { GraphNode } from "../../src/graph/graph.ts";
import { operator } from "../../src/ops/catalogue.ts";
import { originalWords } from "../../src/torch/refusals.ts";
import { argsOf, typesOf } from "../ops/apply.ts";
import { allCases } from "../ops/cases.ts";

/** As `scripts/truth/record_ops.py` heard them from PyTorch: `RuntimeError: …`, in the order of the cases. */
const { results }: { readonly results: readonly { readonly refused?: string }[] } = JSON.parse(
  readFileSync(new URL("../data/ops/truth.json", import.meta.url), "utf8"),
);

/** What is quoted of each refused case, and what PyTorch says. */
const quoted = allCases().flatMap((one, i) => {
  const said = results[i]?.refused;
  const inputs = typesOf(one.inputs, one.dtypes);
  const args = argsOf(one.args);
  const outcome = operator(one.op)?.shape(inputs, args);
  if (said === undefined || outcome?.kind !== "refused") return [];
  const node: GraphNode = {
    id: inputs.length,
    op: one.op,
    inputs: inputs.map((_, input) => ({ node: input, output: 0 })),
    args,
    outputs: outcome.assume,
    path: "",
    type: "",
    frames: [],
    place: undefined,
    refusal: outcome,
  };
  const hasVector = one.inputs.some((shape) => shape.length < 2);
  return [
    {
      hasVector,
      op: one.op,
      fault: outcome.fault,
      words: originalWords(node, inputs),
      said: said.replace(/^\w+: /, ""),
    },
  ];
});

test("what is quoted of PyTorch is what PyTorch says, for every recorded refusal", () => {
  const known = quoted.filter(({ words }) => words !== undefined);
  expect(known.length).toBeGreaterThan(500);
  expect(known.filter(({ words, said }) => words !== said)).toEqual([]);
});

test.each([
  ["add", "broadcast"],
  ["sub", "broadcast"],
  ["mul", "broadcast"],
  ["div", "broadcast"],
  ["conv", "channels"],
  ["conv", "empty"],
  ["conv_transpose", "channels"],
  ["linear", "channels"],
  ["concat", "shapes"],
  ["stack", "shapes"],
  ["matmul", "shapes"],
  ["bmm", "shapes"],
  ["batch_norm", "channels"],
  ["group_norm", "channels"],
  ["reshape", "shapes"],
])("%s: every refusal of its %s is quoted", (op, fault) => {
  const isProduct = op === "matmul" || op === "linear";
  const own = quoted.filter((one) => one.op === op && one.fault === fault && !(isProduct && one.hasVector));
  expect(own.length).toBeGreaterThan(0);
  expect(own.filter(({ words }) => words === undefined)).toEqual([]);
});

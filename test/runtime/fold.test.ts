import { describe, expect, test } from "vitest";
import type { Program, ProgramNode } from "../../src/graph/program.ts";
import { derivedValues } from "../../src/runtime/derived.ts";
import { fold } from "../../src/runtime/fold.ts";
import { node, programOf } from "./build.ts";

const CHANNELS = 2;
const MAP = [1, CHANNELS, 4, 4];

/** A network of one layer of each name, in that order, each with weights of its own and under its own path. */
function chain(...layers: readonly string[]): Program {
  const nodes: ProgramNode[] = [node(0, "input", [], MAP)];
  const weights: Program["weights"][number][] = [];
  const weight = (shape: readonly number[]): number => {
    const key = `w${weights.length}`;
    const init = { kind: "constant", value: 0 } as const;
    weights.push({ keys: [key], shape, dtype: "float32", persistent: true, init });
    nodes.push(node(nodes.length, "weight", [], shape, { weight: weights.length - 1 }));
    return nodes.length - 1;
  };
  let at = 0;
  const taps: Program["taps"][number][] = [];
  for (const [i, op] of layers.entries()) {
    const path = `${op}${i}`;
    const inputs =
      op === "conv"
        ? [weight([CHANNELS, CHANNELS, 1, 1])]
        : op === "batch_norm"
          ? [0, 1, 2, 3].map(() => weight([CHANNELS]))
          : op === "add"
            ? [0]
            : [];
    nodes.push(node(nodes.length, op, [at, ...inputs], MAP, { path, args: op === "batch_norm" ? { eps: 0.5 } : {} }));
    at = nodes.length - 1;
    taps.push({ path, type: op, ref: { node: at, output: 0 } });
  }
  return programOf(nodes, at, { weights, taps });
}

/** What is computed, in order: each node's operator with the activation that it ends with. */
function steps(program: Program): readonly string[] {
  return program.nodes
    .filter(({ op }) => op !== "weight" && op !== "input")
    .map(({ op, args }) => (args.activation === undefined ? op : `${op}+${args.activation}`));
}

const NONE: ReadonlySet<string> = new Set();

describe("folding", () => {
  test.each([
    [["conv", "batch_norm", "relu"], ["conv+relu"]],
    [["conv", "batch_norm"], ["conv"]],
    [["conv", "relu6"], ["conv+relu6"]],
    [["conv", "identity", "batch_norm", "dropout", "sigmoid"], ["conv+sigmoid"]],
    [
      ["conv", "batch_norm", "add", "relu"],
      ["conv", "add+relu"],
    ],
    [
      ["batch_norm", "relu", "conv"],
      ["channel_scale+relu", "conv"],
    ],
    [
      ["conv", "relu", "batch_norm"],
      ["conv+relu", "channel_scale"],
    ],
    [
      ["conv", "tanh"],
      ["conv", "tanh"],
    ],
    [
      ["conv", "batch_norm", "batch_norm"],
      ["conv", "channel_scale"],
    ],
  ])("%j is computed as %j", (layers, expected) => {
    expect(steps(fold(chain(...layers), NONE).program)).toEqual(expected);
  });

  test("says which modules' outputs it does not compute, and by whom what follows is", () => {
    const { program, gone } = fold(chain("conv", "batch_norm", "relu", "tanh"), NONE);
    expect(gone).toEqual([
      { path: "conv0", type: "conv", into: "conv0" },
      { path: "batch_norm1", type: "batch_norm", into: "conv0" },
    ]);
    expect(program.taps.map(({ path }) => path)).toEqual(["relu2", "tanh3"]);
  });

  test.each([
    ["conv0", ["conv", "channel_scale+relu"]],
    ["batch_norm1", ["conv", "relu"]],
    ["relu2", ["conv+relu"]],
  ])("leaves %s where it is asked for", (path, expected) => {
    const { program, gone } = fold(chain("conv", "batch_norm", "relu"), new Set([path]));
    expect(steps(program)).toEqual(expected);
    expect(gone.map((one) => one.path)).not.toContain(path);
    expect(program.taps.map((tap) => tap.path)).toContain(path);
  });

  test("leaves what something else reads, and what the model gives", () => {
    const plain = chain("conv", "batch_norm", "relu");
    const conv = plain.nodes.find(({ op }) => op === "conv")?.id ?? -1;
    const other = node(99, "tanh", [conv], MAP);
    expect(steps(fold({ ...plain, nodes: [...plain.nodes, other] }, NONE).program)).toEqual([
      "conv",
      "channel_scale+relu",
      "tanh",
    ]);
    const both: Program["output"] = {
      kind: "seq",
      items: [plain.output, { kind: "tensor", ref: { node: conv, output: 0 } }],
    };
    expect(steps(fold({ ...plain, output: both }, NONE).program)).toEqual(["conv", "channel_scale+relu"]);
  });

  test("leaves a normalization by the batch's statistics, or with a computed weight", () => {
    const plain = chain("conv", "batch_norm");
    const changed = (change: (norm: ProgramNode) => ProgramNode): Program => ({
      ...plain,
      nodes: plain.nodes.map((one) => (one.op === "batch_norm" ? change(one) : one)),
    });
    const training = changed((norm) => ({ ...norm, args: { ...norm.args, training: true } }));
    expect(steps(fold(training, NONE).program)).toEqual(["conv", "batch_norm"]);
    const computed = changed((norm) => ({ ...norm, inputs: norm.inputs.with(3, { node: 0, output: 0 }) }));
    expect(steps(fold(computed, NONE).program)).toEqual(["conv", "batch_norm"]);
  });

  test("leaves a product over an axis that is not the channels'", () => {
    const plain = chain("conv", "batch_norm");
    const nodes = plain.nodes.map((one) => (one.op === "conv" ? { ...one, op: "linear" } : one));
    expect(steps(fold({ ...plain, nodes }, NONE).program)).toEqual(["linear", "channel_scale"]);
  });
});

describe("the values of a folded convolution", () => {
  // mean 1 and 2, variance 3.5 and 15.5, scale 6 and 8, shift 0.5 and −0.5: √(v + 0.5) is 2 and 4, the factors 3 and 2.
  const values = [
    [1, 2, 3, 4],
    [1, 2],
    [3.5, 15.5],
    [6, 8],
    [0.5, -0.5],
  ].map((list) => Float32Array.from(list));
  const valuesOf = (weight: number): Float32Array => values[weight] ?? new Float32Array();

  test("are its own, scaled per output channel, and what the normalization moves them by", () => {
    const { program, derived } = fold(chain("conv", "batch_norm"), NONE);
    expect(derived.map((one) => [...derivedValues(one, valuesOf)])).toEqual([
      [3, 6, 6, 8],
      [-2.5, -4.5],
    ]);
    const sources = program.nodes.filter(({ weight }) => weight !== undefined && 5 <= weight);
    const conv = program.nodes.find(({ op }) => op === "conv");
    expect(conv?.inputs.slice(1).map((ref) => ref.node)).toEqual(sources.map(({ id }) => id));
    expect(program.weights.slice(5).map(({ shape }) => shape)).toEqual([[2, 2, 1, 1], [2]]);
  });

  test("of a normalization alone are its factors, and what it moves the channels by", () => {
    const { derived } = fold(chain("tanh", "batch_norm"), NONE);
    const own = (weight: number): Float32Array => valuesOf(weight + 1);
    expect(derived.map((one) => [...derivedValues(one, own)])).toEqual([
      [3, 2],
      [-2.5, -4.5],
    ]);
  });

  test("of a transposed one are scaled along its second axis", () => {
    const plain = chain("conv", "batch_norm");
    const nodes = plain.nodes.map((one) => (one.op === "conv" ? { ...one, op: "conv_transpose" } : one));
    const { derived } = fold({ ...plain, nodes }, NONE);
    expect(derived.map((one) => [...derivedValues(one, valuesOf)])).toEqual([
      [3, 4, 9, 8],
      [-2.5, -4.5],
    ]);
  });
});

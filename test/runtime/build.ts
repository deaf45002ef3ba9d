import type { Program, ProgramNode } from "../../src/graph/program.ts";

/** A node with one float32 output; `more` overrides. */
export function node(
  id: number,
  op: string,
  inputs: readonly number[],
  shape: readonly number[],
  more: Partial<ProgramNode> = {},
): ProgramNode {
  return {
    id,
    op,
    inputs: inputs.map((from) => ({ node: from, output: 0 })),
    args: {},
    outputs: [{ shape, dtype: "float32" }],
    path: "",
    type: "",
    ...more,
  };
}

/** A program of nodes that gives the output of one of them. */
export function programOf(nodes: readonly ProgramNode[], output: number, more: Partial<Program> = {}): Program {
  return {
    inputs: nodes.flatMap(({ id, op, outputs: [one] }) =>
      op === "input" && one !== undefined ? [{ node: id, name: "x", ...one }] : [],
    ),
    weights: [],
    nodes,
    output: { kind: "tensor", ref: { node: output, output: 0 } },
    taps: nodes.slice(1).map(({ id }) => ({ path: `n${id}`, type: "T", ref: { node: id, output: 0 } })),
    ...more,
  };
}

import type { Program, ProgramNode } from "../graph/program.ts";
import { type Text, t } from "../text/text.ts";
import { product } from "./value.ts";

/** The program with every batch normalization by the batch's own statistics, as in training; the reason where one has a single value a channel. */
export function withBatchStatistics(program: Program): Program | Text {
  for (const node of program.nodes) {
    const shape = node.outputs[0]?.shape ?? [];
    if (node.op === "batch_norm" && product(shape) / Math.max(shape[1] ?? 1, 1) < 2)
      return t("{0} has one value per channel, [{1}]: a batch of one has no statistics", node.path, shape.join(", "));
  }
  return { ...program, nodes: program.nodes.map(inTraining) };
}

function inTraining(node: ProgramNode): ProgramNode {
  if (node.op !== "batch_norm" || node.args.training === true) return node;
  // Inputs of a normalization by running statistics: data, mean, variance, and what scales and shifts.
  const scaled = node.args.scaled ?? 3 < node.inputs.length;
  return { ...node, args: { ...node.args, training: true, running: node.args.running ?? true, scaled } };
}

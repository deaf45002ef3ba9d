import type { GraphNode } from "../../graph/graph.ts";
import type { Context, Run } from "../context.ts";
import type { Fault } from "../faults.ts";
import type { Candidate } from "./candidate.ts";
import { nameOf } from "./channels.ts";
import { exchange } from "./exchange.ts";
import { producerOf, shapeOf } from "./flow.ts";
import { levelsOf } from "./level.ts";

/** Two counts in the wrong order: the layer gives what it is given, or the layer before it does. */
export function swapCounts(context: Context, { node, run, refusal }: Fault): readonly Candidate[] {
  const [found, expected] = [refusal.found?.size, refusal.expected?.size];
  const producer = producerOf(run, node.inputs[0]);
  return [
    ...(declaredOut(run, node) === found ? swapped(context, run, node, 3) : []),
    ...(producer !== undefined && declaredIn(run, producer) === expected ? swapped(context, run, producer, 9) : []),
  ];
}

function swapped(context: Context, run: Run, node: GraphNode, rank: number): readonly Candidate[] {
  const own = nameOf(context, run, node.path, ["in_channels", "in_features"]);
  const other = nameOf(context, run, node.path, ["out_channels", "out_features"]);
  if (own === undefined || other === undefined) return [];
  const outs = levelsOf(context, run, node.path, other);
  return levelsOf(context, run, node.path, own).flatMap((level, depth) => {
    const second = outs.find(({ call }) => call === level.call)?.argument;
    const first = level.argument;
    if (first === undefined || second === undefined || first === second) return [];
    return exchange(context, level.place, [first.value.span, second.value.span], rank + depth);
  });
}

function weightOf(run: Run, node: GraphNode): readonly (number | undefined)[] | undefined {
  return shapeOf(run, node.inputs[1]);
}

function declaredOut(run: Run, node: GraphNode): number | undefined {
  const shape = weightOf(run, node);
  return node.op === "conv_transpose" ? shape?.[1] : shape?.[0];
}

function declaredIn(run: Run, node: GraphNode): number | undefined {
  const shape = weightOf(run, node);
  return node.op === "conv_transpose" ? shape?.[0] : shape?.[1];
}

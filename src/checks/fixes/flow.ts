import type { GraphNode, Ref } from "../../graph/graph.ts";
import type { Run } from "../context.ts";

const WEIGHTED: ReadonlySet<string> = new Set(["conv", "conv_transpose", "linear"]);
const NORMS: ReadonlySet<string> = new Set(["batch_norm", "instance_norm", "group_norm"]);
/** Operators whose result has the channels of its first input. */
const STOPS: ReadonlySet<string> = new Set([
  "concat",
  "flatten",
  "reshape",
  "permute",
  "transpose",
  "split",
  "chunk",
  "input",
]);

/** The layer that made a tensor's channels: the last one with weights before it; undefined past a join or a reshape. */
export function producerOf(run: Run, ref: Ref | undefined): GraphNode | undefined {
  let at = ref === undefined ? undefined : run.graph.nodes[ref.node];
  while (at !== undefined && !WEIGHTED.has(at.op)) {
    if (STOPS.has(at.op)) return undefined;
    at = at.inputs[0] === undefined ? undefined : run.graph.nodes[at.inputs[0].node];
  }
  return at;
}

/** Normalizations that a layer's result goes into at once. */
export function normsAfter(run: Run, id: number): readonly GraphNode[] {
  return run.graph.nodes.filter(({ op, inputs }) => NORMS.has(op) && inputs[0]?.node === id);
}

/** The next layers with weights that a node's result reaches without a join. */
export function consumersOf(run: Run, id: number): readonly GraphNode[] {
  const found: GraphNode[] = [];
  const reached = new Set([id]);
  for (const node of run.graph.nodes.slice(id + 1)) {
    const [first] = node.inputs;
    if (first === undefined || !reached.has(first.node)) continue;
    if (WEIGHTED.has(node.op)) found.push(node);
    else if (!STOPS.has(node.op)) reached.add(node.id);
  }
  return found;
}

export function shapeOf(run: Run, ref: Ref | undefined): readonly (number | undefined)[] | undefined {
  const shape = ref === undefined ? undefined : run.graph.nodes[ref.node]?.outputs[ref.output]?.shape;
  return shape?.map(({ size }) => (typeof size === "number" ? size : undefined));
}

export function isNorm({ op }: GraphNode): boolean {
  return NORMS.has(op);
}

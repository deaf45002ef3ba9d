import type { Analysis } from "./analysis.ts";
import type { Graph, GraphNode, ModuleInfo, ShapeTree } from "./graph/graph.ts";
import type { TensorType } from "./shape/dim.ts";
import type { Size } from "./shape/size.ts";

/**
 * Whether an edited model does less than the one before: a layer or a parameter that it still has is not used any more, a
 * residual add is gone, its rows are mixed up, or what it gives is not known. Such an edit hides a mistake and mends none.
 */
export function weakens(before: Analysis, after: Analysis): boolean {
  const [old, now] = [graphOf(before), graphOf(after)];
  if (old === undefined || now === undefined) return false;
  if (losesBatch(now)) return true;
  if (isUnknown(now.output) && (before.gaps.length === 0 || !isUnknown(old.output))) return true;
  if (addsOf(now) < addsOf(old)) return true;
  const isLive = refsIn(old.output).length !== 0 && refsIn(now.output).length !== 0;
  const layers = new Map(now.modules.map((module) => [module.path, module]));
  const isKept = ({ path, type, builtin }: ModuleInfo): boolean =>
    layers.get(path)?.type === type && layers.get(path)?.builtin === builtin;
  const kept = new Set(old.modules.filter(isKept).map(({ path }) => path));
  const used = usedIn(now, isLive);
  return [...usedIn(old, isLive)].some((key) => !used.has(key) && kept.has(ownerOf(key)));
}

/**
 * Whether pictures or rows come in and one tensor comes out that has another length along the first axis: their number
 * became channels or was flattened away.
 */
function losesBatch({ nodes, output }: Graph): boolean {
  const [input, ...more] = nodes.filter(({ op }) => op === "input");
  const [from, to] = [input?.outputs[0]?.shape, output?.kind === "tensor" ? output.type.shape : undefined];
  if (more.length !== 0 || from === undefined || to === undefined || from.length < 3 || to.length === 0) return false;
  const [before, after] = [from[0]?.size, to[0]?.size];
  return before !== undefined && after !== undefined && wordOf(before) !== wordOf(after);
}

function wordOf(size: Size): string {
  return typeof size === "number" ? String(size) : size.text;
}

/** How many residual adds there are around layers with weights: of parts of one tensor any sum may be one. */
function addsOf({ residualAdds, nodes }: Graph): number {
  const isWeighted = (id: number): boolean =>
    nodes[id]?.inputs.some((ref) => nodes[ref.node]?.weight !== undefined) === true;
  return residualAdds.filter(({ mainNodes }) => mainNodes.some(isWeighted)).length;
}

/**
 * Whether a model still gives one tensor of the lengths it was declared to have, the number of rows aside; also where
 * either is not known.
 */
export function keepsOutput(before: Analysis, after: Analysis): boolean {
  const [old, now] = [graphOf(before)?.output, graphOf(after)?.output];
  if (old?.kind !== "tensor" || now?.kind !== "tensor") return true;
  const [from, to] = [lengthsOf(old.type), lengthsOf(now.type)];
  if (from === undefined || to === undefined || from.includes(undefined)) return true;
  const compared = from.length === to.length ? from.length - 1 : Math.min(from.length, to.length);
  return compared === 0 || from.slice(-compared).join() === to.slice(-compared).join();
}

function lengthsOf({ shape }: TensorType): readonly (string | undefined)[] | undefined {
  return shape?.map(({ size }) => (size === undefined ? undefined : wordOf(size)));
}

function graphOf({ concrete, symbolic }: Analysis): Graph | undefined {
  return (concrete ?? symbolic)?.graph;
}

/** Layers and weights by their keys, a layer's with a dot at the end; `isLive`: only those that the output comes from. */
function usedIn(graph: Graph, isLive: boolean): ReadonlySet<string> {
  const { modules, weights, nodes } = graph;
  const live = isLive ? liveNodes(graph) : new Set(nodes.keys());
  const read = new Set(
    nodes.flatMap(({ id, inputs }) => (live.has(id) ? inputs.map((ref) => nodes[ref.node]?.weight) : [])),
  );
  const here = nodes.filter(({ id }) => live.has(id));
  // A container that is given what is not known stands for a gap of its own, where else its layers stand.
  const [paths, known] = [new Set(here.map(pathOf)), new Set(here.filter(({ op }) => op !== "gap").map(pathOf))];
  const called = modules.filter(
    ({ path, calls, builtin, children }) =>
      builtin && 0 < calls.length && (children.length === 0 ? paths : known).has(path),
  );
  return new Set([
    ...called.map(({ path }) => `${path}.`),
    ...weights.flatMap(({ keys }, i) => (read.has(i) ? keys : [])),
  ]);
}

function pathOf({ path }: GraphNode): string {
  return path;
}

/** Ids of the nodes that the output is computed from. */
function liveNodes({ nodes, output }: Graph): ReadonlySet<number> {
  const live = new Set<number>(refsIn(output));
  for (const { id, inputs } of nodes.toReversed()) if (live.has(id)) for (const { node } of inputs) live.add(node);
  return live;
}

function refsIn(tree: ShapeTree | null | undefined): readonly number[] {
  switch (tree?.kind) {
    case "tensor":
      return tree.ref === undefined ? [] : [tree.ref.node];
    case "seq":
      return tree.items.flatMap(refsIn);
    case "dict":
      return tree.entries.flatMap(([, item]) => refsIn(item));
    default:
      return [];
  }
}

function ownerOf(key: string): string {
  return key.slice(0, Math.max(0, key.lastIndexOf(".")));
}

function isUnknown(tree: ShapeTree | null | undefined): boolean {
  if (tree === undefined) return true;
  if (tree === null) return false;
  return tree.kind === "unknown" || (tree.kind === "seq" && tree.items.some(isUnknown));
}

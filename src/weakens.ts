import type { Analysis } from "./analysis.ts";
import type { Graph, GraphNode, ModuleInfo, ShapeTree } from "./graph/graph.ts";

/**
 * Whether an edited model does less than the one before: a layer or a parameter that it still has is not used any more, a
 * residual add is gone, or what it gives is not known. Such an edit hides a mistake and mends none.
 */
export function weakens(before: Analysis, after: Analysis): boolean {
  const [old, now] = [graphOf(before), graphOf(after)];
  if (old === undefined || now === undefined) return false;
  if (isUnknown(now.output) && (before.gaps.length === 0 || !isUnknown(old.output))) return true;
  if (now.residualAdds.length < old.residualAdds.length) return true;
  const isLive = refsIn(old.output).length !== 0 && refsIn(now.output).length !== 0;
  const layers = new Map(now.modules.map((module) => [module.path, module]));
  const isKept = ({ path, type, builtin }: ModuleInfo): boolean =>
    layers.get(path)?.type === type && layers.get(path)?.builtin === builtin;
  const kept = new Set(old.modules.filter(isKept).map(({ path }) => path));
  const used = usedIn(now, isLive);
  return [...usedIn(old, isLive)].some((key) => !used.has(key) && kept.has(ownerOf(key)));
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

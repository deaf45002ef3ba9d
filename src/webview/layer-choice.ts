import type { Program } from "../graph/program.ts";
import type { PreviewView, ViewNode } from "../preview/model.ts";

/** Modules whose output a run can be asked for, in the order in which they gave it. */
export function layersOf({
  taps,
  nodes,
}: Program): readonly { readonly path: string; readonly shape: readonly number[] }[] {
  const outputs = new Map(nodes.map(({ id, outputs }) => [id, outputs]));
  return taps
    .map(({ path, ref }) => ({ path, at: ref.node, shape: outputs.get(ref.node)?.[ref.output]?.shape ?? [] }))
    .sort((a, b) => a.at - b.at || b.path.length - a.path.length);
}

/** The module whose output stands for a node: its last instance's, or the last one's inside; of an operator, its module's. */
export function layerFor(node: ViewNode, view: PreviewView, program: Program): string | undefined {
  const paths = new Set(program.taps.map(({ path }) => path));
  if (node.id === view.network.id) return firstMaps(view, program) ?? "";
  const own = node.kind === "run" ? undefined : node.paths.at(-1);
  if (own !== undefined && paths.has(own)) return own;
  for (const child of [...node.children].reverse()) {
    const found = layerFor(child, view, program);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The first stage that gives maps. */
function firstMaps(view: PreviewView, program: Program): string | undefined {
  const shapes = new Map(layersOf(program).map(({ path, shape }) => [path, shape]));
  for (const stage of view.network.children) {
    const path = layerFor(stage, view, program);
    if (path !== undefined && shapes.get(path)?.length === 4) return path;
  }
  return undefined;
}

/** The node whose card a module's is. */
export function nodeFor(path: string, node: ViewNode): ViewNode | undefined {
  if (node.kind === "module" && node.paths.includes(path)) return node;
  for (const child of node.children) {
    const found = nodeFor(path, child);
    if (found !== undefined) return found;
  }
  return undefined;
}

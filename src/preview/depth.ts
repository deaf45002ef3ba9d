import type { Program } from "../graph/program.ts";
import type { PreviewView, ViewNode } from "./model.ts";

/** One step down the depth of a network: where its statistics are read. */
export interface DepthRow {
  readonly label: string;
  /** The module whose output is the step's, and the module whose input is. */
  readonly output: string;
  readonly input: string;
  /** The node that stands for it. */
  readonly node: string;
}

/** The parts of each stage, and what stands outside of stages as a whole. */
export function blocksOf(view: PreviewView): readonly DepthRow[] {
  return view.network.children.flatMap((node) => {
    const parts = node.level === "stage" && node.kind === "module" ? node.children.flatMap(rowsOf) : [];
    return 0 < parts.length ? parts : rowsOf(node);
  });
}

function rowsOf(node: ViewNode): readonly DepthRow[] {
  if (node.kind === "module")
    return node.paths.map((path) => ({ label: path, output: path, input: path, node: node.id }));
  if (node.kind !== "run") return [];
  const modules = node.children.filter((child) => child.kind === "module");
  const [first, last] = [modules[0]?.paths[0], modules.at(-1)?.paths.at(-1)];
  if (first === undefined || last === undefined) return [];
  return [{ label: first === last ? first : `${first}–${last}`, output: last, input: first, node: node.id }];
}

const WEIGHTED: ReadonlySet<string> = new Set(["conv", "conv_transpose", "linear"]);

/** Modules that hold a convolution or a linear map of their own, in the order in which they run. */
export function layersOf(view: PreviewView, program: Program): readonly DepthRow[] {
  const tapped = new Set(program.taps.map(({ path }) => path));
  const paths = program.nodes.filter(({ op, path }) => WEIGHTED.has(op) && tapped.has(path)).map(({ path }) => path);
  return [...new Set(paths)].map((path) => ({
    label: path,
    output: path,
    input: path,
    node: nodeOf(path, view.network)?.id ?? view.network.id,
  }));
}

/** The innermost node that a module lies in. */
function nodeOf(path: string, node: ViewNode): ViewNode | undefined {
  for (const child of node.children) {
    const found = nodeOf(path, child);
    if (found !== undefined) return found;
  }
  return node.kind === "module" && node.paths.includes(path) ? node : undefined;
}

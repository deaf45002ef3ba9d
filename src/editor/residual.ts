import type { Analysis, Run } from "../analysis.ts";
import type { Graph, GraphNode, Ref, ResidualAdd } from "../graph/graph.ts";
import type { TensorType } from "../shape/dim.ts";
import type { Text } from "../text/text.ts";
import { t } from "../text/text.ts";
import { shownRun } from "./context.ts";
import { pathLabel } from "./groups.ts";
import { dimText } from "./shape-text.ts";

/** A residual add and its node, as one instance of a block ran it. */
export interface AddHere {
  readonly add: ResidualAdd;
  readonly node: GraphNode;
}

/** The residual adds of a run whose operator stands around an offset of a file: one an instance. */
export function addsAt(run: Run | undefined, file: string, offset: number): readonly AddHere[] {
  const all = run === undefined ? [] : addsOf(run.graph);
  const around = all.filter(({ node }) => covers(node, file, offset));
  const narrowest = Math.min(...around.map(({ node }) => lengthOf(node)));
  return around.filter(({ node }) => lengthOf(node) === narrowest);
}

export function addsOf(graph: Graph): readonly AddHere[] {
  return graph.residualAdds.flatMap((add) => {
    const node = graph.nodes[add.node];
    return node === undefined ? [] : [{ add, node }];
  });
}

/** The type of one operand of a residual add. */
export function operandType(graph: Graph, node: GraphNode, operand: 0 | 1): TensorType | undefined {
  const ref = node.inputs[operand];
  return ref === undefined ? undefined : typeOf(graph, ref);
}

export function typeOf(graph: Graph, ref: Ref): TensorType | undefined {
  return graph.nodes[ref.node]?.outputs[ref.output];
}

/** How many shortcuts a root has, and how many of them do not fit. */
export function shortcutCount(analysis: Analysis): { readonly all: number; readonly broken: number } {
  const adds = shownRun(analysis)?.graph.residualAdds ?? [];
  return { all: adds.length, broken: adds.filter((add) => !add.fits).length };
}

/** The kind of one shortcut in words: `identity`, `1×1 projection`. */
export function shortcutName(graph: Graph, add: ResidualAdd): Text {
  switch (add.kind) {
    case "identity":
      return t("identity");
    case "projection": {
      const kernel = projectionKernel(graph, add);
      return kernel === undefined ? t("projection") : t("{0} projection", kernel);
    }
    case "zero-padding":
      return t("zero-padding");
    case "other":
      return t("other operators");
  }
}

/** Which kinds of shortcut the instances have: `1×1 projection in the first block of each stage, identity in the other 12`. */
export function shortcutSummary(graph: Graph, adds: readonly AddHere[], top: string): readonly Text[] {
  const kinds = new Map<string, { readonly name: Text; readonly paths: string[]; readonly identity: boolean }>();
  for (const { add } of adds) {
    const name = shortcutName(graph, add);
    const key = `${name.template} ${name.args.join()}`;
    const kind = kinds.get(key) ?? { name, paths: [], identity: add.kind === "identity" };
    kind.paths.push(add.path);
    kinds.set(key, kind);
  }
  const sorted = [...kinds.values()].sort((a, b) => Number(a.identity) - Number(b.identity));
  if (sorted.length < 2) return sorted.map(({ name }) => name);
  return sorted.map(({ name, paths }, i) => {
    if (i === sorted.length - 1) return t("{0} in the other {1}", name, paths.length);
    if (isFirstOfEachStage(paths, adds)) return t("{0} in the first block of each stage", name);
    return t("{0} in {1}", name, pathLabel(paths, top));
  });
}

/** Differing axes of two operands, counted from the right as broadcasting does; each side's axis or undefined. */
export function differingAxes(
  main: TensorType,
  shortcut: TensorType,
): readonly { readonly main: string; readonly shortcut: string; readonly fromRight: number }[] {
  const left = (main.shape ?? []).map(dimText);
  const right = (shortcut.shape ?? []).map(dimText);
  return Array.from({ length: Math.min(left.length, right.length) }, (_, fromRight) => ({
    main: left[left.length - 1 - fromRight] ?? "",
    shortcut: right[right.length - 1 - fromRight] ?? "",
    fromRight,
  }))
    .filter((axis) => axis.main !== axis.shortcut && axis.main !== "1" && axis.shortcut !== "1")
    .reverse();
}

function isFirstOfEachStage(paths: readonly string[], adds: readonly AddHere[]): boolean {
  const stages = new Map<string, string>();
  for (const { add } of adds) {
    const stage = add.path.split(".").slice(0, -1).join(".");
    if (!stages.has(stage)) stages.set(stage, add.path);
  }
  const first = [...stages.values()];
  return 1 < first.length && first.length === paths.length && first.every((path) => paths.includes(path));
}

/** `1×1`, from the weight of the shortcut's only convolution. */
function projectionKernel(graph: Graph, add: ResidualAdd): string | undefined {
  const kernels = add.shortcutNodes.flatMap((id) => {
    const kernel = kernelOf(graph, graph.nodes[id]);
    return kernel === undefined ? [] : [kernel];
  });
  return kernels.length === 1 ? kernels[0] : undefined;
}

/** `3×3`, from a convolution's weight `[out, in, …kernel]`; undefined for other operators. */
function kernelOf(graph: Graph, node: GraphNode | undefined): string | undefined {
  if (node === undefined || !node.op.startsWith("conv")) return undefined;
  const [, weight] = node.inputs;
  const shape = weight === undefined ? undefined : typeOf(graph, weight)?.shape;
  return shape === undefined || shape.length < 3 ? undefined : shape.slice(2).map(dimText).join("×");
}

function covers(node: GraphNode, file: string, offset: number): boolean {
  return node.place?.file === file && node.place.span.start <= offset && offset <= node.place.span.end;
}

function lengthOf(node: GraphNode): number {
  return node.place === undefined ? Number.POSITIVE_INFINITY : node.place.span.end - node.place.span.start;
}

import type { Graph, GraphNode } from "../graph/graph.ts";
import type { Refusal } from "../ops/operator.ts";
import { type Context, overlap, type Run } from "./context.ts";

/** A refused node as it is shown: of the concrete run where that refuses too. */
export interface Fault {
  readonly run: Run;
  readonly node: GraphNode;
  readonly refusal: Refusal;
}

/**
 * The refusals that are mistakes of their own. With a given input those of its run; under a guessed one those that hold
 * for every size. What follows from another refusal's recovery by guess is left out.
 */
export function faultsOf(context: Context): readonly Fault[] {
  const { input, concrete, symbolic } = context;
  const judged = input.fixedInput ? (concrete ?? symbolic) : (symbolic ?? concrete);
  if (judged === undefined) return [];
  const doubtful = doubtfulNodes(judged);
  return judged.graph.nodes.flatMap((node) => {
    if (node.refusal === undefined || isConsequence(context, judged, node, doubtful)) return [];
    const shown = judged === symbolic ? context.concreteOf(node) : node;
    if (concrete !== undefined && shown?.refusal !== undefined)
      return [{ run: concrete, node: shown, refusal: shown.refusal }];
    return [{ run: judged, node, refusal: node.refusal }];
  });
}

/**
 * By node id: whether it depends on a recovery that is no more than a guess. A layer's declared output and the shape
 * after a repaired shortcut are sound.
 */
function doubtfulNodes({ graph, adds }: Run): readonly boolean[] {
  const doubtful: boolean[] = [];
  for (const node of graph.nodes) {
    const guess = node.refusal !== undefined && node.refusal.fault !== "channels" && !adds.has(node.id);
    doubtful[node.id] = guess || node.inputs.some((ref) => doubtful[ref.node] === true);
  }
  return doubtful;
}

function isConsequence(context: Context, run: Run, node: GraphNode, doubtful: readonly boolean[]): boolean {
  const add = run.adds.get(node.id);
  if (add !== undefined) {
    // Both branches come from the fork, so only what was guessed since can make them differ.
    return [...add.mainNodes, ...add.shortcutNodes].some((id) => isGuess(run.graph, id));
  }
  if (node.inputs.some((ref) => doubtful[ref.node] === true)) return true;
  const built = run.modules.get(node.path)?.place;
  return context.input.problems.some(
    ({ place }) => node.frames.some((frame) => frame.own && overlap(frame.place, place)) || overlap(built, place),
  );
}

function isGuess(graph: Graph, id: number): boolean {
  const refusal = graph.nodes[id]?.refusal;
  return refusal !== undefined && refusal.fault !== "channels";
}

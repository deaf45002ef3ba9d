import type { Graph, GraphNode } from "../graph/graph.ts";
import type { Refusal } from "../ops/operator.ts";
import { decideGuard, holdsAt } from "../shape/decide.ts";
import { describeFailure } from "../shape/failure.ts";
import type { Guard } from "../shape/guard.ts";
import { evaluate } from "../shape/size.ts";
import { type Context, overlap, placeKey, type Run } from "./context.ts";

/** Earlier demands that a demand is judged under, at most: the last ones, whose sizes are nearest to it. */
export const MAX_GIVEN = 64;

/** A refused node as it is shown: of the concrete run where that refuses too. */
export interface Fault {
  readonly run: Run;
  readonly node: GraphNode;
  readonly refusal: Refusal;
}

/**
 * The refusals that are mistakes of their own. With a given input those of its run; under a guessed one those that hold
 * for every size, or for all but tiny ones in a shortcut. What follows from another refusal's recovery by guess is left out.
 */
export function faultsOf(context: Context): readonly Fault[] {
  const { input, concrete, symbolic } = context;
  const judged = input.fixedInput ? (concrete ?? symbolic) : (symbolic ?? concrete);
  if (judged === undefined) return [];
  const doubtful = doubtfulNodes(judged);
  const isNever = judged === symbolic && concrete !== undefined && fitsNowhere(context, judged);
  const misfits = judged === symbolic ? misfitPlaces(context, symbolic) : new Set<string>();
  return judged.graph.nodes.flatMap((node) => {
    if (node.refusal === undefined && node.guards === undefined) return [];
    const shown = judged === symbolic ? context.concreteOf(node) : node;
    if (node.refusal === undefined) {
      if (concrete === undefined || shown?.refusal === undefined) return [];
      if (!isNever && !misfits.has(placeKey(node.place))) return [];
      return [{ run: concrete, node: shown, refusal: shown.refusal }];
    }
    if (isConsequence(context, judged, node, doubtful)) return [];
    if (concrete !== undefined && shown?.refusal !== undefined)
      return [{ run: concrete, node: shown, refusal: shown.refusal }];
    return [{ run: judged, node, refusal: node.refusal }];
  });
}

/** Each demand holds for some sizes, and yet one of them for none that the earlier ones accept. */
function fitsNowhere(context: Context, { graph }: Run): boolean {
  const isRefused = (node: GraphNode): boolean =>
    node.refusal === undefined && node.guards !== undefined && context.concreteOf(node)?.refusal !== undefined;
  if (!graph.nodes.some(isRefused)) return false;
  const given: Guard[] = [];
  return graph.nodes.some(({ guards = [] }) =>
    guards.some((guard) => {
      const never = guard.kind !== "at-least" && decideGuard(guard, given.slice(-MAX_GIVEN)) === "never";
      given.push(guard);
      return never;
    }),
  );
}

/**
 * Places of residual adds that an example size refuses and that fit only at sizes so small that both lengths are 1: as
 * good as never. One instance tells for all, as they are built alike.
 */
function misfitPlaces(context: Context, run: Run): ReadonlySet<string> {
  const asked = new Set<string>();
  const places = new Set<string>();
  for (const node of run.graph.nodes) {
    const key = placeKey(node.place);
    if (!run.adds.has(node.id) || node.guards === undefined || asked.has(key)) continue;
    if (context.concreteOf(node)?.refusal?.fault !== "broadcast") continue;
    asked.add(key);
    const failing = node.guards.filter((guard) => !holdsAt(guard, context.example));
    if (failing.some((guard) => fitsAtOneOnly(context, guard))) places.add(key);
  }
  return places;
}

function fitsAtOneOnly(context: Context, guard: Guard): boolean {
  if (guard.kind === "at-least") return false;
  const holds = describeFailure(guard, context.example)?.holds;
  return holds !== undefined && [guard.left, guard.right].some((side) => evaluate(side, holds) === 1);
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
    const branches = [...add.mainNodes, ...add.shortcutNodes];
    return branches.some((id) => isGuess(run.graph, id)) || followsChannels(run, node, branches);
  }
  if (node.inputs.some((ref) => doubtful[ref.node] === true)) return true;
  if (followsNormalization(run, node)) return true;
  const built = run.modules.get(node.path)?.place;
  return context.input.problems.some(
    ({ place }) => node.frames.some((frame) => frame.own && overlap(frame.place, place)) || overlap(built, place),
  );
}

/** Whether two branches differ in their channels alone, by the two counts that did not fit a normalization of one of them. */
function followsChannels(run: Run, node: GraphNode, branches: readonly number[]): boolean {
  const shapes = node.inputs.map((ref) => run.graph.nodes[ref.node]?.outputs[ref.output]?.shape);
  const [left, right] = shapes.map((shape) => shape?.[1]?.size);
  if (node.refusal?.axes?.some((axis) => axis !== 1) !== false) return false;
  return branches.some((id) => {
    const one = run.graph.nodes[id];
    if (one?.refusal?.fault !== "channels" || !NORMS.has(one.op)) return false;
    const counts = [one.refusal.expected?.size, one.refusal.found?.size];
    return counts.includes(left) && counts.includes(right);
  });
}

const NORMS: ReadonlySet<string> = new Set(["batch_norm", "instance_norm", "group_norm"]);

/**
 * Whether a refused normalization stands between this layer and the one that made the channels, and this layer wants one
 * of the two counts that did not fit there: which of the two was meant is not known, so it is the same mistake.
 */
function followsNormalization(run: Run, { refusal, inputs }: GraphNode): boolean {
  const wanted = refusal?.fault === "channels" ? refusal.expected?.size : undefined;
  if (wanted === undefined) return false;
  let at = inputs[0] === undefined ? undefined : run.graph.nodes[inputs[0].node];
  while (at !== undefined && CHANNELWISE.has(at.op)) {
    if (at.refusal?.fault === "channels") return [at.refusal.expected?.size, at.refusal.found?.size].includes(wanted);
    at = at.inputs[0] === undefined ? undefined : run.graph.nodes[at.inputs[0].node];
  }
  // Two counts in the wrong order: the layer before wanted what this one wants, and was given what it gives.
  const own = at?.refusal?.fault === "channels" ? at : undefined;
  return own?.refusal?.expected?.size === wanted && own.refusal.found?.size === own.outputs[0]?.shape?.[1]?.size;
}

/** Operators that keep the channels of their one input. */
const CHANNELWISE: ReadonlySet<string> = new Set([
  "batch_norm",
  "instance_norm",
  "group_norm",
  "relu",
  "leaky_relu",
  "gelu",
  "silu",
  "sigmoid",
  "tanh",
  "dropout",
  "max_pool",
  "avg_pool",
  "identity",
]);

function isGuess(graph: Graph, id: number): boolean {
  const refusal = graph.nodes[id]?.refusal;
  return refusal !== undefined && refusal.fault !== "channels";
}

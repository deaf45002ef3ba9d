import type { GraphNode } from "../../graph/graph.ts";
import { type Context, placeKey, type Run } from "../context.ts";
import type { Edit } from "../diagnostic.ts";
import type { Fault } from "../faults.ts";
import type { Hole, Proposal } from "./candidate.ts";
import { scaleLiteral } from "./factor.ts";
import { consumersOf, isNorm, normsAfter, producerOf, shapeOf } from "./flow.ts";
import { type Level, levelsOf, setArgument, textOf } from "./level.ts";
import { setNumber } from "./number.ts";
import { parametersAt } from "./statement.ts";

const INPUTS = ["in_channels", "in_features", "num_features", "num_channels", "normalized_shape", "input_size"];
/** Literals tried, at most. */
const MOST_SCALED = 4;
const OUTPUTS = ["out_channels", "out_features"];

/** What every instance that the same statement refuses takes and gets. */
export function allWanted(run: Run, node: GraphNode): Hole["wanted"] {
  return run.graph.nodes.flatMap(({ refusal, place }) => {
    if (refusal?.fault !== "channels" || placeKey(place) !== placeKey(node.place)) return [];
    const [from, to] = [refusal.expected?.size, refusal.found?.size];
    return typeof to === "number" ? [{ from: typeof from === "number" ? from : undefined, to }] : [];
  });
}

/** A layer that gets another count than it was built for: it takes what comes, or what comes is made as it wants. */
export function matchChannels(context: Context, { node, run, refusal }: Fault): readonly Proposal[] {
  const [found, expected] = [refusal.found?.size, refusal.expected?.size];
  if (typeof found !== "number") return [];
  const producer = producerOf(run, node.inputs[0]);
  // The last axis of a picture is none that a layer was built for.
  const isPicture = node.op === "linear" && 3 < (shapeOf(run, node.inputs[0])?.length ?? 0);
  if (isPicture) return [];
  const takes = takeIn(context, run, node, typeof expected === "number" ? expected : undefined, found, producer, 10);
  if (typeof expected !== "number") return takes;
  const made =
    producer === undefined
      ? joined(context, run, node, found - expected)
      : giveOut(context, run, producer, expected, makerRank(run, node, expected, found), { taker: node });
  const scaled = [
    ...scaleLiteral(context, refusal.expected, found, 15),
    ...scaleLiteral(context, refusal.found, expected, 16),
  ];
  return [...takes, ...made, ...scaled.slice(0, MOST_SCALED)];
}

/** The layer's declared input becomes what comes in. */
function takeIn(
  context: Context,
  run: Run,
  node: GraphNode,
  from: number | undefined,
  to: number,
  producer: GraphNode | undefined,
  rank: number,
): readonly Hole[] {
  const parameter = nameOf(context, run, node.path, INPUTS);
  if (parameter === undefined) return [];
  const first = producer === undefined ? [] : outTexts(context, run, producer);
  return setNumber(context, run, { path: node.path, parameter, from, to, rank, first, more: allWanted(run, node) });
}

/** A layer gives another number of channels, and so do the normalizations right after it. */
export function giveOut(
  context: Context,
  run: Run,
  maker: GraphNode,
  to: number,
  rank: number,
  { taker, more = [] }: { readonly taker?: GraphNode; readonly more?: Hole["wanted"] } = {},
): readonly Hole[] {
  const parameter = nameOf(context, run, maker.path, OUTPUTS);
  const from = shapeOf(run, { node: maker.id, output: 0 })?.[1];
  if (parameter === undefined || from === undefined || from === to) return [];
  const norms = normsAfter(run, maker.id).filter((norm) => norm !== taker && norm.refusal === undefined);
  const first = taker === undefined ? [] : inTexts(context, run, taker);
  const also = (level: Level, text: string): readonly Edit[] =>
    norms.flatMap((norm) => {
      const own = nameOf(context, run, norm.path, INPUTS);
      const levels = own === undefined ? [] : levelsOf(context, run, norm.path, own);
      const beside = levels.find(({ fn, argument }) => fn === level.fn && argument !== undefined);
      // A helper hands one argument on to both.
      return beside === undefined || beside.argument === level.argument ? [] : [setArgument(beside, text)];
    });
  return setNumber(context, run, { path: maker.path, parameter, from, to, rank, first, also, more });
}

function makerRank(run: Run, node: GraphNode, expected: number, found: number): number {
  if (votesForMaker(run, node, expected, found)) return 6;
  // A count that the model has elsewhere is likelier meant than one that it does not have.
  const [wanted, odd] = [usesOf(run, expected), usesOf(run, found)];
  return 1 < wanted && odd <= 1 ? 9 : 13;
}

/** How many layers give a count. */
function usesOf(run: Run, count: number): number {
  return run.graph.nodes.filter(
    ({ id, op }) => (op === "conv" || op === "linear") && shapeOf(run, { node: id, output: 0 })?.[1] === count,
  ).length;
}

/** Whether what follows wants what the layer wants, so that the one before makes too many or too few. */
function votesForMaker(run: Run, node: GraphNode, expected: number, found: number): boolean {
  if (!isNorm(node)) return false;
  const declared = consumersOf(run, node.id).flatMap((next) => declaredIn(run, next) ?? []);
  return declared.includes(expected) && !declared.includes(found);
}

function declaredIn(run: Run, node: GraphNode): number | undefined {
  const { refusal } = node;
  const expected = refusal?.fault === "channels" ? refusal.expected?.size : undefined;
  if (typeof expected === "number") return expected;
  const shape = shapeOf(run, node.inputs[0]);
  return node.op === "linear" ? shape?.at(-1) : shape?.[1];
}

/** What comes out of a concatenation: one of its inputs has too many or too few. */
function joined(context: Context, run: Run, node: GraphNode, surplus: number): readonly Hole[] {
  const source = node.inputs[0] === undefined ? undefined : run.graph.nodes[node.inputs[0].node];
  if (source?.op !== "concat") return [];
  return source.inputs.flatMap((ref, i) => {
    const maker = producerOf(run, ref);
    const now = shapeOf(run, ref)?.[1];
    if (maker === undefined || now === undefined || now - surplus < 1) return [];
    return giveOut(context, run, maker, now - surplus, 16 + i);
  });
}

function outTexts(context: Context, run: Run, maker: GraphNode): readonly string[] {
  return texts(context, run, maker.path, OUTPUTS);
}

function inTexts(context: Context, run: Run, taker: GraphNode): readonly string[] {
  return texts(context, run, taker.path, INPUTS);
}

function texts(context: Context, run: Run, path: string, names: readonly string[]): readonly string[] {
  const parameter = nameOf(context, run, path, names);
  if (parameter === undefined) return [];
  return levelsOf(context, run, path, parameter)
    .flatMap((level) => (level.argument === undefined ? [] : [textOf(level, level.argument.value)]))
    .filter((text) => !/^\d+$/.test(text) && !text.includes("\n"));
}

/** The first of the names that the layer is built with. */
export function nameOf(context: Context, run: Run, path: string, names: readonly string[]): string | undefined {
  const known = parametersAt(context, run, path);
  return names.find((name) => known?.includes(name));
}

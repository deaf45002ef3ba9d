import type { Ref } from "../graph/graph.ts";
import type { PlainArg, Program, ProgramNode } from "../graph/program.ts";
import { type Text, t } from "../text/text.ts";

/**
 * How a network ends that tells classes by the mean of its last maps, which is what a class activation map rests on:
 * logits = weight · mean over places(features) + bias.
 * @see https://arxiv.org/abs/1512.04150 (Zhou et al. 2016)
 */
export interface ClassHead {
  /** The maps before the mean, [N, C, H, W]. */
  readonly features: Ref;
  readonly classes: number;
  /** Index among the program's weights of the one of [classes, C]; undefined where each map is a class's own. */
  readonly weight: number | undefined;
  /** Index of the one of [classes]. */
  readonly bias: number | undefined;
}

export type ClassHeadResult =
  | { readonly kind: "found"; readonly head: ClassHead }
  | { readonly kind: "none"; readonly reason: Text };

/** What the output's numbers are. */
export type Scores = "logits" | "shares" | "logarithms of shares";

/** What changes neither a value nor the order of the elements. */
const PASSING = new Set(["identity", "dropout", "reshape", "flatten", "squeeze", "unsqueeze"]);
/** What may follow the logits. */
const SHARING: Readonly<Record<string, Scores>> = { softmax: "shares", log_softmax: "logarithms of shares" };

/** The class head of a program; why there is no class activation map where it ends otherwise. */
export function classHeadOf(program: Program): ClassHeadResult {
  const { source, behind, output } = reader(program);
  const rows = output === undefined ? [] : shapeOf(output);
  const [examples, classes] = rows;
  if (output === undefined || classes === undefined || rows.length !== 2)
    return none(t("the model does not give one row of classes for each picture"));
  const last = behind(output);
  const end = last !== undefined && last.op in SHARING ? behind(source(last)) : last;
  const linear = end !== undefined && isLinear(end, source(end)) ? end : undefined;
  const weight = linear === undefined ? undefined : source(linear, 1)?.weight;
  if (linear !== undefined && weight === undefined) return none(t("the last layer's weight is computed, not learned"));
  const pool = linear === undefined ? end : behind(source(linear));
  const features = pool?.inputs[0];
  const maps = features === undefined ? [] : shapeOf(source(pool), features.output);
  const width = linear === undefined ? classes : shapeOf(source(linear))[1];
  const fits = maps[0] === examples && maps[1] === width;
  if (pool === undefined || features === undefined || !fits || !isGlobalMean(pool, maps))
    return none(otherwise(pool, linear));
  if (maps[2] === 1 && maps[3] === 1) return none(t("the last maps are 1×1: they have no places to tell apart"));
  return { kind: "found", head: { features, classes, weight, bias: source(linear, 2)?.weight } };
}

/** Stands for the maps before the mean where no module gives just them. */
const FEATURES = "(maps before the mean)";

/** The program with the maps of its class head among what a run can be asked for, and under which name. */
export function withFeatures(program: Program): { readonly program: Program; readonly path: string | undefined } {
  const result = classHeadOf(program);
  if (result.kind === "none") return { program, path: undefined };
  const { features: ref } = result.head;
  const own = program.taps.find((tap) => tap.ref.node === ref.node && tap.ref.output === ref.output);
  if (own !== undefined) return { program, path: own.path };
  return { program: { ...program, taps: [...program.taps, { path: FEATURES, type: "", ref }] }, path: FEATURES };
}

/** Whether the output was made shares already. */
export function scoresOf(program: Program): Scores {
  const { behind, output } = reader(program);
  return SHARING[behind(output)?.op ?? ""] ?? "logits";
}

function reader({ nodes, output }: Program): {
  /** What makes a node's input. */
  readonly source: (node: ProgramNode | undefined, at?: number) => ProgramNode | undefined;
  /** The node itself, or the nearest before it that computes anything. */
  readonly behind: (node: ProgramNode | undefined) => ProgramNode | undefined;
  readonly output: ProgramNode | undefined;
} {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const source = (node: ProgramNode | undefined, at = 0): ProgramNode | undefined =>
    byId.get(node?.inputs[at]?.node ?? -1);
  const behind = (node: ProgramNode | undefined): ProgramNode | undefined => {
    let at = node;
    while (at !== undefined && PASSING.has(at.op)) at = source(at);
    return at;
  };
  return { source, behind, output: output.kind === "tensor" ? byId.get(output.ref.node) : undefined };
}

function shapeOf(node: ProgramNode | undefined, output = 0): readonly number[] {
  return node?.outputs[output]?.shape ?? [];
}

function none(reason: Text): ClassHeadResult {
  return { kind: "none", reason };
}

function otherwise(pool: ProgramNode | undefined, linear: ProgramNode | undefined): Text {
  if (linear === undefined) return t("the model does not end in a linear layer or in the mean of its last maps");
  if (pool === undefined) return t("no mean over all places stands before the last linear layer");
  const name = pool.path === "" ? pool.op : `${pool.path} (${pool.op})`;
  return t("{0} stands before the last linear layer, not the mean over all places", name);
}

/** A linear layer, or a 1×1 convolution of a 1×1 map, which is one. */
function isLinear(node: ProgramNode, input: ProgramNode | undefined): boolean {
  if (node.op === "linear") return true;
  const { groups, padding } = node.args;
  return node.op === "conv" && isPoint(shapeOf(node)) && isPoint(shapeOf(input)) && groups === 1 && isAll(padding, 0);
}

/** [N, C, 1, 1]. */
function isPoint(shape: readonly number[]): boolean {
  return shape.length === 4 && shape[2] === 1 && shape[3] === 1;
}

/** Whether it takes the mean of each map of [N, C, H, W]. */
function isGlobalMean(node: ProgramNode, maps: readonly number[]): boolean {
  const { op, args } = node;
  if (maps.length !== 4) return false;
  if (op === "mean")
    return ["2,3", "3,2"].includes(
      numbers(args.axes)
        .map((axis) => (axis + 4) % 4)
        .join(),
    );
  if (!isPoint(shapeOf(node))) return false;
  if (op === "adaptive_avg_pool") return true;
  const kernel = numbers(args.kernel);
  const whole = kernel[0] === maps[2] && kernel.at(-1) === maps[3];
  return op === "avg_pool" && whole && isAll(args.padding, 0) && (args.divisor ?? null) === null;
}

function numbers(arg: PlainArg | undefined): readonly number[] {
  if (typeof arg === "number") return [arg];
  return typeof arg === "object" && arg !== null ? arg.flatMap(numbers) : [];
}

function isAll(arg: PlainArg | undefined, value: number): boolean {
  return numbers(arg).every((one) => one === value);
}

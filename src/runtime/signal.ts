import type { Ref } from "../graph/graph.ts";
import type { Program } from "../graph/program.ts";
import type { Text } from "../text/text.ts";
import { type Blocked, type Loss, reversed } from "./backward.ts";
import { withBatchStatistics } from "./batch-statistics.ts";
import { execute, type RunOptions, type Stop } from "./execute.ts";
import { outputRefs } from "./fold.ts";
import type { Model } from "./model.ts";
import { normalStream, randomStream } from "./random.ts";
import type { Statistics } from "./statistics.ts";
import { product } from "./value.ts";

export interface SignalOptions extends Pick<RunOptions, "onProgress" | "cancelled"> {
  /** By which statistics batch normalizations normalize: those that they keep, or the batch's own, as in training. */
  readonly statistics: "running" | "batch";
  /** Draws the class of each row, or the numbers that the output is multiplied by. */
  readonly seed: number;
}

/** How activations and gradients change down the depth of a network. */
export interface Signal {
  readonly statistics: "running" | "batch";
  /** Of classes, the mean cross-entropy against the drawn ones; else Σ output · noise. */
  readonly loss:
    | { readonly kind: "class"; readonly classes: readonly number[]; readonly value: number }
    | { readonly kind: "product" };
  /** In the order of the program's taps. */
  readonly modules: readonly SignalModule[];
  readonly blocked: readonly Blocked[];
  readonly stop: Stop | undefined;
}

export interface SignalModule {
  readonly path: string;
  readonly type: string;
  readonly shape: readonly number[];
  /** Of what it gives. */
  readonly output: Statistics | undefined;
  /** Of the loss's gradient with respect to what it takes; undefined where that is not known, or 0 without a path. */
  readonly gradient: Statistics | undefined;
}

/** The stream that classes and noise are drawn from; weights take theirs from 0 up. */
const LOSS_STREAM = 0x7ffe0000;

/** One forward and one reverse pass of the model in reference mode. */
export async function signalOf(
  model: Model,
  inputs: readonly Float32Array[],
  { statistics, seed, ...options }: SignalOptions,
): Promise<Signal | Text> {
  const program = statistics === "batch" ? withBatchStatistics(model.program) : model.program;
  if ("template" in program) return program;
  const shape = outputShape(program);
  const loss: Loss = { kind: shape.length === 2 && 1 < (shape[1] ?? 0) ? "class" : "product" };
  const reverse = reversed(program, loss);
  if ("template" in reverse) return reverse;
  const gradients = program.taps.flatMap((tap) => {
    const taken = inputOf(program, tap.path);
    const ref = taken === undefined ? undefined : reverse.gradientAt(taken);
    return ref === undefined ? [] : [{ ...tap, path: gradientPath(tap.path), ref }];
  });
  const given = loss.kind === "class" ? drawnClasses(shape, seed) : undefined;
  const result = await execute(
    {
      ...model,
      program: { ...reverse.program, taps: [...program.taps, ...gradients] },
      mode: "reference",
      plans: new Map(),
      derived: new Map(),
      kept: new Map(),
    },
    [...inputs, given === undefined ? noise(product(shape), seed) : oneHot(shape, given)],
    { ...options, statistics: true },
  );
  const found = new Map(result.stages.map((stage) => [stage.path, stage]));
  const logits = result.output?.data ?? new Float32Array();
  return {
    statistics,
    loss:
      given === undefined
        ? { kind: "product" }
        : { kind: "class", classes: given, value: crossEntropy(logits, shape, given) },
    modules: program.taps.flatMap(({ path, type }): SignalModule[] => {
      const stage = found.get(path);
      if (stage === undefined) return [];
      const gradient = found.get(gradientPath(path));
      return [{ path, type, shape: stage.shape, output: numbersOf(stage), gradient: numbersOf(gradient) }];
    }),
    blocked: reverse.blocked,
    stop: result.stop,
  };
}

/** No module's own path has a space. */
function gradientPath(path: string): string {
  return `gradient of ${path}`;
}

function numbersOf(stage: Partial<Statistics> | undefined): Statistics | undefined {
  if (stage?.mean === undefined || stage.std === undefined || stage.min === undefined || stage.max === undefined)
    return undefined;
  return { mean: stage.mean, std: stage.std, min: stage.min, max: stage.max };
}

function outputShape(program: Program): readonly number[] {
  const [ref] = outputRefs(program.output);
  return program.nodes.find(({ id }) => id === ref?.node)?.outputs[ref?.output ?? 0]?.shape ?? [];
}

/** The first real-valued tensor from outside that a module's code uses, weights apart. */
export function inputOf(program: Program, path: string): Ref | undefined {
  const within = (other: string): boolean => path === "" || other === path || other.startsWith(`${path}.`);
  const nodes = new Map(program.nodes.map((node) => [node.id, node]));
  if (path === "") {
    const [first] = program.inputs;
    return first === undefined ? undefined : { node: first.node, output: 0 };
  }
  for (const node of program.nodes) {
    if (!within(node.path)) continue;
    for (const ref of node.inputs) {
      const source = nodes.get(ref.node);
      if (source !== undefined && source.op !== "weight" && !within(source.path)) return ref;
    }
  }
  return undefined;
}

export function drawnClasses(shape: readonly number[], seed: number): readonly number[] {
  const random = randomStream(seed, LOSS_STREAM);
  return Array.from({ length: shape[0] ?? 0 }, () => Math.floor(random() * (shape[1] ?? 1)));
}

function oneHot([rows = 0, classes = 1]: readonly number[], chosen: readonly number[]): Float32Array {
  const out = new Float32Array(rows * classes);
  chosen.forEach((label, row) => {
    out[row * classes + label] = 1;
  });
  return out;
}

function noise(count: number, seed: number): Float32Array {
  const random = normalStream(randomStream(seed, LOSS_STREAM));
  return Float32Array.from({ length: count }, random);
}

function crossEntropy(logits: Float32Array, [, classes = 1]: readonly number[], chosen: readonly number[]): number {
  const losses = chosen.map((label, row) => {
    const values = logits.subarray(row * classes, (row + 1) * classes);
    const top = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    const sum = values.reduce((total, x) => total + Math.exp(x - top), 0);
    return top + Math.log(sum) - (values[label] ?? 0);
  });
  return losses.reduce((a, b) => a + b, 0) / Math.max(losses.length, 1);
}

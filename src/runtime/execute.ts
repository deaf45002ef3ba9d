import { ENGINE } from "@tensorflow/tfjs-core/dist/engine.js";
import type { Program, ProgramNode } from "../graph/program.ts";
import { type Text, t } from "../text/text.ts";
import { messageOf } from "./backends.ts";
import { type Gone, outputRefs } from "./fold.ts";
import { kernel, sameShape, type Tensor, upload } from "./kernels.ts";
import { dropKept, type Mode, type Model, ofWeight, type Plan, planFor } from "./model.ts";
import { deviceType } from "./ops/elementwise.ts";
import { type Stage, stagesOf } from "./stages.ts";
import { type Statistics, statisticsOf } from "./statistics.ts";
import { REVERSES, RUNS, STEPS } from "./table.ts";
import { UNSUPPORTED } from "./unsupported.ts";
import { download, isWeight, ofFirst, product, type Value } from "./value.ts";

/** Elements in PyTorch's axis order, row-major. */
export interface Read {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface RunOptions {
  /** Module paths whose outputs are read. What is asked for is not folded away. */
  readonly taps?: readonly string[];
  /** Module paths whose outputs are read where the mode computes them. */
  readonly peek?: readonly string[];
  /** Module paths whose outputs stay on the device until the next run, for {@link readKept}; not folded away. */
  readonly keep?: readonly string[];
  /** Statistics of every module's output that the mode computes. */
  readonly statistics?: boolean;
  /** At most 20 times a second; `path` is the module that runs. */
  readonly onProgress?: (done: number, total: number, path: string) => void;
  readonly cancelled?: () => boolean;
}

/** Why the program was not run to its end. */
export type Stop =
  | {
      readonly kind: "unsupported" | "failed";
      readonly node: number;
      readonly op: string;
      readonly path: string;
      readonly reason: Text;
    }
  | { readonly kind: "cancelled" };

export interface RunResult {
  /** The first tensor of the output; undefined where it was not reached. */
  readonly output: Read | undefined;
  readonly taps: ReadonlyMap<string, Read>;
  readonly stages: readonly Stage[];
  readonly mode: Mode;
  /** Modules whose output the fast mode does not compute; they are no stages. Asked for as taps, they are. */
  readonly gone: readonly Gone[];
  /** Milliseconds by node. */
  readonly timings: readonly { readonly node: number; readonly time: number }[];
  /** Real shapes that differ from the analysis'. */
  readonly checked: readonly {
    readonly node: number;
    readonly path: string;
    readonly expected: readonly number[];
    readonly actual: readonly number[];
  }[];
  readonly stop: Stop | undefined;
}

/** Gives the thread's messages a turn this often, in milliseconds. */
const TURN_MS = 40;
const PROGRESS_MS = 50;

/** A module's output of the last run, if it was asked to be kept. */
export async function readKept(model: Model, path: string): Promise<Read | undefined> {
  const value = model.kept.get(path);
  if (value === undefined) return undefined;
  const data = await download(value);
  // What a lost context gives is not what was computed.
  return isLost(model) ? undefined : { shape: value.shape, data };
}

function isLost({ backend }: Model): boolean {
  return backend.lost?.() === true;
}

/**
 * One forward pass; `inputs` are in PyTorch's axis order, one for each of the program's. A node that cannot be computed
 * stops only what depends on it.
 */
export async function execute(
  model: Model,
  inputs: readonly Float32Array[],
  options: RunOptions = {},
): Promise<RunResult> {
  const { backend, mode } = model;
  const asked = [...(options.taps ?? []), ...(options.keep ?? [])];
  const plan = planFor(model, asked);
  const { program } = plan;
  if (ENGINE.backendName !== backend.kind) await ENGINE.setBackend(backend.kind);
  dropKept(model);
  const values = new Map<string, Value>();
  const uses = countUses(program);
  const tapsAt = tapsByRef(program);
  const keep = new Set(options.keep);
  const wanted = new Set([...(options.taps ?? []), ...(options.peek ?? [])]);
  const taps = new Map<string, Read>();
  const measured = new Map<
    string,
    { readonly shape: readonly number[]; readonly statistics: Statistics | undefined }
  >();
  const timings: { node: number; time: number }[] = [];
  const checked: { node: number; path: string; expected: readonly number[]; actual: readonly number[] }[] = [];
  const [outputRef] = outputRefs(program.output);
  let output: Read | undefined;
  let stop: Stop | undefined;
  let lastTurn = now();
  let lastProgress = 0;

  const release = (key: string): void => {
    const left = (uses.get(key) ?? 0) - 1;
    uses.set(key, left);
    const value = values.get(key);
    if (0 < left || value === undefined) return;
    values.delete(key);
    if (!isWeight(value.stored)) value.stored.dispose();
  };

  for (const [done, node] of program.nodes.entries()) {
    const time = now();
    if (TURN_MS <= time - lastTurn) {
      await turn();
      lastTurn = now();
    }
    if (options.cancelled?.() === true) {
      stop = { kind: "cancelled" };
      break;
    }
    if (isLost(model)) {
      stop = lostAt(node);
      break;
    }
    if (PROGRESS_MS <= time - lastProgress) {
      options.onProgress?.(done, program.nodes.length, node.path);
      lastProgress = time;
    }
    const start = now();
    const made = runNode(plan, node, values, inputs);
    timings.push({ node: node.id, time: now() - start });
    if ("kind" in made) {
      if (made.kind !== "absent") stop ??= made;
    } else {
      for (const [i, value] of made.entries()) {
        const key = `${node.id} ${i}`;
        values.set(key, value);
        const expected = node.outputs[i]?.shape;
        if (expected !== undefined && !sameShape(expected, value.shape))
          checked.push({ node: node.id, path: node.path, expected, actual: value.shape });
        const here = tapsAt.get(key) ?? [];
        if (0 < here.length) {
          const statistics = options.statistics === true ? await statisticsOf(value, backend.kind) : undefined;
          if (!isLost(model)) measured.set(key, { shape: value.shape, statistics });
        }
        const read = here.filter((path) => wanted.has(path));
        const isOutput = outputRef !== undefined && outputRef.node === node.id && outputRef.output === i;
        if (0 < read.length || isOutput) {
          const whole = { shape: value.shape, data: await download(value) };
          if (isLost(model)) stop = lostAt(node);
          else {
            for (const path of read) taps.set(path, whole);
            if (isOutput) output = whole;
          }
        }
        for (const path of here) if (keep.has(path)) model.kept.set(path, copyOf(value));
        if ((uses.get(key) ?? 0) === 0) release(key);
      }
    }
    for (const ref of node.inputs) release(`${ref.node} ${ref.output}`);
  }
  for (const value of values.values()) if (!isWeight(value.stored)) value.stored.dispose();
  if (stop?.kind !== "cancelled") options.onProgress?.(program.nodes.length, program.nodes.length, "");
  const stages = stagesOf(program, measured, timings);
  return { output, taps, stages, mode, gone: plan.gone, timings, checked, stop };
}

type Made = readonly Value[] | Stop | { readonly kind: "absent" };

function runNode(
  { program, weights }: Plan,
  node: ProgramNode,
  values: ReadonlyMap<string, Value>,
  data: readonly Float32Array[],
): Made {
  if (node.op === "weight") {
    const weight = weights[node.weight ?? -1];
    if (weight === undefined) return fail(node, t("weight {0} does not exist", node.weight ?? -1));
    return [ofWeight(weight)];
  }
  if (node.op === "input") {
    const index = program.inputs.findIndex((input) => input.node === node.id);
    const spec = program.inputs[index];
    const given = data[index];
    if (spec === undefined || given === undefined) return fail(node, t("an input is missing"));
    if (given.length !== product(spec.shape))
      return fail(node, t("input {0} has {1} elements, expected {2}", spec.name, given.length, product(spec.shape)));
    return [ofFirst(upload(given, spec.shape, deviceType(spec.dtype)))];
  }
  const reason = UNSUPPORTED[node.op];
  const run = RUNS.get(node.op) ?? REVERSES.get(node.op) ?? STEPS.get(node.op);
  if (reason !== undefined || run === undefined)
    return unsupported(node, reason ?? t("the operator {0} is not implemented", node.op));
  const inputs: Value[] = [];
  for (const ref of node.inputs) {
    const value = values.get(`${ref.node} ${ref.output}`);
    // What it depends on was not computed, and said so.
    if (value === undefined) return { kind: "absent" };
    inputs.push(value);
  }
  try {
    const result: { outputs: readonly Value[]; refused: Text | undefined } = { outputs: [], refused: undefined };
    ENGINE.tidy((): Tensor[] => {
      const made = run(inputs, node.args, node.outputs);
      if ("kind" in made) {
        result.refused = made.reason;
        return [];
      }
      // An output that is an input's tensor, or the form of a weight, gets a handle of its own.
      const owned = new Set(inputs.flatMap(({ stored }) => (isWeight(stored) ? [...stored.forms.values()] : [stored])));
      result.outputs = made.map((value) => {
        if (isWeight(value.stored)) return value;
        const own = owned.has(value.stored) ? copyOf(value) : value;
        owned.add(value.stored);
        return own;
      });
      return result.outputs.flatMap(({ stored }) => (isWeight(stored) ? [] : [stored]));
    });
    const { outputs, refused } = result;
    if (refused !== undefined) return unsupported(node, refused);
    return outputs;
  } catch (error) {
    return fail(node, t("it was not computed: {0}", messageOf(error)));
  }
}

function unsupported(node: ProgramNode, reason: Text): Stop {
  return { kind: "unsupported", node: node.id, op: node.op, path: node.path, reason };
}

function lostAt(node: ProgramNode): Stop {
  return fail(node, t("the graphics card's context was lost; the next run starts another"));
}

function fail(node: ProgramNode, reason: Text): Stop {
  return { kind: "failed", node: node.id, op: node.op, path: node.path, reason };
}

/** Another handle on the same data, freed on its own. */
function copyOf(value: Value): Value {
  if (isWeight(value.stored)) return value;
  return { ...value, stored: kernel("Identity", { x: value.stored }) };
}

function countUses(program: Program): Map<string, number> {
  const uses = new Map<string, number>();
  for (const node of program.nodes)
    for (const ref of node.inputs) {
      const key = `${ref.node} ${ref.output}`;
      uses.set(key, (uses.get(key) ?? 0) + 1);
    }
  return uses;
}

function tapsByRef(program: Program): ReadonlyMap<string, readonly string[]> {
  const taps = new Map<string, string[]>();
  for (const { path, ref } of program.taps) {
    const key = `${ref.node} ${ref.output}`;
    taps.set(key, [...(taps.get(key) ?? []), path]);
  }
  return taps;
}

function now(): number {
  return performance.now();
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

import type { Ref } from "../graph/graph.ts";
import type { OutputTree, PlainArg, Program, ProgramNode } from "../graph/program.ts";
import { affineInputs } from "./affine.ts";
import { number } from "./args.ts";
import type { Derived, Norm } from "./derived.ts";

/** A module whose output is not computed, because the module `into` computes what follows from it in one step. */
export interface Gone {
  readonly path: string;
  readonly type: string;
  readonly into: string;
}

export interface Folded {
  /** Its weights are the given program's and, behind them, the derived ones. */
  readonly program: Program;
  readonly derived: readonly Derived[];
  readonly gone: readonly Gone[];
}

/** Operators that are linear in a filter and take a bias. */
const LINEAR: ReadonlySet<string> = new Set(["conv", "conv_transpose", "linear"]);
/** What a normalization by running statistics is: a factor and a summand for each channel. Only folding makes it. */
export const CHANNEL_SCALE = "channel_scale";
/** Nodes that give what they are given. */
const NOTHING: ReadonlySet<string> = new Set(["identity", "dropout"]);
/** Activations that a step may end with. */
const ACTIVATIONS: ReadonlySet<string> = new Set(["relu", "relu6", "leaky_relu", "sigmoid"]);

/** Nodes that one step computes: the last one's output, `head` with what is added to it, as operator `op`. */
interface Step {
  readonly head: ProgramNode;
  readonly op: string;
  readonly end: ProgramNode;
  /** All but the last. */
  readonly inner: readonly ProgramNode[];
  readonly weights: { readonly filter: Derived; readonly bias: Derived } | undefined;
  readonly activation: Readonly<Record<string, PlainArg>>;
}

/**
 * The program with fewer steps: a convolution or product takes in the batch normalization by running statistics behind
 * it; one that stands behind neither becomes a {@link CHANNEL_SCALE}; and they or an addition take in the activation
 * behind that, as the argument `activation`. The outputs of the modules in `asked` stay, and so does what anything else
 * reads.
 */
export function fold(program: Program, asked: ReadonlySet<string>): Folded {
  const steps = stepsOf(program, asked);
  const made = new Map<number, ProgramNode>();
  const into = new Map<number, ProgramNode>();
  const derived: Derived[] = [];
  const sources: ProgramNode[] = [];
  let fresh = Math.max(-1, ...program.nodes.map(({ id }) => id)) + 1;
  const source = (weight: Derived, { path, type }: ProgramNode): Ref => {
    const outputs = [{ shape: weight.shape, dtype: "float32" as const }];
    const index = program.weights.length + derived.length;
    derived.push(weight);
    sources.push({ id: fresh, op: "weight", inputs: [], args: {}, outputs, weight: index, path, type });
    return { node: fresh++, output: 0 };
  };
  for (const { head, op, end, inner, weights, activation } of steps) {
    const added = weights === undefined ? undefined : [source(weights.filter, head), source(weights.bias, head)];
    const inputs = added === undefined ? head.inputs : [...head.inputs.slice(0, 1), ...added];
    const node = { ...head, op, id: end.id, inputs, args: { ...head.args, ...activation }, outputs: end.outputs };
    made.set(end.id, node);
    for (const { id } of inner) into.set(id, node);
  }
  const left = program.nodes.filter(({ id }) => !into.has(id)).map((node) => made.get(node.id) ?? node);
  return {
    program: {
      ...program,
      weights: [...program.weights, ...derived.map(weightSpec)],
      nodes: [...sources, ...left],
      taps: program.taps.filter(({ ref }) => !into.has(ref.node)),
    },
    derived,
    gone: program.taps.flatMap(({ path, type, ref }) => {
      const by = into.get(ref.node);
      return by === undefined ? [] : [{ path, type, into: by.path }];
    }),
  };
}

function weightSpec({ shape }: Derived): Program["weights"][number] {
  return { keys: [], shape, dtype: "float32", persistent: false, init: { kind: "constant", value: 0 } };
}

function stepsOf(program: Program, asked: ReadonlySet<string>): readonly Step[] {
  const readers = readersOf(program);
  const pinned = new Set(program.taps.filter(({ path }) => asked.has(path)).map(({ ref }) => keyOf(ref)));
  const weights = new Map(program.nodes.map(({ id, weight }) => [id, weight]));
  const weightAt = (ref: Ref | undefined): number | undefined =>
    ref === undefined ? undefined : weights.get(ref.node);

  /** What alone reads this node's output, and the nodes up to it; those that change nothing are passed over. */
  const after = (
    node: ProgramNode,
  ): { readonly next: ProgramNode; readonly passed: readonly ProgramNode[] } | undefined => {
    const key = keyOf({ node: node.id, output: 0 });
    const [next, ...others] = readers.get(key) ?? [];
    if (next === undefined || next === "output" || 0 < others.length || pinned.has(key)) return undefined;
    if (!NOTHING.has(next.op)) return { next, passed: [node] };
    const further = after(next);
    return further === undefined ? undefined : { ...further, passed: [node, ...further.passed] };
  };
  const normalized = (head: ProgramNode): Omit<Step, "activation"> => {
    const own = { head, op: head.op, end: head, inner: [], weights: undefined };
    const found = LINEAR.has(head.op) ? after(head) : undefined;
    if (found?.next.op !== "batch_norm") return own;
    const last = found.passed.at(-1);
    const pair = found.next.inputs[0]?.node === last?.id ? pairOf(program, head, found.next, weightAt) : undefined;
    return pair === undefined ? own : { ...own, end: found.next, inner: found.passed, weights: pair };
  };
  const scaled = (norm: ProgramNode): Omit<Step, "activation"> | undefined => {
    const weights = pairOf(program, undefined, norm, weightAt);
    return weights && { head: norm, op: CHANNEL_SCALE, end: norm, inner: [], weights };
  };
  const activated = (step: Omit<Step, "activation">): readonly Step[] => {
    const found = after(step.end);
    if (found === undefined || !ACTIVATIONS.has(found.next.op) || !isFloat(found.next))
      return step.weights === undefined ? [] : [{ ...step, activation: {} }];
    const activation = { ...found.next.args, activation: found.next.op };
    return [{ ...step, end: found.next, inner: [...step.inner, ...found.passed], activation }];
  };
  const heads = program.nodes.filter(({ op }) => LINEAR.has(op) || op === "add").map(normalized);
  const taken = new Set(heads.map(({ end }) => end.id));
  const alone = program.nodes
    .filter(({ id, op }) => op === "batch_norm" && !taken.has(id))
    .flatMap((norm) => scaled(norm) ?? []);
  return [...heads, ...alone].flatMap(activated);
}

/**
 * Filter and bias that do what a convolution (if there is one) and the normalization behind it do, where all of their
 * weights are given.
 */
function pairOf(
  program: Program,
  head: ProgramNode | undefined,
  norm: ProgramNode,
  weightAt: (ref: Ref | undefined) => number | undefined,
): Step["weights"] {
  // The channels of a product lie in its last axis, those of a normalization in its second.
  if (norm.args.training === true || (head?.op === "linear" && norm.outputs[0]?.shape.length !== 2)) return undefined;
  const parts = affineInputs(norm.inputs, norm.args);
  if (parts === undefined) return undefined;
  const refs = [head?.inputs[1], head?.inputs[2], norm.inputs[1], norm.inputs[2], parts.weight, parts.bias];
  const [filter, bias, mean, variance, scale, shift] = refs.map(weightAt);
  const computed = refs.some((ref) => ref !== undefined && weightAt(ref) === undefined);
  const channels = norm.outputs[0]?.shape[1];
  if (computed || mean === undefined || variance === undefined || channels === undefined) return undefined;
  const shape = head === undefined ? [channels, 1, 1, 1] : program.weights[filter ?? -1]?.shape;
  if (shape === undefined) return undefined;
  const groups = head?.op === "conv_transpose" ? number(head.args, "groups", 1) : undefined;
  const values: Norm = { mean, variance, scale, shift, eps: number(norm.args, "eps", 1e-5) };
  const both = { filter, bias, groups, norm: values };
  return { filter: { kind: "filter", shape, ...both }, bias: { kind: "bias", shape: [channels], ...both } };
}

function isFloat({ outputs: [output] }: ProgramNode): boolean {
  return output !== undefined && /^b?float/.test(output.dtype);
}

function keyOf({ node, output }: Ref): string {
  return `${node} ${output}`;
}

function readersOf(program: Program): ReadonlyMap<string, readonly (ProgramNode | "output")[]> {
  const readers = new Map<string, (ProgramNode | "output")[]>();
  const read = (ref: Ref, by: ProgramNode | "output"): void => {
    const key = keyOf(ref);
    readers.set(key, [...(readers.get(key) ?? []), by]);
  };
  for (const node of program.nodes) for (const ref of node.inputs) read(ref, node);
  for (const ref of outputRefs(program.output)) read(ref, "output");
  return readers;
}

/** Every tensor of an output, depth first. */
export function outputRefs(tree: OutputTree | null): readonly Ref[] {
  if (tree === null) return [];
  if (tree.kind === "tensor") return [tree.ref];
  return (tree.kind === "seq" ? tree.items : tree.entries.map(([, part]) => part)).flatMap(outputRefs);
}

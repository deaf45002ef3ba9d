import type { GraphNode } from "../../graph/graph.ts";
import { asList, wholeOf } from "../../ops/args.ts";
import type { Arg } from "../../ops/operator.ts";
import type { Run } from "../context.ts";

/** An operator that slides a window over its input, one number for each spatial axis. */
export interface Windowed {
  readonly node: GraphNode;
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
}

const POOLS: ReadonlySet<string> = new Set(["max_pool", "avg_pool", "lp_pool"]);

/** A node as an operator with a window; undefined for others and where a number is not known. */
export function windowOf(run: Run, id: number): Windowed | undefined {
  const node = run.graph.nodes[id];
  if (node === undefined || (node.op !== "conv" && !POOLS.has(node.op))) return undefined;
  const weight = node.op === "conv" ? node.inputs[1] : undefined;
  const shape = weight === undefined ? undefined : run.graph.nodes[weight.node]?.outputs[weight.output]?.shape;
  const kernel = node.op === "conv" ? known(shape?.slice(2)) : known(asList(node.args.kernel));
  if (kernel === undefined || kernel.length === 0) return undefined;
  const each = (arg: Arg | undefined, fallback: number): readonly number[] | undefined => {
    if (arg === undefined || arg === null) return kernel.map(() => fallback);
    const one = wholeOf(arg);
    return one === undefined ? known(asList(arg)) : kernel.map(() => one);
  };
  const stride = node.op === "conv" ? each(node.args.stride, 1) : (each(node.args.stride, 0) ?? kernel);
  const padding = each(node.args.padding, 0);
  const dilation = each(node.args.dilation, 1);
  if (stride === undefined || padding === undefined || dilation === undefined) return undefined;
  return { node, kernel, stride: stride.map((s, i) => (s === 0 ? (kernel[i] ?? 1) : s)), padding, dilation };
}

/** Whole numbers, or pairs of twice the same. */
function known(list: readonly Arg[] | undefined): readonly number[] | undefined {
  const all = list?.map((item) => {
    const pair = asList(item);
    if (pair === undefined) return wholeOf(item);
    const [low, high] = pair.map(wholeOf);
    return low === high ? low : undefined;
  });
  return all?.every((one): one is number => one !== undefined) === true ? all : undefined;
}

/** The padding that keeps the size but for the stride; undefined where none does. */
export function keepingPadding({ kernel, dilation }: Windowed): readonly number[] | undefined {
  const padding = kernel.map((k, i) => ((k - 1) * (dilation[i] ?? 1)) / 2);
  return padding.every(Number.isInteger) ? padding : undefined;
}

/** Whether it changes the size by its stride alone, as far as padding can do. */
export function keepsSize(one: Windowed): boolean {
  const padding = keepingPadding(one);
  if (padding !== undefined) return padding.every((p, i) => p === one.padding[i]);
  // An even kernel halves as it should where it is its stride, or pads by half of what it is longer.
  return one.kernel.every((k, i) => k - (one.stride[i] ?? 1) === 2 * (one.padding[i] ?? 0));
}

/** The one number of a list that holds the same for each axis, else all of them. */
export function uniform(list: readonly number[]): number | string {
  const [first = 0] = list;
  return list.every((one) => one === first) ? first : list.join(" ");
}

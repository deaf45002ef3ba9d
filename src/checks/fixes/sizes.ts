import type { GraphNode, Ref } from "../../graph/graph.ts";
import { asList, wholeOf } from "../../ops/args.ts";
import { type Context, placeKey, type Run } from "../context.ts";
import type { Hole } from "./candidate.ts";
import { shapeOf } from "./flow.ts";
import { setNumber } from "./number.ts";
import { keepingPadding, keepsSize, uniform, type Windowed, windowOf } from "./window.ts";

/** One argument of one layer set otherwise, and the sizes that its output then has. */
interface Option {
  readonly node: GraphNode;
  readonly parameter: string;
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly after: (size: number, axis: number) => number;
  readonly plain?: string;
}

/** Fixes tried for the sizes of one tensor, at most. */
const MOST_OPTIONS = 6;

/**
 * Arguments of the layers before a tensor that, set otherwise, would give it sizes that are wanted. The sizes are computed
 * anew from the changed layer to the tensor, so that only those are tried that fit.
 */
export function resize(
  context: Context,
  run: Run,
  ref: Ref | undefined,
  isWanted: (sizes: readonly number[], channels: number) => boolean,
  rank: number,
  until = -1,
): readonly Hole[] {
  const chain = chainTo(run, ref, until);
  return chain
    .flatMap((id) => optionsOf(run, id))
    .filter((option) => {
      const end = endOf(run, chain, option);
      return end !== undefined && isWanted(end.sizes, end.channels);
    })
    .map((option, i) => ({ option, cost: oddness(run, option), i }))
    .sort((a, b) => a.cost - b.cost || a.i - b.i)
    .map(({ option }) => option)
    .slice(0, MOST_OPTIONS)
    .flatMap(({ node, parameter, from, to, plain }, i) =>
      setNumber(context, run, {
        path: node.path,
        node,
        parameter,
        from: uniform(from),
        to: uniform(to),
        rank: rank + i + (parameter === "stride" && !isUsualStride(run, node, to) ? RARE_STRIDE : 0),
        ...(plain === undefined ? {} : { plain }),
      }),
    );
}

/** What a stride costs that no other layer of the kind has. */
const RARE_STRIDE = 8;

function isUsualStride(run: Run, node: GraphNode, stride: readonly number[]): boolean {
  return run.graph.nodes.some(
    ({ id, op }) => op === node.op && id !== node.id && windowOf(run, id)?.stride.join() === stride.join(),
  );
}

/** Layers that already keep the size as far as their stride goes are likelier right; so is what then does. */
function oddness(run: Run, { node, parameter, to }: Option): number {
  const one = windowOf(run, node.id);
  const field = FIELDS[parameter];
  if (one === undefined || field === undefined) return 1;
  const isPoint = parameter === "kernel_size" && to.every((k) => k === 1);
  return (keepsSize(one) ? 2 : 0) + (keepsSize({ ...one, [field]: to }) ? 0 : 1) + (isPoint ? 1 : 0);
}

const FIELDS: Readonly<Record<string, string>> = {
  kernel_size: "kernel",
  stride: "stride",
  padding: "padding",
  dilation: "dilation",
};

/** Operators that keep their first input's sizes. */
const SAME: ReadonlySet<string> = new Set([
  "relu",
  "batch_norm",
  "instance_norm",
  "group_norm",
  "local_response_norm",
  "dropout",
  "feature_dropout",
  "gelu",
  "leaky_relu",
  "prelu",
  "sigmoid",
  "tanh",
  "silu",
  "elu",
  "hardswish",
  "identity",
  "contiguous",
  "cast",
  "add",
  "mul",
]);

/** Ids of the operators that lead to a tensor, the first one first, back to where one is not of a kind known. */
function chainTo(run: Run, ref: Ref | undefined, until = -1): readonly number[] {
  const ids: number[] = [];
  let at = ref === undefined ? undefined : run.graph.nodes[ref.node];
  while (at !== undefined && until < at.id) {
    const known = windowOf(run, at.id) !== undefined || transposedOf(run, at) !== undefined || isAdaptive(at);
    const joins = at.op === "concat" && wholeOf(at.args.axis) === 1;
    if (!known && !SAME.has(at.op) && !joins) break;
    ids.unshift(at.id);
    at = at.inputs[0] === undefined ? undefined : run.graph.nodes[at.inputs[0].node];
  }
  return ids;
}

function endOf(
  run: Run,
  chain: readonly number[],
  changed: Option,
): { readonly sizes: readonly number[]; readonly channels: number } | undefined {
  const start = chain.findIndex((id) => {
    const node = run.graph.nodes[id];
    return node !== undefined && (node === changed.node || isBuiltAlike(run, node, changed.node));
  });
  const first = run.graph.nodes[chain[start] ?? -1];
  let sizes = known(shapeOf(run, first?.inputs[0])?.slice(2));
  for (const id of chain.slice(start)) {
    const node = run.graph.nodes[id];
    if (sizes === undefined || node === undefined) return undefined;
    const window = windowOf(run, id);
    const transposed = transposedOf(run, node);
    if (node === changed.node || isBuiltAlike(run, node, changed.node)) sizes = sizes.map(changed.after);
    else if (window !== undefined) sizes = sizes.map((size, axis) => slid(window, size, axis));
    else if (transposed !== undefined) sizes = sizes.map((size, axis) => spread(transposed, size, axis));
    else if (isAdaptive(node)) sizes = known(shapeOf(run, { node: id, output: 0 })?.slice(2));
  }
  const channels = shapeOf(run, { node: chain.at(-1) ?? -1, output: 0 })?.[1];
  if (sizes === undefined || channels === undefined || sizes.some((size) => size < 1)) return undefined;
  return { sizes, channels };
}

/** Whether two layers come from one call, so that a change there changes both. */
function isBuiltAlike(run: Run, a: GraphNode, b: GraphNode): boolean {
  const [one, other] = [run.modules.get(a.path), run.modules.get(b.path)];
  return (
    a.op === b.op &&
    one?.builtin === true &&
    one.place !== undefined &&
    placeKey(one.place) === placeKey(other?.place) &&
    JSON.stringify(windowOf(run, a.id)?.kernel) === JSON.stringify(windowOf(run, b.id)?.kernel)
  );
}

function known(sizes: readonly (number | undefined)[] | undefined): readonly number[] | undefined {
  return sizes?.every((size): size is number => size !== undefined) === true ? sizes : undefined;
}

function optionsOf(run: Run, id: number): readonly Option[] {
  const node = run.graph.nodes[id];
  const window = windowOf(run, id);
  if (window !== undefined) return ofWindow(window);
  const transposed = node === undefined ? undefined : transposedOf(run, node);
  if (transposed !== undefined) return ofTransposed(transposed);
  return node === undefined || !isAdaptive(node) ? [] : ofAdaptive(node);
}

function ofWindow(one: Windowed): readonly Option[] {
  const { node, kernel, stride, padding, dilation } = one;
  const option = (parameter: keyof typeof NAMES, to: readonly number[]): Option => ({
    node,
    parameter: NAMES[parameter],
    from: one[parameter],
    to,
    after: (size, axis) => slid({ ...one, [parameter]: to }, size, axis),
  });
  const all = (to: number): readonly number[] => kernel.map(() => to);
  const keep = keepingPadding(one);
  const fitting = padding.map((p, i) => (2 * p) / (dilation[i] ?? 1) + 1);
  return [
    ...(keep === undefined ? [] : [option("padding", keep)]),
    ...(fitting.every(Number.isInteger) ? [option("kernel", fitting)] : []),
    ...(dilation.some((d) => d !== 1) ? [option("dilation", all(1))] : []),
    ...(node.op === "conv" ? [] : [option("kernel", stride)]),
    ...(node.op === "conv" || node.args.ceil_mode === true
      ? []
      : [
          {
            ...option("stride", stride),
            parameter: "ceil_mode",
            from: [0],
            to: [1],
            plain: "True",
            after: (size: number, axis: number) => slid({ ...one, node: ceiled(node) }, size, axis),
          },
        ]),
    ...[1, 2].map((s) => option("stride", all(s))),
    ...[0, 1, 2, 3].map((p) => option("padding", all(p))),
    ...[3, 5, 2, 1, 4, 7].map((k) => option("kernel", all(k))),
  ].filter(({ from, to }) => from.join() !== to.join());
}

function ceiled(node: GraphNode): GraphNode {
  return { ...node, args: { ...node.args, ceil_mode: true } };
}

const NAMES = { kernel: "kernel_size", stride: "stride", padding: "padding", dilation: "dilation" } as const;

function ofAdaptive(node: GraphNode): readonly Option[] {
  const output = known(asList(node.args.output)?.map(wholeOf));
  return output === undefined
    ? []
    : [1, 2, 3, 4, 5, 6, 7].map((to) => ({
        node,
        parameter: "output_size",
        from: output,
        to: output.map(() => to),
        after: () => to,
      }));
}

/** A transposed convolution, one number for each spatial axis. */
interface Transposed extends Windowed {
  readonly extra: readonly number[];
}

function transposedOf(run: Run, node: GraphNode): Transposed | undefined {
  if (node.op !== "conv_transpose") return undefined;
  const kernel = known(shapeOf(run, node.inputs[1])?.slice(2));
  const each = (name: string, fallback: number): readonly number[] | undefined => {
    const arg = node.args[name];
    if (arg === undefined || arg === null) return kernel?.map(() => fallback);
    const one = wholeOf(arg);
    return one === undefined ? known(asList(arg)?.map(wholeOf)) : kernel?.map(() => one);
  };
  const [stride, padding, dilation, extra] = [
    each("stride", 1),
    each("padding", 0),
    each("dilation", 1),
    each("output_padding", 0),
  ];
  if (kernel === undefined || stride === undefined || padding === undefined) return undefined;
  return dilation === undefined || extra === undefined ? undefined : { node, kernel, stride, padding, dilation, extra };
}

function ofTransposed(one: Transposed): readonly Option[] {
  const option = (parameter: "kernel" | "stride" | "padding" | "extra", to: number): Option => ({
    node: one.node,
    parameter: parameter === "extra" ? "output_padding" : NAMES[parameter],
    from: one[parameter],
    to: one[parameter].map(() => to),
    after: (size, axis) => spread({ ...one, [parameter]: one.kernel.map(() => to) }, size, axis),
  });
  return [
    ...one.kernel.slice(0, 1).map((k) => option("stride", k)),
    ...one.stride.slice(0, 1).map((s) => option("kernel", s)),
    ...[2, 1, 4].map((s) => option("stride", s)),
    ...[2, 3, 4, 1].map((k) => option("kernel", k)),
    ...[0, 1, 2].map((p) => option("padding", p)),
    ...[0, 1].map((p) => option("extra", p)),
  ].filter(({ from, to }) => from.join() !== to.join());
}

function slid({ kernel, stride, padding, dilation, node }: Windowed, size: number, axis: number): number {
  const [k, s, p, d] = [kernel[axis] ?? 1, stride[axis] ?? 1, padding[axis] ?? 0, dilation[axis] ?? 1];
  const length = (size + 2 * p - d * (k - 1) - 1) / Math.max(1, s);
  return (node.args.ceil_mode === true ? Math.ceil(length) : Math.floor(length)) + 1;
}

function spread({ kernel, stride, padding, dilation, extra }: Transposed, size: number, axis: number): number {
  const [k, s, p, d] = [kernel[axis] ?? 1, stride[axis] ?? 1, padding[axis] ?? 0, dilation[axis] ?? 1];
  return (size - 1) * s - 2 * p + d * (k - 1) + (extra[axis] ?? 0) + 1;
}

function isAdaptive({ op }: GraphNode): boolean {
  return op === "adaptive_avg_pool" || op === "adaptive_max_pool";
}

import { asList, wholeOf } from "../ops/args.ts";
import type { GraphNode, Ref, ResidualAdd, ShortcutKind } from "./graph.ts";

/**
 * Every elementwise add of two activations that both depend on one earlier activation (He et al.). The fork is the last
 * node that both depend on; the shortcut is the operand with fewer weighted layers since, then with fewer operators,
 * then the second.
 */
export function findResidualAdds(
  nodes: readonly GraphNode[],
  modules: readonly { readonly path: string; readonly type: string }[],
): readonly ResidualAdd[] {
  const active = activations(nodes);
  const types = new Map(modules.map(({ path, type }) => [path, type]));
  return nodes.flatMap((node) => {
    const add = residualAdd(nodes, active, node);
    return add === undefined ? [] : [{ ...add, type: types.get(node.path) ?? node.type }];
  });
}

/** Layers with weights, by operator. */
const WEIGHTED: ReadonlySet<string> = new Set(["conv", "conv_transpose", "linear", "bilinear"]);
/** Operators after which a tensor is still the same one. */
const PASSING: ReadonlySet<string> = new Set(["identity", "dropout", "cast"]);

/** By node id: whether it depends on an input of the root. */
function activations(nodes: readonly GraphNode[]): readonly boolean[] {
  const active: boolean[] = [];
  for (const node of nodes) {
    active[node.id] = node.op === "input" || node.inputs.some((ref) => active[ref.node] === true);
  }
  return active;
}

function residualAdd(
  nodes: readonly GraphNode[],
  active: readonly boolean[],
  node: GraphNode,
): ResidualAdd | undefined {
  const [left, right] = node.inputs;
  if (node.op !== "add" || node.inputs.length !== 2 || left === undefined || right === undefined) return undefined;
  if (active[left.node] !== true || active[right.node] !== true) return undefined;
  const found = lastCommon(nodes, active, left, right);
  if (found === undefined) return undefined;
  const branches = [onBranch(nodes, found.fork, found.left), onBranch(nodes, found.fork, found.right)] as const;
  if (branches[0].length === 0 && branches[1].length === 0) return undefined;
  const shortcut = fewer(nodes, branches);
  const main = shortcut === 0 ? 1 : 0;
  const operands = [left, right] as const;
  return {
    node: node.id,
    main,
    shortcut,
    fork: found.fork,
    kind: kindOf(nodes, active, branches[shortcut]),
    mainStride: strideOf(nodes, found.fork, operands[main], branches[main]),
    shortcutStride: strideOf(nodes, found.fork, operands[shortcut], branches[shortcut]),
    mainNodes: branches[main],
    shortcutNodes: branches[shortcut],
    path: node.path,
    type: node.type,
    fits: node.refusal === undefined,
  };
}

interface Common {
  readonly fork: Ref;
  /** Ids that one operand alone depends on, above the fork. */
  readonly left: readonly number[];
  readonly right: readonly number[];
}

/**
 * The last activation that both operands depend on, found by walking back from both at once in falling order of ids: so
 * only what lies between fork and add is looked at.
 */
function lastCommon(
  nodes: readonly GraphNode[],
  active: readonly boolean[],
  left: Ref,
  right: Ref,
): Common | undefined {
  const marks = new Map<number, number>();
  const outputs = new Map<number, number>();
  const heap: number[] = [];
  const reach = (ref: Ref, mark: number): void => {
    if (active[ref.node] !== true) return;
    const before = marks.get(ref.node);
    if (before === undefined) push(heap, ref.node);
    marks.set(ref.node, (before ?? 0) | mark);
    if (!outputs.has(ref.node)) outputs.set(ref.node, ref.output);
  };
  reach(left, LEFT);
  reach(right, RIGHT);
  const sides = { left: [] as number[], right: [] as number[] };
  for (let id = pop(heap); id !== undefined; id = pop(heap)) {
    const mark = marks.get(id) ?? 0;
    if (mark === (LEFT | RIGHT)) return { fork: { node: id, output: outputs.get(id) ?? 0 }, ...sides };
    (mark === LEFT ? sides.left : sides.right).push(id);
    for (const ref of nodes[id]?.inputs ?? []) reach(ref, mark);
  }
  return undefined;
}

const LEFT = 1;
const RIGHT = 2;

/** Of the nodes before one operand, those that depend on the fork, in execution order. */
function onBranch(nodes: readonly GraphNode[], fork: Ref, before: readonly number[]): readonly number[] {
  const reached = new Set([fork.node]);
  const branch: number[] = [];
  for (const id of before.toReversed()) {
    if (!(nodes[id]?.inputs ?? []).some((ref) => reached.has(ref.node))) continue;
    reached.add(id);
    branch.push(id);
  }
  return branch;
}

function fewer(nodes: readonly GraphNode[], [left, right]: readonly [readonly number[], readonly number[]]): 0 | 1 {
  const weighted = (ids: readonly number[]): number => ids.filter((id) => isWeighted(nodes[id])).length;
  const more = weighted(left) - weighted(right);
  if (more !== 0) return more < 0 ? 0 : 1;
  return left.length < right.length ? 0 : 1;
}

function isWeighted(node: GraphNode | undefined): boolean {
  return node !== undefined && WEIGHTED.has(node.op);
}

function kindOf(nodes: readonly GraphNode[], active: readonly boolean[], branch: readonly number[]): ShortcutKind {
  const all = branch.flatMap((id) => nodes[id] ?? []);
  if (all.every(({ op }) => PASSING.has(op))) return "identity";
  if (all.some(isWeighted)) return "projection";
  const padded = all.some(
    (node) => node.op === "pad" || (node.op === "concat" && node.inputs.some((ref) => isNothing(nodes, active, ref))),
  );
  return padded ? "zero-padding" : "other";
}

/** Zeros beside the shortcut: a tensor that depends on no input, or one times 0. */
function isNothing(nodes: readonly GraphNode[], active: readonly boolean[], ref: Ref): boolean {
  const node = nodes[ref.node];
  if (node === undefined || active[ref.node] !== true) return node?.op !== "weight";
  return node.op === "mul" && [node.args.left, node.args.right].some((arg) => wholeOf(arg) === 0);
}

/**
 * The product of the strides along the branch's own line of operators, per spatial axis of the fork `[n, c, …]`; undefined
 * where one of them sets its lengths in another way.
 */
function strideOf(
  nodes: readonly GraphNode[],
  fork: Ref,
  operand: Ref,
  branch: readonly number[],
): readonly number[] | undefined {
  const rank = nodes[fork.node]?.outputs[fork.output]?.shape?.length;
  if (rank === undefined || rank < 3) return undefined;
  const onIt = new Set(branch);
  let total: readonly number[] = Array.from({ length: rank - 2 }, () => 1);
  for (let id = operand.node; id !== fork.node; ) {
    const node = nodes[id];
    const next = node?.inputs.find((ref) => ref.node === fork.node || onIt.has(ref.node));
    const own = node === undefined ? undefined : nodeStride(node, rank - 2);
    if (next === undefined || own === undefined) return undefined;
    total = total.map((step, axis) => step * (own[axis] ?? 1));
    id = next.node;
  }
  return total;
}

/** By how much one operator divides each spatial axis; undefined where it does something else to it. */
function nodeStride(node: GraphNode, axes: number): readonly number[] | undefined {
  switch (node.op) {
    case "conv":
      return steps(node.args.stride, axes);
    case "conv_transpose":
      return steps(node.args.stride, axes)?.map((step) => 1 / step);
    case "max_pool":
    case "avg_pool": {
      const unset = node.args.stride === undefined || node.args.stride === null;
      return steps(unset ? node.args.kernel : node.args.stride, axes);
    }
    case "slice": {
      const given = asList(node.args.steps) ?? [];
      return Array.from({ length: axes }, (_, i) => wholeOf(given[i + 2]) ?? 1);
    }
    default:
      return OTHER_LENGTHS.has(node.op) ? undefined : Array.from({ length: axes }, () => 1);
  }
}

const OTHER_LENGTHS: ReadonlySet<string> = new Set([
  "adaptive_avg_pool",
  "adaptive_max_pool",
  "interpolate",
  "pixel_shuffle",
  "pixel_unshuffle",
  "reshape",
  "flatten",
  "unflatten",
  "unfold",
  "unfold_axis",
  "permute",
  "transpose",
  "squeeze",
  "unsqueeze",
  "select",
]);

function steps(arg: GraphNode["args"][string] | undefined, axes: number): readonly number[] | undefined {
  const items = asList(arg)?.map(wholeOf) ?? [wholeOf(arg)];
  const known = items.filter((size) => size !== undefined && 0 < size);
  if (known.length !== items.length) return undefined;
  if (known.length === 1) return Array.from({ length: axes }, () => known[0] ?? 1);
  return known.length === axes ? known.map((size) => size ?? 1) : undefined;
}

function push(heap: number[], id: number): void {
  let at = heap.length;
  heap.push(id);
  while (0 < at) {
    const parent = (at - 1) >> 1;
    const above = heap[parent] ?? id;
    if (id <= above) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = id;
}

/** The largest id. */
function pop(heap: number[]): number | undefined {
  const top = heap[0];
  const last = heap.pop();
  if (top === undefined || last === undefined || heap.length === 0) return top;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (heap.length <= child) break;
    if (child + 1 < heap.length && (heap[child] ?? 0) < (heap[child + 1] ?? 0)) child++;
    const value = heap[child] ?? last;
    if (value <= last) break;
    heap[at] = value;
    at = child;
  }
  heap[at] = last;
  return top;
}

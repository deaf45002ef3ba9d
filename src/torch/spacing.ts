import type { GraphNode, Ref } from "../graph/graph.ts";
import { asDim, list, wholeList, wholeOf } from "../ops/args.ts";
import { BINARY } from "../ops/binary.ts";
import { ELEMENTWISE } from "../ops/elementwise.ts";
import { decideAtLeast, decideEqual } from "../shape/decide.ts";
import type { Dim } from "../shape/dim.ts";

/**
 * How PyTorch lays tensors out in memory, as far as its kernels choose by it: a transposed tensor is a view of the same
 * memory, and what is computed from it element by element keeps its order.
 */

/** Whether neighbours along an axis lie next to each other in memory, or apart. */
export type Spacing = "next" | "apart";
type Nodes = readonly GraphNode[];

const EACH: ReadonlySet<string> = new Set(["rms_norm", ...[...ELEMENTWISE, ...BINARY].map(({ name }) => name)]);
/** They write their result row by row, whatever they read. */
const FRESH: ReadonlySet<string> = new Set(["linear", "layer_norm", "input", "weight", "constant"]);
/** They write their result row by row where the last axis of what they read is dense, else perhaps channel by channel. */
const LIKE_INPUT: ReadonlySet<string> = new Set([
  "conv",
  "conv_transpose",
  "batch_norm",
  "group_norm",
  "max_pool",
  "avg_pool",
  "adaptive_avg_pool",
  "adaptive_max_pool",
  "interpolate",
  "pad",
  "concat",
  "stack",
  "roll",
]);

/** What is known of the first nodes of a graph: nodes only come to it, so it stays true. */
interface Known {
  readonly last: (Spacing | undefined)[];
  readonly rowMajor: boolean[];
}
const graphs = new WeakMap<Nodes, Known>();

/** The spacing along an axis, counted from 0 or from the end; undefined where it is not known. */
export function spacing(nodes: Nodes, ref: Ref, axis: number): Spacing | undefined {
  const known = graphs.get(nodes) ?? { last: [], rowMajor: [] };
  graphs.set(nodes, known);
  // From the first node on, so that nothing is asked twice and nothing nests as deep as the model is long.
  for (let node = known.last.length; node < ref.node; node++) {
    known.rowMajor.push(isRowMajor(nodes, { node, output: 0 }, known));
    known.last.push(spacingOf(nodes, { node, output: 0 }, -1, known));
  }
  return spacingOf(nodes, ref, axis, known);
}

function spacingOf(nodes: Nodes, ref: Ref, asked: number, known: Known): Spacing | undefined {
  const node = nodes[ref.node];
  const shape = node?.outputs[ref.output]?.shape;
  if (node === undefined || shape === undefined) return undefined;
  const axis = asked < 0 ? asked + shape.length : asked;
  if (axis === shape.length - 1 && ref.node < known.last.length) return known.last[ref.node];
  const [source] = node.inputs;
  const viewed = source === undefined ? undefined : viewedAxis(nodes, node, source, axis, shape);
  if (viewed === "apart") return "apart";
  if (viewed !== undefined && source !== undefined) return spacingOf(nodes, source, viewed, known);
  if (EACH.has(node.op) && node.args.contiguous !== true) {
    const found = new Set(ofSameSize(nodes, node, shape).map((each) => spacingOf(nodes, each, axis, known)));
    const [only] = found;
    return found.size === 1 ? only : undefined;
  }
  if (axis === shape.length - 1 && RESHAPING.has(node.op) && source !== undefined) {
    // Whether it is a view or a copy: dense rows stay dense.
    if (spacingOf(nodes, source, -1, known) === "next") return "next";
  }
  if (!isRowMajor(nodes, ref, known)) return undefined;
  const later = shape.slice(axis + 1).map(({ size }) => size);
  if (later.every((size) => size !== undefined && decideEqual(size, 1) === "always")) return "next";
  return later.some((size) => size !== undefined && decideAtLeast(size, 2) === "always") ? "apart" : undefined;
}

const RESHAPING: ReadonlySet<string> = new Set(["reshape", "flatten", "unflatten"]);

/** Whether the elements surely lie in memory in the order of their axes. */
function isRowMajor(nodes: Nodes, ref: Ref, known: Known): boolean {
  const before = known.rowMajor[ref.node];
  if (before !== undefined) return before;
  const node = nodes[ref.node];
  if (node === undefined) return false;
  if (FRESH.has(node.op) || node.args.contiguous === true) return true;
  if (LIKE_INPUT.has(node.op)) {
    const read = node.op === "concat" || node.op === "stack" ? node.inputs : node.inputs.slice(0, 1);
    return read.every((each) => spacingOf(nodes, each, -1, known) === "next");
  }
  if (RESHAPING.has(node.op)) return node.inputs.every((each) => isRowMajor(nodes, each, known));
  if (!EACH.has(node.op)) return false;
  const shape = node.outputs[0]?.shape;
  const same = shape === undefined ? [] : ofSameSize(nodes, node, shape);
  return same.length !== 0 && same.every((each) => isRowMajor(nodes, each, known));
}

/** The operands that are not broadcast. */
function ofSameSize(nodes: Nodes, node: GraphNode, shape: readonly Dim[]): readonly Ref[] {
  return node.inputs.filter((each) => {
    const own = nodes[each.node]?.outputs[each.output]?.shape;
    return own?.length === shape.length && own.every((dim, i) => isSame(dim, shape[i]));
  });
}

function isSame(a: Dim, b: Dim | undefined): boolean {
  return a.size !== undefined && b?.size !== undefined && decideEqual(a.size, b.size) === "always";
}

/** Which axis of its input an axis of a view is; undefined where the operator makes no view or that is not known. */
function viewedAxis(
  nodes: Nodes,
  node: GraphNode,
  source: Ref,
  axis: number,
  shape: readonly Dim[],
): number | "apart" | undefined {
  const read = nodes[source.node]?.outputs[source.output]?.shape;
  if (read === undefined) return undefined;
  const at = (name: string, rank: number): number | undefined => {
    const number = wholeOf(node.args[name]);
    return number !== undefined && number < 0 ? number + rank : number;
  };
  switch (node.op) {
    case "permute": {
      const from = wholeList(node.args, "axes")?.[axis];
      return from !== undefined && from < 0 ? from + read.length : from;
    }
    case "transpose": {
      const [a, b] = [at("a", read.length), at("b", read.length)];
      if (a === undefined || b === undefined) return undefined;
      return axis === a ? b : axis === b ? a : axis;
    }
    case "split":
    case "chunk":
      return axis;
    case "select":
    case "unbind": {
      const gone = at("axis", read.length);
      return gone === undefined ? undefined : axis < gone ? axis : axis + 1;
    }
    case "unsqueeze": {
      const made = at("axis", shape.length);
      return made === undefined || axis === made ? undefined : axis < made ? axis : axis - 1;
    }
    case "expand": {
      const from = axis - (shape.length - read.length);
      const own = read[from];
      return own !== undefined && isSame(own, shape[axis]) ? from : undefined;
    }
    case "slice": {
      const step = list(node.args, "steps")?.[axis] ?? null;
      const by = step === null ? 1 : asDim(step)?.size;
      return by === 1 ? axis : typeof by === "number" ? "apart" : undefined;
    }
    default:
      return undefined;
  }
}

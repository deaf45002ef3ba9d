import type { Graph, GraphNode } from "../graph/graph.ts";
import { type DType, ITEM_SIZES, type TensorType } from "../shape/dim.ts";
import { evaluate } from "../shape/size.ts";
import type { ViewMemory } from "./model.ts";
import { BATCH } from "./shapes.ts";

/** Bytes of the values that operators make, for one example. */
export interface Memory {
  /** Together, of the nodes `[from, to)`; undefined where a size or an element type is not known. */
  readonly made: (from: number, to: number) => ViewMemory | undefined;
  /** The most that is held at once in evaluation, where a value is let go after its last use. */
  readonly peak: number | undefined;
}

/** Operators whose output looks into their first input's memory. */
const VIEWS = new Set(
  "identity slice select split chunk unbind permute transpose squeeze unsqueeze expand diagonal view_as_complex view_as_real".split(
    " ",
  ),
);
/** Those that do so where the input's values stand in order. */
const VIEWS_IN_ORDER = new Set(["reshape", "flatten", "unflatten"]);
/** Those after which values no longer stand in order. */
const DISORDERS = new Set(["permute", "transpose", "expand", "slice", "split", "chunk", "diagonal"]);

/**
 * What a graph's values take, weights aside, as if no operator worked in place. `batch`: the examples in its input. A
 * value that looks into another's memory takes none, and keeps that alive.
 */
export function memoryOf(graph: Graph, batch: number): Memory {
  const owners = ownersOf(graph);
  const bytes = graph.nodes.map((node) => (isSource(node) || owners[node.id] !== node.id ? 0 : bytesOf(node, batch)));
  return {
    made: (from, to) => {
      let sum = 0;
      const types = new Set<DType>();
      for (let id = from; id < to; id++) {
        const own = bytes[id];
        const node = graph.nodes[id];
        if (own === undefined || node?.op === "gap") return undefined;
        sum += own;
        if (0 < own) for (const { dtype } of node?.outputs ?? []) if (dtype !== undefined) types.add(dtype);
      }
      return { bytes: sum, dtypes: [...types] };
    },
    peak: peakOf(graph, owners, batch),
  };
}

/** For each node, the one whose memory its outputs lie in. */
function ownersOf(graph: Graph): readonly number[] {
  const owners: number[] = [];
  const disordered: boolean[] = [];
  for (const { id, op, inputs } of graph.nodes) {
    const from = inputs[0]?.node;
    const looks = from !== undefined && (VIEWS.has(op) || (VIEWS_IN_ORDER.has(op) && disordered[from] !== true));
    owners[id] = looks ? (owners[from] ?? id) : id;
    disordered[id] = looks && (DISORDERS.has(op) || disordered[from] === true);
  }
  return owners;
}

function peakOf(graph: Graph, owners: readonly number[], batch: number): number | undefined {
  const lastUse = new Map<number, number>();
  const use = (value: number, at: number): void => {
    const owner = owners[value] ?? value;
    lastUse.set(owner, Math.max(lastUse.get(owner) ?? owner, at));
  };
  for (const { id, inputs } of graph.nodes) {
    use(id, id);
    for (const input of inputs) use(input.node, id);
  }
  const ends = new Map<number, number[]>();
  for (const [owner, at] of lastUse) ends.set(at, [...(ends.get(at) ?? []), owner]);
  let held = 0;
  let peak = 0;
  const heldBy = (node: GraphNode): number | undefined => (node.op === "weight" ? 0 : bytesOf(node, batch));
  for (const node of graph.nodes) {
    if (node.op === "gap") return undefined;
    if (owners[node.id] === node.id) {
      const own = heldBy(node);
      if (own === undefined) return undefined;
      held += own;
      peak = Math.max(peak, held);
    }
    for (const owner of ends.get(node.id) ?? []) {
      const gone = graph.nodes[owner];
      held -= gone === undefined ? 0 : (heldBy(gone) ?? 0);
    }
  }
  return peak;
}

function isSource({ op }: GraphNode): boolean {
  return op === "input" || op === "weight";
}

function bytesOf({ outputs }: GraphNode, batch: number): number | undefined {
  let sum = 0;
  for (const output of outputs) {
    const size = elementsOf(output, batch);
    if (size === undefined || output.dtype === undefined) return undefined;
    sum += size * ITEM_SIZES[output.dtype];
  }
  return sum;
}

/** Elements for one example: a size that depends on more than the batch is not known. */
function elementsOf({ shape }: TensorType, batch: number): number | undefined {
  if (shape === undefined) return undefined;
  let product = 1;
  let symbolic = false;
  for (const { size } of shape) {
    if (size === undefined) return undefined;
    const known = typeof size === "number" ? size : evaluate(size, new Map([[BATCH, 1]]));
    if (known === undefined) return undefined;
    if (typeof size !== "number") symbolic = true;
    product *= known;
  }
  return symbolic ? product : product / batch;
}

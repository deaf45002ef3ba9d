import type { Graph, Ref, ShapeTree } from "../graph/graph.ts";
import type { Dim, TensorType } from "../shape/dim.ts";
import { printUser, type Size, symbolsOf } from "../shape/size.ts";
import type { ViewShape } from "./model.ts";

/** Prints the shapes of a run on an example input, with the batch size left as a symbol where it is one. */
export interface Shapes {
  /** One output of a node. */
  readonly ref: (ref: Ref) => ViewShape;
  readonly tree: (tree: ShapeTree | undefined, symbolic: ShapeTree | undefined) => ViewShape;
}

/** The only symbol that a drawing at an example input keeps. */
export const BATCH = "N";

/**
 * `symbolic` is the same model's run with symbolic sizes. It lends the batch symbol: an axis whose size there depends on
 * `N` alone is shown so. It is used only for nodes that are the same in both runs.
 */
export function shapesOf(concrete: Graph, symbolic: Graph | undefined): Shapes {
  const twin = (ref: Ref): TensorType | undefined => {
    const here = concrete.nodes[ref.node];
    const there = symbolic?.nodes[ref.node];
    if (here === undefined || there === undefined || here.op !== there.op || here.path !== there.path) return undefined;
    return there.outputs[ref.output];
  };
  const tree = (value: ShapeTree | undefined, other: ShapeTree | undefined): ViewShape => {
    if (value === undefined || value.kind === "unknown") return { text: "?" };
    if (value.kind === "tensor") {
      const same = other?.kind === "tensor" ? other.type : undefined;
      return tensorShape(value.type, same ?? (value.ref === undefined ? undefined : twin(value.ref)));
    }
    if (value.kind === "seq") {
      const items = value.items.map((item, i) => part(item, other?.kind === "seq" ? other.items[i] : undefined));
      return { text: `(${items.join(", ")})` };
    }
    const entries = value.entries.map(([key, item]) => {
      const match = other?.kind === "dict" ? other.entries.find(([name]) => name === key)?.[1] : undefined;
      return `${key}: ${part(item, match)}`;
    });
    return { text: `{${entries.join(", ")}}` };
  };
  const part = (item: ShapeTree | null, other: ShapeTree | null | undefined): string =>
    item === null ? "–" : tree(item, other ?? undefined).text;
  return {
    ref: (ref) => {
      const type = concrete.nodes[ref.node]?.outputs[ref.output];
      return type === undefined ? { text: "?" } : tensorShape(type, twin(ref));
    },
    tree,
  };
}

function tensorShape(type: TensorType, symbolic: TensorType | undefined): ViewShape {
  if (type.shape === undefined) return { text: "?" };
  const other = symbolic?.shape?.length === type.shape.length ? symbolic.shape : undefined;
  const dims = type.shape.map((dim, axis) => dimText(dim, other?.[axis]));
  const assumed = type.assumed === true || type.shape.some((dim) => dim.assumed === true);
  return { text: `[${dims.join(", ")}]`, dims, ...(assumed ? { assumed: true as const } : {}) };
}

function dimText(dim: Dim, symbolic: Dim | undefined): string {
  const other = symbolic?.size;
  if (typeof other === "object" && onlyBatch(other)) return printUser(other);
  return dim.size === undefined ? "?" : printUser(dim.size);
}

function onlyBatch(size: Size): boolean {
  return [...symbolsOf(size)].every((name) => name === BATCH);
}

/** The number of examples in the run's batch: 1 where the first axis of the first input is not the batch symbol. */
export function batchOf(concrete: Graph, symbolic: Graph | undefined): number {
  const size = concrete.inputs[0]?.type.shape?.[0]?.size;
  const symbol = symbolic?.inputs[0]?.type.shape?.[0]?.size;
  return typeof size === "number" && typeof symbol === "object" && printUser(symbol) === BATCH ? size : 1;
}

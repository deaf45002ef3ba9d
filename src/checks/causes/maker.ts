import type { GraphNode, Ref } from "../../graph/graph.ts";
import type { Dim } from "../../shape/dim.ts";
import type { Place } from "../../text/span.ts";
import { callAt, same } from "../code.ts";
import type { Context, Run } from "../context.ts";

/** The operator that gave a tensor its length along an axis. */
export interface Maker {
  readonly node: GraphNode;
  /** Where its layer is built; where it is applied if it is no layer. */
  readonly place: Place | undefined;
  /** The length. */
  readonly dim: Dim;
}

/** Operators that join or take apart axes: what they give is theirs, whatever the lengths. */
const MAKERS: ReadonlySet<string> = new Set(["conv", "conv_transpose", "linear", "concat", "input", "weight"]);

/**
 * The operator from which on a tensor has its length along an axis (counted from the end if negative): those after it keep
 * it. Undefined where the axis cannot be followed, as through a permutation.
 */
export function makerOf(run: Run, ref: Ref | undefined, axis: number): Maker | undefined {
  for (let at = ref; at !== undefined; ) {
    const node: GraphNode | undefined = run.graph.nodes[at.node];
    const shape = node?.outputs[at.output]?.shape;
    const dim = shape?.[axis < 0 ? axis + shape.length : axis];
    if (node === undefined || shape === undefined || dim === undefined) return undefined;
    const before: Ref | undefined = node.inputs[0];
    const earlier = before === undefined ? undefined : run.graph.nodes[before.node]?.outputs[before.output]?.shape;
    const kept = earlier?.length === shape.length ? earlier[axis < 0 ? axis + shape.length : axis] : undefined;
    const own =
      MAKERS.has(node.op) && (axis === 1 || axis === -1 || kept === undefined || lengthOf(kept) !== lengthOf(dim));
    if (own || kept === undefined || lengthOf(kept) !== lengthOf(dim))
      return { node, place: layerPlace(run, node), dim };
    at = before;
  }
  return undefined;
}

/** Where a framework's layer is built; where an operator of the model's own code is applied. */
export function layerPlace(run: Run, node: GraphNode): Place | undefined {
  const module = run.modules.get(node.path);
  return (module?.builtin === true ? module.place : undefined) ?? node.place;
}

/** An argument of the call that builds a layer: by its keyword, else by its position. */
export function argumentPlace(context: Context, layer: Place, keyword: string, index: number): Place | undefined {
  const module = context.input.module(layer.file);
  const call = module === undefined ? undefined : callAt(module, layer.span);
  if (call === undefined || !same(call.span, layer.span)) return undefined;
  const named = call.args.find((argument) => argument.keyword === keyword);
  const before = call.args.slice(0, index + 1);
  const isPlain =
    before.length === index + 1 && before.every(({ keyword: word, star }) => (word ?? star) === undefined);
  const found = named?.value ?? (isPlain ? before[index]?.value : undefined);
  return found === undefined ? undefined : { file: layer.file, span: found.span };
}

/** A length as text that is equal for equal ones. */
export function lengthOf(dim: Dim | undefined): string {
  const size = dim?.size;
  return size === undefined ? "?" : typeof size === "number" ? String(size) : size.text;
}

import type { GraphNode, Ref } from "../graph/graph.ts";
import { operator } from "../ops/catalogue.ts";
import type { Args, Operator, Outcome } from "../ops/operator.ts";
import type { TensorType } from "../shape/dim.ts";
import type { Guard } from "../shape/guard.ts";
import type { Size } from "../shape/size.ts";
import { t } from "../text/text.ts";
import { Exhausted, framesNow, type Interp, ownPlace } from "./interp.ts";
import { type TensorValue, tensor, type WeightCell } from "./value.ts";

/** The graph under construction. */
export interface GraphBuilder {
  readonly nodes: GraphNode[];
  readonly cells: WeightCell[];
  readonly weightNodes: Map<WeightCell, number>;
  /** Class name of the module whose forward runs. */
  type: string;
}

export function createGraphBuilder(): GraphBuilder {
  return { nodes: [], cells: [], weightNodes: new Map(), type: "" };
}

/**
 * Applies a catalogue operator to tensors: its shape rule decides, a node is added, and its outputs are returned. A
 * refusal stands in the node and the outputs are what the operator declares.
 */
export function apply(
  interp: Interp,
  op: string,
  inputs: readonly TensorValue[],
  args: Args,
): { readonly outputs: readonly TensorValue[]; readonly outcome: Outcome } {
  const entry = operator(op);
  const types = inputs.map((input) => input.type);
  const outcome: Outcome =
    entry === undefined
      ? { kind: "ok", outputs: [{ shape: undefined, why: { reason: t("{0} is not known", op) }, dtype: undefined }] }
      : entry.shape(types, args);
  let outputs = outcome.kind === "ok" ? outcome.outputs : outcome.assume;
  const tainted = outcome.kind === "refused" || types.some((type) => type.assumed);
  if (tainted) outputs = outputs.map((type) => (type.assumed ? type : { ...type, assumed: true }));
  const builder = interp.graph;
  if (builder === undefined) return { outputs: outputs.map((type) => tensor(type)), outcome };
  if (interp.limits.nodes < builder.nodes.length)
    throw new Exhausted(t("stopped at {0} operators", interp.limits.nodes));
  const refs = inputs.map((input) => refOf(interp, builder, input));
  // A framework may say that its own count does not see inside a kernel.
  const counted = outcome.kind === "ok" && interp.store.get("fused") !== true;
  const madds = counted ? entry?.cost?.(types, args, outputs) : undefined;
  const node = addNode(interp, builder, op, refs, args, outputs, {
    ...(outcome.kind === "refused" ? { refusal: outcome } : {}),
    ...(outcome.kind === "ok" && outcome.guards !== undefined && 0 < outcome.guards.length
      ? { guards: outcome.guards as readonly Guard[] }
      : {}),
    ...(madds === undefined ? {} : { madds }),
    ...(!counted || isKnown(interp, entry, madds) ? {} : { uncounted: true }),
  });
  return { outputs: outputs.map((type, output) => tensor(type, { node, output })), outcome };
}

/** Whether an operator's multiply-adds are known, none included. */
function isKnown(interp: Interp, entry: Operator | undefined, madds: Size | undefined): boolean {
  if (entry?.cost === undefined) return true;
  return madds !== undefined && (madds === 0 || interp.speculating === 0);
}

/** The node of a tensor: a parameter gets its `weight` node at first use, a stray tensor a `constant` one. */
function refOf(interp: Interp, builder: GraphBuilder, value: TensorValue): Ref {
  if (value.ref !== undefined) return value.ref;
  const cell = value.weight;
  if (cell !== undefined) {
    const known = builder.weightNodes.get(cell);
    if (known !== undefined) return { node: known, output: 0 };
    const weight = builder.cells.length;
    builder.cells.push(cell);
    const node = addNode(interp, builder, "weight", [], {}, [value.type], { weight });
    builder.weightNodes.set(cell, node);
    return { node, output: 0 };
  }
  const { host } = value;
  const node = addNode(
    interp,
    builder,
    host === undefined ? "unknown" : "constant",
    [],
    host === undefined
      ? {}
      : {
          get values() {
            return host.data;
          },
          shape: value.type.shape ?? [],
          ...(value.type.dtype === undefined ? {} : { dtype: value.type.dtype }),
        },
    [value.type],
    {},
  );
  value.ref = { node, output: 0 };
  return value.ref;
}

/** Marks in the graph that something here was not followed: what is added up over it is not known either. */
export function noteUnknown(interp: Interp, builder: GraphBuilder): void {
  addNode(interp, builder, "gap", [], {}, [{ shape: undefined, dtype: undefined }], {});
}

/** Adds the node of a root's input. */
export function addInput(interp: Interp, builder: GraphBuilder, index: number, type: TensorType): TensorValue {
  const node = addNode(interp, builder, "input", [], { index: { size: index } }, [type], {});
  return tensor(type, { node, output: 0 });
}

function addNode(
  interp: Interp,
  builder: GraphBuilder,
  op: string,
  inputs: readonly Ref[],
  args: Args,
  outputs: readonly TensorType[],
  extra: Partial<Pick<GraphNode, "refusal" | "guards" | "madds" | "uncounted" | "weight">>,
): number {
  const id = builder.nodes.length;
  builder.nodes.push({
    id,
    op,
    inputs,
    args,
    outputs,
    path: interp.path ?? "",
    type: builder.type,
    frames: framesNow(interp),
    place: ownPlace(interp),
    ...extra,
  });
  return id;
}

import type { GraphNode, Ref } from "../../graph/graph.ts";
import { asList, wholeOf } from "../../ops/args.ts";
import { type Text, t } from "../../text/text.ts";
import type { Context, Run } from "../context.ts";
import type { Related } from "../diagnostic.ts";
import type { Fault } from "../faults.ts";
import { placed } from "../origins.ts";
import { lengthOf, type Maker, makerOf } from "./maker.ts";

/** What made the lengths that an operator refuses. */
export interface RefusalCause {
  /** A clause of the message: "64·7·7 from line 30", "line 11 makes 30". */
  readonly clause: Text;
  readonly related: readonly Related[];
}

/** Which operator made what does not fit; undefined where that is not to be seen. */
export function refusalCause(context: Context, fault: Fault): RefusalCause | undefined {
  const { node, run, refusal } = fault;
  if (refusal.fault === "channels") return channelsCause(context, run, node, refusal.input ?? 0);
  if (refusal.fault !== "shapes" && refusal.fault !== "broadcast") return undefined;
  if (node.op === "matmul" && fitsTransposed(run, node))
    return { clause: t("the right one fits transposed"), related: [] };
  if (node.op === "reshape") return reshapeCause(run, node);
  const axes = refusal.axes ?? differing(run, node);
  return axes === undefined ? undefined : joinCause(context, run, node, axes);
}

/** Where the channels, or the features of a flattened map, come from. */
function channelsCause(context: Context, run: Run, node: GraphNode, input: number): RefusalCause | undefined {
  const misplaced = node.op === "linear" ? misplacedFeatures(run, node) : undefined;
  if (misplaced !== undefined) return { clause: misplaced, related: [] };
  const last = makerOf(run, node.inputs[input], node.op === "linear" ? -1 : channelAxis(run, node, input));
  // Flattened maps of one element have the map's channels.
  const isBare = last !== undefined && FLATTENS.has(last.node.op) && partsOf(run, last) === lengthOf(last.dim);
  const maker = isBare ? makerOf(run, last.node.inputs[0], 1) : last;
  if (maker === undefined || maker.node.op === "input" || maker.node.op === "weight") return undefined;
  const place = placeOf(maker);
  const line = place === undefined ? undefined : context.line(place);
  if (place === undefined || line === undefined) return undefined;
  const parts = partsOf(run, maker);
  const said: Related = { place, message: t("the {0} that comes in was set here", lengthOf(maker.dim)) };
  if (parts === undefined) return { clause: t("line {0} makes {1}", line, lengthOf(maker.dim)), related: [said] };
  return {
    clause: t("line {0} makes {1} = {2}", line, lengthOf(maker.dim), parts),
    related: [{ place, message: t("makes {0} = {1} here", lengthOf(maker.dim), parts) }],
  };
}

/** Channels stand before as many spatial axes as the layer's kernel has. */
function channelAxis(run: Run, node: GraphNode, input: number): number {
  const weight = node.op === "conv" || node.op === "conv_transpose" ? shapeOf(run, node.inputs[1]) : undefined;
  const rank = shapeOf(run, node.inputs[input])?.length;
  return weight === undefined || rank === undefined ? 1 : rank - weight.length + 1;
}

const FLATTENS: ReadonlySet<string> = new Set(["flatten", "reshape"]);

/** The features that a linear layer is built for stand on another axis than the last. */
function misplacedFeatures(run: Run, node: GraphNode): Text | undefined {
  const features = shapeOf(run, node.inputs[1])?.at(-1);
  const lengths = shapeOf(run, node.inputs[0])?.map(lengthOf) ?? [];
  const axis = features === undefined ? -1 : lengths.indexOf(lengthOf(features), 1);
  return 0 < axis && lengths.lastIndexOf(lengthOf(features)) === axis
    ? t("its axis {0} has {1}", axis, lengthOf(features))
    : undefined;
}

/** `64·7·7` of a flattened map, `64 + 32` of a join. */
function partsOf(run: Run, { node, dim }: Maker): string | undefined {
  if (node.op === "concat") {
    const axis = wholeOf(node.args.axis) ?? 1;
    const parts = node.inputs.map((ref) => lengthOf(shapeOf(run, ref)?.at(axis)));
    return parts.length < 5 ? parts.join(" + ") : undefined;
  }
  const from = shapeOf(run, node.inputs[0]);
  if (!FLATTENS.has(node.op) || from === undefined) return undefined;
  const tail = from.slice(1).map(lengthOf);
  const product = tail.reduce((all, length) => all * Number(length), 1);
  return String(product) === lengthOf(dim) ? tail.filter((length) => length !== "1").join("·") : undefined;
}

/** Whether a product of matrices is one with the right one's last two axes swapped. */
function fitsTransposed(run: Run, node: GraphNode): boolean {
  const [a, b] = node.inputs.map((ref) => shapeOf(run, ref)?.map(lengthOf));
  if (a === undefined || b === undefined || a.length < 2 || a.length !== b.length) return false;
  return a.at(-1) === b.at(-1) && `${a.slice(0, -2)}` === `${b.slice(0, -2)}`;
}

/** A view into a fixed shape: how many elements there are, and of which lengths. */
function reshapeCause(run: Run, node: GraphNode): RefusalCause | undefined {
  const from = shapeOf(run, node.inputs[0])?.map(lengthOf);
  const wanted = asList(node.args.shape)?.map((item) => wholeOf(item));
  if (from === undefined || wanted === undefined || wanted.includes(undefined)) return undefined;
  const rest = from.slice(1);
  const product = rest.reduce((all, length) => all * Number(length), 1);
  if (Number.isNaN(product) || rest.length < 2) return undefined;
  return { clause: t("{0} = {1} a sample", rest.join("·"), product), related: [] };
}

/** Which operand's length was made where, along the first axis that differs. */
function joinCause(context: Context, run: Run, node: GraphNode, axes: readonly number[]): RefusalCause | undefined {
  const [axis] = axes;
  if (axis === undefined) return undefined;
  const rank = Math.max(...node.inputs.map((ref) => shapeOf(run, ref)?.length ?? 0));
  const makers = node.inputs.flatMap((ref) => makerOf(run, ref, axis - rank) ?? []);
  const lengths = new Map<string, Maker>();
  for (const maker of makers) if (!lengths.has(lengthOf(maker.dim))) lengths.set(lengthOf(maker.dim), maker);
  const told = [...lengths.values()].filter((maker) => maker.node.op !== "input" && lengthOf(maker.dim) !== "1");
  const known = told.flatMap((maker) => {
    const place = placeOf(maker);
    const line = place === undefined ? undefined : context.line(place);
    return place === undefined || line === undefined ? [] : [{ place, line, length: lengthOf(maker.dim) }];
  });
  const [first, second] = known;
  if (first === undefined) return undefined;
  const related = known.map(({ place, length }) => ({ place, message: t("makes the {0} here", length) }));
  return second === undefined
    ? { clause: t("line {0} makes {1}", first.line, first.length), related }
    : { clause: t("line {0} makes {1}, line {2} {3}", first.line, first.length, second.line, second.length), related };
}

/** Axes, of operands of one rank, along which they differ; that of a join aside. */
function differing(run: Run, node: GraphNode): readonly number[] | undefined {
  const shapes = node.inputs.flatMap((ref) => shapeOf(run, ref) ?? []);
  const all = node.inputs.map((ref) => shapeOf(run, ref)?.map(lengthOf));
  const [first] = all;
  if (node.op !== "concat" || shapes.length === 0 || first === undefined) return undefined;
  const asked = wholeOf(node.args.axis) ?? 0;
  const along = asked < 0 ? asked + first.length : asked;
  return first.flatMap((length, axis) =>
    axis !== along && all.some((other) => other?.[axis] !== length) ? [axis] : [],
  );
}

/** The argument that gave the length, else the layer. */
function placeOf({ node, dim, place }: Maker): Maker["place"] {
  return node.op === "concat" || node.op === "flatten" || node.op === "reshape"
    ? node.place
    : (placed(dim)[0]?.place ?? place);
}

function shapeOf(run: Run, ref: Ref | undefined) {
  return ref === undefined ? undefined : run.graph.nodes[ref.node]?.outputs[ref.output]?.shape;
}

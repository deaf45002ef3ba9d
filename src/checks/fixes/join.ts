import { t } from "../../text/text.ts";
import type { Context } from "../context.ts";
import type { Fault } from "../faults.ts";
import { type Candidate, candidate, type Hole } from "./candidate.ts";
import { shapeOf } from "./flow.ts";
import { byOrigin } from "./origin.ts";
import { operandOf } from "./projection-in-block.ts";
import { resize } from "./sizes.ts";

/** One value for each channel beside a tensor with further axes: the same axes are added to it. */
export function addAxes(context: Context, { node, run }: Fault): readonly Candidate[] {
  const shapes = node.inputs.map((ref) => shapeOf(run, ref));
  const [left, right] = shapes;
  const frame = node.frames.findLast(({ own }) => own);
  const module = frame === undefined ? undefined : context.input.module(frame.place.file);
  const source = frame === undefined ? undefined : context.input.source(frame.place.file);
  if (left === undefined || right === undefined || frame === undefined || module === undefined || source === undefined)
    return [];
  const small = left.length < right.length ? 0 : 1;
  const [less, more] = small === 0 ? [left, right] : [right, left];
  const missing = more.length - less.length;
  if (missing < 1 || less.some((size, axis) => size !== more[axis] && size !== 1)) return [];
  const operand = operandOf(module, frame.place.span, small);
  if (operand === undefined || (operand.kind !== "name" && operand.kind !== "attribute" && operand.kind !== "call"))
    return [];
  const text = source.slice(operand.span.start, operand.span.end);
  const index = `[${[...less.map(() => ":"), ...Array.from({ length: missing }, () => "None")].join(", ")}]`;
  return [
    candidate(4, t("Replace {0} by {1}", text, `${text}${index}`), [
      { place: { file: frame.place.file, span: operand.span }, text: `${text}${index}` },
    ]),
  ];
}

/** Lengths that are to broadcast and do not: where either comes from, the other is given. */
export function matchLengths(context: Context, { node, run }: Fault): readonly Hole[] {
  const shapes = node.inputs.map((ref) => run.graph.nodes[ref.node]?.outputs[ref.output]?.shape);
  const [left, right] = shapes;
  if (left === undefined || right === undefined) return [];
  const rank = Math.min(left.length, right.length);
  return Array.from({ length: rank }, (_, i) => i + 1).flatMap((back) => {
    const [a, b] = [left.at(-back), right.at(-back)];
    const [x, y] = [a?.size, b?.size];
    if (typeof x !== "number" || typeof y !== "number" || x === y || x === 1 || y === 1) return [];
    return [...byOrigin(context, b, x, 14), ...byOrigin(context, a, y, 16)];
  });
}

/** Tensors that are to be joined or combined and differ in their sizes: a layer before one of them is set otherwise. */
export function matchSizes(context: Context, { node, run }: Fault): readonly Hole[] {
  const inputs = node.inputs.slice(0, 8);
  const shapes = inputs.map((ref) => shapeOf(run, ref));
  return inputs.flatMap((ref, i) => {
    const others = shapes.filter((shape, at) => at !== i && shape !== undefined && shape.length === shapes[i]?.length);
    const goals = new Set(others.map((shape) => shape?.slice(2).join()));
    goals.delete(shapes[i]?.slice(2).join());
    // The odd one out is likelier wrong than those that agree.
    const agreeing = shapes.filter((shape) => shape?.slice(2).join() === shapes[i]?.slice(2).join()).length;
    return goals.size === 0
      ? []
      : resize(context, run, ref, (sizes) => goals.has(sizes.join()), 6 + (agreeing - 1) * 6 + i);
  });
}

import type { Context } from "../context.ts";
import type { Fault } from "../faults.ts";
import type { Hole } from "./candidate.ts";
import { shapeOf } from "./flow.ts";
import { resize } from "./sizes.ts";

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

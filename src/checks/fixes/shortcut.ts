import type { GraphNode, ResidualAdd } from "../../graph/graph.ts";
import type { Place } from "../../text/span.ts";
import { type Context, placeKey, type Run } from "../context.ts";
import type { Fix } from "../diagnostic.ts";
import type { Fault } from "../faults.ts";
import { candidatesFor, type Hole, type Proposal } from "./candidate.ts";
import { giveOut } from "./channels.ts";
import { repairCondition } from "./condition.ts";
import { fillNone } from "./fill-none.ts";
import { keepStrideInFirstBlock } from "./first-block-stride.ts";
import { producerOf, shapeOf } from "./flow.ts";
import { projectLaterBlocks } from "./later-projection.ts";
import { otherNames } from "./names.ts";
import { negateConditions } from "./negate.ts";
import { swapNeighbours } from "./neighbours.ts";
import { swapStatements } from "./order.ts";
import { keepSizes } from "./padding.ts";
import { passProjection } from "./projection-argument.ts";
import { projectInBlock } from "./projection-in-block.ts";
import { resize } from "./sizes.ts";
import { spotsOf } from "./spots.ts";
import { loseStride, matchStrides } from "./strides.ts";
import { callUncalled } from "./uncalled.ts";

/** What may make two branches of a residual add fit, likeliest first. */
export function shortcutFixes(
  context: Context,
  { node, run, refusal }: Fault,
  add: ResidualAdd,
  stride: Place | undefined,
  instances: readonly string[],
): readonly Fix[] {
  const [main, shortcut] = [shapeOf(run, node.inputs[add.main]), shapeOf(run, node.inputs[add.shortcut])];
  if (main === undefined || shortcut === undefined) return [];
  const spatial = main.length === shortcut.length && main.some((size, axis) => 2 <= axis && size !== shortcut[axis]);
  const channels = main.length === shortcut.length && main[1] !== shortcut[1];
  const projected = add.kind === "projection";
  const proposals: Proposal[] = [
    ...keepStrideInFirstBlock(context, run, add, stride, instances).map((fix) => ({ ...fix, rank: 0 })),
    ...projectLaterBlocks(context, run, add, instances).map((fix) => ({ ...fix, rank: 9 })),
  ];
  const strides = [...(add.mainStride ?? []), ...(add.shortcutStride ?? [])].some((one) => one !== 1);
  if (!projected && (channels || strides))
    proposals.push(
      ...repairCondition(context, run, add),
      ...passProjection(context, run, add, 5),
      ...projectInBlock(context, run, add, node, channels ? 7 : 14),
    );
  if (spatial)
    proposals.push(
      ...matchStrides(
        context,
        run,
        { nodes: add.mainNodes, stride: add.mainStride },
        { nodes: add.shortcutNodes, stride: add.shortcutStride },
      ),
      ...keepSizes(context, run, [...add.mainNodes, ...add.shortcutNodes], 10),
      ...resize(context, run, node.inputs[add.shortcut], equals(main), 14, add.fork.node),
      ...resize(context, run, node.inputs[add.main], equals(shortcut), 15, add.fork.node),
    );
  if (channels) {
    const [onMain, onShortcut] = [producerOf(run, node.inputs[add.main]), producerOf(run, node.inputs[add.shortcut])];
    if (projected && onShortcut !== undefined && main[1] !== undefined)
      proposals.push(...giveOut(context, run, onShortcut, main[1], 10, { more: wantedBeside(run, node, "shortcut") }));
    if (onMain !== undefined && shortcut[1] !== undefined)
      proposals.push(
        ...giveOut(context, run, onMain, shortcut[1], projected ? 14 : 11, { more: wantedBeside(run, node, "main") }),
      );
  }
  if (channels && !spatial && strides && !projected) proposals.push(...loseStride(context, run, add.mainNodes, 15));
  const spots = spotsOf(context, node.frames);
  const dims = [add.main, add.shortcut].flatMap((at) => typeOf(run, node, at)?.shape ?? []);
  const odd = dims.filter(({ size }, i) => size !== dims[(i + main.length) % dims.length]?.size);
  proposals.push(
    ...(projected ? [] : fillNone(context, spots, 6)),
    ...callUncalled(context, { node, run, refusal }, 3),
    ...otherNames(context, spots.slice(0, 1), 9, { idle: true }),
    ...negateConditions(context, spots.slice(0, 1), 8),
    ...swapNeighbours(context, odd, 12),
    ...swapStatements(context, spots.slice(0, 1), 13),
  );
  return candidatesFor(context, proposals);
}

/** What the other instances of the same refused addition need of one of their branches. */
function wantedBeside(run: Run, { place }: GraphNode, branch: "main" | "shortcut"): Hole["wanted"] {
  const other: typeof branch = branch === "main" ? "shortcut" : "main";
  return run.graph.residualAdds.flatMap((add) => {
    const node = run.graph.nodes[add.node];
    if (add.fits || node === undefined || placeKey(node.place) !== placeKey(place)) return [];
    const [from, to] = [branch, other].map((name) => shapeOf(run, node.inputs[add[name]])?.[1]);
    return to === undefined ? [] : [{ from, to }];
  });
}

function typeOf(run: Run, node: GraphNode, at: 0 | 1) {
  const ref = node.inputs[at];
  return ref === undefined ? undefined : run.graph.nodes[ref.node]?.outputs[ref.output];
}

function equals(shape: readonly (number | undefined)[]): (sizes: readonly number[]) => boolean {
  const wanted = shape.slice(2).join();
  return (sizes) => sizes.join() === wanted;
}

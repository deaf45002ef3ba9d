import type { Context } from "../context.ts";
import type { Fix } from "../diagnostic.ts";
import type { Fault } from "../faults.ts";
import { addBranches } from "./add-branches.ts";
import { fitArgument } from "./argument.ts";
import { otherAxes, swapInFeeding } from "./axes.ts";
import { candidatesFor, type Proposal } from "./candidate.ts";
import { matchChannels } from "./channels.ts";
import { fitWindow } from "./empty.ts";
import { matchFeatures } from "./features.ts";
import { addAxes, matchLengths, matchSizes } from "./join.ts";
import { otherNames } from "./names.ts";
import { negateConditions } from "./negate.ts";
import { swapNeighbours } from "./neighbours.ts";
import { swapStatements } from "./order.ts";
import { callUncalledInstead, insertCall } from "./own-layers.ts";
import { fitView } from "./reshape.ts";
import { spotsOf } from "./spots.ts";
import { swapCounts } from "./swap.ts";
import { callUncalled } from "./uncalled.ts";
import { restoreUpdate } from "./update.ts";
import { countSize } from "./view-sizes.ts";

/** What may make an operator take its inputs and arguments, likeliest first. */
export function refusedFixes(context: Context, fault: Fault): readonly Fix[] {
  const { node, run, refusal } = fault;
  const spots = spotsOf(context, node.frames);
  const proposals: Proposal[] = [
    ...insertCall(context, run, spots, 4),
    ...swapNeighbours(context, [refusal.expected, refusal.found], 8),
    ...callUncalledInstead(run, spots, 9),
    ...swapStatements(context, spots, 9),
    ...otherNames(context, spots, 10),
    ...negateConditions(context, spots, 12),
    ...otherAxes(context, spots, 10),
    ...swapInFeeding(context, spots, 8),
  ];
  switch (fault.refusal.fault) {
    case "channels":
      proposals.push(
        ...swapCounts(context, fault),
        ...matchFeatures(context, fault),
        ...matchChannels(context, fault),
        ...restoreUpdate(context, fault),
        ...callUncalled(context, fault, 5),
        ...addBranches(context, fault, 14),
      );
      break;
    case "shapes":
    case "broadcast":
    case "rank":
      proposals.push(
        ...matchSizes(context, fault),
        ...addAxes(context, fault),
        ...fitView(context, fault),
        ...countSize(context, spots, 5),
        ...matchLengths(context, fault),
        ...callUncalled(context, fault, 12),
      );
      break;
    case "empty":
      proposals.push(...fitWindow(context, fault));
      break;
    case "argument":
      proposals.push(...fitArgument(context, fault));
      break;
    case "dtype":
      break;
  }
  return candidatesFor(context, proposals);
}

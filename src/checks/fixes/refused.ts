import type { Context } from "../context.ts";
import type { Fix } from "../diagnostic.ts";
import type { Fault } from "../faults.ts";
import { fitArgument } from "./argument.ts";
import { candidatesFor, type Proposal } from "./candidate.ts";
import { matchChannels } from "./channels.ts";
import { fitWindow } from "./empty.ts";
import { matchFeatures } from "./features.ts";
import { addAxes, matchLengths, matchSizes } from "./join.ts";
import { fitView } from "./reshape.ts";
import { swapCounts } from "./swap.ts";
import { callUncalled } from "./uncalled.ts";
import { restoreUpdate } from "./update.ts";

/** What may make an operator take its inputs and arguments, likeliest first. */
export function refusedFixes(context: Context, fault: Fault): readonly Fix[] {
  const proposals: Proposal[] = [];
  switch (fault.refusal.fault) {
    case "channels":
      proposals.push(
        ...swapCounts(context, fault),
        ...matchFeatures(context, fault),
        ...matchChannels(context, fault),
        ...restoreUpdate(context, fault),
        ...callUncalled(context, fault, 5),
      );
      break;
    case "shapes":
    case "broadcast":
    case "rank":
      proposals.push(
        ...matchSizes(context, fault),
        ...addAxes(context, fault),
        ...fitView(context, fault),
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

import type { Context } from "../context.ts";
import type { Fix } from "../diagnostic.ts";
import type { Fault } from "../faults.ts";
import { candidatesFor, type Proposal } from "./candidate.ts";
import { matchChannels } from "./channels.ts";
import { restoreUpdate } from "./update.ts";

/** What may make an operator take its inputs and arguments, likeliest first. */
export function refusedFixes(context: Context, fault: Fault): readonly Fix[] {
  const proposals: Proposal[] = [];
  if (fault.refusal.fault === "channels") proposals.push(...matchChannels(context, fault), ...restoreUpdate(context, fault));
  return candidatesFor(context, proposals);
}

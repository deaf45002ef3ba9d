import type { Problem } from "../eval/interp.ts";
import { t } from "../text/text.ts";
import type { Context, Finding } from "./context.ts";
import { candidatesFor } from "./fixes/candidate.ts";
import { callOwn, USED } from "./fixes/python.ts";
import { repairFixes } from "./fixes/repairs.ts";
import { instanceOfProblem } from "./python-error.ts";

/** A layer is built from a tensor instead of being called on it. */
export function layerNotCalled(
  context: Context,
  problem: Problem & { readonly kind: "not-called" },
): Finding | undefined {
  const { place, layer } = problem;
  if (place === undefined) return undefined;
  return {
    code: "layer-not-called",
    severity: "error",
    place,
    cause: layer,
    instance: instanceOfProblem(problem),
    message: () => t("{0} is built from a tensor instead of being called on it", layer),
    related: [],
    fixes: () => {
      const own = candidatesFor(context, callOwn(context, problem));
      // One that nothing calls was meant.
      const idle = own.filter(({ rank }) => rank < USED);
      return [...idle, ...repairFixes(problem.repairs), ...own.filter(({ rank }) => USED <= rank)];
    },
  };
}

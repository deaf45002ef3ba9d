import type { Problem } from "../eval/interp.ts";
import { t } from "../text/text.ts";
import type { Finding } from "./context.ts";
import { repairFixes } from "./fixes/repairs.ts";
import { instanceOfProblem } from "./python-error.ts";

/** A layer is built from a tensor instead of being called on it. */
export function layerNotCalled(problem: Problem & { readonly kind: "not-called" }): Finding | undefined {
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
    fixes: () => repairFixes(problem.repairs),
  };
}

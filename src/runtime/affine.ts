import type { Args } from "./args.ts";

/**
 * Weight and bias of a batch normalization. They stand behind the running statistics, where the call says that it has
 * any; a layer that keeps none (it says `channels` and `training`) has them right behind the data. Undefined where that
 * cannot be told.
 */
export function affineInputs<T>(
  inputs: readonly T[],
  args: Args,
): { readonly weight: T | undefined; readonly bias: T | undefined } | undefined {
  if (typeof args.running === "boolean" && typeof args.scaled === "boolean") {
    const at = args.running ? 3 : 1;
    return { weight: args.scaled ? inputs[at] : undefined, bias: inputs[args.scaled ? at + 1 : at] };
  }
  if (args.training !== true || inputs.length === 1 || inputs.length === 5)
    return { weight: inputs[3], bias: inputs[4] };
  if (args.channels === undefined || 3 < inputs.length) return undefined;
  return { weight: inputs[1], bias: inputs[2] };
}

import type { Target } from "../core/core.ts";

/** `self.relu` or `relu`; undefined for other targets. */
export function printTarget(target: Target): string | undefined {
  if (target.kind === "name") return target.name;
  if (target.kind === "attribute" && target.object.kind === "name") return `${target.object.name}.${target.name}`;
  return undefined;
}

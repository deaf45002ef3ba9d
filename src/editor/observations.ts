import type { Observation, Run } from "../analysis.ts";

/** The narrowest observation around an offset; of two as narrow, the binding. */
export function observationAt(run: Run | undefined, file: string, offset: number): Observation | undefined {
  let best: Observation | undefined;
  for (const observation of run?.observations.get(file) ?? []) {
    if (offset < observation.span.start) break;
    if (observation.span.end < offset) continue;
    if (best === undefined || isNarrower(observation, best)) best = observation;
  }
  return best;
}

/** The observation of the same expression in another run. */
export function observationLike(run: Run | undefined, file: string, like: Observation): Observation | undefined {
  return run?.observations
    .get(file)
    ?.find(
      (other) =>
        other.span.start === like.span.start &&
        other.span.end === like.span.end &&
        other.role === like.role &&
        other.name === like.name,
    );
}

function isNarrower(a: Observation, b: Observation): boolean {
  const difference = lengthOf(a) - lengthOf(b);
  return difference < 0 || (difference === 0 && a.role !== "value" && b.role === "value");
}

function lengthOf({ span }: Observation): number {
  return span.end - span.start;
}

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

/** The tensor whose size or kind is read at an offset: `x` on the word `shape` of `x.shape`. */
export function readAt(text: string, run: Run | undefined, file: string, offset: number): Observation | undefined {
  let start = offset;
  while (0 < start && /\w/.test(text[start - 1] ?? "")) start--;
  const word = /^\w*/.exec(text.slice(start, start + 20))?.[0] ?? "";
  if (text[start - 1] !== "." || !READS.has(word)) return undefined;
  let best: Observation | undefined;
  for (const observation of run?.observations.get(file) ?? []) {
    if (start <= observation.span.start) break;
    if (observation.span.end === start - 1 && (best === undefined || isNarrower(best, observation))) best = observation;
  }
  return best;
}

/** Attributes and methods that tell of a tensor without giving one. */
const READS = new Set(["shape", "size", "ndim", "dim", "numel", "nelement", "dtype", "device", "stride", "is_cuda"]);

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

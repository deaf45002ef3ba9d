import type { Program } from "../graph/program.ts";
import { firstValue } from "./first-value.ts";

/** A checkpoint's tensor, row-major. */
export interface GivenWeight {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** How a checkpoint's keys and the program's fit. */
export interface WeightReport {
  readonly matched: readonly string[];
  /** Persistent weights that the checkpoint lacks; they have their first values. */
  readonly missing: readonly string[];
  /** Keys of the checkpoint that no weight has. */
  readonly unexpected: readonly string[];
  /** Found, but with another shape; they have their first values. */
  readonly misshapen: readonly {
    readonly key: string;
    readonly expected: readonly number[];
    readonly found: readonly number[];
  }[];
  /** Weights whose first value is not known and that were set to 0. */
  readonly unknown: readonly string[];
}

/** Values of every weight of the program, in its order, row-major. */
export interface Prepared {
  readonly values: readonly Float32Array[];
  readonly report: WeightReport;
}

/**
 * Values from the checkpoint by key, else drawn from each weight's first distribution. The same seed gives the same
 * values on every platform; they are not PyTorch's own draws.
 */
export function prepare(program: Program, given: ReadonlyMap<string, GivenWeight> | undefined, seed: number): Prepared {
  const fit = fitOf(program, given);
  const matched = new Set(fit.matched);
  const unknown: string[] = [];
  const values = program.weights.map((weight, index) => {
    const key = keyOf(weight, given);
    const found = matched.has(key) ? given?.get(key) : undefined;
    if (found !== undefined) return found.data;
    if (weight.init.kind === "unknown") unknown.push(key);
    return firstValue(weight.init, weight.shape, seed, index);
  });
  return { values, report: { ...fit, unknown } };
}

/** How a checkpoint's keys and shapes fit the program's, whatever its values. */
export function fitOf(
  program: Program,
  given: ReadonlyMap<string, { readonly shape: readonly number[] }> | undefined,
): Omit<WeightReport, "unknown"> {
  const matched: string[] = [];
  const missing: string[] = [];
  const misshapen: WeightReport["misshapen"][number][] = [];
  for (const weight of program.weights) {
    const key = keyOf(weight, given);
    const found = given?.get(key);
    if (found === undefined) {
      if (given !== undefined && weight.persistent) missing.push(key);
    } else if (sameShape(found.shape, weight.shape)) matched.push(key);
    else misshapen.push({ key, expected: weight.shape, found: found.shape });
  }
  const known = new Set(program.weights.flatMap((weight) => weight.keys));
  const unexpected = [...(given?.keys() ?? [])].filter((key) => !known.has(key));
  return { matched, missing, unexpected, misshapen };
}

/** The key that a checkpoint has of a weight, else its first. */
function keyOf({ keys }: Program["weights"][number], given: ReadonlyMap<string, unknown> | undefined): string {
  return keys.find((name) => given?.has(name)) ?? keys[0] ?? "";
}

/** Whether a key is one of the program's own state-dict keys. */
export function knownKeys(program: Program): (key: string) => boolean {
  const keys = new Set(program.weights.flatMap((weight) => weight.keys));
  return (key) => keys.has(key);
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i]);
}

import { relMax } from "./difference.ts";
import { execute, type RunResult, type Stop } from "./execute.ts";
import type { Gone } from "./fold.ts";
import type { Model } from "./model.ts";

/** How far the fast mode's numbers are from the reference mode's. */
export interface Comparison {
  /** Undefined where one of the two was not reached. */
  readonly output: number | undefined;
  /** Modules that both modes compute, in the program's order. */
  readonly stages: readonly StageDifference[];
  /** Modules whose output the fast mode does not compute. */
  readonly gone: readonly Gone[];
  /** Milliseconds of all nodes. On webgl, the time to issue the work, not to do it. */
  readonly time: { readonly reference: number; readonly fast: number };
  readonly stop: Stop | undefined;
}

export interface StageDifference {
  readonly path: string;
  readonly type: string;
  readonly shape: readonly number[];
  /** Largest absolute difference over the largest absolute value of the reference. */
  readonly relMax: number;
}

export interface CompareOptions {
  /** Module paths to compare; all by default. */
  readonly paths?: readonly string[];
  /** `total` counts both passes. */
  readonly onProgress?: (done: number, total: number, path: string) => void;
  readonly cancelled?: () => boolean;
}

/** Runs both on the same inputs. Nothing is left unfolded for the comparison's sake. */
export async function compareModes(
  reference: Model,
  fast: Model,
  inputs: readonly Float32Array[],
  options: CompareOptions = {},
): Promise<Comparison> {
  const peek = options.paths ?? reference.program.taps.map(({ path }) => path);
  const pass = (model: Model, before: number): Promise<RunResult> =>
    execute(model, inputs, {
      peek,
      ...(options.cancelled === undefined ? {} : { cancelled: options.cancelled }),
      onProgress: (done, total, path) => options.onProgress?.(before * total + done, 2 * total, path),
    });
  const quick = await pass(fast, 0);
  const exact = quick.stop?.kind === "cancelled" ? quick : await pass(reference, 1);
  const output =
    exact.output === undefined || quick.output === undefined ? undefined : relMax(quick.output.data, exact.output.data);
  return {
    output,
    stages: exact.stages.flatMap(({ path, type, shape }) => {
      const [ours, theirs] = [quick.taps.get(path), exact.taps.get(path)];
      if (ours === undefined || theirs === undefined) return [];
      return [{ path, type, shape, relMax: relMax(ours.data, theirs.data) }];
    }),
    gone: quick.gone.filter(({ path }) => peek.includes(path)),
    time: { reference: timeOf(exact), fast: timeOf(quick) },
    stop: exact.stop ?? quick.stop,
  };
}

function timeOf({ timings }: RunResult): number {
  return timings.reduce((sum, { time }) => sum + time, 0);
}

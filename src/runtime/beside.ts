import { relMax } from "./difference.ts";
import { execute, type Read, type RunOptions, type Stop } from "./execute.ts";
import type { Model } from "./model.ts";

/** What another model, or the same with other weights, gives beside the loaded one. */
export interface Beside {
  readonly output: Read | undefined;
  /** In the order of the asked pairs. */
  readonly pairs: readonly {
    readonly own: number | undefined;
    readonly other: number | undefined;
    /** Largest difference of the outputs over the largest value of the loaded model's; undefined for other shapes. */
    readonly relMax: number | undefined;
  }[];
  readonly stop: Stop | undefined;
}

/** A module of each. */
export type BesidePair = readonly [own: string, other: string];

/** Runs both; `own` and `other` of a pair are the deviations of what its modules give. */
export async function besideOf(
  [model, inputs]: readonly [Model, readonly Float32Array[]],
  [other, otherInputs]: readonly [Model, readonly Float32Array[]],
  pairs: readonly BesidePair[],
  options: Pick<RunOptions, "onProgress" | "cancelled">,
): Promise<Beside> {
  // What the loaded model's last run kept stays.
  const own = { ...model, kept: new Map() };
  const ours = await execute(own, inputs, { ...options, taps: pairs.map(([path]) => path), statistics: true });
  const theirs = await execute(other, otherInputs, {
    ...options,
    taps: pairs.map(([, path]) => path),
    statistics: true,
  });
  const deviations = (stages: typeof ours.stages): ReadonlyMap<string, number | undefined> =>
    new Map(stages.map(({ path, std }) => [path, std]));
  const [mine, yours] = [deviations(ours.stages), deviations(theirs.stages)];
  return {
    output: theirs.output,
    pairs: pairs.map(([a, b]) => {
      const [left, right] = [ours.taps.get(a), theirs.taps.get(b)];
      const comparable = left !== undefined && right !== undefined && String(left.shape) === String(right.shape);
      return {
        own: mine.get(a),
        other: yours.get(b),
        relMax: comparable ? relMax(right.data, left.data) : undefined,
      };
    }),
    stop: ours.stop ?? theirs.stop,
  };
}

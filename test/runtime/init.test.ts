import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { prepare } from "../../src/runtime/prepare.ts";
import { programOf } from "../parity/program.ts";
import { inRoot } from "./harness.ts";

interface Moments {
  readonly count: number;
  readonly mean: number;
  readonly std: number;
  readonly min: number;
  readonly max: number;
  /** The elements, where every seed gives the same. */
  readonly values?: readonly number[];
  /** The squared lengths of a matrix' rows, or columns, that are at right angles. */
  readonly squares?: readonly number[];
  /** How many elements of each column are 0. */
  readonly zeros?: number;
}

/** What real PyTorch drew, over twenty seeds. */
const recorded: Readonly<
  Record<string, { readonly input: readonly number[]; readonly weights: Readonly<Record<string, Moments>> }>
> = JSON.parse(readFileSync(inRoot("test/data/run/init.json"), "utf8"));
const SEEDS = 20;
/** Standard errors that a mean or a deviation may be off; of a thousand comparisons none is, but for a wrong distribution. */
const ERRORS = 5;
/** A constant, as float32 rounds it. */
const ROUNDING = 1e-6;

describe.each(Object.entries(recorded))("the weights of %s start as PyTorch's", (model, { input, weights }) => {
  const program = programOf(inRoot("test/data/run/initialized.py"), model, input, []);
  if (typeof program === "string") throw new Error(program);
  const drawn = Array.from({ length: SEEDS }, (_, seed) => prepare(program, undefined, seed));

  test("each has a known distribution", () => {
    expect(drawn[0]?.report.unknown).toEqual([]);
    const keys = program.weights.flatMap((weight) => weight.keys);
    expect(Object.keys(weights).filter((key) => !keys.includes(key))).toEqual([]);
  });

  test.each(Object.entries(weights))("%s", (key, expected) => {
    const at = program.weights.findIndex((weight) => weight.keys.includes(key));
    const data = drawn.flatMap(({ values }) => [...(values[at] ?? [])]);
    expect(data.length).toBe(expected.count * SEEDS);
    const mean = data.reduce((a, b) => a + b, 0) / data.length;
    const std = Math.sqrt(data.reduce((a, b) => a + (b - mean) ** 2, 0) / data.length);
    // Both sides are drawn: a difference of two means varies by √2 of one's error.
    const error = (ERRORS * Math.SQRT2) / Math.sqrt(data.length);
    expect(Math.abs(mean - expected.mean)).toBeLessThanOrEqual(error * expected.std + ROUNDING);
    expect(Math.abs(std - expected.std)).toBeLessThanOrEqual(error * expected.std + ROUNDING);
    const width = expected.max - expected.min;
    // The ends of what was drawn are random too, those of a uniform distribution by a few parts in its count.
    const slack = width === 0 ? ROUNDING : width * (isUniform(expected) ? 20 / data.length : 0.35);
    expect(Math.abs(data.reduce((a, b) => Math.min(a, b)) - expected.min)).toBeLessThanOrEqual(slack);
    expect(Math.abs(data.reduce((a, b) => Math.max(a, b)) - expected.max)).toBeLessThanOrEqual(slack);
  });

  test.each(Object.entries(weights).filter(([, { values, squares, zeros }]) => values ?? squares ?? zeros))(
    "%s hangs together as PyTorch's",
    (key, { values, squares, zeros }) => {
      const at = program.weights.findIndex((weight) => weight.keys.includes(key));
      const shape = program.weights[at]?.shape ?? [];
      const data = drawn[0]?.values[at] ?? new Float32Array();
      const rows = shape[0] ?? 1;
      const columns = data.length / rows;
      const row = (i: number): readonly number[] => [...data.slice(i * columns, (i + 1) * columns)];
      const column = (i: number): readonly number[] =>
        Array.from({ length: rows }, (_, j) => data[j * columns + i] ?? 0);
      if (values !== undefined) expect([...data]).toEqual(values);
      if (zeros !== undefined)
        for (let i = 0; i < columns; i++) expect(column(i).filter((x) => x === 0)).toHaveLength(zeros);
      for (const [i, square] of (squares ?? []).entries())
        for (const j of (squares ?? []).keys()) {
          const [a, b] = (columns < rows ? [i, j].map(column) : [i, j].map(row)) as [
            readonly number[],
            readonly number[],
          ];
          const product = a.reduce((sum, x, k) => sum + x * (b[k] ?? 0), 0);
          expect(product, `${i} with ${j}`).toBeCloseTo(i === j ? square : 0, 4);
        }
    },
  );

  test("the same for the same seed, others for another", () => {
    const again = prepare(program, undefined, 3);
    expect(again.values).toEqual(drawn[3]?.values);
    expect(again.values).not.toEqual(drawn[4]?.values);
  });
});

/** A uniform distribution's deviation is its width over √12. */
function isUniform({ min, max, std }: Moments): boolean {
  return Math.abs(std - (max - min) / Math.sqrt(12)) < 0.01 * std;
}

import { describe, expect, test } from "vitest";
import type { Init } from "../../src/graph/graph.ts";
import type { Program } from "../../src/graph/program.ts";
import { prepare } from "../../src/runtime/prepare.ts";
import { randomStream } from "../../src/runtime/random.ts";

function program(...weights: readonly (readonly [string, readonly number[], Init, boolean?])[]): Program {
  return {
    inputs: [],
    weights: weights.map(([key, shape, init, persistent = true]) => ({
      keys: [key],
      shape,
      dtype: "float32",
      persistent,
      init,
    })),
    nodes: [],
    output: { kind: "seq", items: [] },
    taps: [],
  };
}

function moments(data: Float32Array): { readonly mean: number; readonly std: number } {
  const mean = data.reduce((a, b) => a + b, 0) / data.length;
  return { mean, std: Math.sqrt(data.reduce((a, b) => a + (b - mean) ** 2, 0) / data.length) };
}

const N = 100_000;

describe("random numbers", () => {
  test("are those of xoshiro128** seeded by splitmix32, computed with whole numbers in Python", () => {
    const first = randomStream(0, 0);
    expect([first(), first(), first()]).toEqual([0.14050213589750304, 0.7762835559417091, 0.211401636665152]);
    const other = randomStream(42, 7);
    expect([other(), other(), other()]).toEqual([0.8011297917733116, 0.26127408375255246, 0.7180296731116191]);
  });
});

describe("first values", () => {
  const one = (init: Init): Float32Array =>
    prepare(program(["w", [N], init]), undefined, 3).values[0] ?? new Float32Array();

  test("of a uniform distribution fill its range evenly", () => {
    const data = one({ kind: "uniform", low: -0.5, high: 1.5 });
    expect(Math.min(...data)).toBeGreaterThanOrEqual(-0.5);
    expect(Math.max(...data)).toBeLessThan(1.5);
    // Width 2: standard deviation 2 / √12; five standard errors.
    expect(moments(data).mean).toBeCloseTo(0.5, 2);
    expect(moments(data).std).toBeCloseTo(2 / Math.sqrt(12), 2);
  });

  test("of a normal distribution have its mean and deviation, and 68 % lie within one", () => {
    const data = one({ kind: "normal", mean: 1, std: 0.25 });
    expect(moments(data).mean).toBeCloseTo(1, 2);
    expect(moments(data).std).toBeCloseTo(0.25, 2);
    expect(data.filter((x) => Math.abs(x - 1) < 0.25).length / N).toBeCloseTo(0.6827, 2);
  });

  test("of a truncated one stay inside and have the truncated deviation", () => {
    const data = one({ kind: "normal", mean: 0, std: 1, truncate: [-2, 2] });
    expect(Math.max(...data.map(Math.abs))).toBeLessThanOrEqual(2);
    // scipy.stats.truncnorm(-2, 2).std()
    expect(moments(data).std).toBeCloseTo(0.8796, 2);
  });

  test("do not depend on the other weights", () => {
    const normal: Init = { kind: "normal", mean: 0, std: 1 };
    const two = prepare(program(["a", [4], normal], ["b", [4], normal]), undefined, 1).values;
    const longer = prepare(program(["a", [400], normal], ["b", [4], normal]), undefined, 1).values;
    expect(longer[1]).toEqual(two[1]);
    expect(two[0]).not.toEqual(two[1]);
    expect(prepare(program(["a", [4], normal]), undefined, 2).values[0]).not.toEqual(two[0]);
  });

  test("are the given ones, or a constant", () => {
    const { values } = prepare(
      program(["a", [2], { kind: "values", values: [3, 4] }], ["b", [], { kind: "constant", value: 1 }]),
      undefined,
      0,
    );
    expect(values.map((data) => [...data])).toEqual([[3, 4], [1]]);
  });
});

describe("a checkpoint", () => {
  const zero: Init = { kind: "constant", value: 0 };
  const given = new Map([
    ["fits", { shape: [2], data: Float32Array.of(5, 6) }],
    ["wide", { shape: [3], data: Float32Array.of(1, 2, 3) }],
    ["other", { shape: [1], data: Float32Array.of(1) }],
  ]);
  const why = { reason: { template: "", args: [] } };
  const { values, report } = prepare(
    program(
      ["fits", [2], zero],
      ["wide", [2], zero],
      ["absent", [1], { kind: "unknown", why }],
      ["cache", [1], zero, false],
    ),
    given,
    0,
  );

  test("gives what fits", () => {
    expect([...(values[0] ?? [])]).toEqual([5, 6]);
    expect([...(values[1] ?? [])]).toEqual([0, 0]);
  });

  test("is reported key by key", () => {
    expect(report).toEqual({
      matched: ["fits"],
      missing: ["absent"],
      unexpected: ["other"],
      misshapen: [{ key: "wide", expected: [2], found: [3] }],
      unknown: ["absent"],
    });
  });
});

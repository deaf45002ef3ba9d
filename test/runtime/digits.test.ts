import { describe, expect, test } from "vitest";
import { differenceFrom, digitPixels, trainedDigits } from "./digits.ts";
import { loadRuntime, started } from "./harness.ts";

const runtime = await loadRuntime("digits");
const { program, values, recorded } = await trainedDigits();

/** As for the narrow ResNet's logits; shares are of the order of 1. */
const DIFFERENCE = 5e-5;

test("the recorded network tells held-out digits apart", () => {
  expect(recorded.heldOut.pictures).toBe(360);
  expect(recorded.heldOut.accuracy).toBeGreaterThanOrEqual(0.95);
});

describe.each(recorded.pictures)("$picture in the trained network", async (truth) => {
  const model = runtime.openModel(await started(runtime, "wasm"), program, values);
  const paths = Object.keys(truth.modules);
  const result = await runtime.execute(model, [await digitPixels(truth.picture)], { taps: paths, statistics: true });
  runtime.closeModel(model);
  const logits = result.output?.data ?? new Float32Array();

  test("gives PyTorch's logits and most likely classes", () => {
    expect(result.stop).toBeUndefined();
    expect(differenceFrom(truth.logits, logits)).toBeLessThanOrEqual(DIFFERENCE);
    const sum = logits.reduce((total, x) => total + Math.exp(x), 0);
    const top = [...logits.entries()].sort(([, a], [, b]) => b - a).slice(0, truth.top.length);
    expect(top.map(([label]) => label)).toEqual(truth.top.map(([label]) => label));
    expect(truth.top[0]?.[0]).toBe(truth.label);
    for (const [i, [, logit]] of top.entries()) {
      expect(Math.abs(Math.exp(logit) / sum - (truth.top[i]?.[1] ?? 0))).toBeLessThanOrEqual(DIFFERENCE);
    }
  });

  test.each(paths)("gives what PyTorch gives behind %s", (path) => {
    const expected = truth.modules[path];
    const tap = result.taps.get(path);
    if (expected === undefined || tap === undefined) throw new Error(`nothing behind ${path}`);
    expect(tap.shape).toEqual(expected.shape);
    expect(differenceFrom(expected, tap.data)).toBeLessThanOrEqual(DIFFERENCE);
    const stage = result.stages.find((one) => one.path === path);
    expect(stage?.mean).toBeCloseTo(expected.mean, 5);
    expect(stage?.std).toBeCloseTo(expected.std, 5);
  });
});

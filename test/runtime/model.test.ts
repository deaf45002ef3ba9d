import { describe, expect, test } from "vitest";
import { floats, loadRuntime, recordedModel, relativeMax, started } from "./harness.ts";

const runtime = await loadRuntime("model");
const recorded = await recordedModel("test/data/run", "narrow_resnet");
const { program, stages } = recorded;
const values = program.weights.map(({ keys }) => recorded.weights.get(keys[0] ?? "")?.data ?? new Float32Array());

/** Largest difference of the logits from PyTorch's, relative to the largest logit. */
const LOGITS = 5e-5;
/** Where PyTorch itself is nearly exact, a sum's order alone makes this difference. */
const ROUNDING = 1e-7;

describe.each(["wasm", "cpu"] as const)("a narrow ResNet-18 on %s", async (kind) => {
  const backend = await started(runtime, kind);
  const before = runtime.deviceMemory();
  const model = runtime.openModel(backend, program, values);
  const paths = Object.keys(stages);
  const result = await runtime.execute(model, [recorded.input], { taps: paths, statistics: true });
  runtime.closeModel(model);

  test("runs to the end with the analyzed shapes", () => {
    expect(result.stop).toBeUndefined();
    expect(result.checked).toEqual([]);
  });

  test("gives PyTorch's logits", () => {
    expect(result.output?.shape).toEqual([1, 10]);
    const difference = relativeMax(result.output?.data ?? new Float32Array(), floats(stages[""]?.data ?? ""));
    expect(difference).toBeLessThanOrEqual(LOGITS);
  });

  test.each(paths)("stage '%s' is within three times PyTorch's own float32 error", (path) => {
    const expected = stages[path];
    const actual = result.taps.get(path);
    expect(actual?.shape).toEqual(expected?.shape);
    const difference = relativeMax(actual?.data ?? new Float32Array(), floats(expected?.data ?? ""));
    expect(difference).toBeLessThanOrEqual(3 * Math.max(expected?.own ?? 0, ROUNDING));
  });

  test("statistics are those of the recorded stage", () => {
    const data = [...floats(stages.layer2?.data ?? "")];
    const mean = data.reduce((a, b) => a + b, 0) / data.length;
    const std = Math.sqrt(data.reduce((a, b) => a + (b - mean) ** 2, 0) / data.length);
    const stage = result.stages.find(({ path }) => path === "layer2");
    expect(stage?.mean).toBeCloseTo(mean, 5);
    expect(stage?.std).toBeCloseTo(std, 5);
    expect(stage?.min).toBeCloseTo(Math.min(...data), 5);
    expect(stage?.max).toBeCloseTo(Math.max(...data), 5);
  });

  test("nothing stays on the device", () => {
    expect(runtime.deviceMemory()).toBe(before);
  });
});

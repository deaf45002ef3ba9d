import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { programOf, type RecordedCase } from "./cases.ts";
import { floats, inRoot, loadRuntime, relativeMax, started } from "./harness.ts";

const runtime = await loadRuntime("operators");
const cases: readonly RecordedCase[] = JSON.parse(String(await readFile(inRoot("test/data/run/operators.json"))));
const operators = [...new Set(cases.map(({ op }) => op))];

/** Sums this short differ by a few units of float32's last place. */
const ROUNDING = 5e-7;

describe.each(["wasm", "cpu"] as const)("on %s, with PyTorch's result", async (kind) => {
  const backend = await started(runtime, kind);
  test.each(operators)("%s", async (operator) => {
    for (const item of cases.filter(({ op }) => op === operator)) {
      for (const channelsLast of [false, true]) {
        const what = `${JSON.stringify(item.args)} of ${item.inputs.map(({ shape }) => `[${shape}]`).join(", ")}`;
        const before = runtime.deviceMemory();
        const { program, inputs, weights } = programOf(item, channelsLast);
        const model = runtime.openModel(backend, program, weights);
        const taps = item.outputs.map((_, output) => String(output));
        const result = await runtime.execute(model, inputs, { taps });
        runtime.closeModel(model);
        expect(result.stop, what).toBeUndefined();
        expect(result.checked, what).toEqual([]);
        expect(runtime.deviceMemory(), `tensors left by ${what}`).toBe(before);
        for (const [output, { shape, data }] of item.outputs.entries()) {
          const value = result.taps.get(String(output));
          expect(value?.shape, what).toEqual(shape);
          const difference = relativeMax(value?.data ?? new Float32Array(), floats(data));
          expect(difference, `${what}, output ${output}`).toBeLessThanOrEqual(Math.max(3 * item.own, ROUNDING));
        }
      }
    }
  });
});

import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { render } from "../../src/text/text.ts";
import { formula, programOf, type RecordedCase } from "./cases.ts";
import { floats, inRoot, loadRuntime, relativeMax, started } from "./harness.ts";

const runtime = await loadRuntime("gradients");
const read = async (name: string) => JSON.parse(String(await readFile(inRoot("test/data/run", name))));
const cases: readonly RecordedCase[] = await read("operators.json");

interface RecordedGradients {
  readonly case: number;
  readonly op: string;
  readonly own: number;
  readonly gradients: readonly (string | null)[];
}

const recorded: readonly RecordedGradients[] = await read("gradients.json");
const operators = [...new Set(recorded.map(({ op }) => op))];

/** Operators that PyTorch differentiates and whose gradient the preview says not to follow. */
const BLOCKED = ["deform_conv", "grid_sample"];

/** Operators whose gradient is followed through their data, not through their weights, masks and biases. */
const THROUGH_DATA = ["attention", "conv", "conv_transpose"];

/** Sums of a hundred numbers, one after another. */
const ROUNDING = 2e-6;

describe.each(["wasm", "cpu"] as const)("on %s, PyTorch's gradient of", async (kind) => {
  const backend = await started(runtime, kind);
  test.each(operators)("%s", async (operator) => {
    for (const truth of recorded.filter(({ op }) => op === operator)) {
      const item = cases[truth.case];
      if (item === undefined) throw new Error(`no case ${truth.case}`);
      for (const channelsLast of [false, true]) {
        const what = `${JSON.stringify(item.args)} of ${item.inputs.map(({ shape }) => `[${shape}]`).join(", ")}`;
        const { program, inputs, weights } = programOf(item, channelsLast);
        const reverse = runtime.reversed(program, { kind: "product" });
        if ("template" in reverse) throw new Error(render(reverse));
        if (BLOCKED.includes(operator)) {
          expect(
            reverse.blocked.map(({ op }) => op),
            what,
          ).toContain(operator);
          continue;
        }
        const data = program.inputs.flatMap(({ node }, i) => {
          const expected = truth.gradients[item.inputs.flatMap(({ kind: k }, at) => (k === "w" ? [] : [at]))[i] ?? -1];
          return expected === null || expected === undefined ? [] : [{ node, expected }];
        });
        const taps = data.flatMap(({ node }) => {
          const ref = reverse.gradientAt({ node, output: 0 });
          return ref === undefined ? [] : [{ path: String(node), type: "", ref }];
        });
        const noise = formula({ shape: item.outputs[0]?.shape ?? [], kind: "x", low: -1, high: 1 }, 50);
        const before = runtime.deviceMemory();
        const model = runtime.openModel(backend, { ...reverse.program, taps }, weights);
        const result = await runtime.execute(model, [...inputs, noise], { taps: taps.map(({ path }) => path) });
        runtime.closeModel(model);
        expect(result.stop, what).toBeUndefined();
        expect(result.checked, what).toEqual([]);
        expect(runtime.deviceMemory(), `tensors left by ${what}`).toBe(before);
        for (const { node, expected } of data) {
          if (reverse.isUnknown({ node, output: 0 })) {
            expect(THROUGH_DATA, what).toContain(operator);
            continue;
          }
          const known = floats(expected);
          const got = result.taps.get(String(node))?.data ?? new Float32Array(known.length);
          expect(relativeMax(got, known), `${what}, input ${node}`).toBeLessThanOrEqual(
            Math.max(3 * truth.own, ROUNDING),
          );
        }
      }
    }
  });
});

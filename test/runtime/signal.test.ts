import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import type { Program } from "../../src/graph/program.ts";
import { prepare } from "../../src/runtime/prepare.ts";
import { render } from "../../src/text/text.ts";
import { programOf } from "../parity/program.ts";
import { uniform, weightsFor } from "../parity/weights.ts";
import { formula } from "./cases.ts";
import { differenceFrom, digitPixels, type Kept, trainedDigits } from "./digits.ts";
import { inRoot, loadRuntime, started } from "./harness.ts";

const runtime = await loadRuntime("signal");
const backend = await started(runtime, "wasm");

interface RecordedModel {
  readonly file: string;
  readonly model: string;
  readonly input: readonly number[];
  readonly batchStatistics: boolean;
  readonly modules: Readonly<Record<string, Kept & { readonly own: number }>>;
}

const recorded: readonly RecordedModel[] = JSON.parse(
  String(await readFile(inRoot("test/data/run/model_gradients.json"))),
);

/** Sums in another order, through a whole network. */
const ROUNDING = 1e-5;

function shown<T extends object>(value: T | ReturnType<typeof runtime.reversed>): Exclude<T, { template: string }> {
  if ("template" in value) throw new Error(render(value));
  return value as Exclude<T, { template: string }>;
}

describe.each(recorded)("the gradients of $model, batch statistics $batchStatistics", async (truth) => {
  const plain = programOf(inRoot("test/data", truth.file), truth.model, truth.input, [inRoot("test/data/models")]);
  if (typeof plain === "string") throw new Error(plain);
  const program: Program = truth.batchStatistics ? shown(runtime.withBatchStatistics(plain)) : plain;
  const reverse = shown(runtime.reversed(program, { kind: "product" }));
  const { values } = prepare(program, weightsFor(program, new Set()), 0);
  const paths = Object.keys(truth.modules);
  const taps = paths.flatMap((path) => {
    const taken = runtime.inputOf(program, path);
    const ref = taken === undefined ? undefined : reverse.gradientAt(taken);
    return ref === undefined ? [] : [{ path, type: "", ref }];
  });
  const count = truth.input.reduce((a, b) => a * b, 1);
  const noise = formula({ shape: reverse.program.inputs.at(-1)?.shape ?? [], kind: "x", low: -1, high: 1 }, 50);
  const model = runtime.openModel(backend, { ...reverse.program, taps }, values);
  const result = await runtime.execute(model, [Float32Array.from(uniform(count, 7)), noise], { taps: paths });
  runtime.closeModel(model);

  test("reach the input", () => {
    expect(reverse.blocked).toEqual([]);
    expect(result.stop).toBeUndefined();
    expect(result.checked).toEqual([]);
  });

  test.each(paths)("with respect to what '%s' takes are PyTorch's", (path) => {
    const expected = truth.modules[path];
    if (expected === undefined) throw new Error(path);
    const difference = differenceFrom(expected, result.taps.get(path)?.data ?? new Float32Array());
    expect(difference).toBeLessThanOrEqual(Math.max(3 * expected.own, ROUNDING));
  });
});

describe("the signal of the trained network", async () => {
  const { program, values, recorded: digits } = await trainedDigits();
  const model = runtime.openModel(backend, program, values, "fast");
  const [truth] = digits.pictures;
  if (truth === undefined) throw new Error("nothing is recorded");
  const inputs = [await digitPixels(truth.picture)];
  const before = runtime.deviceMemory();
  // The class is drawn: a seed that draws the recorded one.
  const seed = [...Array(100).keys()].find((one) => runtime.drawnClasses([1, 10], one)[0] === truth.label) ?? -1;
  const signal = shown(await runtime.signalOf(model, inputs, { statistics: "running", seed }));
  const after = runtime.deviceMemory();
  const batch = await runtime.signalOf(model, inputs, { statistics: "batch", seed });

  test("has PyTorch's loss", () => {
    expect(signal.loss).toMatchObject({ kind: "class", classes: [truth.label] });
    if (signal.loss.kind === "class") expect(signal.loss.value).toBeCloseTo(truth.loss, 5);
    expect(signal.stop).toBeUndefined();
    expect(signal.blocked).toEqual([]);
  });

  test.each(Object.keys(truth.gradients))("has PyTorch's means and deviations at %s", (path) => {
    const found = signal.modules.find((one) => one.path === path);
    const [output, gradient] = [truth.modules[path], truth.gradients[path]?.input];
    if (output === undefined || gradient === undefined) throw new Error(path);
    expect(found?.output?.std).toBeCloseTo(output.std, 5);
    expect(found?.output?.mean).toBeCloseTo(output.mean, 5);
    expect(Math.abs((found?.gradient?.std ?? 0) / gradient.std - 1)).toBeLessThanOrEqual(1e-4);
    expect(Math.abs((found?.gradient?.mean ?? 0) - gradient.mean)).toBeLessThanOrEqual(1e-5 * gradient.largest);
  });

  test("by the batch's statistics is another", () => {
    if ("template" in batch) throw new Error(render(batch));
    const std = batch.modules.find(({ path }) => path === "bn1")?.output?.std;
    // One channel's deviation is 1 before it is scaled.
    expect(std).not.toBeCloseTo(signal.modules.find(({ path }) => path === "bn1")?.output?.std ?? 0, 3);
  });

  test("leaves nothing on the device but forms of the weights", () => {
    expect(after - before).toBeLessThanOrEqual(program.weights.length);
  });
});

test("statistics of a single value a channel are refused", () => {
  const plain = programOf(inRoot("test/data/run/narrow_resnet.py"), "narrow_resnet18()", [1, 3, 32, 32], []);
  if (typeof plain === "string") throw new Error(plain);
  const refused = runtime.withBatchStatistics(plain);
  expect("template" in refused ? render(refused) : "").toBe(
    "layer4.0.bn1 has one value per channel, [1, 32, 1, 1]: a batch of one has no statistics",
  );
});

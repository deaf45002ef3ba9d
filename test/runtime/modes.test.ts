import { describe, expect, test } from "vitest";
import type { Program, ProgramNode } from "../../src/graph/program.ts";
import { node, programOf } from "./build.ts";
import { floats, loadRuntime, recordedModel, relativeMax, started } from "./harness.ts";

const runtime = await loadRuntime("modes");
const recorded = await recordedModel("test/data/run", "narrow_resnet");
const { program, stages } = recorded;
const values = program.weights.map(({ keys }) => recorded.weights.get(keys[0] ?? "")?.data ?? new Float32Array());

/** Largest difference of the logits from PyTorch's, relative to the largest logit. */
const LOGITS = 5e-5;
/** Scaling a filter rounds it once more: each product is off by another half unit in the last place. */
const FOLDED = 2e-6;

describe.each(["wasm", "cpu"] as const)("the fast mode on %s", async (kind) => {
  const backend = await started(runtime, kind);

  test("gives PyTorch's logits, and computes no normalization by itself", async () => {
    const model = runtime.openModel(backend, program, values, "fast");
    const result = await runtime.execute(model, [recorded.input], { statistics: true });
    runtime.closeModel(model);
    expect(result).toMatchObject({ stop: undefined, checked: [], mode: "fast" });
    expect(relativeMax(result.output?.data ?? new Float32Array(), floats(stages[""]?.data ?? ""))).toBeLessThan(LOGITS);
    const norms = program.taps.filter(({ type }) => type === "BatchNorm2d").map(({ path }) => path);
    const present = result.stages.map(({ path }) => path);
    // What follows the last normalization of a shortcut is an addition, so its value is still there.
    expect(norms.filter((path) => present.includes(path))).toEqual(
      norms.filter((path) => /bn2$|downsample/.test(path)),
    );
    expect(result.gone.find(({ path }) => path === "bn1")).toEqual({ path: "bn1", type: "BatchNorm2d", into: "conv1" });
    expect(result.stages.find(({ path }) => path === "relu")).toMatchObject({ within: "conv1", min: 0 });
  });

  test("leaves a module that is asked for, with PyTorch's value", async () => {
    const model = runtime.openModel(backend, program, values, "fast");
    const result = await runtime.execute(model, [recorded.input], { taps: ["bn1", "layer1.0"], keep: ["conv1"] });
    const kept = await runtime.readKept(model, "conv1");
    runtime.closeModel(model);
    expect([...result.taps.keys()]).toEqual(["bn1", "layer1.0"]);
    expect(result.gone.map(({ path }) => path)).not.toContain("bn1");
    expect(kept?.shape).toEqual(
      stages.conv1?.shape ?? program.nodes.find(({ op }) => op === "conv")?.outputs[0]?.shape,
    );
  });

  test("is compared with the reference mode, stage by stage", async () => {
    const before = runtime.deviceMemory();
    const [reference, fast] = (["reference", "fast"] as const).map((mode) =>
      runtime.openModel(backend, program, values, mode),
    );
    if (reference === undefined || fast === undefined) throw new Error("no model");
    const comparison = await runtime.compareModes(reference, fast, [recorded.input]);
    runtime.closeModel(reference);
    runtime.closeModel(fast);
    expect(runtime.deviceMemory()).toBe(before);
    expect(comparison.stop).toBeUndefined();
    const compared = comparison.stages.map(({ path }) => path);
    const gone = comparison.gone.map(({ path }) => path);
    expect([...compared, ...gone].sort()).toEqual(program.taps.map(({ path }) => path).sort());
    expect(comparison.output).toBeLessThan(FOLDED);
    for (const { path, relMax } of comparison.stages) expect(relMax, path).toBeLessThan(FOLDED);
    expect(comparison.stages.some(({ relMax }) => 0 < relMax)).toBe(true);
  });
});

const cases: readonly (readonly [string, readonly number[], readonly number[], readonly number[], ProgramNode["args"]])[] = [
  ["conv", [2, 6, 7, 7], [8, 6, 3, 3], [2, 8, 4, 4], { stride: [2, 2], padding: [[1, 1], [1, 1]] }],
  ["conv", [2, 6, 7, 7], [9, 2, 3, 3], [2, 9, 5, 5], { groups: 3 }],
  ["conv", [1, 32, 5, 5], [64, 4, 1, 1], [1, 64, 5, 5], { groups: 8 }],
  ["conv", [2, 6, 7, 7], [6, 1, 3, 3], [2, 6, 5, 5], { groups: 6 }],
  ["conv", [2, 4, 9], [6, 4, 3], [2, 6, 7], {}],
  ["conv", [1, 2, 4, 4, 4], [3, 2, 2, 2, 2], [1, 3, 3, 3, 3], {}],
  ["conv", [1, 1040, 3, 3], [4, 1040, 3, 3], [1, 4, 1, 1], {}],
  ["conv_transpose", [2, 6, 4, 4], [6, 2, 3, 3], [2, 4, 9, 9], { stride: [2, 2], groups: 2 }],
  ["linear", [5, 7], [4, 7], [5, 4], {}],
]; // biome-ignore format: one case a line

describe.each(["wasm", "cpu"] as const)("each kind of step on %s", async (kind) => {
  const backend = await started(runtime, kind);
  const activations: readonly ProgramNode[] = [
    node(0, "relu", [], []),
    node(0, "relu6", [], []),
    node(0, "leaky_relu", [], [], { args: { slope: 0.2 } }),
    node(0, "sigmoid", [], []),
    node(0, "identity", [], []),
  ];
  const all = cases.flatMap((one) =>
    activations.flatMap((act) => [true, false].map((bias) => [one, act, bias] as const)),
  );
  test.each(all)("%j, then %o, with a bias: %s", async ([op, x, filter, out, args], act, bias) => {
    const channels = out[1] ?? 0;
    const shapes = [filter, ...(bias ? [[channels]] : []), ...[0, 1, 2, 3].map(() => [channels])];
    const ids = shapes.map((_, i) => i + 1);
    const norm = shapes.length + 2;
    const nodes = [
      node(0, "input", [], x),
      ...shapes.map((shape, i) => node(i + 1, "weight", [], shape, { weight: i })),
      node(norm - 1, op, [0, ...ids.slice(0, -4)], out, { args }),
      node(norm, "batch_norm", [norm - 1, ...ids.slice(-4)], out),
      {
        ...act,
        id: norm + 1,
        inputs: [{ node: norm, output: 0 }],
        outputs: [{ shape: out, dtype: "float32" as const }],
      },
    ];
    const weights = shapes.map((shape, i): Program["weights"][number] => ({
      keys: [`w${i}`],
      shape,
      dtype: "float32",
      persistent: true,
      init: { kind: "constant", value: 0 },
    }));
    const data = (shape: readonly number[], positive: boolean, phase: number): Float32Array =>
      Float32Array.from(
        { length: shape.reduce((a, b) => a * b, 1) },
        (_, i) => Math.sin(i * 1.7 + phase) + (positive ? 1.5 : 0),
      );
    const given = shapes.map((shape, i) => data(shape, i === shapes.length - 3, i));
    const one = programOf(nodes, norm + 1, { weights, taps: [] });
    const [exact, quick] = await Promise.all(
      (["reference", "fast"] as const).map(async (mode) => {
        const model = runtime.openModel(backend, one, given, mode);
        const result = await runtime.execute(model, [data(x, false, 9)]);
        runtime.closeModel(model);
        return result;
      }),
    );
    expect(quick?.timings.length).toBe((exact?.timings.length ?? 0) + (act.op === "identity" ? 1 : 0));
    expect(quick).toMatchObject({ stop: undefined, checked: [] });
    expect(
      relativeMax(quick?.output?.data ?? new Float32Array(), exact?.output?.data ?? new Float32Array()),
    ).toBeLessThan(FOLDED);
  });
});

const spaces: readonly (readonly number[])[] = [[5, 6], [2, 6, 7], [2, 6, 5, 3], [1, 6, 2, 3, 4], [2, 1, 4, 4]]; // biome-ignore format: one line

describe.each(["wasm", "cpu"] as const)("a normalization behind no convolution on %s", async (kind) => {
  const backend = await started(runtime, kind);
  test.each(spaces.flatMap((shape) => ["relu", "leaky_relu", "tanh"].map((act) => [shape, act] as const)))(
    "of %j, then %s",
    async (shape, act) => {
      const channels = shape[1] ?? 0;
      const nodes = [
        node(0, "input", [], shape),
        ...[0, 1, 2, 3].map((i) => node(i + 1, "weight", [], [channels], { weight: i })),
        node(5, "batch_norm", [0, 1, 2, 3, 4], shape),
        node(6, act, [5], shape),
        node(7, "add", [6, 0], shape),
        node(8, "relu", [7], shape),
      ];
      const weights = [0, 1, 2, 3].map((i): Program["weights"][number] => ({
        keys: [`w${i}`],
        shape: [channels],
        dtype: "float32",
        persistent: true,
        init: { kind: "constant", value: 0 },
      }));
      const data = (count: number, phase: number): Float32Array =>
        Float32Array.from({ length: count }, (_, i) => Math.sin(i * 1.7 + phase) + (phase === 1 ? 1.5 : 0));
      const one = programOf(nodes, 8, { weights, taps: [] });
      const before = runtime.deviceMemory();
      const outputs: Float32Array[] = [];
      for (const mode of ["reference", "fast"] as const) {
        const model = runtime.openModel(
          backend,
          one,
          [0, 1, 2, 3].map((i) => data(channels, i)),
          mode,
        );
        const result = await runtime.execute(model, [
          data(
            shape.reduce((a, b) => a * b, 1),
            9,
          ),
        ]);
        runtime.closeModel(model);
        expect(result).toMatchObject({ stop: undefined, checked: [] });
        outputs.push(result.output?.data ?? new Float32Array());
      }
      expect(runtime.deviceMemory()).toBe(before);
      const [exact, quick] = outputs;
      expect(Math.max(...(exact ?? []))).toBeGreaterThan(0);
      expect(relativeMax(quick ?? new Float32Array(), exact ?? new Float32Array())).toBeLessThan(FOLDED);
    },
  );
});

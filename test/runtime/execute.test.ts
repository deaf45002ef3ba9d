import { describe, expect, test } from "vitest";
import type { Program } from "../../src/graph/program.ts";
import { node, programOf as program } from "./build.ts";
import { loadRuntime, started } from "./harness.ts";

const runtime = await loadRuntime("execute");
const backend = await started(runtime, "cpu");

const x = Float32Array.of(1, -2, 3, -4);
const input = node(0, "input", [], [2, 2]);

describe("a forward pass", () => {
  test("computes what does not depend on an operator that it does not know", async () => {
    const model = runtime.openModel(
      backend,
      program(
        [
          input,
          node(1, "relu", [0], [2, 2]),
          node(2, "fft", [1], [2, 2]),
          node(3, "neg", [2], [2, 2]),
          node(4, "neg", [1], [2, 2]),
        ],
        3,
      ),
      [],
    );
    const result = await runtime.execute(model, [x], { taps: ["n1", "n3", "n4"] });
    expect(result.stop).toMatchObject({ kind: "unsupported", node: 2, op: "fft" });
    expect(result.output).toBeUndefined();
    expect([...result.taps.keys()]).toEqual(["n1", "n4"]);
    expect([...(result.taps.get("n4")?.data ?? [])]).toEqual([-1, -0, -3, -0]);
  });

  test("says which node fails, and why", async () => {
    const model = runtime.openModel(
      backend,
      program([input, node(1, "reshape", [0], [3], { args: { shape: [3] }, path: "head" })], 1),
      [],
    );
    const result = await runtime.execute(model, [x]);
    expect(result.stop).toMatchObject({ kind: "failed", node: 1, op: "reshape", path: "head" });
  });

  test("refuses an input of another size", async () => {
    const model = runtime.openModel(backend, program([input], 0), []);
    const result = await runtime.execute(model, [Float32Array.of(1)]);
    expect(result.stop).toMatchObject({ kind: "failed", reason: { args: ["x", 1, 4] } });
  });

  test("reports a real shape that differs from the analyzed one, and goes on", async () => {
    const wrong = node(1, "sum", [0], [2], { args: { axes: [1], keepdim: true }, path: "pool" });
    const result = await runtime.execute(runtime.openModel(backend, program([input, wrong], 1), []), [x]);
    expect(result.checked).toEqual([{ node: 1, path: "pool", expected: [2], actual: [2, 1] }]);
    expect([...(result.output?.data ?? [])]).toEqual([-1, -1]);
  });

  test("stops before the next node when it is cancelled", async () => {
    let asked = 0;
    const nodes = [input, ...[1, 2, 3].map((id) => node(id, "relu", [id - 1], [2, 2]))];
    const model = runtime.openModel(backend, program(nodes, 3), []);
    const before = runtime.deviceMemory();
    const result = await runtime.execute(model, [x], { cancelled: () => 2 < ++asked, taps: ["n1", "n2"] });
    expect(result.stop).toEqual({ kind: "cancelled" });
    expect([...result.taps.keys()]).toEqual(["n1"]);
    expect(runtime.deviceMemory()).toBe(before);
  });

  test("tells the end", async () => {
    const calls: (readonly [number, number])[] = [];
    const model = runtime.openModel(backend, program([input, node(1, "relu", [0], [2, 2])], 1), []);
    await runtime.execute(model, [x], { onProgress: (done, total) => calls.push([done, total]) });
    expect(calls.at(-1)).toEqual([2, 2]);
  });

  test("keeps what was asked for until the next run", async () => {
    const before = runtime.deviceMemory();
    const model = runtime.openModel(
      backend,
      program([input, node(1, "relu", [0], [2, 2]), node(2, "neg", [1], [2, 2])], 2),
      [],
    );
    await runtime.execute(model, [x], { keep: ["n1"] });
    expect(await runtime.readKept(model, "n1")).toEqual({ shape: [2, 2], data: Float32Array.of(1, 0, 3, 0) });
    expect(await runtime.readKept(model, "n2")).toBeUndefined();
    await runtime.execute(model, [x]);
    expect(await runtime.readKept(model, "n1")).toBeUndefined();
    expect(runtime.deviceMemory()).toBe(before);
  });

  test.each(["reference", "fast"] as const)("leaves nothing behind in fifty runs, mode %s", async (mode) => {
    const nodes = [
      input,
      node(1, "weight", [], [3, 2], { weight: 0 }),
      node(2, "linear", [0, 1], [2, 3]),
      node(3, "relu", [2], [2, 3]),
      node(4, "softmax", [3], [2, 3], { args: { axis: 1 } }),
      node(5, "fft", [4], [2, 3]),
    ];
    const weights = [
      {
        keys: ["w"],
        shape: [3, 2],
        dtype: "float32" as const,
        persistent: true,
        init: { kind: "constant" as const, value: 0 },
      },
    ];
    const model = runtime.openModel(backend, program(nodes, 5, { weights }), [Float32Array.of(1, 2, 3, 4, 5, 6)], mode);
    const once = { taps: ["n3"], keep: ["n4"], statistics: true };
    await runtime.execute(model, [x], once);
    const after = runtime.deviceMemory();
    for (let i = 0; i < 50; i++) await runtime.execute(model, [x], once);
    expect(runtime.deviceMemory()).toBe(after);
    runtime.closeModel(model);
  });

  test("takes the first tensor of a nested output", async () => {
    const nodes = [input, node(1, "neg", [0], [2, 2])];
    const output: Program["output"] = {
      kind: "dict",
      entries: [
        ["aux", null],
        ["out", { kind: "seq", items: [null, { kind: "tensor", ref: { node: 1, output: 0 } }] }],
      ],
    };
    const result = await runtime.execute(runtime.openModel(backend, program(nodes, 1, { output }), []), [x]);
    expect([...(result.output?.data ?? [])]).toEqual([-1, 2, -3, 4]);
  });

  test("a weight that is the output, used twice, survives", async () => {
    const weight = node(1, "weight", [], [2, 2], { weight: 0 });
    const nodes = [input, weight, node(2, "identity", [1], [2, 2]), node(3, "add", [1, 2], [2, 2])];
    const model = runtime.openModel(
      backend,
      program(nodes, 3, {
        weights: [
          { keys: ["w"], shape: [2, 2], dtype: "float32", persistent: true, init: { kind: "constant", value: 0 } },
        ],
      }),
      [Float32Array.of(1, 2, 3, 4)],
    );
    const first = await runtime.execute(model, [x]);
    const second = await runtime.execute(model, [x]);
    expect([...(first.output?.data ?? [])]).toEqual([2, 4, 6, 8]);
    expect(second.output?.data).toEqual(first.output?.data);
  });
});

describe("a backend that cannot start", () => {
  test("says so", async () => {
    expect(await runtime.startBackend("webgl")).toMatchObject({
      kind: "refused",
      reason: { template: "WebGL 2 is not available" },
    });
    expect(await runtime.startBackend("wasm")).toMatchObject({
      kind: "refused",
      reason: { template: "the wasm backend has no binary" },
    });
    expect(await runtime.startBackend("wasm", { wasm: new Uint8Array(8) })).toMatchObject({ kind: "refused" });
  });

  test("is not chosen", () => {
    expect(runtime.chooseBackend()).toMatchObject({ kind: "wasm" });
  });
});

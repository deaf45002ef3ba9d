import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Answer, Request } from "../../src/runtime/protocol.ts";
import { presetTransform } from "../../src/weights/presets.ts";
import { floats, inRoot, loadRuntime, recordedModel, relativeMax, wasmBinary } from "./harness.ts";

const runtime = await loadRuntime("serve");
const recorded = await recordedModel("test/data/run", "narrow_resnet");

type Unnumbered = Request extends infer R ? (R extends { readonly id: number } ? Omit<R, "id"> : never) : never;

/** A worker's end of the protocol, without the worker. */
function client() {
  const waiting = new Map<number, (answer: Answer) => void>();
  const progress: Answer[] = [];
  let last = 0;
  const handle = runtime.serve((answer) => {
    if (answer.kind === "progress") progress.push(answer);
    else waiting.get(answer.id)?.(answer);
  });
  const ask = (request: Unnumbered): Promise<Answer> =>
    new Promise((resolve) => {
      const id = ++last;
      waiting.set(id, resolve);
      handle({ ...request, id } as Request);
    });
  return { ask, progress, cancel: () => handle({ kind: "cancel", id: last }) };
}

const load = {
  kind: "load",
  program: recorded.program,
  weights: { kind: "file", bytes: recorded.checkpoint },
  seed: 1,
} as const;

describe("the protocol", () => {
  test("starts, loads, runs and reads", async () => {
    const { ask, progress } = client();
    expect(await ask({ kind: "start", backend: "wasm", wasm: await wasmBinary() })).toMatchObject({
      kind: "started",
      backend: "wasm",
      renderer: undefined,
    });
    const loaded = await ask(load);
    expect(loaded).toMatchObject({
      kind: "loaded",
      report: { missing: [], unexpected: [], misshapen: [], unknown: [] },
    });
    const answer = await ask({ kind: "run", inputs: [recorded.input], keep: ["layer3"] });
    if (answer.kind !== "result") throw new Error(JSON.stringify(answer));
    expect(
      relativeMax(answer.result.output?.data ?? new Float32Array(), floats(recorded.stages[""]?.data ?? "")),
    ).toBeLessThan(5e-5);
    expect(progress.at(-1)).toMatchObject({
      done: recorded.program.nodes.length,
      total: recorded.program.nodes.length,
    });
    const value = await ask({ kind: "read", path: "layer3" });
    expect(value.kind === "value" ? value.value?.shape : value).toEqual(recorded.stages.layer3?.shape);
    const index = recorded.program.weights.findIndex(({ keys }) => keys.includes("fc.weight"));
    const weight = await ask({ kind: "weight", index });
    expect(weight).toMatchObject({ value: { shape: [10, 32], data: recorded.weights.get("fc.weight")?.data } });
    expect(await ask({ kind: "weight", index: -1 })).toMatchObject({ kind: "error" });
    const spread = await ask({ kind: "spread", inputs: [recorded.input], paths: ["layer2", "fc"], bins: 12 });
    if (spread.kind !== "spread") throw new Error(JSON.stringify(spread));
    expect([...spread.histograms.keys()]).toEqual(["layer2", "fc"]);
    expect(spread.histograms.get("layer2")).toMatchObject({ size: 1024, zeros: 239, channels: 16, dead: [3] });
  });

  test("runs in either mode, and compares the two", async () => {
    const { ask, progress, cancel } = client();
    await ask({ kind: "start", backend: "wasm", wasm: await wasmBinary() });
    await ask({ ...load, mode: "fast" });
    const fast = await ask({ kind: "run", inputs: [recorded.input] });
    expect(fast).toMatchObject({ kind: "result", result: { mode: "fast" } });
    const answer = await ask({ kind: "compare", inputs: [recorded.input], paths: ["bn1", "layer1", "layer4"] });
    if (answer.kind !== "comparison") throw new Error(JSON.stringify(answer));
    const { comparison } = answer;
    expect(comparison.stages.map(({ path }) => path)).toEqual(["layer1", "layer4"]);
    expect(comparison.gone).toEqual([{ path: "bn1", type: "BatchNorm2d", into: "conv1" }]);
    expect(progress.at(-1)).toMatchObject({ done: 2 * recorded.program.nodes.length });
    const stopped = ask({ kind: "compare", inputs: [recorded.input] });
    cancel();
    expect(await stopped).toMatchObject({ comparison: { stop: { kind: "cancelled" }, stages: [] } });
    expect(await ask({ kind: "run", inputs: [recorded.input] })).toMatchObject({ result: { mode: "fast" } });
  });

  test("answers requests out of order with an error, and goes on", async () => {
    const { ask } = client();
    expect(await ask({ kind: "run", inputs: [] })).toMatchObject({
      kind: "error",
      reason: { template: "no program is loaded" },
    });
    expect(await ask(load)).toMatchObject({ kind: "error", reason: { template: "no backend has started" } });
    expect(await ask({ kind: "start", backend: "webgl" })).toMatchObject({ kind: "error" });
    expect(await ask({ kind: "start", backend: "cpu" })).toMatchObject({ kind: "error" });
    const start = { kind: "start", backend: "wasm", wasm: await wasmBinary() } as const;
    expect(await ask(start)).toMatchObject({ kind: "started", backend: "wasm" });
    expect(await ask(start)).toMatchObject({ kind: "error" });
    expect(await ask({ ...load, weights: { kind: "file", bytes: new Uint8Array(3) } })).toMatchObject({
      kind: "error",
    });
  });

  test("cancels a run between two nodes", async () => {
    const { ask, cancel } = client();
    await ask({ kind: "start", backend: "wasm", wasm: await wasmBinary() });
    await ask(load);
    const run = ask({ kind: "run", inputs: [recorded.input] });
    cancel();
    expect(await run).toMatchObject({ kind: "result", result: { stop: { kind: "cancelled" } } });
    expect(await ask({ kind: "run", inputs: [recorded.input] })).toMatchObject({
      kind: "result",
      result: { stop: undefined },
    });
  });

  test("turns a picture into an input", async () => {
    const { ask } = client();
    const decoder = new Uint8Array(readFileSync(inRoot("node_modules/@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm")));
    const expected = JSON.parse(readFileSync(inRoot("test/data/run/pictures/expected.json"), "utf8")).presets[0];
    const bytes = new Uint8Array(readFileSync(inRoot("test/data/run/pictures/420.jpg")));
    const preset = presetTransform("imagenet", { channels: 3, width: expected.crop, height: expected.crop });
    const transform = { ...preset, resize: expected.resize };
    const answer = await ask({ kind: "picture", bytes, transform, jpegWasm: decoder });
    expect(answer.kind === "pixels" ? answer.data : answer).toEqual(floats(expected.data));
    expect(await ask({ kind: "picture", bytes: new Uint8Array(4), transform })).toMatchObject({
      kind: "error",
    });
  });
});

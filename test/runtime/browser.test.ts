import { readFile } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "../../scripts/host/browser.mjs";
import { servePage } from "../../scripts/runtime/page.mjs";
import type { RecordedCase } from "./cases.ts";
import { floats, inRoot, recordedModel, relativeMax } from "./harness.ts";
import type { Page as Driver, PageRun } from "./page.ts";

const LOGITS = 5e-5;
const ROUNDING = 1e-7;
/** The seed of which `losing-worker.ts` loses its context. */
const LOSING_SEED = 13;
const LOST = "the graphics card's context was lost; the next run starts another";

const recorded = await recordedModel("test/data/run", "narrow_resnet");
const cases: readonly RecordedCase[] = JSON.parse(String(await readFile(inRoot("test/data/run/operators.json"))));

let browser: Browser | undefined;
let close = (): void => {};
let address = "";

beforeAll(async () => {
  const files = new Map([["/narrow_resnet.safetensors", recorded.checkpoint]]);
  ({ address, close } = await servePage("test/runtime/page.ts", { files }));
  browser = await launchBrowser();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  close();
});

declare const page: Driver;

async function opened(at = address) {
  if (browser === undefined) throw new Error("the browser has not started");
  const tab = await browser.newPage();
  tab.setDefaultTimeout(150_000);
  const complaints: string[] = [];
  tab.on("console", (message) => complaints.push(message.text()));
  tab.on("pageerror", (error) => complaints.push(error.message));
  await tab.goto(at);
  return { tab, complaints };
}

function largest(run: PageRun, path: string, expected: string): number {
  return relativeMax(Float32Array.from(run.values[path] ?? []), floats(expected));
}

describe.each(["webgl", "wasm"] as const)("in a worker under the panel's content policy, %s", (kind) => {
  test("gives PyTorch's logits and stages", { timeout: 180_000 }, async () => {
    const { tab, complaints } = await opened();
    const start = await tab.evaluate((backend) => page.start(backend), kind);
    expect(start, complaints.join("\n")).toMatchObject({ kind: "started", backend: kind });
    const paths = Object.keys(recorded.stages);
    const run = await tab.evaluate(
      (text) => page.runModel(text, 0),
      JSON.stringify([recorded.program, [...recorded.input], paths]),
    );
    expect(run.error, complaints.join("\n")).toBeUndefined();
    expect(run.checked).toBe(0);
    expect(run.progress).toBeGreaterThan(0);
    expect(largest(run, "", recorded.stages[""]?.data ?? "")).toBeLessThanOrEqual(LOGITS);
    for (const [path, { own, data }] of Object.entries(recorded.stages))
      expect(largest(run, path, data), `stage '${path}'`).toBeLessThanOrEqual(3 * Math.max(own, ROUNDING));
    await tab.close();
  });
});

test("a context that is lost meanwhile ends the run, gives nothing wrong, and another worker goes on", {
  timeout: 180_000,
}, async () => {
  const files = new Map([["/narrow_resnet.safetensors", recorded.checkpoint]]);
  const losing = await servePage("test/runtime/page.ts", { worker: "test/runtime/losing-worker.ts", files });
  const { tab } = await opened(losing.address);
  const paths = Object.keys(recorded.stages);
  const task = JSON.stringify([recorded.program, [...recorded.input], paths]);
  await tab.evaluate(() => page.start("webgl"));
  const lost = await tab.evaluate(([text, seed]) => page.runModel(text, seed), [task, LOSING_SEED] as const);
  expect(lost.error).toMatchObject({ reason: { template: LOST } });
  expect(Object.keys(lost.values)).not.toContain("");
  for (const path of Object.keys(lost.values))
    expect(largest(lost, path, recorded.stages[path]?.data ?? ""), path).toBeLessThan(LOGITS);
  const again = await tab.evaluate((text) => page.runModel(text, 0), task);
  expect(again.error).toMatchObject({ reason: { template: LOST } });
  await tab.evaluate(() => page.start("webgl"));
  const fresh = await tab.evaluate((text) => page.runModel(text, 0), task);
  expect(fresh.error).toBeUndefined();
  expect(largest(fresh, "", recorded.stages[""]?.data ?? "")).toBeLessThanOrEqual(LOGITS);
  await tab.close();
  losing.close();
});

test("a machine whose WebGL is software gets WebAssembly, and the reason names the renderer", {
  timeout: 60_000,
}, async () => {
  const { tab } = await opened();
  const start = await tab.evaluate(() => page.start(undefined));
  expect(start).toMatchObject({ kind: "started", backend: "wasm" });
  expect(start.kind === "started" ? String(start.reason.args[0]) : "").toMatch(/SwiftShader/);
  await tab.close();
});

test.each(["webgl", "wasm"] as const)("operators on %s, with PyTorch's results", { timeout: 600_000 }, async (kind) => {
  const { tab } = await opened();
  await tab.evaluate((backend) => page.start(backend), kind);
  const bad: string[] = [];
  for (const [i, item] of cases.entries()) {
    // Every other one with its data as a convolution leaves it; compiling both for each would take minutes.
    const run = await tab.evaluate(([text, last]) => page.runCase(text, last), [
      JSON.stringify(item),
      i % 2 === 1,
    ] as const);
    const what = `${item.op} ${JSON.stringify(item.args)} of ${item.inputs.map(({ shape }) => `[${shape}]`).join(", ")}`;
    if (run.error !== undefined) bad.push(`${what}: ${JSON.stringify(run.error)}`);
    for (const [output, { data }] of item.outputs.entries()) {
      const difference = largest(run, String(output), data);
      if (!(difference <= Math.max(3 * item.own, 1e-6))) bad.push(`${what}: ${difference} own ${item.own}`);
    }
  }
  expect(bad).toEqual([]);
  await tab.close();
});

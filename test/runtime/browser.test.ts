import { access, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { build } from "esbuild";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tfjsParts } from "../../scripts/build/tfjs.mjs";
import type { RecordedCase } from "./cases.ts";
import { floats, inRoot, recordedModel, relativeMax } from "./harness.ts";
import type { Page as Driver, PageRun } from "./page.ts";

/** The panel's policy: no eval, workers from blobs only. */
const POLICY = [
  "default-src 'none'",
  "script-src 'nonce-test' 'wasm-unsafe-eval'",
  "worker-src blob:",
  "connect-src 'self'",
].join("; ");
const BROWSER = process.env.CHROME_PATH ?? "/usr/bin/chromium";
const LOGITS = 5e-5;
const ROUNDING = 1e-7;

const recorded = await recordedModel("test/data/run", "narrow_resnet");
const cases: readonly RecordedCase[] = JSON.parse(String(await readFile(inRoot("test/data/run/operators.json"))));

async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [inRoot(entry)],
    bundle: true,
    platform: "browser",
    format: "iife",
    target: "chrome120",
    plugins: [tfjsParts],
    write: false,
    logLevel: "error",
    logOverride: { "empty-import-meta": "silent" },
  });
  return outputFiles[0]?.text ?? "";
}

async function files(): Promise<ReadonlyMap<string, readonly [string, string | Uint8Array]>> {
  const script = await bundle("test/runtime/page.ts");
  const wasm = await readFile(inRoot("node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm"));
  return new Map([
    ["/", ["text/html", `<!doctype html><meta charset="utf-8"><script nonce="test">${script}</script>`]],
    ["/worker.js", ["text/javascript", await bundle("src/runtime/worker.ts")]],
    ["/narrow_resnet.safetensors", ["application/octet-stream", recorded.checkpoint]],
    ["/tfjs-backend-wasm-simd.wasm", ["application/wasm", wasm]],
  ]);
}

let browser: Browser | undefined;
let close = (): void => {};
let address = "";

beforeAll(async () => {
  await access(BROWSER).catch(() => {
    throw new Error(`no browser at ${BROWSER}; set CHROME_PATH to a Chrome or Chromium`);
  });
  const served = await files();
  const server = createServer((request, response) => {
    const found = served.get(request.url ?? "");
    response.writeHead(found === undefined ? 404 : 200, {
      "content-type": found?.[0] ?? "text/plain",
      "content-security-policy": POLICY,
    });
    response.end(found?.[1]);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const listening = server.address();
  address = `http://127.0.0.1:${typeof listening === "object" ? listening?.port : ""}/`;
  close = () => server.close();
  browser = await chromium.launch({
    executablePath: BROWSER,
    args: ["--no-sandbox", "--disable-quic", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
  });
}, 120_000);

afterAll(async () => {
  await browser?.close();
  close();
});

declare const page: Driver;

async function opened() {
  if (browser === undefined) throw new Error("the browser has not started");
  const tab = await browser.newPage();
  tab.setDefaultTimeout(150_000);
  const complaints: string[] = [];
  tab.on("console", (message) => complaints.push(message.text()));
  tab.on("pageerror", (error) => complaints.push(error.message));
  await tab.goto(address);
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
      (text) => page.runModel(text),
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

test("a machine whose WebGL is software gets WebAssembly, and the reason names the renderer", {
  timeout: 60_000,
}, async () => {
  const { tab } = await opened();
  const start = await tab.evaluate(() => page.start(undefined));
  expect(start).toMatchObject({ kind: "started", backend: "wasm" });
  expect(start.kind === "started" ? String(start.reason.args[0]) : "").toMatch(/SwiftShader/);
  await tab.close();
});

test("operators on webgl, with PyTorch's results", { timeout: 600_000 }, async () => {
  const { tab } = await opened();
  await tab.evaluate(() => page.start("webgl"));
  const bad: string[] = [];
  for (const item of cases) {
    const run = await tab.evaluate((text) => page.runCase(text, false), JSON.stringify(item));
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

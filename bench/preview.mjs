// Prints what a forward pass of the preview costs beside what a user would take instead: TensorFlow.js' own GraphModel
// on the same backend, and onnxruntime-web on one thread of WebAssembly.
//
//   npm run bench:preview                                    everything
//   npm run bench:preview -- --backend wasm --model resnet18  one of them
//   npm run bench:preview -- --samples 5 --webgl-samples 3    fewer pairs
//   npm run bench:preview -- --host                           only how long VS Code's extension host stands still
//
// One page, contenders in workers of their own, called in turn. A time is CPU time of all of the browser's processes, so
// that a busy machine changes it little; the median of the samples. Flags are those that are shipped.

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { corpus as fetchCorpus } from "../scripts/conformance/corpus.mjs";
import { launchBrowser } from "../scripts/host/browser.mjs";
import { installOpponents } from "../scripts/host/install.mjs";
import { installDependencies } from "../scripts/lib/dependencies.mjs";
import { inRoot } from "../scripts/lib/paths.mjs";
import { step } from "../scripts/lib/progress.mjs";
import { browserScript, servePage } from "../scripts/runtime/page.mjs";
import { loadPrograms } from "../scripts/runtime/programs.mjs";
import { graphModel } from "./preview/graph-model.mjs";
import { hostStalls } from "./preview/host-stall.mjs";
import { networkOf } from "./preview/network.mjs";
import { onnxModel } from "./preview/onnx.mjs";

const MODELS = ["resnet18", "resnet50"];
const SHAPE = [1, 3, 224, 224];
/** Upper limits. Ratios are of medians. */
const LIMITS = {
  graph: { webgl: 1.05, wasm: 1.1 },
  ort: 0.9,
  first: 3.5,
  allocated: 1.3,
  peak: 1.2,
  /** Milliseconds that the page stands still while the worker runs. */
  stall: { webgl: 600, wasm: 100 },
  /** Milliseconds that VS Code's extension host stands still. */
  host: 20,
  bundle: 0.45,
};
/** Passes of one sample take at least this much CPU time, in seconds: the system counts in hundredths. */
const SAMPLE = 0.5;
const WARMUP = 3;
const REST_MS = 1000;

const { values: options } = parseArgs({
  options: {
    backend: { type: "string" },
    model: { type: "string" },
    mode: { type: "string", default: "fast" },
    samples: { type: "string", default: "20" },
    "webgl-samples": { type: "string" },
    host: { type: "boolean", default: false },
  },
});
const backends = options.backend === undefined ? ["wasm", "webgl"] : [options.backend];
const models = options.model === undefined ? MODELS : [options.model];
const samplesOf = (backend) => Number((backend === "webgl" && options["webgl-samples"]) || options.samples);

let late = 0;
await installDependencies();
if (options.host) {
  await host();
  process.exit(0);
}
const modules = await installOpponents();
const dist = (name) => path.join(modules, name);
const TFJS = dist("@tensorflow/tfjs/dist/tf.min.js");
const TFJS_WASM = inRoot("node_modules/@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.min.js");
const networks = await step("models", makeNetworks);
const files = new Map([
  ["/tf.min.js", await readFile(TFJS)],
  ["/tf-backend-wasm.min.js", await readFile(TFJS_WASM)],
  ...(await Promise.all(
    ["ort.wasm.min.js", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm"].map(async (name) => [
      `/${name}`,
      await readFile(dist(`onnxruntime-web/dist/${name}`)),
    ]),
  )),
  ["/tfjs-worker.js", await readFile(inRoot("bench/preview/tfjs-worker.js"))],
  ["/ort-worker.js", await readFile(inRoot("bench/preview/ort-worker.js"))],
  ...networks.flatMap(({ name, graph, onnx }) => [
    [`/${name}/graph.json`, graph.json],
    [`/${name}/weights.bin`, graph.weights],
    [`/${name}/model.onnx`, onnx],
  ]),
]);
const { address, close } = await servePage("bench/preview/page.ts", {
  worker: "bench/preview/worker.ts",
  files,
  policy: "",
});
const browser = await launchBrowser();
const system = await browser.newBrowserCDPSession();
for (const backend of backends) for (const network of networks) await measure(backend, network);
await browser.close();
close();
await size();
if (options.backend === undefined && options.model === undefined) await host();
console.log(late === 0 ? "\nall within what is expected" : `\n${late} above what is expected`);

async function makeNetworks() {
  const { programOf } = await loadPrograms();
  const folder = await fetchCorpus("torchvision");
  const made = [];
  for (const name of models) {
    const program = programOf(path.join(folder, "torchvision/models/resnet.py"), `${name}()`, SHAPE, [folder]);
    if (typeof program === "string") throw new Error(`${name}: ${program}`);
    const network = await networkOf(program);
    made.push({ name, program, graph: graphModel(network), onnx: onnxModel(network) });
  }
  return made;
}

async function measure(backend, { name, program, graph }) {
  const tab = await browser.newPage();
  tab.setDefaultTimeout(600_000);
  await tab.goto(address);
  const call = (method, ...args) => tab.evaluate(([method, args]) => globalThis.bench[method](...args), [method, args]);
  const own = [
    { kind: "start", backend, wasm: `${address}tfjs-backend-wasm-simd.wasm` },
    { kind: "load", program, weights: { kind: "seed" }, seed: 0, mode: options.mode },
  ];
  const other = [
    { kind: "start", backend },
    { kind: "load", folder: `/${name}` },
  ];
  const contenders = [
    ["ours", "/worker.js", own],
    ["graph", "/tfjs-worker.js", other],
    ...(backend === "wasm" ? [["ort", "/ort-worker.js", other]] : []),
  ];
  const found = new Map();
  await step(`${name} on ${backend}`, async () => {
    for (const [who, script, messages] of contenders) {
      await call("open", who, script, messages);
      // What loading has left behind (garbage, code that is being optimized) is not the run's.
      await new Promise((resolve) => setTimeout(resolve, REST_MS));
      const first = await timed(() => call("run", who, 1, SHAPE));
      const weights = who === "ours" ? await call("tell", who, { kind: "memory" }) : undefined;
      for (let i = 0; i < WARMUP; i++) await call("run", who, 1, SHAPE);
      const { seconds } = await timed(() => call("run", who, 1, SHAPE));
      const passes = Math.max(1, Math.ceil(SAMPLE / Math.max(seconds, 0.01)));
      found.set(who, { first: first.seconds, output: first.value.output, passes, times: [], stalls: [], weights });
    }
    for (let i = 0; i < samplesOf(backend); i++)
      for (const [who, one] of i % 2 === 0 ? [...found] : [...found].reverse()) {
        const { seconds, value } = await timed(() => call("run", who, one.passes, SHAPE));
        one.times.push(seconds / one.passes);
        one.stalls.push(value.stall);
      }
  });
  await call("tell", "ours", { kind: "profile" });
  await call("run", "ours", 1, SHAPE);
  const memory = await call("tell", "ours", { kind: "memory" });
  const weights = graph.weights.length;
  await tab.close();

  const ours = median(found.get("ours").times);
  console.log(`\n${name}, 1×3×224×224, ${backend}, ${options.mode} mode, ${samplesOf(backend)} samples`);
  console.log(`  ours ${ms(ours)} of CPU`);
  for (const [who, one] of found) {
    if (who === "ours") continue;
    const off = relMax(found.get("ours").output, one.output);
    const limit = who === "graph" ? LIMITS.graph[backend] : LIMITS.ort;
    const title = who === "graph" ? "TensorFlow.js GraphModel" : "onnxruntime-web, one thread";
    line(
      `of ${title}, ${ms(median(one.times))}`,
      ours / median(one.times),
      limit,
      `outputs ${off.toExponential(1)} apart`,
    );
  }
  const theirs = found.get("graph").first / median(found.get("graph").times);
  line("first run, of a steady one", found.get("ours").first / ours, LIMITS.first, `GraphModel ${theirs.toFixed(2)}`);
  if (memory.allocated !== undefined) line("allocated, of the weights", memory.allocated / weights, LIMITS.allocated);
  line("peak of tensors, of the weights", memory.peak / weights, LIMITS.peak);
  const { stalls } = found.get("ours");
  // One that comes from the run comes with each; the rest is the machine's.
  line(
    "longest stall of the page, ms",
    median(stalls),
    LIMITS.stall[backend],
    `at most ${Math.round(Math.max(...stalls))}`,
  );
}

/** CPU seconds of all of the browser's processes while `work` ran. */
async function timed(work) {
  const before = await cpu();
  const value = await work();
  return { seconds: (await cpu()) - before, value };
}

async function cpu() {
  const { processInfo } = await system.send("SystemInfo.getProcessInfo");
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

async function host() {
  const { preview, run } = await step("extension host", hostStalls);
  console.log("\nextension host, the sample's network in VS Code");
  line("longest stall while the preview opens, ms", preview, LIMITS.host);
  line("longest stall while it runs, ms", run, LIMITS.host);
}

async function size() {
  const gzip = (content) => gzipSync(content).length;
  const shipped = inRoot("dist/runtime-worker.js");
  const ours = existsSync(shipped) ? await readFile(shipped) : await browserScript("src/runtime/worker.ts", true);
  const whole = gzip(await readFile(TFJS)) + gzip(await readFile(TFJS_WASM));
  console.log("\nsize");
  line(
    `bundle, of all TensorFlow.js with WebAssembly, ${Math.round(whole / 1000)} kB`,
    gzip(ours) / whole,
    LIMITS.bundle,
  );
}

function line(name, value, limit, note = "") {
  const bad = !(value <= limit);
  if (bad) late++;
  console.log(`  ${bad ? "✗" : "✓"} ${name.padEnd(52)} ${value.toFixed(2).padStart(7)} of ${limit}  ${note}`);
}

function relMax(a, b) {
  const largest = Math.max(...b.map(Math.abs));
  return Math.max(...b.map((value, i) => Math.abs(value - (a[i] ?? Number.NaN)))) / largest;
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function ms(seconds) {
  return `${Math.round(seconds * 1000)} ms`;
}

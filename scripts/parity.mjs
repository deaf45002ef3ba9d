// Whole models in a real browser against real PyTorch: `npm run parity [-- --backend webgl|wasm] [-- --mode reference|fast]
// [-- --match REGEX]`.
//
// Each model of test/data/truth/parity is analyzed from its published source, and its graph run by the preview's own
// worker under the panel's content policy, on WebGL and on WebAssembly. Compared with what PyTorch gave: the output
// (relMax: largest difference over largest value), and each module's distance from PyTorch in float64 with that of
// PyTorch in float32.

import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { corpus } from "./conformance/corpus.mjs";
import { launchBrowser } from "./host/browser.mjs";
import { inRoot } from "./lib/paths.mjs";
import { servePage } from "./runtime/page.mjs";
import { loadPrograms } from "./runtime/programs.mjs";

const LOGITS = 5e-5;
/** A stage (a child of the model) and the output may be so many times as far from PyTorch in float64 as PyTorch in float32 is. */
const STAGE_FACTOR = 3;
/** Half a unit in the last place of a float32, relative to the largest value. */
const ROUNDING = 1e-7;

const { values: options } = parseArgs({
  options: { backend: { type: "string" }, mode: { type: "string" }, match: { type: "string" } },
});
const backends = options.backend === undefined ? ["wasm", "webgl"] : [options.backend];
const modes = options.mode === undefined ? ["reference", "fast"] : [options.mode];
const truth = JSON.parse(gunzipSync(await readFile(inRoot("test/data/truth/parity/truth.json.gz"))).toString());
for (const { modules } of truth) for (const module of Object.values(modules)) module.exact = floats(module.exact);
for (const { modules } of truth) modules[""].values = floats(modules[""].values);
const models = truth.filter(({ file, model }) => new RegExp(options.match ?? "").test(`${file} ${model}`));

const folders = [];
for (const name of ["torchvision", "timm", "pytorchcv"]) folders.push(await corpus(name));
const { programOf } = await loadPrograms();
const programs = models.map((one) => {
  const folder = folders.find((each) => each.includes(one.package ?? "\0"));
  const file = folder === undefined ? inRoot(one.file) : `${folder}/${one.file}`;
  return programOf(file, one.model, one.input, folders);
});

const { address, close } = await servePage("test/parity/page.ts");
const browser = await launchBrowser();

let passed = 0;
let failed = 0;
console.log("backend  mode       logits   worst module (times PyTorch's own error)   model");
for (const backend of backends) {
  const tab = await opened(backend);
  for (const [i, one] of models.entries())
    for (const mode of modes) {
      const { line, bad } = await verdictOf(tab, one, programs[i], mode);
      if (bad.length === 0) passed++;
      else failed++;
      const faults = bad.map((text) => `\n    ✗ ${text}`).join("");
      console.log(`${backend.padEnd(8)} ${mode.padEnd(10)} ${line} ${one.model}${faults}`);
    }
  await tab.close();
}
await browser.close();
close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

async function verdictOf(tab, one, program, mode) {
  if (typeof program === "string") return { line: "", bad: [`no program: ${program}`] };
  const bad = [];
  const limits = Object.fromEntries(Object.entries(one.modules).map(([path, { exact }]) => [path, exact.length]));
  const run = await tab.evaluate(
    (text) => globalThis.parity.run(text),
    JSON.stringify([program, one.kept, limits, mode]),
  );
  if (run.error !== undefined) bad.push(run.error);
  if (run.checked !== 0) bad.push(`${run.checked} shapes differ from the analysis`);
  const verdict = compare(one.modules, run, STAGE_FACTOR);
  if (!(verdict.logits <= LOGITS)) bad.push(`logits differ by ${verdict.logits}`);
  const worst = `${verdict.worst.toFixed(2)}× ${verdict.at}`;
  return { line: `${verdict.logits.toExponential(1).padEnd(8)} ${worst.padEnd(44)}`, bad: [...bad, ...verdict.far] };
}

/** The output's relMax, and the module that is the furthest off by its own measure. */
function compare(modules, run, limit) {
  let worst = 0;
  let at = "";
  const tooFar = [];
  let logits = Number.POSITIVE_INFINITY;
  for (const [path, { shape, largest, own, exact, values }] of Object.entries(modules)) {
    const got = run.values[path];
    if (got === undefined) continue;
    const far = (expected) =>
      run.shapes[path].join() === shape.join() ? furthest(got, expected) / (largest || 1) : Number.POSITIVE_INFINITY;
    if (path === "") logits = far(values);
    const factor = far(exact) / Math.max(own, ROUNDING);
    const name = path === "" ? "the output" : path;
    if (!(factor <= worst)) [worst, at] = [factor, name];
    if (!path.includes(".") && !(factor <= limit))
      tooFar.push(`${name} is ${factor.toFixed(1)}× as far as PyTorch itself`);
  }
  return { logits, worst, at, far: tooFar };
}

/** Largest difference; NaN where one of them is, which is below no limit. */
function furthest(got, expected) {
  return expected.reduce((most, value, i) => Math.max(most, Math.abs((got[i] ?? Number.NaN) - value)), 0);
}

/** Little-endian float32 from base64. */
function floats(base64) {
  return [...new Float32Array(new Uint8Array(Buffer.from(base64, "base64")).buffer)];
}

async function opened(backend) {
  const tab = await browser.newPage();
  tab.setDefaultTimeout(600_000);
  tab.on("pageerror", (error) => console.error(`parity: ${error.message}`));
  await tab.goto(address);
  const start = await tab.evaluate((kind) => globalThis.parity.start(kind), backend);
  if (start.kind !== "started") throw new Error(JSON.stringify(start));
  return tab;
}

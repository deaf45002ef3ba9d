// Prints, in one run, how long analysis takes and what bad input does to it.
//
//   npm run bench                  everything
//   npm run bench -- --only bad    one part: cold, warm, bad, size
//
// Times are CPU milliseconds (user and system), median of 20, so that a busy machine changes them little; ratios are
// against resnet50 and against what is expected on the machine the numbers were set on. Bad input is wall-clock time.

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { corpus as fetchCorpus } from "../scripts/conformance/corpus.mjs";
import { installDependencies } from "../scripts/lib/dependencies.mjs";
import { inRoot } from "../scripts/lib/paths.mjs";
import { need, start } from "../scripts/lib/process.mjs";
import { step } from "../scripts/lib/progress.mjs";
import { makeBundle } from "./bundle.mjs";

const PARTS = ["cold", "warm", "bad", "size"];
const MODELS = ["resnet18()", "resnet50()", "resnet152()"];
const SAMPLES = 20;
/** Upper limits by measurement, in milliseconds. */
const EXPECTED = {
  "resnet152(), cold process": 600,
  "resnet152(), warm": 100,
  "edit in BasicBlock.__init__, resnet50": 30,
  "edit in forward, resnet50": 30,
  "edit in _make_layer, resnet50": 30,
  "edit in BasicBlock.__init__, all ten": 500,
  "edit in forward, all ten": 500,
  "edit in _make_layer, all ten": 500,
};
const EXPECTED_BAD = 2_000;
/** A case of bad input that takes longer hangs. */
const PATIENCE = 60_000;
/** What activation may add to the extension host's start, in milliseconds of its CPU time. */
const EXPECTED_ACTIVATION = 50;
const EXPECTED_VSIX = 2 * 1024 * 1024;

const { values } = parseArgs({
  options: { only: { type: "string" }, samples: { type: "string", default: `${SAMPLES}` } },
});
if (values.only !== undefined && !PARTS.includes(values.only)) {
  console.error(`bench: no part ${values.only}; there are ${PARTS.join(", ")}`);
  process.exit(2);
}
const samples = Number(values.samples);

await installDependencies();
const corpus = await step("torchvision source", () => fetchCorpus("torchvision"));
const bundle = await step("bundling the analyzer", makeBundle);
const parts = { cold, warm, bad, size };
let late = 0;
for (const part of PARTS) if (values.only === undefined || values.only === part) await parts[part]();
console.log(late === 0 ? "\nall within what is expected" : `\n${late} above what is expected`);

async function cold() {
  const one = async (...args) =>
    JSON.parse(await need([process.execPath, inRoot("bench", "cold.mjs"), bundle, corpus, ...args]));
  const many = async (...args) => {
    const found = [];
    for (let i = 0; i < samples; i++) found.push(await one(...args));
    return found;
  };
  await step("cold processes", async () => {
    const { opened } = await one("resnet50()");
    const empty = median((await many("nothing")).map(({ total }) => total));
    const parsed = median((await many("parse", ...opened)).map(({ work }) => work));
    console.log(
      `\ncold process (CPU ms, median of ${samples}): Node and the bundle ${ms(empty)}, parsing ${opened.length} files ${ms(parsed)}`,
    );
    const totals = new Map();
    for (const model of MODELS) {
      const runs = await many(model);
      totals.set(model, {
        total: median(runs.map(({ total }) => total)),
        work: median(runs.map(({ work }) => work)),
        status: runs[0].status,
      });
    }
    for (const [model, { total, work, status }] of totals)
      line(
        `${model}, cold process`,
        total,
        totals.get("resnet50()").total,
        `parse ${ms(parsed)}, evaluate ${ms(work - parsed)}, ${status}`,
      );
  });
}

async function warm() {
  const found = new Map();
  const ended = await step("warm process", () =>
    lines("warm.mjs", [`${samples}`], ({ name, samples: times }) => found.set(name, median(times))),
  );
  if (ended !== undefined) {
    console.log(`✗ warm process: ${ended}`);
    late++;
  }
  console.log(`\nwarm process: other files analyzed before, nothing of this one cached (CPU ms, median of ${samples})`);
  for (const model of MODELS) {
    const parsed = found.get(`${model}, parse`);
    const total = found.get(`${model}, total`);
    if (total === undefined) continue;
    line(
      `${model}, warm`,
      total,
      found.get("resnet50(), total"),
      `parse ${ms(parsed)}, evaluate ${ms(total - parsed)}`,
    );
  }
  console.log("\nan edit not seen before, to its diagnostics");
  for (const [name, time] of found) if (name.startsWith("edit")) line(name, time);
}

async function bad() {
  const found = [];
  let running;
  await step("bad input", async () => {
    const ended = await lines("bad.mjs", [], (one) => {
      running = one.ms === undefined ? one.name : undefined;
      if (one.ms !== undefined) found.push(one);
    });
    if (running !== undefined) found.push({ name: running, ms: Number.POSITIVE_INFINITY, crash: ended });
  });
  const slowest = found.toSorted((a, b) => b.ms - a.ms);
  const cuts = found.filter(({ name }) => name.startsWith("resnet.py cut"));
  console.log(`\nbad input: ${found.length} texts (wall-clock ms), slowest:`);
  for (const { name, ms: time } of slowest.slice(0, 5)) console.log(`  ${ms(time).padStart(9)}  ${name}`);
  console.log(
    `  cut files that still show shapes: ${cuts.filter(({ shapes }) => 0 < shapes).length} of ${cuts.length}`,
  );
  for (const { name, crash } of found) if (crash !== undefined) console.log(`  ✗ ${name}: ${crash}`);
  late += found.filter(({ ms: time, crash }) => EXPECTED_BAD < time || crash !== undefined).length;
}

/** Sizes, and what activation adds to the host's start, where the host suite has left its measurement. */
function size() {
  console.log("\nshipped");
  for (const name of readdirSync(inRoot()).filter((one) => one.endsWith(".vsix"))) {
    const bytes = statSync(inRoot(name)).size;
    if (EXPECTED_VSIX < bytes) late++;
    console.log(`  ${name}: ${(bytes / 1024 / 1024).toFixed(2)} MB of 2 MB`);
  }
  const activation = inRoot("out", "activation.json");
  if (!existsSync(activation)) {
    console.log("  activation: not measured yet; npm run test:host does");
    return;
  }
  const { wall, cpu } = JSON.parse(readFileSync(activation, "utf8"));
  if (EXPECTED_ACTIVATION < cpu) late++;
  console.log(`  activation: ${ms(cpu)} of ${EXPECTED_ACTIVATION} CPU ms of the extension host, within ${ms(wall)} ms`);
}

/** Runs one of the scripts here and hands on each of its JSON lines; the exit in words, if it was not clean. */
function lines(script, args, each) {
  return new Promise((resolve) => {
    const { child, stop } = start([process.execPath, inRoot("bench", script), bundle, corpus, ...args], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let hung = false;
    const hang = () => {
      hung = true;
      stop();
    };
    let timer = script === "bad.mjs" ? setTimeout(hang, PATIENCE) : undefined;
    createInterface({ input: child.stdout }).on("line", (text) => {
      if (timer !== undefined) {
        clearTimeout(timer);
        timer = setTimeout(hang, PATIENCE);
      }
      each(JSON.parse(text));
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve(hung ? `no end within ${PATIENCE / 1000} s` : code === 0 ? undefined : `ended with ${code}`);
    });
  });
}

function line(name, time, reference, note = "") {
  const limit = EXPECTED[name];
  if (limit !== undefined && limit < time) late++;
  const parts = [
    reference === undefined ? "" : `${(time / reference).toFixed(2)} × resnet50`,
    limit === undefined ? "" : `${(time / limit).toFixed(2)} × the ${limit} expected`,
    note,
  ];
  console.log(`  ${name.padEnd(40)} ${ms(time).padStart(8)}  ${parts.filter((part) => part !== "").join(", ")}`);
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function ms(time) {
  return Number.isFinite(time) ? time.toFixed(1) : "no end";
}

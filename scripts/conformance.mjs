// Compares the analysis of published model code, and of our own files, with what real PyTorch recorded.
//
//   npm run conformance                      every group, a sample of the packages' models
//   npm run conformance -- --held            the groups that must not differ at all, as CI does
//   npm run conformance -- --all             all models
//   npm run conformance -- --only given      one group: required, symbolic, alone, own, given, formulas, opened, edits
//   npm run conformance -- --set timm-residual --match 'resnet50'    these models of the last three groups only
//   npm run conformance -- --every 10        each tenth model of a file, its first included
//   npm run conformance -- --verbose         every difference, not the first few
//   npm run conformance -- --gaps timm       what is not understood yet of a package (scripts/conformance/gaps.mjs)
//
// Fetches the packages' source from PyPI on first use (.cache/sources). Ends with `N passed, N failed`. A passed case of
// the first four groups is one run with every fact known, none wrong, and nothing reported. A model of a package fails
// if a fact is wrong, an error is reported or it cannot be analyzed; what is not known is counted, and a set fails that
// falls below its share in scripts/conformance/sets.mjs.

import { existsSync } from "node:fs";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { batch } from "./conformance/batch.mjs";
import { compare } from "./conformance/compare.mjs";
import { corpus } from "./conformance/corpus.mjs";
import { edits } from "./conformance/edits.mjs";
import { gaps } from "./conformance/gaps.mjs";
import { opened } from "./conformance/opened.mjs";
import { given, symbolic as symbolicModels } from "./conformance/packages.mjs";
import { MODELS, ownFiles, publishedModels } from "./conformance/records.mjs";
import { printTable, report } from "./conformance/report.mjs";
import { SETS } from "./conformance/sets.mjs";
import { substitute } from "./conformance/symbols.mjs";
import { printModels, printOpened, reportModels, undercut } from "./conformance/table.mjs";
import { installDependencies } from "./lib/dependencies.mjs";
import { inRoot } from "./lib/paths.mjs";
import { need } from "./lib/process.mjs";
import { step, totalLine } from "./lib/progress.mjs";

const SYMBOLIC = [["N", 3, "H", "W"]];
/** By how much each stage of a ResNet has divided H and W, rounding up. */
const STAGES = { layer1: 4, layer2: 8, layer3: 16, layer4: 32 };
const GROUPS = ["required", "symbolic", "alone", "own", "given", "formulas", "opened", "edits"];
/** Which models of a package are run unless all are asked for: each so-manieth of a file. */
const EVERY = { given: 4, formulas: 16, opened: 1 };
const TIMEOUT = 30_000;

const { values: options } = parseArgs({
  options: {
    only: { type: "string" },
    verbose: { type: "boolean" },
    command: { type: "string" },
    gaps: { type: "string" },
    match: { type: "string" },
    every: { type: "string" },
    set: { type: "string" },
    all: { type: "boolean" },
    held: { type: "boolean" },
  },
});
for (const set of [options.gaps, options.set])
  if (set !== undefined && !Object.hasOwn(SETS, set)) {
    console.error(`conformance: no set ${set}; there are ${Object.keys(SETS).join(", ")}`);
    process.exit(2);
  }
if (options.only !== undefined && !GROUPS.includes(options.only)) {
  console.error(`conformance: no group ${options.only}; there are ${GROUPS.join(", ")}`);
  process.exit(2);
}

await installDependencies();
const command = options.command?.split(" ") ?? [process.execPath, inRoot("dist", "cli.js"), "batch"];
if (options.command === undefined && !existsSync(inRoot("dist", "cli.js")))
  await step("building", () => need([process.execPath, inRoot("scripts", "build.mjs")]));
if (options.gaps !== undefined) {
  await gaps(options.gaps, command, { ...options, timeout: TIMEOUT });
  process.exit(0);
}
const source = await step("torchvision source", () => corpus("torchvision"));
const published = await publishedModels();
const server = batch(command);
/** @type {import("./conformance/report.mjs").Case[]} */
const cases = [];
/** @type {Map<string, string>} Files that use what is not understood yet; each is to be compared as soon as it is. */
const NOT_YET = new Map([]);
/** Files whose shortcut real PyTorch refuses at some sizes (225, say): a note that says so must stand there. */
const SIZE_NOTES = new Set(["dict_output.py"]);

const total = { passed: 0, failed: 0 };
const groups = {
  required,
  symbolic,
  alone,
  own,
  given: models(given),
  formulas: models(symbolicModels),
  opened: files,
  edits: randomEdits,
};
const narrowed = options.set !== undefined || options.match !== undefined;
const HELD = ["required", "symbolic", "alone", "own", "given", "formulas"];
const chosen = (options.held ? HELD : GROUPS).filter((group) =>
  options.only === undefined ? !narrowed || group in EVERY : group === options.only,
);
for (const group of chosen) await step(group, () => groups[group](group));
console.log(
  `memory of the process at the end: ${server.memory() ?? "?"} MB, at most ${server.memory("VmHWM") ?? "?"} MB`,
);
server.close();

if (cases.length !== 0) printTable(cases);
count(cases.map((one) => report(one, options.verbose ?? false)));
console.log(totalLine(total));
process.exit(total.failed === 0 ? 0 : 1);

/** A group over the packages' models. */
function models(analyze) {
  return async (group) => {
    const rows = [];
    const memory = new Map();
    for (const set of sets()) {
      for await (const row of analyze(server, set, sample(group))) rows.push(row);
      memory.set(set, server.memory());
    }
    printModels(group, rows, memory);
    count(reportModels(group, rows, options.verbose ?? false));
    if (group !== "given" || options.match !== undefined) return;
    const low = undercut(rows);
    for (const text of low) console.log(`✗ ${text}`);
    count(low.map(() => true));
  };
}

/** The packages as a user opens their files. */
async function files() {
  const packages = [];
  for await (const one of opened(sets(), sample("opened"))) packages.push(one);
  count(printOpened(packages, options.verbose ?? false));
}

/** After each of many random edits, in imported files too, an analyzer that lives on says what a new one says. */
async function randomEdits() {
  const progress = (at) => {
    if (at % 100 === 0) console.log(`… edits, ${at} made`);
  };
  const { made, mismatches } = await edits(source, { progress });
  for (const { step: at, file, difference } of mismatches) console.log(`✗ edit ${at} in ${file}: ${difference}`);
  console.log(`edits: ${made}, ${mismatches.length} after which the result is not a new analyzer's`);
  total.passed += made - mismatches.length;
  total.failed += mismatches.length;
}

function sets() {
  return options.set === undefined ? Object.keys(SETS) : [options.set];
}

function sample(group) {
  const every = options.all ? 1 : Number(options.every ?? EVERY[group]);
  return { every, match: options.match };
}

function count(failures) {
  for (const failed of failures) total[failed ? "failed" : "passed"]++;
}

/** Every factory of the required file, at every recorded size, and the file's own roots. */
async function required() {
  for (const record of published) await recorded("required", record);
  const file = path.join(source, "torchvision", "models", "resnet.py");
  const answer = await server.ask({ command: "check", file, path: [source], timeout: TIMEOUT });
  const problems = (answer.roots ?? []).flatMap(({ model, status, output }) =>
    status === "ok" && same(output, ["N", 1000]) ? [] : [`root ${model}: ${status}, output ${JSON.stringify(output)}`],
  );
  if ((answer.roots ?? []).length === 0) problems.push("no root found");
  cases.push({ group: "required", name: "resnet.py, check", answer, problems, strict: true });
}

async function recorded(group, record) {
  for (const run of record.runs) {
    const answer = await shapes(path.join(source, record.file), record.model, run.input, [source]);
    const name = `${record.model} on ${run.input.map((one) => one.join("×")).join(", ")}`;
    cases.push({ group, name, answer, verdict: compare(run, answer, below(source)), strict: true });
  }
}

/** One run with symbols: stages and output as formulas, and every fact evaluated at each recorded size. */
async function symbolic() {
  for (const record of published) {
    const answer = await shapes(path.join(source, record.file), record.model, SYMBOLIC, [source]);
    const formulas = [["output", ["N", 1000], answer.output]];
    for (const [stage, divisor] of Object.entries(STAGES)) {
      const given = answer.modules?.find((row) => row.path === stage)?.outputs?.[0];
      formulas.push([stage, ["H", "W"].map((axis) => `(${axis} + ${divisor - 1}) // ${divisor}`), given?.slice?.(2)]);
    }
    const problems = formulas.flatMap(([what, real, given]) =>
      same(real, given) ? [] : [`${what}: ${JSON.stringify(real)}, not ${JSON.stringify(given)}`],
    );
    cases.push({ group: "symbolic", name: `${record.model}, formulas`, answer, problems, strict: true });
    for (const run of record.runs) {
      const [n, , h, w] = run.input[0];
      const name = `${record.model}, formulas at ${h}×${w}`;
      try {
        const verdict = compare(run, substitute(answer, { N: n, H: h, W: w }), below(source));
        cases.push({ group: "symbolic", name, answer: { ...answer, ms: 0 }, verdict, strict: true });
      } catch (error) {
        cases.push({ group: "symbolic", name, answer, problems: [error.message], strict: true });
      }
    }
  }
}

/** The required file by itself in an empty folder: nothing wrong, no error; gaps that name what is missing. */
async function alone() {
  const folder = await mkdtemp(path.join(tmpdir(), "resnet-lens-"));
  try {
    const file = path.join(folder, "resnet.py");
    await copyFile(path.join(source, "torchvision", "models", "resnet.py"), file);
    const nameOf = (name) => (path.basename(name) === "resnet.py" ? "torchvision/models/resnet.py" : name);
    const pairs = {
      "resnet18()": "ResNet(BasicBlock, [2, 2, 2, 2])",
      "resnet50()": "ResNet(Bottleneck, [3, 4, 6, 3])",
    };
    for (const [factory, model] of Object.entries(pairs)) {
      const { runs } = published.find((record) => record.model === factory);
      for (const run of runs) {
        const answer = await shapes(file, model, run.input);
        const verdict = compare(run, { ...answer, status: "ok", gaps: [] }, nameOf);
        cases.push({
          group: "alone",
          name: `${model} on ${run.input[0].join("×")}`,
          answer,
          verdict,
          strict: true,
          gapsExpected: true,
        });
      }
    }
    for (const record of published) {
      const answer = await shapes(file, record.model, record.runs[0].input);
      const { wrong } = compare(record.runs[0], answer, nameOf);
      const reasons = (answer.gaps ?? []).map(({ reason }) => reason);
      const missing = /handle_legacy_interface|register_model|_ovewrite_named_param|_log_api_usage_once|WeightsEnum/;
      const problems = wrong.map((text) => `wrong: ${text}`);
      if (!reasons.some((reason) => missing.test(reason)))
        problems.push(`no gap names a missing function: ${reasons.join("; ") || "no gap"}`);
      cases.push({ group: "alone", name: record.model, answer, problems, strict: true, gapsExpected: true });
    }
    const answer = await server.ask({ command: "check", file, timeout: TIMEOUT });
    cases.push({ group: "alone", name: "resnet.py, check", answer, strict: true, gapsExpected: true });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Files in many hands, each root at each size; and each file's own check. */
async function own() {
  for (const record of await ownFiles()) {
    if (NOT_YET.has(record.file)) {
      console.log(`not compared yet: ${record.file}: ${NOT_YET.get(record.file)}`);
      continue;
    }
    const file = path.join(MODELS, record.file);
    for (const root of record.roots)
      for (const run of root.runs) {
        const answer = await shapes(file, root.model, run.input);
        const sizes = run.input.map((one) => (one.shape ?? one).join("×")).join(", ");
        const verdict = compare(run, answer, below(MODELS));
        const name = `${record.file}: ${root.model} on ${sizes}`;
        cases.push({ group: "own", name, answer, verdict, strict: true, notesExpected: true });
      }
    const answer = await server.ask({ command: "check", file, timeout: TIMEOUT });
    const name = `${record.file}, check`;
    const problems = [];
    if (SIZE_NOTES.has(record.file)) {
      const isNote = ({ code, severity }) => code === "shortcut-size-dependent" && severity === "warning";
      if (!answer.diagnostics?.some(isNote)) problems.push("no note on the sizes at which the shortcut fails");
      answer.diagnostics = answer.diagnostics?.filter((one) => !isNote(one));
    }
    cases.push({ group: "own", name, answer, problems, strict: true, gapsExpected: true, notesExpected: true });
  }
}

async function shapes(file, model, input, paths = []) {
  return server.ask({ command: "shapes", file, model, input, path: paths, timeout: TIMEOUT });
}

function below(folder) {
  return (file) => path.relative(folder, file).replaceAll("\\", "/");
}

function same(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}

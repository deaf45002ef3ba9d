// One package as a user opens it, in a process of its own, so that its memory is its own: every file is checked, as
// `resnet-lens check FOLDER` does. Argument: a request as JSON; prints a line of JSON for each file, then one for all.

import { createRequire } from "node:module";
import path from "node:path";
import { setFlagsFromString } from "node:v8";
import { compare } from "./compare.mjs";
import { recordsOf } from "./sets.mjs";
import { substitute } from "./symbols.mjs";

const request = JSON.parse(process.argv[2]);
const { checkFiles, createAnalyzer, diagnosticsJson, diskFiles, FRUGAL_HEAP, namesOf, shapesJson, varsJson } =
  createRequire(import.meta.url)(request.bundle);
setFlagsFromString(FRUGAL_HEAP);

const { folder, pythonPath, files, sets, compared } = request;
const nameOf = (file) => path.relative(folder, file).replaceAll("\\", "/");
const names = namesOf(diskFiles.read, nameOf);

/** Variables that held a tensor in some real run, and the records of each root. */
const real = new Set();
const records = new Map();
for (const set of sets)
  for (const record of await recordsOf(set)) {
    records.set(`${record.file} ${record.model}`, record);
    for (const { file, line, variable, shapes } of record.runs[0].vars ?? [])
      if (shapes !== "*" && diskFiles.kind(path.join(folder, file)) === "file") real.add(`${file}:${line} ${variable}`);
  }

const ranked = new Set();
const wrong = [];
let left = compared;
const watch = (analysis) => {
  for (const run of [analysis.symbolic, analysis.concrete])
    for (const [file, observations] of run?.observations ?? [])
      for (const row of varsJson(file, observations, names))
        if (row.shapes.some(isRanked)) ranked.add(`${row.file}:${row.line} ${row.variable}`);
  const record = records.get(`${nameOf(analysis.root.file)} ${analysis.root.model}`);
  if (record !== undefined && 0 < left) wrong.push(...differences(record, analysis));
};

/** What a root found by itself says of the recorded inputs, where they fit the input that was guessed for it. */
function differences(record, analysis) {
  const answer = shapesJson(analysis, names);
  const [input] = answer.input;
  if (answer.input.length !== 1 || !Array.isArray(input)) return [];
  const found = [];
  for (const run of record.runs) {
    const [given] = run.input;
    if (run.input.length !== 1 || !Array.isArray(given) || given.length !== input.length) continue;
    if (input.some((size, axis) => typeof size === "number" && size !== given[axis])) continue;
    left--;
    const sizes = Object.fromEntries(
      input.flatMap((size, axis) => (typeof size === "string" ? [[size, given[axis]]] : [])),
    );
    try {
      const verdict = compare(run, substitute(answer, sizes), (file) => file);
      found.push(...verdict.wrong.map((text) => `${record.model} on ${given.join("×")}: ${text}`));
    } catch (error) {
      found.push(`${record.model} on ${given.join("×")}: ${error.message}`);
    }
  }
  return found;
}

/** Whether a shape's rank is known: of every tensor in it. */
function isRanked(shape) {
  if (shape === "?") return false;
  if (shape === null || Array.isArray(shape)) return true;
  return ("seq" in shape ? shape.seq : Object.values(shape.dict)).every(isRanked);
}

const analyzer = createAnalyzer(diskFiles, { paths: [folder], pythonPaths: pythonPath, timeout: request.timeout });
let since = process.cpuUsage();
for (const report of checkFiles(analyzer, files, { model: undefined, input: undefined }, names, watch)) {
  const { user, system } = process.cpuUsage(since);
  since = process.cpuUsage();
  const roots = report.roots.map(({ model, status }) => ({ model, status }));
  const diagnostics = diagnosticsJson(report.diagnostics, names);
  print({ file: nameOf(report.file), ms: (user + system) / 1000, roots, diagnostics, wrong: wrong.splice(0) });
}
const cpu = process.cpuUsage();
print({
  real: real.size,
  ranked: [...real].filter((key) => ranked.has(key)).length,
  unranked: [...real].filter((key) => !ranked.has(key)),
  compared: compared - left,
  seconds: (cpu.user + cpu.system) / 1e6,
  megabytes: Math.round(process.resourceUsage().maxRSS / 1024),
});

function print(row) {
  process.stdout.write(`${JSON.stringify(row)}\n`);
}

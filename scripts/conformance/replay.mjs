// Answers `batch` requests from the records themselves, so that the conformance run can be tried without an analyzer:
//   npm run conformance -- --command "node scripts/conformance/replay.mjs"
// `--spoil` makes one answer in ten wrong, vague or reported, and the run must then fail.

import path from "node:path";
import { createInterface } from "node:readline";
import { MODELS, ownFiles, publishedModels } from "./records.mjs";
import { recordsOf, SETS } from "./sets.mjs";

const spoil = process.argv.includes("--spoil");
const runs = new Map();
for (const record of await publishedModels())
  for (const run of record.runs) remember(path.basename(record.file), record.model, run);
for (const set of Object.keys(SETS))
  for (const record of await recordsOf(set)) remember(path.basename(record.file), record.model, record.runs[0]);
for (const record of await ownFiles())
  for (const root of record.roots) for (const run of root.runs) remember(record.file, root.model, run);

let count = 0;
for await (const line of createInterface({ input: process.stdin }))
  console.log(JSON.stringify(answer(JSON.parse(line))));

function answer({ id, command, file, model, input, path: paths = [] }) {
  if (command === "check") return { id, diagnostics: [], roots: [] };
  const run = runs.get(keyOf(path.basename(file), model, input));
  if (run === undefined) return { id, error: "not recorded" };
  const base = paths[0] ?? (file.startsWith(MODELS) ? MODELS : path.dirname(file));
  const vars = run.vars.map((row) => ({ ...row, file: path.join(base, row.file) }));
  const response = { id, model, status: "ok", ...run, vars, gaps: [], diagnostics: [] };
  count++;
  if (!spoil || count % 10 !== 0) return response;
  return [
    { ...response, output: "?" },
    { ...response, vars: vars.slice(1).concat({ ...vars[0], shapes: [[1]] }) },
    { ...response, modules: run.modules.map((row) => ({ ...row, madds: row.madds + 1 })) },
    { ...response, diagnostics: [{ code: "shape-mismatch", severity: "error", file, line: 1, message: "spoiled" }] },
  ][(count / 10) % 4];
}

function remember(file, model, run) {
  runs.set(keyOf(file, model, run.input), run);
}

function keyOf(file, model, input) {
  return JSON.stringify([file, model, input]);
}

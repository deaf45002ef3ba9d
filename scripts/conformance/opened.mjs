// Packages as a user opens them: every file's own roots, with neither model nor input given.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { inRoot } from "../lib/paths.mjs";
import { bundleOf } from "./bundle.mjs";
import { compare } from "./compare.mjs";
import { corpus } from "./corpus.mjs";
import { recordsOf, SETS } from "./sets.mjs";
import { substitute } from "./symbols.mjs";

const TIMEOUT = 30_000;
/** Recorded runs of one package that what its roots say is compared with. */
const COMPARED = 400;
/** What a package may take of memory, in megabytes. */
export const MOST_MEMORY = 600;
/** The least share of the variables of real runs that have a known rank, in percent. */
export const LEAST_RANKED = 90;
const EXPORTS = {
  "src/analyzer.ts": ["createAnalyzer"],
  "src/cli/analyses.ts": ["namesOf"],
  "src/cli/check.ts": ["checkFiles"],
  "src/heap.ts": ["FRUGAL_HEAP"],
  "src/cli/json.ts": ["diagnosticsJson", "shapesJson", "varsJson"],
  "src/server/disk.ts": ["diskFiles"],
};

/** The packages of some sets, each once, with the sets that have records of it and the packages it imports. */
function packagesOf(sets) {
  const found = new Map();
  for (const set of sets)
    for (const name of SETS[set].packages) {
      const sharing = Object.keys(SETS).filter((other) => SETS[other].packages.includes(name));
      found.set(name, { sets: sharing, imports: [...new Set(sharing.flatMap((other) => SETS[other].imports))] });
    }
  return found;
}

/**
 * Every package of some sets: a row a package, with its files in `files`, `every` so-manieth of them if asked for.
 *
 * @param {readonly string[]} sets
 * @param {{ match?: string, every: number }} options
 */
export async function* opened(sets, { match = "", every }) {
  const bundle = await bundleOf("opened", EXPORTS);
  for (const [name, { sets: sharing, imports }] of packagesOf(sets)) {
    const folder = await corpus(name);
    const pythonPath = [];
    for (const other of imports) pythonPath.push(await corpus(other));
    const all = (await filesBelow(folder)).filter((file) => new RegExp(match).test(file));
    const files = all.filter((_, at) => at % every === 0);
    const request = { bundle, folder, pythonPath, files, compared: COMPARED, timeout: TIMEOUT };
    const partial = files.length !== all.length || match !== "";
    yield { name, partial, ...(await run(request, await realOf(sharing, folder))) };
  }
}

/** What real runs of some sets' models gave: the records of each root, and the variables that held a tensor. */
async function realOf(sets, folder) {
  const variables = new Set();
  const records = new Map();
  for (const set of sets)
    for (const record of await recordsOf(set)) {
      records.set(`${record.file} ${record.model}`, record);
      for (const { file, line, variable, shapes } of record.runs[0].vars ?? [])
        if (shapes !== "*" && existsSync(path.join(folder, file))) variables.add(`${file}:${line} ${variable}`);
    }
  return { variables, records };
}

async function run(request, { variables, records }) {
  const worker = inRoot("scripts", "conformance", "opened-package.mjs");
  const child = spawn(process.execPath, [worker], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify({ ...request, recorded: [...records.keys()], real: [...variables] }));
  const files = [];
  let wrong = [];
  let left = request.compared;
  let totals;
  for await (const line of createInterface({ input: child.stdout })) {
    const row = JSON.parse(line);
    if (row.recorded !== undefined) {
      if (left <= 0) continue;
      const { runs, found } = differences(records.get(row.recorded), row.answer);
      left -= runs;
      wrong.push(...found);
    } else if (row.seconds === undefined) {
      files.push({ ...row, wrong });
      wrong = [];
    } else totals = row;
  }
  if (totals === undefined) return { files, failed: true };
  const ranked = new Set(totals.ranked);
  return {
    files,
    real: variables.size,
    ranked: ranked.size,
    unranked: [...variables].filter((key) => !ranked.has(key)),
    compared: request.compared - left,
    seconds: totals.seconds,
    megabytes: totals.megabytes,
  };
}

/** What a root found by itself says of the recorded inputs, where they fit the input that was guessed for it. */
function differences(record, answer) {
  const [input] = answer.input;
  if (answer.input.length !== 1 || !Array.isArray(input)) return { runs: 0, found: [] };
  const found = [];
  let runs = 0;
  for (const run of record.runs) {
    const [given] = run.input;
    if (run.input.length !== 1 || !Array.isArray(given) || given.length !== input.length) continue;
    if (input.some((size, axis) => typeof size === "number" && size !== given[axis])) continue;
    runs++;
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
  return { runs, found };
}

async function filesBelow(folder) {
  const names = await readdir(folder, { recursive: true });
  return names
    .filter((name) => name.endsWith(".py"))
    .toSorted()
    .map((name) => path.join(folder, name));
}

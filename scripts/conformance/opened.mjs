// Packages as a user opens them: every file's own roots, with neither model nor input given.

import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { inRoot } from "../lib/paths.mjs";
import { bundleOf } from "./bundle.mjs";
import { corpus } from "./corpus.mjs";
import { SETS } from "./sets.mjs";

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
    const request = { bundle, folder, pythonPath, files, sets: sharing, compared: COMPARED, timeout: TIMEOUT };
    yield { name, partial: files.length !== all.length || match !== "", ...(await run(request)) };
  }
}

async function run(request) {
  const worker = inRoot("scripts", "conformance", "opened-package.mjs");
  const child = spawn(process.execPath, [worker, JSON.stringify(request)], { stdio: ["ignore", "pipe", "inherit"] });
  const rows = [];
  for await (const line of createInterface({ input: child.stdout })) rows.push(JSON.parse(line));
  const totals = rows.at(-1);
  return totals?.seconds === undefined ? { files: rows, failed: true } : { files: rows.slice(0, -1), ...totals };
}

async function filesBelow(folder) {
  const names = await readdir(folder, { recursive: true });
  return names
    .filter((name) => name.endsWith(".py"))
    .toSorted()
    .map((name) => path.join(folder, name));
}

// Records which operators published residual networks reach: `node scripts/reached.mjs` writes
// test/data/run/reached.json, each operator with one model that reaches it. A test holds that the preview runs them all.

import { writeFile } from "node:fs/promises";
import path from "node:path";
import { modelsOf, sourcesOf } from "./conformance/sets.mjs";
import { inRoot } from "./lib/paths.mjs";
import { step } from "./lib/progress.mjs";
import { loadPrograms } from "./runtime/programs.mjs";

const SETS = ["torchvision", "timm-residual", "pytorchcv"];

const { operatorsOf } = await loadPrograms();
const reached = new Map();
const counts = [];
for (const set of SETS)
  await step(set, async () => {
    const { sourceOf, pythonPath } = await sourcesOf(set);
    const models = await modelsOf(set);
    let followed = 0;
    for (const { file, model, input } of models) {
      const folder = sourceOf(file);
      const operators = operatorsOf(path.join(folder, file), model, input, [folder, ...pythonPath]);
      if (operators === undefined) continue;
      followed++;
      for (const op of operators) if (!reached.has(op)) reached.set(op, `${file} ${model}`);
    }
    counts.push(`${set}: ${followed} of ${models.length} models`);
  });
const sorted = Object.fromEntries([...reached].sort(([a], [b]) => (a < b ? -1 : 1)));
await writeFile(
  inRoot("test/data/run/reached.json"),
  `${JSON.stringify({ models: counts, operators: sorted }, null, 1)}\n`,
);
console.log(`${reached.size} operators; ${counts.join(", ")}`);

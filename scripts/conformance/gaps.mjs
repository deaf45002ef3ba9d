// What is not understood yet of published packages, without any truth: the work list of the interpreter.
//
//   npm run conformance -- --gaps timm-residual            all its models
//   npm run conformance -- --gaps timm --match 'swin|vit'  those whose file or expression matches
//   npm run conformance -- --gaps pytorchcv --every 10     each file's first and each tenth after it
//   npm run conformance -- --gaps timm --verbose           each model's line, and every reason

import path from "node:path";
import { duration } from "../lib/progress.mjs";
import { batch } from "./batch.mjs";
import { modelsOf, namedBelow, sampled, sourcesOf } from "./sets.mjs";

const MOST_REASONS = 40;
const SLOWEST = 5;

/**
 * Analyzes a set's models and prints how many are fully understood, gaps by reason, errors, crashes and the slowest.
 *
 * @param {string} name
 * @param {readonly string[]} command
 * @param {{ match?: string, every?: string, verbose?: boolean, timeout: number }} options
 */
export async function gaps(name, command, { match, every = "1", verbose = false, timeout }) {
  const { folders, sourceOf, pythonPath } = await sourcesOf(name);
  const nameOf = namedBelow(folders);
  const chosen = sampled(await modelsOf(name), { match, every: Number(every) });
  const server = batch(command);
  const reasons = new Map();
  const errors = new Map();
  const rows = [];
  for (const { file, model, input } of chosen) {
    const source = sourceOf(file);
    const request = {
      command: "shapes",
      file: path.join(source, file),
      model,
      input,
      path: [source],
      pythonPath,
      timeout,
    };
    const answer = await server.ask(request);
    const where = ({ file: at, line }) => `${nameOf(at ?? "?")}:${line ?? "?"}`;
    const note = (map, key, at) => {
      const old = map.get(key) ?? { models: new Set(), at, first: model };
      map.set(key, { ...old, models: old.models.add(`${file} ${model}`) });
    };
    for (const gap of answer.gaps ?? []) note(reasons, gap.reason, where(gap));
    if (answer.error !== undefined) note(errors, `FAILED ${answer.error}`, file);
    for (const one of answer.diagnostics ?? [])
      if (one.severity === "error") note(errors, `[${one.code}] ${one.message}`, where(one));
    const whole = answer.status === "ok" && (answer.gaps ?? []).length === 0 && !vague(answer.output);
    const outputs = (answer.modules ?? []).flatMap((row) => row.outputs);
    const known = outputs.filter((shape) => !vague(shape)).length;
    rows.push({ file, model, whole, ms: answer.ms, answer: answer.status ?? "failed", known, all: outputs.length });
    if (verbose)
      console.log(
        `${whole ? "✓" : " "} ${file} ${model}: ${answer.status ?? answer.error}, ${known} of ${outputs.length} module outputs, ${duration(answer.ms)}${whole ? "" : `  ${answer.gaps?.[0]?.reason ?? ""}`}`,
      );
  }
  server.close();

  const whole = rows.filter((row) => row.whole).length;
  const times = rows.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const timeOf = (row) => `${row.model} ${Math.round(row.ms)} ms`;
  console.log(
    `${name}: ${whole} of ${rows.length} models fully understood, median ${Math.round(times[times.length >> 1] ?? 0)} ms`,
  );
  console.log(
    `slowest: ${rows
      .toSorted((a, b) => b.ms - a.ms)
      .slice(0, SLOWEST)
      .map(timeOf)
      .join(", ")}`,
  );
  printCounts("errors and crashes (none is right on this code)", errors, verbose);
  printCounts("gaps", reasons, verbose);
  const open = [...groupBy(rows)].map(([file, all]) => [file, all.filter((row) => !row.whole).length, all.length]);
  const lines = open.filter(([, count]) => count !== 0).toSorted((a, b) => b[1] - a[1]);
  if (lines.length !== 0)
    console.log(
      `files not fully understood:\n  ${lines.map(([file, count, all]) => `${path.basename(file, ".py")} ${count}/${all}`).join(", ")}`,
    );
}

function printCounts(title, map, all) {
  if (map.size === 0) return;
  console.log(`${title}, by count of models:`);
  const sorted = [...map].toSorted(([, a], [, b]) => b.models.size - a.models.size);
  const shown = all ? sorted : sorted.slice(0, MOST_REASONS);
  for (const [reason, { models, at, first }] of shown)
    console.log(`  ${String(models.size).padStart(4)} × ${reason}   (${at}, ${first})`);
  if (shown.length < sorted.length) console.log(`  … ${sorted.length - shown.length} more`);
}

function groupBy(rows) {
  const groups = new Map();
  for (const row of rows) groups.set(row.file, [...(groups.get(row.file) ?? []), row]);
  return groups;
}

function vague(shape) {
  return shape === undefined || shape === null || JSON.stringify(shape).includes('"?"');
}

// One package as a user opens it, in a process of its own, so that its memory is its own: every file is checked, as
// `resnet-lens check FOLDER` does. Reads a request as JSON from stdin; prints a line of JSON for what the recorded roots
// give, for each file, and one for all.

import { createRequire } from "node:module";
import path from "node:path";
import { text } from "node:stream/consumers";
import { setFlagsFromString } from "node:v8";

const request = JSON.parse(await text(process.stdin));
const { checkFiles, createAnalyzer, diagnosticsJson, diskFiles, FRUGAL_HEAP, namesOf, shapesJson, varsJson } =
  createRequire(import.meta.url)(request.bundle);
setFlagsFromString(FRUGAL_HEAP);

const { folder, pythonPath, files, compared } = request;
const nameOf = (file) => path.relative(folder, file).replaceAll("\\", "/");
const names = namesOf(diskFiles.read, nameOf);

const recorded = new Set(request.recorded);
const real = new Set(request.real);
const ranked = new Set();
let left = compared;
const watch = (analysis) => {
  for (const run of [analysis.symbolic, analysis.concrete])
    for (const [file, observations] of run?.observations ?? [])
      for (const row of varsJson(file, observations, names)) {
        const key = `${row.file}:${row.line} ${row.variable}`;
        if (real.has(key) && row.shapes.some(isRanked)) ranked.add(key);
      }
  const key = `${nameOf(analysis.root.file)} ${analysis.root.model}`;
  if (left <= 0 || !recorded.has(key)) return;
  left--;
  print({ recorded: key, answer: shapesJson(analysis, names) });
};

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
  print({ file: nameOf(report.file), ms: (user + system) / 1000, roots, diagnostics });
}
const cpu = process.cpuUsage();
print({
  ranked: [...ranked],
  seconds: (cpu.user + cpu.system) / 1e6,
  megabytes: Math.round(process.resourceUsage().maxRSS / 1024),
});

function print(row) {
  process.stdout.write(`${JSON.stringify(row)}\n`);
}

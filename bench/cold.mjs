// One fresh process: `cold.mjs BUNDLE CORPUS MODEL` analyzes one root and prints CPU times of the whole process, in
// milliseconds; with `parse` in place of MODEL and the files after it, it only parses them; with `nothing`, it loads.

import { readFileSync } from "node:fs";
import { cpu, files, INPUT, load, options, resnetFile } from "./subject.mjs";

const [bundle, corpus, model, ...texts] = process.argv.slice(2);
const { createAnalyzer, parsePython } = load(bundle);
const loaded = process.cpuUsage();
const disk = files();
let status;
if (model === "parse") for (const file of texts) parsePython(readFileSync(file, "utf8"));
else if (model !== "nothing") {
  const analysis = createAnalyzer(disk, options(corpus)).analyzeModel(resnetFile(corpus), model, INPUT);
  status = analysis.status;
}
console.log(JSON.stringify({ total: cpu(), work: cpu(loaded), status, opened: [...disk.opened] }));

// One process that has analyzed other files: `warm.mjs BUNDLE CORPUS SAMPLES` prints one JSON line a measurement,
// `{ name, samples }`, CPU milliseconds each.

import { readFileSync } from "node:fs";
import path from "node:path";
import { cpu, files, INPUT, load, options, resnetFile } from "./subject.mjs";

const [bundle, corpus, count] = process.argv.slice(2);
const SAMPLES = Number(count);
const { createAnalyzer, parsePython } = load(bundle);
const overlay = new Map();
const file = resnetFile(corpus);
const original = readFileSync(file, "utf8");
const analyzer = createAnalyzer(files(overlay), options(corpus));
const OTHERS = { alexnet: "alexnet()", vgg: "vgg19()", squeezenet: "squeezenet1_1()", densenet: "densenet121()" };
let edition = 0;

for (const [name, model] of Object.entries(OTHERS)) analyzer.analyzeModel(sibling(name), model, INPUT);

for (const model of ["resnet18()", "resnet50()", "resnet152()"]) {
  measure(
    `${model}, parse`,
    () => renewed(),
    (text) => parsePython(text),
  );
  measure(
    `${model}, total`,
    () => replace(renewed()),
    () => analyzer.analyzeModel(file, model, INPUT),
  );
}

// Each literal is written anew each time, and means the same.
const LITERALS = {
  "BasicBlock.__init__": ["if dilation > 1:", (k) => `if dilation > 1 + 0 * ${k}:`],
  forward: ["x = torch.flatten(x, 1)", (k) => `x = torch.flatten(x, 1 + 0 * ${k})`],
  _make_layer: ["for _ in range(1, blocks):", (k) => `for _ in range(1 + 0 * ${k}, blocks):`],
};
for (const [place, [old, literal]] of Object.entries(LITERALS)) {
  if (original.split(old).length !== 2) throw new Error(`not once in resnet.py: ${old}`);
  for (const [scope, wanted] of [
    ["resnet50", (root) => root.model === "resnet50()"],
    ["all ten", () => true],
  ]) {
    replace(original);
    diagnose(wanted);
    measure(
      `edit in ${place}, ${scope}`,
      () => replace(original.replace(old, literal(++edition))),
      () => diagnose(wanted),
    );
  }
}

function diagnose(wanted) {
  const roots = analyzer.roots(file).filter(wanted);
  if (roots.length === 0) throw new Error("no root found in resnet.py");
  return analyzer.report(
    file,
    roots.map((root) => analyzer.analyze(root)),
  );
}

function measure(name, prepare, work) {
  const samples = [];
  for (let i = 0; i < SAMPLES; i++) {
    const given = prepare();
    const before = process.cpuUsage();
    work(given);
    samples.push(cpu(before));
  }
  console.log(JSON.stringify({ name, samples }));
}

/** The file with every top-level statement's first line different from all before, and the same meaning. */
function renewed() {
  edition++;
  return original.replace(/^[^\s#@"'].*$/gm, (line) => `${line}  # ${edition}`);
}

function replace(text) {
  overlay.set(file, text);
  analyzer.changed(file);
}

function sibling(name) {
  return path.join(path.dirname(file), `${name}.py`);
}

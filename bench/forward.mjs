// Times a ResNet-18 forward pass (1×3×224×224) in Node against PyTorch's recorded logits, which
// `scripts/truth/record_run.py --full` writes below .cache/truth/run. Usage: node bench/forward.mjs [wasm|cpu] [runs]
import { readFile } from "node:fs/promises";
import { loadBundled } from "../scripts/build/loaded.mjs";
import { tfjsParts } from "../scripts/build/tfjs.mjs";
import { inRoot } from "../scripts/lib/paths.mjs";

const [kind = "wasm", runs = "5"] = process.argv.slice(2);
const runtime = await loadBundled("bench/preview/subject.ts", "bench/preview", tfjsParts);
const file = (suffix) => readFile(inRoot(".cache/truth/run", `resnet18.${suffix}`));
const program = JSON.parse(await file("program.json"));
const stages = JSON.parse(await file("stages.json"));
const loaded = await runtime.loadCheckpoint(await file("safetensors"));
if (loaded.kind === "refused") throw new Error(JSON.stringify(loaded));
const { values } = runtime.prepare(program, loaded.weights, 0);
const input = runtime.readNpy(await file("input.npy")).data;
const wasm = await readFile(inRoot("node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm"));
const { backend, reason } = await runtime.startBackend(kind, { wasm, plain: runtime.PLAIN });
if (backend === undefined) throw new Error(JSON.stringify(reason));
const model = runtime.openModel(backend, program, values);

const megabytes = () => Math.round(process.memoryUsage().rss / 1e6);
console.log(`${kind}, ${megabytes()} MB before`);
for (let i = 0; i < Number(runs); i++) {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const { output, stop, checked } = await runtime.execute(model, [input]);
  if (stop !== undefined || 0 < checked.length) throw new Error(JSON.stringify({ stop, checked }));
  const { user, system } = process.cpuUsage(cpu);
  const expected = floats(stages[""].data);
  const top = expected.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  const off = expected.reduce((a, b, k) => Math.max(a, Math.abs(b - output.data[k])), 0) / top;
  const ms = `${Math.round(performance.now() - start)} ms, ${Math.round((user + system) / 1000)} ms of CPU`;
  console.log(`run ${i + 1}: ${ms}, ${megabytes()} MB, logits ${off.toExponential(1)} off`);
}
const all = await runtime.execute(model, [input], { taps: Object.keys(stages), statistics: true });
for (const [path, { own, data }] of Object.entries(stages)) {
  const expected = floats(data);
  const top = expected.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  const off = expected.reduce((a, b, k) => Math.max(a, Math.abs(b - all.taps.get(path).data[k])), 0) / top;
  console.log(`${path.padEnd(20)} ${off.toExponential(1)}, PyTorch's own ${own.toExponential(1)}`);
}

function floats(base64) {
  return new Float32Array(new Uint8Array(Buffer.from(base64, "base64")).buffer);
}

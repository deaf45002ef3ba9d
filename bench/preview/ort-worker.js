// onnxruntime-web on one thread of WebAssembly, in a worker.
/* global ort, importScripts */
importScripts("/ort.wasm.min.js");

let session;

const answers = {
  async start() {
    ort.env.wasm.numThreads = 1;
    ort.env.wasm.wasmPaths = `${location.origin}/`;
  },
  async load({ folder }) {
    const bytes = new Uint8Array(await (await fetch(`${folder}/model.onnx`)).arrayBuffer());
    session = await ort.InferenceSession.create(bytes, { executionProviders: ["wasm"], graphOptimizationLevel: "all" });
  },
  async run({ inputs: [input] }) {
    const x = new ort.Tensor("float32", input, [1, 3, 224, 224]);
    const results = await session.run({ [session.inputNames[0]]: x });
    return { result: { output: { data: results[session.outputNames[0]].data } } };
  },
};

addEventListener("message", async ({ data }) => {
  try {
    postMessage({ id: data.id, kind: data.kind, ...(await answers[data.kind](data)) });
  } catch (error) {
    postMessage({ id: data.id, kind: "error", reason: String(error?.stack ?? error) });
  }
});

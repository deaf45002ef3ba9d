// A TensorFlow.js GraphModel in a worker, as a user of the whole library runs one.
/* global tf, importScripts */
importScripts("/tf.min.js", "/tf-backend-wasm.min.js");

let model;

const answers = {
  async start({ backend }) {
    tf.wasm.setWasmPaths("/");
    tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
    // Without it a software renderer is refused.
    if (backend === "webgl") tf.env().set("SOFTWARE_WEBGL_ENABLED", true);
    if (!(await tf.setBackend(backend))) throw new Error(`no ${backend}`);
    await tf.ready();
  },
  async load({ folder }) {
    const { topology, signature, specs } = await (await fetch(`${folder}/graph.json`)).json();
    const weightData = await (await fetch(`${folder}/weights.bin`)).arrayBuffer();
    const artifacts = { modelTopology: topology, signature, weightSpecs: specs, weightData };
    model = await tf.loadGraphModel({ load: async () => artifacts });
  },
  async run({ inputs: [input] }) {
    const [n, c, h, w] = [1, 3, 224, 224];
    // The picture arrives in PyTorch's order, as ours does.
    const x = tf.tidy(() => tf.transpose(tf.tensor4d(input, [n, c, h, w]), [0, 2, 3, 1]));
    const y = model.execute(x);
    const data = await y.data();
    tf.dispose([x, y]);
    return { result: { output: { data } } };
  },
  async memory() {
    const { numTensors, numBytes, numBytesInGPUAllocated } = tf.memory();
    return { tensors: numTensors, bytes: numBytes, allocated: numBytesInGPUAllocated, peak: 0 };
  },
};

addEventListener("message", async ({ data }) => {
  try {
    postMessage({ id: data.id, kind: data.kind, ...(await answers[data.kind](data)) });
  } catch (error) {
    postMessage({ id: data.id, kind: "error", reason: String(error?.stack ?? error) });
  }
});

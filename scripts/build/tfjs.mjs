import { inRoot } from "../lib/paths.mjs";

/**
 * Bundles only the parts of TensorFlow.js that `src/runtime` names: its packages import `@tensorflow/tfjs-core` whole,
 * whose index registers every gradient and chained method. The threaded WebAssembly build is left out, since it hangs
 * under a strict content policy and starting it is never tried.
 *
 * @type {import("esbuild").Plugin}
 */
export const tfjsParts = {
  name: "tfjs-parts",
  setup(build) {
    build.onResolve({ filter: /^@tensorflow\/tfjs-core$/ }, () => ({
      path: inRoot("node_modules/@tensorflow/tfjs-core/dist/base.js"),
      sideEffects: false,
    }));
    build.onResolve({ filter: /wasm-out\/tfjs-backend-wasm-threaded-simd(\.worker)?\.js$/ }, () => ({
      path: "threaded",
      namespace: "tfjs-left-out",
    }));
    build.onLoad({ filter: /.*/, namespace: "tfjs-left-out" }, () => ({
      contents: 'export default undefined; export const wasmWorkerContents = "";',
    }));
  },
};

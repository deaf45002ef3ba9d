import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm/dist/backend_wasm.js";
import { addConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Add.js";
import { binaryKernelFunc } from "@tensorflow/tfjs-backend-webgl/dist/kernel_utils/kernel_funcs_utils.js";
import { ENGINE } from "@tensorflow/tfjs-core/dist/engine.js";
import type { KernelConfig } from "@tensorflow/tfjs-core/dist/kernel_registry.js";

/** A kernel of our own: a sum that ends with a ReLU, of two float32 tensors that broadcast. */
export const ADD_RELU = "AddRelu";

/** Whether the backend in use has the kernels of this file. */
export function hasOwnKernels(): boolean {
  return ENGINE.backendName !== "cpu";
}

/** One shader. NaN stays NaN, −∞ becomes 0. */
export const WEBGL_OWN: readonly KernelConfig[] = [
  {
    kernelName: ADD_RELU,
    backendName: "webgl",
    kernelFunc: binaryKernelFunc({
      opSnippet: "float sum = a + b; return sum < 0. ? 0. : sum;",
      packedOpSnippet: "vec4 sum = a + b; return mix(sum, vec4(0.), lessThan(sum, vec4(0.)));",
    }),
  },
];

/** Element type of the binary's unary kernels: float32. */
const FLOAT32 = 0;
let relu: (x: number, dtype: number, out: number) => void = () => undefined;

/** The ReLU is made in the sum's own memory: the binary has no kernel for both. */
export const WASM_OWN: readonly KernelConfig[] = [
  {
    kernelName: ADD_RELU,
    backendName: "wasm",
    setupFunc: (backend) => {
      // The declaration leaves out what every Emscripten module has.
      const wasm = (backend as BackendWasm).wasm as unknown as { readonly cwrap: (...of: unknown[]) => typeof relu };
      relu = wasm.cwrap("Relu", null, ["number", "number", "number"]);
    },
    kernelFunc: (given) => {
      const sum = addConfig.kernelFunc(given);
      if (Array.isArray(sum)) throw new Error("a sum is one tensor");
      const id = (given.backend as BackendWasm).dataIdMap.get(sum.dataId).id;
      if (!sum.shape.includes(0)) relu(id, FLOAT32, id);
      return sum;
    },
  },
];

import { ENGINE } from "@tensorflow/tfjs-core/dist/engine.js";

/** Tensors that are alive on any backend. */
export function deviceMemory(): number {
  return ENGINE.memory().numTensors;
}

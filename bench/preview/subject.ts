/** What the benches of the preview need of our own code, bundled for Node. */
export { startBackend } from "../../src/runtime/backends.ts";
export { derivedValues } from "../../src/runtime/derived.ts";
export { execute } from "../../src/runtime/execute.ts";
export { fold } from "../../src/runtime/fold.ts";
export { openModel } from "../../src/runtime/model.ts";
export { PLAIN } from "../../src/runtime/plain.ts";
export { prepare } from "../../src/runtime/prepare.ts";
export { loadCheckpoint } from "../../src/weights/load.ts";
export { readNpy } from "../../src/weights/npy.ts";

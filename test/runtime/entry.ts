/** What the tests drive, bundled as the command line bundles it. */
export { chooseBackend, startBackend } from "../../src/runtime/backends.ts";
export { compareModes } from "../../src/runtime/compare.ts";
export { execute, readKept } from "../../src/runtime/execute.ts";
export { closeModel, openModel } from "../../src/runtime/model.ts";
export { serve } from "../../src/runtime/serve.ts";
export { RUNS } from "../../src/runtime/table.ts";
export { UNSUPPORTED } from "../../src/runtime/unsupported.ts";
export { deviceMemory } from "./memory.ts";

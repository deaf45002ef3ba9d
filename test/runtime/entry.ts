/** What the tests drive, bundled as the command line bundles it. */
export { chooseBackend, startBackend } from "../../src/runtime/backends.ts";
export { reversed } from "../../src/runtime/backward.ts";
export { withBatchStatistics } from "../../src/runtime/batch-statistics.ts";
export { besideOf } from "../../src/runtime/beside.ts";
export { compareModes } from "../../src/runtime/compare.ts";
export { execute, readKept } from "../../src/runtime/execute.ts";
export { closeModel, openModel } from "../../src/runtime/model.ts";
export { PLAIN } from "../../src/runtime/plain.ts";
export { serve } from "../../src/runtime/serve.ts";
export { drawnClasses, inputOf, signalOf } from "../../src/runtime/signal.ts";
export { RUNS } from "../../src/runtime/table.ts";
export { UNSUPPORTED } from "../../src/runtime/unsupported.ts";
export { deviceMemory } from "./memory.ts";

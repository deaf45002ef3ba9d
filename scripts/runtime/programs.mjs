import { loadBundled } from "../build/loaded.mjs";
import { parserStubs } from "../build/parser-stubs.mjs";

/** What makes programs of published models. @returns {Promise<typeof import("../../test/parity/program.ts")>} */
export function loadPrograms() {
  return loadBundled("test/parity/program.ts", "runtime/program", parserStubs);
}

import { createRequire } from "node:module";
import { build } from "esbuild";
import { parserStubs } from "../build/parser-stubs.mjs";
import { inRoot } from "../lib/paths.mjs";

/** What makes programs of published models. @returns {Promise<typeof import("../../test/parity/program.ts")>} */
export async function loadPrograms() {
  const outfile = inRoot("out/runtime/program.cjs");
  await build({
    entryPoints: [inRoot("test/parity/program.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    plugins: [parserStubs],
    logLevel: "error",
    logOverride: { "empty-import-meta": "silent" },
  });
  return createRequire(import.meta.url)(outfile);
}

import { build } from "esbuild";
import { parserStubs } from "../scripts/build/parser-stubs.mjs";
import { inRoot } from "../scripts/lib/paths.mjs";

/** Bundles the analyzer as the shipped bundles are, and returns the file. @returns {Promise<string>} */
export async function makeBundle() {
  const outfile = inRoot("out", "bench", "subject.cjs");
  await build({
    stdin: {
      contents: `export { createAnalyzer } from "./src/analyzer.ts"; export { parsePython } from "./src/syntax/python/parse.ts";`,
      resolveDir: inRoot(),
      loader: "ts",
    },
    outfile,
    bundle: true,
    minify: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    plugins: [parserStubs],
    logLevel: "warning",
  });
  return outfile;
}

import { mkdir } from "node:fs/promises";
import { build } from "esbuild";
import { parserStubs } from "../build/parser-stubs.mjs";
import { inRoot } from "../lib/paths.mjs";

/**
 * Bundles what some source files export, for scripts that need more than the command line gives.
 *
 * @param {string} name
 * @param {Readonly<Record<string, readonly string[]>>} exported by file, from the repository's root
 * @returns {Promise<string>} the CommonJS file
 */
export async function bundleOf(name, exported) {
  const outfile = inRoot("out", "conformance", `${name}.cjs`);
  await mkdir(inRoot("out", "conformance"), { recursive: true });
  const contents = Object.entries(exported)
    .map(([file, names]) => `export { ${names.join(", ")} } from "./${file}";`)
    .join("\n");
  await build({
    stdin: { contents, resolveDir: inRoot(), loader: "ts" },
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    plugins: [parserStubs],
    logLevel: "warning",
  });
  return outfile;
}

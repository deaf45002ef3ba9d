import { createRequire } from "node:module";
import path from "node:path";
import { build } from "esbuild";
import { inRoot } from "../lib/paths.mjs";

/**
 * Bundles a file of the repository for Node and loads it: what is bundled with a plugin in the extension cannot be
 * loaded as it stands.
 *
 * @param {string} entry from the repository's root
 * @param {string} name of the bundle below `out`, without an ending
 * @param {import("esbuild").Plugin} plugin
 */
export async function loadBundled(entry, name, plugin) {
  const outfile = inRoot(path.join("out", `${name}.cjs`));
  await build({
    entryPoints: [inRoot(entry)],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    plugins: [plugin],
    logLevel: "error",
    logOverride: { "empty-import-meta": "silent" },
  });
  return createRequire(import.meta.url)(outfile);
}

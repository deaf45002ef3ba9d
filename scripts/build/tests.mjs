import { rm, writeFile } from "node:fs/promises";
import { build } from "esbuild";
import { inRoot } from "../lib/paths.mjs";

/**
 * Compiles one of the suites that do not run in the unit-test runner.
 *
 * @param {"host" | "web" | "e2e"} name
 * @returns {Promise<string>} the compiled entry, an absolute path
 */
export async function compileSuite(name) {
  const folder = inRoot("out/test", name);
  const outfile = `${folder}/index.js`;
  await rm(folder, { recursive: true, force: true });
  await build({
    entryPoints: [inRoot("test", name, "index.ts")],
    outfile,
    absWorkingDir: inRoot(),
    bundle: true,
    sourcemap: "inline",
    logLevel: "warning",
    ...KINDS[name],
  });
  // VS Code loads a suite as CommonJS, whatever the package above says.
  await writeFile(inRoot("out/package.json"), '{ "type": "commonjs" }\n');
  return outfile;
}

/** @type {Record<string, import("esbuild").BuildOptions>} */
const KINDS = {
  host: { platform: "node", format: "cjs", target: "node20", external: ["vscode", "mocha"] },
  web: {
    platform: "browser",
    format: "cjs",
    external: ["vscode"],
    // Mocha asks for Node's `process.stdout` and `path` where it finds no page.
    define: { "process.env.NODE_ENV": '"test"' },
  },
  e2e: { platform: "node", format: "cjs", target: "node20", packages: "external" },
};

/**
 * Prints the catalogue's concrete examples and the grid as JSON, for `record_ops.py`:
 * `node scripts/truth/export-examples.mjs > cases.json`. Examples with symbols stay out: PyTorch has no such input.
 */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const entry = fileURLToPath(new URL("../../test/ops/cases.ts", import.meta.url));
const { outputFiles } = await build({
  entryPoints: [entry],
  bundle: true,
  format: "esm",
  platform: "node",
  write: false,
});
const [bundle] = outputFiles;
const module = await import(`data:text/javascript;base64,${Buffer.from(bundle.contents).toString("base64")}`);
process.stdout.write(JSON.stringify(module.allCases()));

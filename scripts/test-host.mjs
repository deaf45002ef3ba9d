// Runs test/host inside a real VS Code's extension host.
import path from "node:path";
import { parseArgs } from "node:util";
import { compileSuite } from "./build/tests.mjs";
import { runHostSuite } from "./host/suite.mjs";
import { inRoot, ROOT } from "./lib/paths.mjs";
import { totalLine } from "./lib/progress.mjs";

const { values } = parseArgs({
  options: { extension: { type: "string", default: ROOT }, workspace: { type: "string", default: "sample" } },
});

const suite = await compileSuite("host");
const result = await runHostSuite({
  extension: path.resolve(values.extension),
  // Stands in for the Python extension, which is not there.
  helpers: [inRoot("test/host/python-stub")],
  workspace: path.resolve(ROOT, values.workspace),
  suite,
});
console.log(totalLine(result));
process.exit(result.failed === 0 ? 0 : 1);

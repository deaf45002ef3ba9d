// Runs test/web inside the extension host of VS Code for the web.
import path from "node:path";
import { parseArgs } from "node:util";
import { compileSuite } from "./build/tests.mjs";
import { runWebSuite } from "./host/web.mjs";
import { ROOT } from "./lib/paths.mjs";
import { totalLine } from "./lib/progress.mjs";

const { values } = parseArgs({ options: { extension: { type: "string", default: ROOT } } });

const result = await runWebSuite({ extension: path.resolve(values.extension), suite: await compileSuite("web") });
console.log(totalLine(result));
process.exit(result.failed === 0 ? 0 : 1);

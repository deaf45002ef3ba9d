// Runs the unit tests. Arguments are passed on: a path or `-t NAME` runs a part of them.
import { readFile, rm } from "node:fs/promises";
import { findBrowser } from "./host/browser.mjs";
import { inRoot } from "./lib/paths.mjs";
import { run, tool } from "./lib/process.mjs";
import { totalLine } from "./lib/progress.mjs";

const results = inRoot("out/vitest.json");
await rm(results, { force: true });
const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${results}`];
// Some tests open a page: they take the browser that CHROME_PATH names.
const { executablePath, env: browserEnv } = await findBrowser();
const env = { ...browserEnv, CHROME_PATH: executablePath };
const { code } = await run(tool("vitest/vitest.mjs", "run", ...reporters, ...process.argv.slice(2)), { env });
const { numPassedTests: passed, numFailedTests } = JSON.parse(await readFile(results, "utf8"));
// A file that does not load has no failed test, but the run has failed.
const failed = code === 0 ? numFailedTests : Math.max(numFailedTests, 1);
console.log(totalLine({ passed, failed }));
process.exit(failed === 0 ? 0 : 1);

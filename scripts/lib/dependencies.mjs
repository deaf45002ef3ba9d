import { readFile } from "node:fs/promises";
import { inRoot } from "./paths.mjs";
import { need, npm } from "./process.mjs";
import { step } from "./progress.mjs";

/** Installs the packages that the lockfile names, unless they lie there already. */
export async function installDependencies() {
  if (await isInstalled()) return;
  // No package here needs its install script, and some of them would download from elsewhere or compile.
  await step("installing npm packages", () => need(npm("ci", "--ignore-scripts", "--no-audit", "--no-fund")));
}

/** Whether `node_modules` holds every package of the lockfile in its version. */
async function isInstalled() {
  const wanted = await lockedPackages("package-lock.json");
  const found = await lockedPackages("node_modules/.package-lock.json").catch(() => ({}));
  return Object.entries(wanted).every(
    ([name, { version, optional, link }]) => name === "" || optional || link || found[name]?.version === version,
  );
}

async function lockedPackages(file) {
  return JSON.parse(await readFile(inRoot(file), "utf8")).packages;
}

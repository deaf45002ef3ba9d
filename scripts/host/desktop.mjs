import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { CACHE } from "../lib/paths.mjs";
import { onExit, start } from "../lib/process.mjs";
import { isResultLine, suiteResult } from "./results.mjs";
import { DESKTOP } from "./versions.mjs";

/** How long the download server may take to answer, in milliseconds. */
const ANSWER_LIMIT = 4_000;

const DOWNLOADS = "https://update.code.visualstudio.com";

/**
 * Which desktop VS Code the integration suite can use here.
 *
 * @returns {Promise<{ executable: string, reason: string } | { executable: undefined, reason: string }>} an empty
 * `executable` means: let test-electron download one
 */
export async function findDesktop() {
  const chosen = process.env.VSCODE_EXECUTABLE_PATH;
  if (chosen) {
    if (!existsSync(chosen)) throw new Error(`VSCODE_EXECUTABLE_PATH names no file: ${chosen}`);
    return { executable: chosen, reason: "VSCODE_EXECUTABLE_PATH" };
  }
  if (process.platform === "linux" && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    return { executable: undefined, reason: "no display for a desktop VS Code" };
  const platform = { linux: "linux", darwin: "darwin", win32: "win32" }[process.platform] ?? process.platform;
  const archive = `${DOWNLOADS}/${DESKTOP}/${platform}-${process.arch}${platform === "win32" ? "-archive" : ""}/stable`;
  try {
    // Follows the redirect: the file itself lies on another server.
    const { ok, status } = await fetch(archive, { method: "HEAD", signal: AbortSignal.timeout(ANSWER_LIMIT) });
    if (ok) return { executable: "", reason: `VS Code ${DESKTOP}, downloaded` };
    return { executable: undefined, reason: `the VS Code download answers ${status}` };
  } catch {
    return { executable: undefined, reason: "the VS Code download cannot be reached" };
  }
}

/**
 * Runs a compiled suite in a desktop VS Code, in a process of its own so that its output can be read.
 *
 * @param {{ executable: string, extension: string, helpers: readonly string[], suite: string, workspace: string }} options absolute paths
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runSuiteInDesktop(options) {
  const home = await mkdtemp(path.join(tmpdir(), "lens-"));
  const { child } = start([process.execPath, fileURLToPath(import.meta.url), JSON.stringify({ ...options, home })], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const discard = onExit(() => {});
  const lines = [];
  let rest = "";
  child.stdout.on("data", (chunk) => {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop() ?? "";
    for (const line of parts) {
      lines.push(line);
      if (!isResultLine(line)) console.log(line);
    }
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  discard();
  await rm(home, { recursive: true, force: true });
  return suiteResult(lines, code ?? 1);
}

async function main({ executable, extension, helpers, suite, workspace, home }) {
  const { runTests } = await import("@vscode/test-electron");
  await runTests({
    ...(executable
      ? { vscodeExecutablePath: executable }
      : { version: DESKTOP, cachePath: path.join(CACHE, "desktop") }),
    extensionDevelopmentPath: [extension, ...helpers],
    extensionTestsPath: suite,
    launchArgs: [
      workspace,
      "--user-data-dir",
      home,
      "--disable-extensions",
      "--disable-workspace-trust",
      "--disable-gpu",
    ],
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(JSON.parse(process.argv[2]));

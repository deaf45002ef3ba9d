// Installs what is missing, builds, and opens the extension on the sample workspace: in a desktop VS Code if there is
// one, else in one that runs here and is used in the browser. Until the packages are installed only Node's own modules
// may be imported here.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { startCodeServer } from "./host/code-server.mjs";
import { installDependencies } from "./lib/dependencies.mjs";
import { inRoot, ROOT } from "./lib/paths.mjs";
import { need } from "./lib/process.mjs";
import { step } from "./lib/progress.mjs";

const SAMPLE = inRoot("sample");

await installDependencies();
await step("building", () => need([process.execPath, inRoot("scripts/build.mjs")]));
const desktop = process.env.VSCODE_EXECUTABLE_PATH ?? onPath("code");
if (desktop) openDesktop(desktop);
else await openInBrowser();

function openDesktop(program) {
  const asRoot = process.getuid?.() === 0 ? ["--no-sandbox", "--user-data-dir", inRoot(".cache/desktop-user")] : [];
  const args = ["--new-window", `--extensionDevelopmentPath=${ROOT}`, ...asRoot, SAMPLE];
  const shell = program.endsWith(".cmd");
  const quoted = shell ? args.map((arg) => `"${arg}"`) : args;
  spawn(shell ? `"${program}"` : program, quoted, { shell, detached: true, stdio: "ignore" }).unref();
  console.log(`opened the sample in ${program}`);
}

async function openInBrowser() {
  const { buildVsix } = await import("./build/vsix.mjs");
  const vsix = await buildVsix(ROOT);
  const { url, version, exited } = await step("starting VS Code", () => startCodeServer({ extensions: [vsix] }));
  const address = `${url}?${new URLSearchParams({ folder: SAMPLE })}`;
  console.log(`\nVS Code (code-server ${version}) with ResNet Lens on the sample:\n\n  ${address}\n`);
  console.log("Press Ctrl+C to stop it.");
  openAddress(address);
  await exited;
}

/** Opens the user's browser where there is a desktop; the printed address is enough where there is none. */
function openAddress(address) {
  const opener = { darwin: "open", linux: "xdg-open" }[process.platform];
  if (opener === undefined) return;
  if (process.platform === "linux" && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return;
  const child = spawn(opener, [address], { detached: true, stdio: "ignore" });
  child.on("error", () => {});
  child.unref();
}

function onPath(name) {
  const names = process.platform === "win32" ? [`${name}.cmd`, `${name}.exe`] : [name];
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  return folders.flatMap((folder) => names.map((each) => path.join(folder, each))).find((file) => existsSync(file));
}

import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { need, onExit, start } from "../lib/process.mjs";
import { installCodeServer } from "./install.mjs";

/** How long code-server may take until it answers, in milliseconds; a busy machine takes 20 s. */
const START_LIMIT = 180_000;

/**
 * A code-server in a home of its own, which is deleted at the end.
 *
 * @param {{ settings?: object, extensions?: readonly string[], trusted?: boolean, testable?: boolean,
 * folders?: readonly string[], env?: NodeJS.ProcessEnv }} options
 * `extensions`: `.vsix` files to install; `folders`: unpacked extensions that are there from the start; `trusted`: whether folders are; `testable`: lets the page name a test suite to run
 * @returns {Promise<{ url: string, authority: string, version: string, log: () => string,
 * exited: Promise<unknown>, stop: () => void }>}
 */
export async function startCodeServer({
  settings = {},
  extensions = [],
  folders: unpacked = [],
  trusted = true,
  testable = false,
  env = {},
} = {}) {
  const { node, entry, version } = await installCodeServer();
  // Short, since sockets lie below it and their paths are limited to about 100 characters.
  const home = mkdtempSync(path.join(tmpdir(), "lens-"));
  const discard = onExit(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));
  mkdirSync(path.join(home, "User"));
  writeFileSync(
    path.join(home, "User/settings.json"),
    JSON.stringify({ ...QUIET, ...(trusted ? {} : RESTRICTED), ...settings }),
  );
  writeFileSync(path.join(home, "config.yaml"), "");
  const folders = ["--user-data-dir", home, "--extensions-dir", path.join(home, "extensions")];
  for (const folder of unpacked)
    cpSync(folder, path.join(home, "extensions", path.basename(folder)), { recursive: true });
  const environment = { ...withoutNpm(process.env), ...env, HOME: home };
  for (const file of extensions)
    await need([node, entry, ...folders, "--install-extension", file], { env: environment });

  const port = await freePort();
  const { child, stop } = start(
    [
      node,
      entry,
      ...["--config", path.join(home, "config.yaml"), "--auth", "none", "--bind-addr", `127.0.0.1:${port}`],
      ...folders,
      ...["--disable-telemetry", "--disable-update-check", ...(trusted ? ["--disable-workspace-trust"] : [])],
      "--disable-getting-started-override",
      ...(testable ? ["--vscode-option", "enable-smoke-test-driver"] : []),
    ],
    { env: environment, stdio: ["ignore", "pipe", "pipe"] },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      output += chunk;
    });
  await healthy(port, () => {
    if (child.exitCode !== null) throw new Error(`code-server ended with ${child.exitCode}\n${output}`);
  });
  return {
    url: `http://localhost:${port}/`,
    authority: `localhost:${port}`,
    version,
    log: () => output,
    exited: new Promise((resolve) => child.on("exit", resolve)),
    stop: () => {
      stop();
      discard();
    },
  };
}

/** Settings under which nothing but the code stands on the screen. */
const QUIET = {
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.tips.enabled": false,
  "telemetry.telemetryLevel": "off",
  "chat.disableAIFeatures": true,
  "git.enabled": false,
  "security.workspace.trust.enabled": false,
  "extensions.ignoreRecommendations": true,
  "extensions.autoCheckUpdates": false,
  "update.mode": "none",
};

/** A folder that the user has not trusted, with no question asked. */
const RESTRICTED = {
  "security.workspace.trust.enabled": true,
  "security.workspace.trust.startupPrompt": "never",
  "security.workspace.trust.banner": "never",
};

/** npm's variables would reach the extension host's processes. */
function withoutNpm(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^npm_|^VSCODE_|^ELECTRON_/i.test(name)));
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function healthy(port, check) {
  const end = performance.now() + START_LIMIT;
  while (performance.now() < end) {
    check();
    const response = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`code-server did not answer within ${START_LIMIT / 1000} s`);
}

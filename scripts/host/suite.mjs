import { startCodeServer } from "./code-server.mjs";
import { findDesktop, runSuiteInDesktop } from "./desktop.mjs";
import { runSuiteInPage } from "./page-suite.mjs";

/**
 * Runs a compiled mocha suite inside the extension host of the best VS Code that this machine can have, and says first
 * which one that is. Without any it fails.
 *
 * @param {{ extension: string, helpers: readonly string[], suite: string, workspace: string }} options
 * absolute paths; `helpers`: other extensions that the suite needs
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runHostSuite(options) {
  const { executable, reason } = await findDesktop();
  if (executable !== undefined) {
    console.log(`host: desktop VS Code (${reason})`);
    return runSuiteInDesktop({ ...options, executable });
  }
  const { helpers } = options;
  const server = await startCodeServer({ testable: true, folders: helpers }).catch((error) => {
    throw new Error(`no VS Code to run the suite in: ${reason}; code-server: ${error.message}`);
  });
  console.log(`host: code-server ${server.version} (${reason})`);
  try {
    return await runSuiteInPage(suiteAddress(server, options));
  } catch (error) {
    console.log(server.log().slice(-4_000));
    throw error;
  } finally {
    server.stop();
  }
}

function suiteAddress({ url, authority }, { extension, suite, workspace }) {
  const remote = (file) => `vscode-remote://${authority}${file}`;
  const payload = [
    ["extensionDevelopmentPath", remote(extension)],
    ["extensionTestsPath", remote(suite)],
    ["skipWelcome", "true"],
  ];
  return `${url}?${new URLSearchParams({ folder: workspace, payload: JSON.stringify(payload) })}`;
}

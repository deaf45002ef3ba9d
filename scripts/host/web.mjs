import { readFile } from "node:fs/promises";
import path from "node:path";
import { serveFolders } from "../lib/static-server.mjs";
import { installCodeWeb } from "./install.mjs";
import { runSuiteInPage } from "./page-suite.mjs";
import { CODE_WEB } from "./versions.mjs";

/** A suite must seem to lie in the extension's folder, or no extension host takes it. */
const SUITE = "/ext/out/test/web/";

/**
 * Runs a compiled suite in the extension host of a VS Code that is nothing but a page: no server, no files.
 *
 * @param {{ extension: string, suite: string }} options the extension's folder and the suite's entry, absolute paths
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runWebSuite({ extension, suite }) {
  const web = await installCodeWeb();
  const index = await readFile(path.join(web, "index.html"), "utf8");
  const { port, stop } = await serveFolders(
    [
      [SUITE, path.dirname(suite)],
      ["/ext/", extension],
      ["/", web],
    ],
    (port) => new Map([["/", configured(index, port, path.basename(suite))]]),
  );
  console.log(`host: VS Code for the web ${CODE_WEB}, no server`);
  try {
    return await runSuiteInPage(`http://localhost:${port}/`);
  } finally {
    stop();
  }
}

/** The start page, told which extensions and which suite to load. */
function configured(index, port, suite) {
  const at = (pathname) => ({ scheme: "http", authority: `localhost:${port}`, path: pathname });
  const configuration = {
    productConfiguration: { enableTelemetry: false },
    developmentOptions: { extensions: [at("/ext")], extensionTestsPath: at(`${SUITE}${suite}`) },
  };
  const attribute = JSON.stringify(configuration).replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  return index.replace("{{WORKBENCH_WEB_CONFIGURATION}}", attribute).replace("{{WORKBENCH_AUTH_SESSION}}", "");
}

import { formatWithOptions } from "node:util";
import { launchBrowser } from "./browser.mjs";
import { isResultLine, suiteResult } from "./results.mjs";

/** How long the whole suite may take in a browser's VS Code, in milliseconds. */
const SUITE_LIMIT = 300_000;

/**
 * Opens a VS Code in a browser whose address or configuration names a test suite, shows what the suite prints, and
 * waits for its end.
 *
 * @param {string} url
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runSuiteInPage(url) {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const lines = [];
    /** Whatever the page said, for a suite that never began. */
    const noise = [];
    page.on("console", (message) => noise.push(message.text()));
    page.on("pageerror", (error) => noise.push(String(error)));
    await page.exposeFunction("codeAutomationLog", (_level, args) => {
      const line = formatWithOptions({ colors: false }, ...args);
      lines.push(line);
      if (!isResultLine(line) && isOurs(line)) console.log(line);
    });
    const code = await new Promise((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error("the suite did not end in time")), SUITE_LIMIT);
      page.exposeFunction("codeAutomationExit", (exitCode) => {
        clearTimeout(limit);
        resolve(exitCode);
      });
      page.on("console", (message) => {
        if (message.text().startsWith("No extension host found")) reject(new Error(message.text()));
      });
      page.on("crash", () => reject(new Error("the page crashed")));
      page.goto(url, { waitUntil: "commit", timeout: 180_000 }).catch(reject);
    }).catch((error) => {
      console.log(brief([...noise, ...lines]));
      throw error;
    });
    const result = suiteResult(lines, code);
    if (!lines.some(isResultLine)) console.log(`the suite never ended; the last messages:\n${brief(lines)}`);
    return result;
  } finally {
    await browser.close();
  }
}

/** VS Code's own log goes through the same function; the suite's lines are indented. */
function isOurs(line) {
  return /^ {2}[✓✗]/.test(line);
}

/** The last messages without the depths of their stacks. */
function brief(lines) {
  const heads = lines.slice(-12).map((line) => line.split("\n").slice(0, 4).join("\n"));
  return heads.join("\n");
}

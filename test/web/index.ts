import { reported, Silent } from "../host/mocha-run.ts";

/** How long one test may wait for the editor, in milliseconds. */
const TEST_LIMIT = 120_000;

/** Runs the suite in the browser's extension host that loaded this file; VS Code calls it. */
export async function run(): Promise<void> {
  // Mocha's browser build looks at the page while it loads; here there is none before `run`.
  await import("mocha/mocha.js");
  mocha.setup({ ui: "bdd", timeout: TEST_LIMIT, reporter: Silent });
  await import("./suite.ts");
  await reported(mocha.run());
}

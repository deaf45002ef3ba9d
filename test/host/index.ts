import Mocha from "mocha";
import { reported, Silent } from "./mocha-run.ts";

/** How long one test may wait for the editor, in milliseconds; a busy machine needs most of it. */
const TEST_LIMIT = 120_000;

/** Runs the suite in the extension host that loaded this file; VS Code calls it. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: "bdd", timeout: TEST_LIMIT, reporter: Silent });
  mocha.suite.emit("pre-require", globalThis, "", mocha);
  await import("./suite.ts");
  await import("./environment.ts");
  await reported(mocha.run());
}

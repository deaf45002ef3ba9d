import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { compileSuite } from "../../scripts/build/tests.mjs";
import { buildVsix } from "../../scripts/build/vsix.mjs";
import { launchBrowser } from "../../scripts/host/browser.mjs";
import { startCodeServer } from "../../scripts/host/code-server.mjs";
import { inRoot, ROOT } from "../../scripts/lib/paths.mjs";

/**
 * The longest time, in milliseconds, that the extension host stood still while a user opened the preview of the sample's
 * network in a real VS Code, and while it ran: the last steps of the first minute's walk.
 *
 * @returns {Promise<{ preview: number, run: number }>}
 */
export async function hostStalls() {
  const { WALKS, take } = createRequire(import.meta.url)(await compileSuite("e2e"));
  const walk = WALKS.find(({ steps }) => steps.some(({ name }) => name === "run"));
  const folder = await mkdtemp(path.join(tmpdir(), "lens-stall-"));
  const log = path.join(folder, "stalls");
  await writeFile(log, "");
  await cp(inRoot("sample"), path.join(folder, "sample"), { recursive: true });
  const server = await startCodeServer({
    extensions: [await buildVsix(ROOT)],
    folders: [inRoot("bench/preview/watcher")],
    env: { BENCH_STALLS: log },
  });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
    const url = `${server.url}?${new URLSearchParams({ folder: path.join(folder, "sample") })}`;
    const ends = new Map();
    const screenshot = async (name) => void ends.set(name.replace(/^\d+-/, ""), Date.now());
    const { failed } = await take(walk, { page, url, until: "run", screenshot });
    if (0 < failed) throw new Error("the walk did not come to the run");
    const stalls = (await readFile(log, "utf8")).split("\n").map((line) => line.split(" ").map(Number));
    const names = walk.steps.map(({ name }) => name);
    const during = (name) => {
      const from = ends.get(names[names.indexOf(name) - 1]);
      return Math.max(0, ...stalls.filter(([at]) => from < at && at <= ends.get(name)).map(([, stall]) => stall));
    };
    return { preview: during("preview"), run: during("run") };
  } finally {
    await browser.close();
    server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

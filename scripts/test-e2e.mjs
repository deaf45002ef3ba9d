// Installs the packaged extension in a real VS Code and walks through it as a user would, the first minute in three
// themes, with a picture of each step in screenshots/; then hover and diagnostics in VS Code for the web.
//   --walk NAME                        only this one (may be repeated)
//   --theme dark|light|high-contrast   only this one (may be repeated)
//   --step NAME                        stop after this step
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { compileSuite } from "./build/tests.mjs";
import { buildVsix } from "./build/vsix.mjs";
import { launchBrowser } from "./host/browser.mjs";
import { startCodeServer } from "./host/code-server.mjs";
import { runWebSuite } from "./host/web.mjs";
import { inRoot, ROOT } from "./lib/paths.mjs";
import { need } from "./lib/process.mjs";
import { step, totalLine } from "./lib/progress.mjs";

const THEMES = { dark: "Default Dark Modern", light: "Default Light Modern", "high-contrast": "Default High Contrast" };

const { values } = parseArgs({
  options: {
    walk: { type: "string", multiple: true },
    theme: { type: "string", multiple: true, default: Object.keys(THEMES) },
    step: { type: "string" },
    extension: { type: "string", default: ROOT },
    workspace: { type: "string", default: "sample" },
  },
});
const extension = path.resolve(values.extension);
const total = { passed: 0, failed: 0 };

if (extension === ROOT) await step("building", () => need([process.execPath, inRoot("scripts/build.mjs")]));
const vsix = await buildVsix(extension);
const { WALKS, take } = createRequire(import.meta.url)(await compileSuite("e2e"));
const walks = WALKS.filter(({ name }) => values.walk === undefined || values.walk.includes(name));
if (walks.length === 0) throw new Error(`no such walk; there are ${WALKS.map(({ name }) => name).join(", ")}`);
const whole = values.walk === undefined && values.step === undefined;
if (whole) await rm(inRoot("screenshots"), { recursive: true, force: true });
for (const walk of walks)
  for (const theme of walk.themes === "all" ? values.theme : ["dark"])
    add(await step(`${walk.name}, ${theme}`, () => taken(walk, theme)));
if (whole)
  add(await step("web extension host", async () => runWebSuite({ extension, suite: await compileSuite("web") })));

console.log(totalLine(total));
process.exit(total.failed === 0 ? 0 : 1);

/** One walk in a fresh VS Code, on a copy of the workspace, since the user edits it. */
async function taken(walk, theme) {
  if (THEMES[theme] === undefined) throw new Error(`no such theme: ${theme}`);
  const pictures = inRoot("screenshots", walk.name.replaceAll(" ", "-"), theme);
  await rm(pictures, { recursive: true, force: true });
  await mkdir(pictures, { recursive: true });
  const folder = await mkdtemp(path.join(tmpdir(), "lens-sample-"));
  await cp(path.resolve(ROOT, values.workspace), folder, { recursive: true });
  const torchHome = await mkdtemp(path.join(tmpdir(), "lens-torch-"));
  await walk.prepare?.({ workspace: folder, torchHome });
  const settings = { "workbench.colorTheme": THEMES[theme], "window.autoDetectColorScheme": false };
  const env = { TORCH_HOME: torchHome };
  const server = await startCodeServer({ settings, extensions: [vsix], trusted: walk.untrusted !== true, env });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
    const address = walk.open === "workspace" ? { folder } : { ew: "true" };
    return await take(walk, {
      page,
      url: `${server.url}?${new URLSearchParams(address)}`,
      until: values.step,
      screenshot: (name) => page.screenshot({ path: path.join(pictures, `${name}.png`), timeout: 120_000 }),
    });
  } finally {
    await browser.close();
    server.stop();
    for (const made of [folder, torchHome]) await rm(made, { recursive: true, force: true });
  }
}

function add({ passed, failed }) {
  total.passed += passed;
  total.failed += failed;
}

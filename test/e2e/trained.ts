import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { appendFile, cp, mkdir } from "node:fs/promises";
import * as path from "node:path";
import type { FrameLocator, Page } from "playwright-core";
import * as editor from "./editor.ts";
import type { Walk } from "./walk.ts";

const DIGITS = "test/data/run/digits";
const CHECKPOINT = "digits_resnet.pth";
/** `def digits_resnet()` in its file. */
const FACTORY = 57;

interface Kept {
  readonly std: number;
  readonly mean: number;
  readonly largest: number;
}

interface Recorded {
  readonly picture: string;
  readonly top: readonly (readonly [number, number])[];
  readonly modules: Readonly<Record<string, Kept>>;
  readonly cam: Kept;
}

/** What PyTorch gives for the first of the held-out pictures. */
const truth = once<Recorded>(() => JSON.parse(readFileSync(`${DIGITS}/truth.json`, "utf8")).pictures[0]);

/**
 * A trained network, from its file to what it sees in a picture: weights and picture chosen in every way, each result
 * held to PyTorch's, an edit, a lost graphics card, a window that is opened again, a narrow panel.
 */
export const trained: Walk = {
  name: "trained network",
  open: "workspace",
  themes: "all",
  async prepare({ workspace, torchHome }) {
    await cp(DIGITS, path.join(workspace, "digits"), { recursive: true });
    await appendFile(path.join(workspace, "digits/digits_resnet.py"), `\n\n# Trained weights: ${CHECKPOINT}\n`);
    await mkdir(path.join(torchHome, "hub/checkpoints"), { recursive: true });
    await cp(`${DIGITS}/${CHECKPOINT}`, path.join(torchHome, "hub/checkpoints", CHECKPOINT));
  },
  async begin(page) {
    await page.addInitScript(rememberContexts);
  },
  steps: [
    {
      name: "preview",
      async run(page) {
        await editor.openFile(page, "digits_resnet.py", FACTORY);
        await editor.clickCodeLens(page, "Preview");
        await panelOf(page).getByText("5 of 5 shortcuts fit").waitFor();
        await panelOf(page).getByRole("combobox", { name: "input" }).selectOption("3×32×32");
        await page.locator(".statusbar-item", { hasText: "digits_resnet · 3×32×32" }).waitFor();
      },
    },
    {
      name: "offer",
      async run(page) {
        const panel = panelOf(page);
        await panel.getByRole("button", { name: "run options" }).click();
        await panel.getByRole("button", { name: `${CHECKPOINT} (81.2 kB, here)` }).click();
        await panel.getByRole("radio", { name: CHECKPOINT, checked: true }).waitFor();
      },
    },
    {
      name: "pictures",
      async run(page) {
        const panel = panelOf(page);
        await panel.getByRole("radio", { name: "picture" }).check();
        await panel.getByRole("button", { name: "use the picture daisy.jpg" }).click();
        await panel.getByText("daisy.jpg", { exact: true }).waitFor();
        // Rejects a picture that is not there.
        await panel
          .locator(".sample img")
          .evaluateAll((images: HTMLImageElement[]) => Promise.all(images.map((image) => image.decode())));
      },
    },
    {
      name: "files",
      async run(page) {
        const panel = panelOf(page);
        await panel.getByRole("radio", { name: CHECKPOINT }).click();
        await editor.chooseFile(page, CHECKPOINT);
        await dropFromExplorer(page, truth().picture);
        await panel.getByText(truth().picture, { exact: true }).waitFor();
        await panel.getByText("32×32 → 32×32").waitFor();
        await panel.getByRole("combobox", { name: "prepared as" }).selectOption("imagenet");
        await panel.getByText("change", { exact: true }).click();
        await panel.getByRole("spinbutton", { name: "resize" }).fill("");
        await panel.getByRole("spinbutton", { name: "resize" }).press("Tab");
      },
    },
    {
      name: "result",
      async run(page) {
        await runAgain(page);
        await recognized(page);
        const rows = await panelOf(page).locator(".statistics tbody tr").allInnerTexts();
        for (const stage of ["layer1", "layer2", "layer3"]) {
          const row = rows.find((text) => text.startsWith(stage)) ?? "";
          const { mean, std } = of(stage);
          assert.ok(row.includes(mean.toFixed(3)) && row.includes(std.toFixed(3)), `${row}: ${mean}, ${std}`);
        }
      },
    },
    {
      name: "feature maps",
      async run(page) {
        const panel = panelOf(page);
        await panel.getByRole("tab", { name: "feature maps" }).click();
        await panel.getByRole("combobox", { name: "layer" }).selectOption("layer2");
        await panel.getByText(of("layer2").largest.toFixed(3)).waitFor();
        assert.equal(await panel.locator("button.map").count(), 12);
      },
    },
    {
      name: "class map",
      async run(page) {
        const panel = panelOf(page);
        await panel.getByRole("tab", { name: "class map" }).click();
        const [[label = 0] = []] = truth().top;
        await panel.getByText(`class map of #${label}`).waitFor();
        await panel.getByText(truth().cam.largest.toFixed(3)).first().waitFor();
      },
    },
    {
      name: "histograms",
      async run(page) {
        const panel = panelOf(page);
        await panel.getByRole("tab", { name: "histograms" }).click();
        await panel.getByText(of("layer1").largest.toFixed(3)).waitFor();
        await panel.getByText(of("layer3").largest.toFixed(3)).waitFor();
      },
    },
    {
      name: "signal",
      async run(page) {
        const panel = panelOf(page);
        await panel.getByRole("tab", { name: "signal" }).click();
        const row = panel.locator("tr", { hasText: "layer3.0" });
        await row.getByText(of("layer3.0").std.toFixed(3), { exact: true }).waitFor();
        await row.getByText(of("layer3.0").mean.toFixed(3), { exact: true }).waitFor();
      },
    },
    {
      name: "number",
      async run(page) {
        const panel = panelOf(page);
        await panel.locator('.frame[data-id="layer2"] > .name').click();
        await panel.getByRole("button", { name: "edit blocks, 2" }).click();
        await panel.getByRole("textbox", { name: "blocks" }).fill("3");
        await panel.getByText("[2, 3, 1]").waitFor();
        // A block: two convolutions of 12·12·3·3 and two normalizations of 2·12.
        await panel.getByText("(+2.64 k)").waitFor();
      },
    },
    {
      name: "compare",
      async run(page) {
        const panel = panelOf(page);
        await panel.getByRole("button", { name: "Apply" }).click();
        await panel.getByText("6 of 6 shortcuts fit").waitFor();
        await panel.locator(".dock").getByText("before this edit").first().waitFor();
        await panel.getByRole("tab", { name: "compare" }).click();
        await panel.getByRole("combobox", { name: "compare with" }).selectOption("edit");
        await panel.getByText("1 of 8 parts differ").waitFor();
        await panel.locator("tr.removed", { hasText: "layer2.2" }).getByText("2,640").waitFor();
      },
    },
    {
      name: "context lost",
      async run(page) {
        const panel = panelOf(page);
        await editor.goToLine(page, FACTORY + 1);
        await page.keyboard.press("Control+Z");
        await panel.getByText("5 of 5 shortcuts fit").waitFor();
        // What is saved is what stands there when the window is opened again.
        await page.keyboard.press("Control+S");
        await panel.getByRole("button", { name: "run options" }).click();
        await panel.getByLabel("backend").selectOption("webgl");
        await runAgain(page);
        await panel.locator("footer", { hasText: "WebGL" }).waitFor();
        await loseContexts(page);
        await panel.getByRole("tab", { name: "feature maps" }).click();
        await panel.getByRole("combobox", { name: "layer" }).selectOption("layer1.0.conv1");
        await panel.getByText("the graphics card's context was lost").waitFor();
      },
    },
    {
      name: "recovered",
      async run(page) {
        await runAgain(page);
        await panelOf(page).getByRole("tab", { name: "result" }).click();
        await recognized(page);
      },
    },
    {
      name: "reloaded",
      async run(page) {
        await page.reload({ waitUntil: "commit" });
        await editor.workbenchReady(page, "workspace");
        await panelOf(page).getByText("5 of 5 shortcuts fit").waitFor();
        await panelOf(page).getByRole("tab", { name: "result" }).click();
        await recognized(page);
        await page.locator(".statusbar-item", { hasText: "digits_resnet · 3×32×32" }).waitFor();
      },
    },
    {
      name: "narrow and moved",
      async run(page) {
        await editor.runCommand(page, "View: Move Editor into Left Group");
        await recognized(page);
        await panelOf(page).getByRole("button", { name: "run options" }).click();
        await page.setViewportSize({ width: 400 + ACTIVITY_BAR, height: 800 });
        await page.keyboard.press("Control+B");
        await panelOf(page).locator("body").evaluate(settled);
        const wide = await panelOf(page).locator("body").evaluate(beyond);
        assert.deepEqual(wide, [], "what is wider than the panel");
      },
    },
  ],
};

const ACTIVITY_BAR = 60;

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function of(module: string): Kept {
  const kept = truth().modules[module];
  if (kept === undefined) throw new Error(`PyTorch's record has no ${module}`);
  return kept;
}

function panelOf(page: Page): FrameLocator {
  return editor.webviewFrame(page);
}

/** Runs the model and waits for what it gives. */
async function runAgain(page: Page): Promise<void> {
  const panel = panelOf(page);
  await panel.getByRole("button", { name: "Run", exact: true }).click();
  await panel.getByRole("button", { name: "Run", exact: true }).waitFor();
  await panel.locator("footer", { hasText: "every shape as analyzed" }).waitFor();
}

/** The result names PyTorch's five most likely classes, each with its share. */
async function recognized(page: Page): Promise<void> {
  for (const [label, share] of truth().top) {
    const text = share < 0.001 ? "< 0.1 %" : `${(100 * share).toFixed(1)} %`;
    await panelOf(page)
      .locator(".bars tr", { hasText: `#${label}` })
      .getByText(text, { exact: true })
      .waitFor();
  }
}

/** Drops a file as VS Code's Explorer gives it, by its address. */
async function dropFromExplorer(page: Page, name: string): Promise<void> {
  const shown = page.locator(".explorer-folders-view .monaco-list-row", { hasText: name }).first();
  await shown.waitFor();
  const address = await shown.locator(".monaco-icon-label").first().getAttribute("aria-label");
  await panelOf(page)
    .locator("body")
    .evaluate((body, uri) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.setData("application/vnd.code.uri-list", uri);
      body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
    }, `file://${address}`);
}

/** Keeps the graphics contexts of workers that pages start from now on, where {@link loseContexts} finds them. */
function rememberContexts(): void {
  const Own = Blob;
  const keep = `{
    const get = OffscreenCanvas.prototype.getContext;
    OffscreenCanvas.prototype.getContext = function (...args) {
      const made = get.apply(this, args);
      if (made !== null && String(args[0]).startsWith("webgl")) (globalThis.seen ??= []).push(made);
      return made;
    };
  }\n`;
  window.Blob = class extends Own {
    constructor(parts: BlobPart[] = [], options?: BlobPropertyBag) {
      super(options?.type === "text/javascript" ? [keep, ...parts] : parts, options);
    }
  };
}

async function loseContexts(page: Page): Promise<void> {
  const lost = page.workers().map((worker) =>
    worker.evaluate(() => {
      const { seen = [] } = globalThis as { readonly seen?: readonly WebGL2RenderingContext[] };
      for (const context of seen) context.getExtension("WEBGL_lose_context")?.loseContext();
      return 0 < seen.length;
    }),
  );
  assert.ok((await Promise.all(lost)).includes(true), "a worker with a graphics context");
}

function settled(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
}

/** Texts of elements that stick out of the page to the right. */
function beyond(body: HTMLElement): readonly string[] {
  return [...body.querySelectorAll<HTMLElement>("*")]
    .filter((each) => each.closest(".scroll, .tabs, .wide, .unseen") === null)
    .filter((each) => innerWidth + 1 < each.getBoundingClientRect().right)
    .map((each) => `${each.tagName} ${each.className} ${each.textContent?.slice(0, 40)}`);
}

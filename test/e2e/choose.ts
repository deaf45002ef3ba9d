import * as assert from "node:assert/strict";
import type { Page } from "playwright-core";
import * as editor from "./editor.ts";
import type { Walk } from "./walk.ts";

/** `x = self.maxpool(x)` of the sample's network. */
const POOL = 60;

/** Another input and another model through the status item; both outlive a reload, and can be written into the file. */
export const choose: Walk = {
  name: "choose",
  open: "workspace",
  themes: "dark",
  steps: [
    {
      name: "picks",
      async run(page) {
        await editor.openFile(page, "resnet.py", POOL);
        await editor.waitForHint(page, POOL, /\[N, 64, 56, 56\]/);
        await status(page, "resnet50 · 3×224×224 example").click();
        await editor.picked(page, "Another model…").waitFor();
        assert.equal(await editor.picked(page, "Back to what the code says").count(), 0);
      },
    },
    {
      name: "refused",
      async run(page) {
        await editor.pick(page, "Another input…");
        await editor.typeInto(page, "3×64×2.5");
        await page.locator(".quick-input-message", { hasText: "2.5 is not a size" }).waitFor();
      },
    },
    {
      name: "input",
      async run(page) {
        await editor.typeInto(page, "3×64×64");
        await page.keyboard.press("Enter");
        await editor.waitForHint(page, POOL, /\[N, 64, 16, 16\]/);
        await status(page, "resnet50 · 3×64×64").waitFor();
      },
    },
    {
      name: "model",
      async run(page) {
        await status(page, "resnet50 · 3×64×64").click();
        await editor.pick(page, "Another model…");
        await editor.typeInto(page, "resnet51()");
        await page.keyboard.press("Enter");
        await page.locator(".quick-input-message", { hasText: "name 'resnet51' is not defined" }).waitFor();
        await editor.typeInto(page, "resnet50(num_classes=10)");
        await page.keyboard.press("Enter");
        await status(page, "resnet50(num_classes=10) · 3×224×224 example").waitFor();
      },
    },
    {
      name: "reloaded",
      async run(page) {
        await page.reload({ waitUntil: "commit" });
        await editor.workbenchReady(page, "workspace");
        await editor.openFile(page, "resnet.py", POOL);
        await status(page, "resnet50(num_classes=10) · 3×224×224 example").waitFor();
      },
    },
    {
      name: "back",
      async run(page) {
        await status(page, "resnet50(num_classes=10)").click();
        await editor.pick(page, "Back to what the code says");
        await status(page, "resnet50 · 3×224×224 example").waitFor();
        await editor.waitForHint(page, POOL, /\[N, 64, 56, 56\]/);
      },
    },
    {
      name: "written",
      async run(page) {
        await status(page, "resnet50 · 3×224×224 example").click();
        await editor.pick(page, "3×32×32");
        await status(page, "resnet50 · 3×32×32").waitFor();
        await status(page, "resnet50 · 3×32×32").click();
        await editor.pick(page, "Write this choice into the file");
        await editor.waitUntilLine(page, 70, (shown) => shown.includes("# resnet-lens: model resnet50()"));
        await editor.waitUntilLine(page, 71, (shown) => shown.includes("# resnet-lens: input (N, 3, 32, 32)"));
        await editor.waitForHint(page, POOL, /\[N, 64, 8, 8\]/);
        await status(page, "resnet50 · 3×32×32").click();
        await editor.picked(page, "Another model…").waitFor();
        // The code says it now.
        assert.equal(await editor.picked(page, "Back to what the code says").count(), 0);
      },
    },
  ],
};

function status(page: Page, text: string) {
  return page.locator(".statusbar-item", { hasText: text }).first();
}

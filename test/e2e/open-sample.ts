import * as assert from "node:assert/strict";
import * as editor from "./editor.ts";
import type { Walk } from "./walk.ts";

/** The residual add of the sample, where its cursor is put. */
const ADD = 38;

/** Mistakes of the sample; each fix is one edit. */
const MISTAKES = 5;

/** The first minute with nothing open: the sample as an unsaved document, repaired by the keyboard alone, and run. */
export const openSample: Walk = {
  name: "open the sample",
  open: "nothing",
  themes: "dark",
  steps: [
    {
      name: "opened",
      async run(page) {
        await editor.runCommand(page, "ResNet Lens: Open the Sample");
        await page.locator(".tab.active", { hasText: "Untitled-1" }).waitFor();
        await editor.cursorAt(page, ADD);
        await editor.waitForHint(page, ADD, /128, 14, 14\] ≠ \[\w+, 128, 28, 28\]/);
        await editor.squiggles(page).first().waitFor();
        await page.locator(".statusbar-item", { hasText: "3×224×224" }).waitFor();
        assert.equal(await page.locator(".notification-toast:visible").count(), 0, "pop-ups");
      },
    },
    {
      name: "hover",
      async run(page) {
        const text = await editor.hoverByKeys(page, "main branch");
        assert.match(text, /shortcut-mismatch/);
        assert.equal(await editor.hoverCut(page), 0, "pixels of the card that are cut off");
        await page.keyboard.press("Escape");
      },
    },
    {
      name: "fixed",
      async run(page) {
        await editor.quickFixByKeys(page);
        await editor.waitUntilLine(page, ADD, (shown) => !shown.includes("≠"));
      },
    },
    {
      name: "all fixed",
      async run(page) {
        for (let left = MISTAKES - 1; 0 < left; left--) {
          await editor.problemCount(page, left);
          await page.keyboard.press("F8");
          await editor.quickFixByKeys(page);
        }
        await editor.problemCount(page, 0);
        await page.locator(".statusbar-item", { hasText: "2×3×224×224" }).waitFor();
      },
    },
    {
      name: "undone",
      async run(page) {
        await page.keyboard.press("Escape");
        for (let back = 1; back <= MISTAKES; back++) {
          await page.keyboard.press("Control+Z");
          await editor.problemCount(page, back);
        }
        await editor.goToLine(page, ADD);
        await editor.waitForHint(page, ADD, /≠/);
        for (let left = MISTAKES - 1; 0 <= left; left--) {
          await page.keyboard.press("Control+Y");
          await editor.problemCount(page, left);
        }
      },
    },
    {
      name: "preview",
      async run(page) {
        await editor.runCommand(page, "ResNet Lens: Preview the Model");
        const panel = editor.webviewFrame(page);
        await panel.getByText("8 of 8 shortcuts fit").waitFor();
        await panel.locator("svg").first().waitFor();
      },
    },
    {
      name: "run",
      async run(page) {
        const panel = editor.webviewFrame(page);
        await panel.getByRole("button", { name: "Run", exact: true }).click();
        const shape = panel.locator(".output-shape");
        await shape.waitFor({ timeout: editor.RUN_LIMIT });
        assert.equal(await shape.textContent(), "[2, 1000]");
        // There is no graphics card here: WebAssembly is chosen, and says why.
        await panel
          .locator("footer", { hasText: /WebAssembly.*software.*untrained.*every shape as analyzed/ })
          .waitFor();
      },
    },
  ],
};

import * as assert from "node:assert/strict";
import * as editor from "./editor.ts";
import type { Walk } from "./walk.ts";

const FIX = "Keep the stride in the first block only (line 73)";

/** The first minute with a model file of the sample workspace open: its mistakes first, then a network that fits. */
export const firstMinute: Walk = {
  name: "first minute",
  open: "workspace",
  themes: "all",
  steps: [
    {
      name: "squiggle",
      async run(page) {
        await editor.openFile(page, "tutorial_resnet.py", 38);
        await editor.squiggles(page).first().waitFor();
        await page.locator(".statusbar-item", { hasText: "3×224×224" }).waitFor();
      },
    },
    {
      name: "hint",
      async run(page) {
        await editor.waitForHint(page, 38, /128, 14, 14\] ≠ \[\w+, 128, 28, 28\]/);
      },
    },
    {
      name: "hover",
      async run(page) {
        const text = await editor.hoverOn(page, "out += shortcut", "main branch");
        assert.match(text, /shortcut-mismatch/);
        assert.match(text, /must match the size of tensor b/);
        assert.equal(await editor.hoverCut(page), 0, "pixels of the card that are cut off");
      },
    },
    {
      name: "fix",
      async run(page) {
        await editor.closeHover(page);
        await editor.goToLine(page, 38);
        const titles = await editor.openQuickFixes(page, "out += shortcut", "lightbulb");
        assert.ok(
          titles.some((title) => title.includes(FIX)),
          titles.join(" | "),
        );
      },
    },
    {
      name: "fixed",
      async run(page) {
        await editor.applyQuickFix(page, FIX);
        await editor.waitUntilLine(page, 38, (shown) => !shown.includes("≠"));
      },
    },
    {
      name: "shapes",
      async run(page) {
        await editor.openFile(page, "resnet.py", 26);
        const text = await editor.hoverOn(page, "+=", "residual add");
        assert.match(text, /layer1\S* +\[N, +256, +56, +56\]/);
        assert.match(text, /layer4\S* +\[N, +2048, +7, +7\]/);
        assert.equal(await editor.hoverCut(page), 0, "pixels of the card that are cut off");
      },
    },
    {
      name: "preview",
      async run(page) {
        await editor.closeHover(page);
        await editor.goToLine(page, 70);
        await editor.clickCodeLens(page, "Preview");
        const panel = editor.webviewFrame(page);
        await panel.getByText("16 of 16 shortcuts fit").waitFor();
        await panel.locator("svg").first().waitFor();
      },
    },
    {
      name: "run",
      async run(page) {
        const panel = editor.webviewFrame(page);
        await panel.getByRole("button", { name: "run options" }).click();
        await panel.getByLabel("backend").selectOption("webgl");
        await panel.getByRole("button", { name: "Run", exact: true }).click();
        const shape = panel.locator(".output-shape");
        await shape.waitFor({ timeout: editor.RUN_LIMIT });
        assert.equal(await shape.textContent(), "[1, 1000]");
        await panel.locator("footer", { hasText: /WebGL.*untrained.*every shape as analyzed/ }).waitFor();
      },
    },
  ],
};

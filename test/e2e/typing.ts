import * as assert from "node:assert/strict";
import * as editor from "./editor.ts";
import type { Walk } from "./walk.ts";

/** `x = self.layer2(x)` of the sample's network. */
const STAGE = 62;

/** Half-typed code keeps the shapes that stood before it, and a hover says so. */
export const typing: Walk = {
  name: "typing",
  open: "workspace",
  themes: "dark",
  steps: [
    {
      name: "before",
      async run(page) {
        await editor.openFile(page, "resnet.py", STAGE);
        await editor.waitForHint(page, STAGE, /\[N, 512, 28, 28\]/);
      },
    },
    {
      name: "half typed",
      async run(page) {
        await page.keyboard.press("Control+Enter");
        await page.keyboard.type("y = self.");
        await page.keyboard.press("Escape");
        // Long enough for an analysis of the broken text to have taken the hints away.
        await page.waitForTimeout(1_500);
        await editor.waitForHint(page, STAGE, /\[N, 512, 28, 28\]/);
        await editor.waitForHint(page, STAGE + 2, /\[N, 1024, 14, 14\]/);
        const text = await editor.hoverOn(page, "self.layer3", "before this edit");
        assert.match(text, /\[N, 1024, 14, 14\]/);
        assert.equal(await page.locator(".view-overlays .squiggly-error").count(), 0, "errors of our own");
      },
    },
    {
      name: "whole again",
      async run(page) {
        await editor.closeHover(page);
        await page.keyboard.type("relu(x)");
        const text = await editor.hoverOn(page, "self.relu(x)", "tensor");
        assert.doesNotMatch(text, /before this edit/);
        assert.match(text, /\[N, 512, 28, 28\]/);
      },
    },
  ],
};

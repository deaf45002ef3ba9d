import * as assert from "node:assert/strict";
import * as editor from "./editor.ts";
import type { Walk } from "./walk.ts";

/** `x = self.layer2(x)` of the sample's network. */
const STAGE = 62;

/** Nothing of the user's is run, so all of it works in a folder that is not trusted. */
export const untrusted: Walk = {
  name: "untrusted",
  open: "workspace",
  untrusted: true,
  themes: "dark",
  steps: [
    {
      name: "restricted",
      async run(page) {
        await editor.openFile(page, "resnet.py", STAGE);
        await page.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor();
      },
    },
    {
      name: "hover",
      async run(page) {
        await editor.waitForHint(page, STAGE, /\[N, 512, 28, 28\]/);
        const text = await editor.hoverOn(page, "self.layer2", "tensor");
        assert.match(text, /\[N, 512, 28, 28\]/);
      },
    },
  ],
};

import * as assert from "node:assert/strict";
import type { Page } from "playwright-core";
import * as editor from "./editor.ts";
import type { Walk } from "./walk.ts";

const FIX = "Keep the stride in the first block only (line 12 in code cell 3)";

/** A notebook: what a cell shows rests on the others, and a fix for one edits another. */
export const notebook: Walk = {
  name: "notebook",
  open: "workspace",
  themes: "dark",
  steps: [
    {
      name: "hints",
      async run(page) {
        // The cells need the room that the side bar takes.
        await editor.openNotebook(page, "notebook.ipynb");
        await page.keyboard.press("Control+B");
        await shownIn(page, "out += self.shortcut(x)", /\[8, 32, 8, 8\] ≠ \[8, 32, 16, 16\]/);
        await editor.squiggles(page).first().waitFor();
        await page.locator(".statusbar-item", { hasText: "Net · 8×3×32×32" }).waitFor();
      },
    },
    {
      name: "hover",
      async run(page) {
        const text = await editor.hoverOn(page, "+=", "main branch");
        assert.match(text, /line 12 in code cell 3 strides stage2\.1/);
        assert.match(text, /shortcut +\[8, 32, 16, 16\]/);
        assert.equal(await editor.hoverCut(page), 0, "pixels of the card that are cut off");
      },
    },
    {
      name: "fixed",
      async run(page) {
        await editor.closeHover(page);
        const titles = await editor.openQuickFixes(page, "out += self", "keys");
        assert.ok(
          titles.some((title) => title.includes(FIX)),
          titles.join(" | "),
        );
        await editor.applyQuickFix(page, FIX);
        await shownIn(page, "out += self.shortcut(x)", /shortcut\(x\)\s*$/);
        await editor.scrollTo(page, "scores.shape");
        await shownIn(page, "blocks.append", /Block\(width, width\)\)/);
      },
    },
    {
      name: "edited",
      async run(page) {
        await editor.clickOn(page, "scores = net(");
        await page.keyboard.press("End");
        for (const key of ["ArrowLeft", "ArrowLeft", "Backspace", "Backspace"]) await page.keyboard.press(key);
        await page.keyboard.type("64");
        await shownIn(page, "def forward(self, images)", /images: \[8, 3, 32, 64\]/);
      },
    },
    {
      name: "half typed",
      async run(page) {
        await page.keyboard.press("End");
        await page.keyboard.type("\nif scores");
        const text = await editor.hoverOn(page, "self.stem(images)", "before this edit");
        assert.match(text, /\[8, 16, 32, 64\]/);
        await shownIn(page, "def forward(self, images)", /images: \[8, 3, 32, 64\]/);
      },
    },
  ],
};

/** Waits until the line with this code shows so, hints included. */
async function shownIn(page: Page, code: string, wanted: RegExp): Promise<void> {
  await editor.waitUntilShown(page, code, (shown) => wanted.test(shown));
}

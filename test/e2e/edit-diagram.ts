import * as assert from "node:assert/strict";
import type { Page } from "playwright-core";
import * as editor from "./editor.ts";
import type { Walk } from "./walk.ts";

/** The line of the sample that says how many blocks each stage has. */
const LINE = 71;

async function waitForLine(page: Page, text: string): Promise<void> {
  await editor.waitUntilLine(page, LINE, (shown) => shown.replaceAll("\u00a0", " ").includes(text));
}

/** A network's depth, changed in the diagram: looked at first, written into the code, taken back. */
export const editDiagram: Walk = {
  name: "edit in the diagram",
  open: "workspace",
  themes: "dark",
  steps: [
    {
      name: "preview",
      async run(page) {
        await editor.openFile(page, "resnet.py", 70);
        await editor.clickCodeLens(page, "Preview");
        await editor.webviewFrame(page).getByText("16 of 16 shortcuts fit").waitFor();
      },
    },
    {
      name: "number",
      async run(page) {
        const panel = editor.webviewFrame(page);
        await panel.locator('.frame[data-id="layer3"] > .name').click();
        await panel.getByRole("button", { name: "edit blocks, 6" }).click();
        await panel.getByRole("textbox", { name: "blocks" }).fill("8");
        await panel.getByText("[3, 4, 8, 3]").waitFor();
        await panel.getByText("25.6 M → 27.8 M (+2.23 M)").waitFor();
        // Nothing is written before it is applied.
        await waitForLine(page, "[3, 4, 6, 3]");
      },
    },
    {
      name: "applied",
      async run(page) {
        const panel = editor.webviewFrame(page);
        await panel.getByRole("button", { name: "Apply" }).click();
        await waitForLine(page, "[3, 4, 8, 3]");
        await panel.getByText("18 of 18 shortcuts fit").waitFor();
        await panel.getByRole("button", { name: "edit blocks, 8" }).waitFor();
      },
    },
    {
      name: "undone",
      async run(page) {
        await editor.goToLine(page, LINE);
        await page.keyboard.press("Control+Z");
        await waitForLine(page, "[3, 4, 6, 3]");
        const panel = editor.webviewFrame(page);
        await panel.getByText("16 of 16 shortcuts fit").waitFor();
        assert.equal(
          await panel
            .locator(".totals")
            .textContent()
            .then((text) => text?.startsWith("25.6 M")),
          true,
        );
      },
    },
  ],
};

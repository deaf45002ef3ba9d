import * as assert from "node:assert/strict";
import * as editor from "./editor.ts";
import type { Walk } from "./walk.ts";

/** The residual add of the sample, and the argument that is the cause of its mismatch. */
const ADD = 38;
const CAUSE = 73;

/** The sample's mistakes in the order of its lines: where each stands, and the fix that is taken. */
const FIXES = [
  { line: ADD, column: 9, title: /^Keep the stride in the first block only/ },
  { line: 50, column: 21, title: /^Call self\.relu after self\.bn1/ },
  { line: 70, column: 44, title: /^Replace .*by planes/ },
  { line: 71, column: 34, title: /^Replace self\.expansion by block\.expansion/ },
  // One line farther down, behind the call that the second fix adds.
  { line: 88, column: 15, title: /^Call the layer on its input/ },
] as const;

/** The sample repaired by the keyboard alone, beside its preview, then run; each fix is undone and done again. */
export const repair: Walk = {
  name: "repair",
  open: "workspace",
  themes: "all",
  steps: [
    {
      name: "beside the panel",
      async run(page) {
        await editor.openFile(page, "tutorial_resnet.py", ADD);
        await editor.waitForHint(page, ADD, /≠/);
        await page.keyboard.press("Control+B");
        await editor.runCommand(page, "ResNet Lens: Preview the Model");
        await editor.webviewFrame(page).getByText("3 of 8 shortcuts do not fit").waitFor();
        await editor.goToLine(page, ADD);
        await editor.problemCount(page, FIXES.length);
      },
    },
    {
      name: "hover",
      async run(page) {
        await page.keyboard.press("Home");
        const text = await editor.hoverByKeys(page, "main branch");
        assert.match(text, /in layer2\.1, layer3\.1, layer4\.1/);
        assert.match(text, /must match the size of tensor b/);
        assert.equal(await editor.hoverCut(page), 0, "pixels of the card that are cut off");
      },
    },
    {
      name: "cause",
      async run(page) {
        // One click leads to the argument that is the cause.
        await editor.clickInHover(page, new RegExp(`tutorial_resnet\\.py\\(${CAUSE}, `));
        await editor.cursorAt(page, CAUSE);
      },
    },
    {
      name: "page on the code",
      async run(page) {
        await editor.goToLine(page, ADD);
        await page.keyboard.press("Home");
        await editor.hoverByKeys(page, "main branch");
        await editor.clickInHover(page, /^shortcut-mismatch$/);
        await page.locator(".tab.active", { hasText: "shortcut-mismatch" }).waitFor();
        await editor.lastWebviewFrame(page).getByRole("heading", { name: "How to fix it" }).waitFor();
      },
    },
    {
      name: "page closed",
      async run(page) {
        // One tab: the text that the link opened gave its place to the page.
        await editor.runCommand(page, "View: Close Editor");
        await page.locator(".tab.active", { hasText: "tutorial_resnet.py" }).waitFor();
      },
    },
    {
      name: "menu",
      async run(page) {
        await editor.goToLine(page, ADD);
        await page.keyboard.press("Home");
        const titles = await editor.openQuickFixesByKeys(page);
        assert.match(titles[0] ?? "", FIXES[0].title);
        assert.equal(titles.at(-1), "Ignore shortcut-mismatch on this line");
        // Down to the last and back up again.
        for (const key of ["ArrowDown", "ArrowUp"]) await page.keyboard.press(key);
      },
    },
    {
      name: "repaired",
      async run(page) {
        await page.keyboard.press("Escape");
        for (const [done, { line, column, title }] of FIXES.entries()) {
          await editor.goToLine(page, line, column);
          await editor.chooseQuickFixByKeys(page, title);
          await editor.problemCount(page, FIXES.length - 1 - done);
        }
        await editor.webviewFrame(page).getByText("8 of 8 shortcuts fit").waitFor();
      },
    },
    {
      name: "undone",
      async run(page) {
        for (let back = 1; back <= FIXES.length; back++) {
          await page.keyboard.press("Control+Z");
          await editor.problemCount(page, back);
        }
        await editor.goToLine(page, ADD);
        await editor.waitForHint(page, ADD, /≠/);
        for (let left = FIXES.length - 1; 0 <= left; left--) {
          await page.keyboard.press("Control+Y");
          await editor.problemCount(page, left);
        }
      },
    },
    {
      name: "run",
      async run(page) {
        const panel = editor.webviewFrame(page);
        await panel.getByText("8 of 8 shortcuts fit").waitFor();
        // The panel is the second group of editors.
        await page.keyboard.press("Control+2");
        await editor.focusByTab(page, panel.getByRole("button", { name: "Run", exact: true }));
        await page.keyboard.press("Enter");
        const shape = panel.locator(".output-shape");
        await shape.waitFor({ timeout: editor.RUN_LIMIT });
        assert.equal(await shape.textContent(), "[2, 1000]");
      },
    },
  ],
};

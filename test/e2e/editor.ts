import type { FrameLocator, Locator, Page } from "playwright-core";

/** How long anything on the screen may take to appear, in milliseconds; a busy machine needs a good part of it. */
export const SCREEN_LIMIT = 60_000;

/** How long a forward pass of a ResNet-50 may take on WebGL without a graphics card, in milliseconds. */
export const RUN_LIMIT = 300_000;

/** Waits until the workbench stands, with the files of its folder if there is one. */
export async function workbenchReady(page: Page, open: "workspace" | "nothing"): Promise<void> {
  await page.locator(".monaco-workbench .statusbar-item").first().waitFor();
  if (open === "workspace")
    await page.locator(".monaco-workbench .explorer-folders-view .monaco-list-row").first().waitFor();
}

/** Runs a command of the palette by its whole title. */
export async function runCommand(page: Page, title: string): Promise<void> {
  const input = page.locator(".quick-input-widget input").first();
  const row = page.locator(`.quick-input-list .monaco-list-row[aria-label^="${title}"]`).first();
  await eventually(
    () => `the command ${title}`,
    async () => {
      // An open palette does not learn of commands that come later.
      await page.keyboard.press("Escape");
      await page.keyboard.press("F1");
      await input.waitFor();
      await input.fill(`>${title}`);
      await row.waitFor({ timeout: 4_000 }).catch(() => undefined);
      return (await row.isVisible()) ? true : undefined;
    },
  );
  await row.click();
}

/** Opens a file of the workspace and puts the cursor at a line, both through Quick Open. */
export async function openFile(page: Page, name: string, line = 1): Promise<void> {
  await quickOpen(page, name);
  await page.locator(".editor-instance .view-line").first().waitFor();
  await goToLine(page, line);
}

async function quickOpen(page: Page, name: string): Promise<void> {
  await page.keyboard.press("Control+P");
  const input = page.locator(".quick-input-widget input").first();
  await input.waitFor();
  await input.fill(name);
  // A name may end another's: the row and the tab must begin with it.
  const row = page.locator(`.quick-input-list .monaco-list-row[aria-label^="${name}"]`).first();
  await row.waitFor();
  await row.click();
  await page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
}

/** Opens a notebook of the workspace and waits until its first cell's code is shown. */
export async function openNotebook(page: Page, name: string): Promise<void> {
  await quickOpen(page, name);
  await page.locator(".notebookOverlay .cell .view-line").first().waitFor();
}

/** Puts the cursor at a column of a line (both 1-based) and scrolls it into the middle. */
export async function goToLine(page: Page, line: number, column = 1): Promise<void> {
  // The first editor group takes the focus, whatever had it.
  await page.keyboard.press("Control+1");
  await page.locator(".part.editor .monaco-editor.focused").first().waitFor();
  await page.keyboard.press("Control+G");
  const input = page.locator(".quick-input-widget input").first();
  await input.waitFor();
  await input.fill(`:${line}:${column}`);
  await page.keyboard.press("Enter");
  await cursorAt(page, line);
}

/** A row of the open pick. */
export function picked(page: Page, label: string): Locator {
  return page.locator(".quick-input-list .monaco-list-row", { hasText: label }).first();
}

/** Takes a row of the open pick by typing its label: a row may move under the pointer while the list settles. */
export async function pick(page: Page, label: string): Promise<void> {
  await picked(page, label).waitFor();
  await typeInto(page, label);
  await page.locator(".quick-input-list .monaco-list-row.focused", { hasText: label }).waitFor();
  await page.keyboard.press("Enter");
}

/** Takes a file of the folder that VS Code's own file dialog shows. */
export async function chooseFile(page: Page, name: string): Promise<void> {
  await picked(page, name).click();
  await page.locator(".quick-input-widget:visible").waitFor({ state: "detached" });
}

/** Puts a text into the open input. */
export async function typeInto(page: Page, text: string): Promise<void> {
  const input = page.locator(".quick-input-widget input:visible").first();
  await input.waitFor();
  await input.fill(text);
}

/** Waits until the cursor stands in a line (1-based). */
export async function cursorAt(page: Page, line: number): Promise<void> {
  await page
    .locator(".line-numbers.active-line-number", { hasText: new RegExp(`^${line}$`) })
    .first()
    .waitFor();
}

/** One line as the screen shows it, hints included. */
async function shownLine(page: Page, line: number): Promise<string> {
  return page.evaluate((wanted) => {
    for (const number of document.querySelectorAll<HTMLElement>(".margin-view-overlays .line-numbers")) {
      if (number.textContent !== String(wanted)) continue;
      const top = number.parentElement?.getBoundingClientRect().top ?? 0;
      for (const shown of document.querySelectorAll<HTMLElement>(".view-lines .view-line"))
        if (Math.abs(shown.getBoundingClientRect().top - top) < 2)
          return (shown.textContent ?? "").replaceAll("\u00a0", " ");
    }
    return "";
  }, line);
}

/** Waits until a line shows this hint behind its code. */
export async function waitForHint(page: Page, line: number, hint: RegExp): Promise<void> {
  await waitUntilLine(page, line, (shown) => hint.test(shown));
}

/** Waits until a line is shown, and shown so; an error that says what it last looked like. */
export async function waitUntilLine(page: Page, line: number, wanted: (shown: string) => boolean): Promise<void> {
  let last = "";
  await eventually(
    () => `line ${line}, last shown as "${last}"`,
    async () => {
      last = await shownLine(page, line);
      return last !== "" && wanted(last) ? last : undefined;
    },
  );
}

/** Scrolls down until a line with this code is shown. */
export async function scrollTo(page: Page, code: string): Promise<void> {
  const line = page.locator(".view-lines .view-line", { hasText: code });
  await page.mouse.move(640, 250);
  await eventually(
    () => `a line with ${code}`,
    async () => {
      if (0 < (await line.count())) return true;
      await page.mouse.wheel(0, 300);
      return undefined;
    },
  );
}

/** Waits until the first shown line with this code looks as wanted; an error that says what it last looked like. */
export async function waitUntilShown(page: Page, code: string, wanted: (shown: string) => boolean): Promise<void> {
  let last = "";
  await eventually(
    () => `the line with ${code}, last shown as "${last}"`,
    async () => {
      const lines = await page
        .locator(".view-lines .view-line", { hasText: code.replaceAll(" ", "\u00a0") })
        .allTextContents();
      last = (lines[0] ?? "").replaceAll("\u00a0", " ");
      return last !== "" && wanted(last) ? last : undefined;
    },
  );
}

/** Moves the pointer onto the first place of a shown line that has this text, and returns the hover's text. */
export async function hoverOn(page: Page, text: string, expected: string): Promise<string> {
  const hover = page.locator(".monaco-resizable-hover .monaco-hover:not(.hidden), .monaco-hover:not(.hidden)");
  return eventually(
    () => `the hover "${expected}" on ${text}`,
    async () => {
      const { x, y } = await placeOf(page, text);
      await page.mouse.move(x + 40, y + 200);
      await page.mouse.move(x - 1, y);
      await page.mouse.move(x, y);
      const card = hover.filter({ hasText: expected }).first();
      await card.waitFor({ timeout: 4_000 }).catch(() => undefined);
      const [shown] = await card.allInnerTexts();
      return shown?.replaceAll("\u00a0", " ");
    },
  );
}

/** Shows the hover at the cursor by its keys, and returns its text. */
export async function hoverByKeys(page: Page, expected: string): Promise<string> {
  const card = page.locator(".monaco-hover:not(.hidden)").filter({ hasText: expected }).first();
  return eventually(
    () => `the hover "${expected}" at the cursor`,
    async () => {
      await page.keyboard.press("Control+K");
      await page.keyboard.press("Control+I");
      await card.waitFor({ timeout: 4_000 }).catch(() => undefined);
      const [shown] = await card.allInnerTexts();
      return shown?.replaceAll("\u00a0", " ");
    },
  );
}

/** What of the visible hover is cut off, in pixels: beyond its own scroll box, or beyond the window. */
export async function hoverCut(page: Page): Promise<number> {
  return page.evaluate(() => {
    const card = [...document.querySelectorAll<HTMLElement>(".monaco-hover:not(.hidden)")].find((each) =>
      Boolean(each.offsetHeight),
    );
    if (card === undefined) return Number.POSITIVE_INFINITY;
    const { top, left, right, bottom } = card.getBoundingClientRect();
    const beyond = Math.max(0, -top, -left, right - innerWidth, bottom - innerHeight);
    const content = card.querySelector<HTMLElement>(".monaco-hover-content") ?? card;
    return Math.max(beyond, content.scrollHeight - content.clientHeight, content.scrollWidth - content.clientWidth);
  });
}

/** Closes whatever stands over the editor. */
export async function closeHover(page: Page): Promise<void> {
  await page.mouse.move(5, 5);
  await page.keyboard.press("Escape");
}

/** Puts the cursor on a shown text. */
export async function clickOn(page: Page, text: string): Promise<void> {
  const { x, y } = await placeOf(page, text);
  await page.mouse.click(x, y);
}

/** Opens the quick fixes of a shown text, by the lightbulb or the keys, and returns their titles. */
export async function openQuickFixes(page: Page, text: string, by: "lightbulb" | "keys"): Promise<readonly string[]> {
  await clickOn(page, text);
  if (by === "keys") await page.keyboard.press("Control+.");
  else
    await page
      .locator("[class*=codicon-gutter-lightbulb], .lightBulbWidget, .codicon-light-bulb, .codicon-lightbulb-autofix")
      .filter({ visible: true })
      .first()
      .click();
  const rows = page.locator(".action-widget .monaco-list-row.action");
  await rows.first().waitFor();
  return rows.allInnerTexts();
}

/** Applies one of the quick fixes that stand open. */
export async function applyQuickFix(page: Page, title: string): Promise<void> {
  await page.locator(".action-widget .monaco-list-row.action", { hasText: title }).first().click();
  await page.locator(".action-widget .monaco-list").first().waitFor({ state: "hidden" });
}

/** Applies the first quick fix at the cursor by the keys alone, and returns its title. */
export async function quickFixByKeys(page: Page): Promise<string> {
  const focused = page.locator(".action-widget .monaco-list-row.action.focused");
  const [title] = await eventually(
    () => "a quick fix at the cursor",
    async () => {
      await page.keyboard.press("Control+.");
      await focused.waitFor({ timeout: 4_000 }).catch(() => undefined);
      const titles = await focused.allInnerTexts();
      return titles.length === 0 ? undefined : titles;
    },
  );
  await page.keyboard.press("Enter");
  await page.locator(".action-widget .monaco-list").first().waitFor({ state: "hidden" });
  return title ?? "";
}

/** Opens the quick fixes at the cursor by the keys, and returns their titles; the first one has the focus. */
export async function openQuickFixesByKeys(page: Page): Promise<readonly string[]> {
  const rows = page.locator(".action-widget .monaco-list-row.action");
  return eventually(
    () => "the quick fixes at the cursor",
    async () => {
      await page.keyboard.press("Control+.");
      await rows
        .first()
        .waitFor({ timeout: 4_000 })
        .catch(() => undefined);
      const titles = await rows.allInnerTexts();
      return titles.length === 0 ? undefined : titles.map((title) => title.trim());
    },
  );
}

/** Takes a quick fix at the cursor: opens the menu, walks down to its title, and presses Enter. */
export async function chooseQuickFixByKeys(page: Page, title: RegExp): Promise<void> {
  const titles = await openQuickFixesByKeys(page);
  const at = titles.findIndex((each) => title.test(each));
  if (at < 0) throw new Error(`no ${title} in ${titles.join(" | ")}`);
  const focused = page.locator(".action-widget .monaco-list-row.action.focused");
  for (let step = 0; step < at; step++) await page.keyboard.press("ArrowDown");
  await focused.filter({ hasText: title }).waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".action-widget .monaco-list").first().waitFor({ state: "hidden" });
}

/** Clicks a link of the hover that stands open. */
export async function clickInHover(page: Page, text: RegExp): Promise<void> {
  await page.locator(".monaco-hover:not(.hidden) a:visible", { hasText: text }).first().click();
}

/** Presses Tab until an element has the focus. */
export async function focusByTab(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  await eventually(
    () => "the focus by Tab",
    async () => {
      if (await target.evaluate((element) => element === element.ownerDocument.activeElement)) return true;
      await page.keyboard.press("Tab");
      return undefined;
    },
  );
}

/** Waits until the status bar counts this many errors, warnings and infos. */
export async function problemCount(page: Page, wanted: number): Promise<void> {
  let last = "";
  await eventually(
    () => `${wanted} problems; the last count was ${last}`,
    async () => {
      last = (await page.locator("#status\\.problems").first().getAttribute("aria-label")) ?? "";
      const numbers = last.match(/\d+/g)?.map(Number) ?? [0];
      return numbers.reduce((sum, one) => sum + one, 0) === wanted ? true : undefined;
    },
  );
}

/** Clicks the first lens with this title. */
export async function clickCodeLens(page: Page, title: string): Promise<void> {
  await page.locator(".codelens-decoration a:visible", { hasText: title }).last().click();
}

/** The number of error squiggles on the screen. */
export function squiggles(page: Page): Locator {
  return page.locator(".view-overlays .squiggly-error");
}

/** The page inside the panel; it may be blank for seconds, so wait for its content. */
export function webviewFrame(page: Page): FrameLocator {
  return page.frameLocator("iframe.webview.ready").frameLocator("#active-frame");
}

/** The page inside the webview that was opened last, while another stands beside it. */
export function lastWebviewFrame(page: Page): FrameLocator {
  return page.locator("iframe.webview.ready").last().contentFrame().frameLocator("#active-frame");
}

/** Asks again until there is an answer; an error that says what was waited for. */
async function eventually<T>(what: () => string, ask: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + SCREEN_LIMIT;
  while (Date.now() < end) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  throw new Error(`not seen in time: ${what()}`);
}

/** Where a text stands on the screen: the middle of its first place in the shown lines. */
async function placeOf(page: Page, text: string): Promise<{ readonly x: number; readonly y: number }> {
  return eventually(
    () => `the text ${text}`,
    () =>
      page.evaluate((wanted) => {
        for (const line of document.querySelectorAll<HTMLElement>(".view-lines .view-line")) {
          const shown = (line.textContent ?? "").replaceAll("\u00a0", " ");
          const start = shown.indexOf(wanted);
          if (start < 0) continue;
          const middle = start + wanted.length / 2;
          const nodes = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
          let before = 0;
          for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
            const length = node.textContent?.length ?? 0;
            if (middle < before + length) {
              const range = document.createRange();
              const offset = Math.floor(middle - before);
              range.setStart(node, offset);
              range.setEnd(node, offset + 1);
              const box = range.getBoundingClientRect();
              return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
            }
            before += length;
          }
        }
        return undefined;
      }, text),
  );
}

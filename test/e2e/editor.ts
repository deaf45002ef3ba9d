import type { FrameLocator, Locator, Page } from "playwright-core";

/** How long anything on the screen may take to appear, in milliseconds; a busy machine needs a good part of it. */
export const SCREEN_LIMIT = 60_000;

/** Waits until the workbench stands and its extension host has started. */
export async function workbenchReady(page: Page): Promise<void> {
  await page.locator(".monaco-workbench .explorer-folders-view .monaco-list-row").first().waitFor();
}

/** Opens a file of the workspace and puts the cursor at a line, both through Quick Open. */
export async function openFile(page: Page, name: string, line = 1): Promise<void> {
  await page.keyboard.press("Control+P");
  const input = page.locator(".quick-input-widget input").first();
  await input.waitFor();
  await input.fill(name);
  // A name may end another's: the row and the tab must begin with it.
  const row = page.locator(`.quick-input-list .monaco-list-row[aria-label^="${name}"]`).first();
  await row.waitFor();
  await row.click();
  await page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
  await page.locator(".editor-instance .view-line").first().waitFor();
  await goToLine(page, line);
}

/** Puts the cursor at the start of a line (1-based) and scrolls it into the middle. */
export async function goToLine(page: Page, line: number): Promise<void> {
  // The first editor group takes the focus, whatever had it.
  await page.keyboard.press("Control+1");
  await page.keyboard.press("Control+G");
  const input = page.locator(".quick-input-widget input").first();
  await input.waitFor();
  await input.fill(`:${line}`);
  await page.keyboard.press("Enter");
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
async function clickOn(page: Page, text: string): Promise<void> {
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

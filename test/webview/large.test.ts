import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { LARGE, largeView } from "../preview/large.ts";
import { posted, SHOTS, SLOW, send, useBench } from "./page.ts";
import { THEMES } from "./themes.ts";

const PANEL = { width: 640, height: 730 };
/** An open network has thousands of parts; the page holds those near the window. */
const MOST_ELEMENTS = 1500;
const bench = useBench();

async function show(view: ReturnType<typeof largeView>, theme: keyof typeof THEMES = "dark"): Promise<Page> {
  const page = await bench.open(THEMES[theme], PANEL);
  await page.evaluate(() => {
    const tasks: number[] = [];
    Object.assign(window, { tasks });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) tasks.push(entry.duration);
    }).observe({ type: "longtask", buffered: true });
    const frames: number[] = [];
    Object.assign(window, { frames });
    let before = performance.now();
    const frame = (): void => {
      const now = performance.now();
      frames.push(now - before);
      before = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  await send(page, { kind: "view", view });
  await page.locator(".diagram .node").first().waitFor();
  return page;
}

/**
 * The longest task of the page and the longest time between two of its frames since the last call, in milliseconds; a
 * task below 50 ms is told as 0. For a person to read.
 */
async function longest(page: Page): Promise<string> {
  return page.evaluate(() => {
    const { tasks, frames } = window as unknown as { tasks: number[]; frames: number[] };
    return `${Math.round(Math.max(0, ...tasks.splice(0)))}/${Math.round(Math.max(0, ...frames.splice(0)))}`;
  });
}

const view = largeView("1,000 layers that differ");

describe("large networks", { timeout: SLOW }, () => {
  test.each(LARGE)("%s: open whole, drawn as far as it is seen", async (name) => {
    const page = await show(largeView(name));
    const name_ = name.replaceAll(/[ ,]+/g, "-").toLowerCase();
    await page.screenshot({ path: `${SHOTS}/large-${name_}.png` });
    const drawing = await longest(page);
    const before = await page.locator("svg.diagram").getAttribute("height");
    await page.getByRole("button", { name: "open all" }).click();
    await page.waitForFunction(
      (height) => document.querySelector("svg.diagram")?.getAttribute("height") !== height,
      before,
    );
    const opening = await longest(page);
    const scroll = page.locator("main.scroll");
    for (const share of [0.3, 0.6, 1]) {
      await scroll.evaluate((box, at) => box.scrollTo(0, box.scrollHeight * at), share);
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      const shown = await page.locator(".diagram .node").count();
      expect(shown).toBeGreaterThan(0);
      expect(shown).toBeLessThan(MOST_ELEMENTS);
    }
    const scrolling = await longest(page);
    expect(await page.getByRole("treeitem").count()).toBeLessThan(400);
    await scroll.evaluate((box) => box.scrollTo(0, box.scrollHeight * 0.4));
    await page.screenshot({ path: `${SHOTS}/large-${name_}-open.png` });
    await page.getByRole("button", { name: "show the whole diagram" }).click();
    await page.screenshot({ path: `${SHOTS}/large-${name_}-whole.png` });
    const whole = await longest(page);
    console.info(
      `longest task/frame, ms: ${name}: draw ${drawing}, open all ${opening}, scroll ${scrolling}, whole ${whole}`,
    );
    await page.close();
  });

  test("finds by path, type, shape and code, and steps through what is folded", async () => {
    const page = await show(view);
    await page.keyboard.press("/");
    const box = page.getByRole("searchbox");
    const count = page.locator(".search .count");
    await box.fill("blocks.320.conv2");
    await page.getByText("1 found").first().waitFor();
    await page.keyboard.press("Enter");
    await page.locator('.box.selected[data-id="blocks.320.conv2"]').waitFor();
    expect(await count.textContent()).toBe("1 of 1");
    expect(await box.evaluate((input) => input === document.activeElement)).toBe(true);
    // The output of the second convolution of the block with an inner width of 8 + 100.
    await box.fill("conv2d [N, 108, 32, 32]");
    await page.getByText("2 found").first().waitFor();
    await page.keyboard.press("Shift+Enter");
    await page.locator('.box.selected[data-id="blocks.100.conv2"]').waitFor();
    await box.fill("nn.Conv2d(3, 16, 3, padding=1)");
    await page.getByText("1 found").first().waitFor();
    await box.fill("nowhere");
    await page.getByText("nothing found").first().waitFor();
    await page.screenshot({ path: `${SHOTS}/search.png` });
    await page.keyboard.press("Escape");
    expect(await page.locator(".search").isVisible()).toBe(false);
    expect((await posted(page)).filter(({ kind }) => kind === "reveal")).toHaveLength(2);
    await page.close();
  });

  test("finds a block of many that are drawn as one", async () => {
    const page = await show(largeView("1,000 layers"));
    await page.keyboard.press("Control+f");
    await page.getByRole("searchbox").fill("blocks.200.conv3");
    await page.getByText("1 found").first().waitFor();
    await page.keyboard.press("Enter");
    await page.locator('.box.selected[data-id="blocks.0.conv3"]').waitFor();
    await page.close();
  });

  test("zooms by keys, wheel and buttons about where it stands, and keeps the scale over an edit", async () => {
    const page = await show(view);
    const width = async () => Number(await page.locator("svg.diagram").getAttribute("width"));
    const full = await width();
    await page.keyboard.press("+");
    expect(await width()).toBeCloseTo(full * 1.25);
    await page.keyboard.press("0");
    expect(await width()).toBe(full);
    const target = page.locator(".diagram .box").nth(3);
    const before = await target.boundingBox();
    if (before === null) throw new Error("not drawn");
    const [x, y] = [before.x + 20, before.y + before.height / 2];
    await page.mouse.move(x, y);
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -100);
    await page.keyboard.up("Control");
    await page.waitForFunction(
      (old) => old < Number(document.querySelector("svg.diagram")?.getAttribute("width")),
      full,
    );
    const after = await target.boundingBox();
    if (after === null) throw new Error("not drawn");
    expect((y - after.y) / after.height).toBeCloseTo(0.5, 1);
    const scaled = await width();
    await send(page, { kind: "view", view: { ...view, notes: [] } });
    await page.locator(".diagram .node").first().waitFor();
    expect(await width()).toBe(scaled);
    await page.close();
  });

  test("the minimap moves the window to where it is pressed", async () => {
    const page = await show(view);
    const map = page.locator(".minimap");
    const box = await map.boundingBox();
    if (box === null) throw new Error("no minimap");
    await page.mouse.click(box.x + box.width / 2, box.y + box.height - 4);
    await page.waitForFunction(() => {
      const scroll = document.querySelector("main");
      return scroll !== null && 0.9 * (scroll.scrollHeight - scroll.clientHeight) < scroll.scrollTop;
    });
    await page.locator('.box[data-id="blocks.330"]').waitFor();
    await page.close();
  });

  test("the tree reaches its last row by keyboard", async () => {
    const page = await show(view);
    await page.getByRole("button", { name: "open all" }).click();
    await page.getByRole("treeitem").first().focus();
    await page.keyboard.press("End");
    const name = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
    expect(await name()).toMatch(/^head|^linear/);
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Home");
    expect(await name()).toMatch(/^Net/);
    await page.close();
  });
});

import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { floats } from "../runtime/harness.ts";
import { analyzed } from "./analyzed.ts";
import { type Bench, SHOTS, send, startBench } from "./page.ts";
import { THEMES } from "./themes.ts";

const SLOW = 240_000;
const FOLDER = "test/data/run/digits";
/** Recorded by `scripts/truth/record_digits.py`. */
const truth = JSON.parse(readFileSync(`${FOLDER}/truth.json`, "utf8")).pictures[0];
const digits = analyzed(`${FOLDER}/digits_resnet.py`, [1, 3, 32, 32]);
let bench: Bench;

beforeAll(async () => {
  bench = await startBench(true);
}, SLOW);
afterAll(async () => {
  await bench?.close();
});

/** The trained network of digits, run on a held-out picture. */
async function ran(
  theme: keyof typeof THEMES = "dark",
  size = { width: 640, height: 900 },
  { view, program } = digits,
): Promise<Page> {
  const page = await bench.open(THEMES[theme], size);
  await send(page, { kind: "view", view });
  const file = (purpose: "weights" | "image", name: string): Promise<void> =>
    send(page, { kind: "file", purpose, name, bytes: readFileSync(`${FOLDER}/${name}`) });
  await file("weights", "digits_resnet.pth");
  await file("image", truth.picture);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.waitForFunction(() => window.posted.some((message) => message.kind === "program"));
  await send(page, { kind: "program", request: 1, program });
  await page.waitForFunction(() => window.posted.some((message) => message.kind === "ran"), undefined, {
    timeout: SLOW,
  });
  return page;
}

function tab(page: Page, name: string) {
  return page.getByRole("tab", { name, exact: true });
}

describe("tabs", { timeout: SLOW }, () => {
  test("go by the arrow keys and are remembered", async () => {
    const page = await ran();
    await tab(page, "result").focus();
    await page.keyboard.press("ArrowRight");
    expect(await tab(page, "feature maps").getAttribute("aria-selected")).toBe("true");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("feature maps");
    await page.reload();
    await tab(page, "feature maps").waitFor();
    expect(await tab(page, "feature maps").getAttribute("aria-selected")).toBe("true");
    await page.getByText("run the model to see what its layers give").waitFor();
    await page.close();
  });
});

describe("feature maps", { timeout: SLOW }, () => {
  test("are those of the selected layer, whose channels' means are PyTorch's", async () => {
    const page = await ran();
    await tab(page, "feature maps").click();
    await page
      .locator('.box[data-id="layer3"], .frame[data-id="layer3"]')
      .first()
      .click({ position: { x: 60, y: 8 } });
    expect(await page.getByRole("combobox", { name: "layer" }).inputValue()).toBe("layer3");
    expect(await page.locator("button.map").count()).toBe(20);
    // The mean of each map is what the pooling behind it gives.
    const means = floats(truth.modules.avgpool.data);
    for (const channel of [0, 7, 19]) {
      const label = await page.locator(`button.map[data-channel="${channel}"]`).getAttribute("aria-label");
      expect(Number(label?.split("mean ")[1])).toBeCloseTo(means[channel] ?? Number.NaN, 3);
    }
    await page.locator('button.map[data-channel="7"]').click();
    await page.locator(".enlarged").getByText("channel 7").waitFor();
    expect(Number(await page.locator(".enlarged dd").nth(2).textContent())).toBeCloseTo(means[7] ?? Number.NaN, 3);
    await page.keyboard.press("ArrowRight");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("data-channel"))).toBe("8");
    await page.keyboard.press("Enter");
    await page.locator(".enlarged").getByText("channel 8").waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute("data-channel"))).toBe("8");
    await page.getByRole("combobox", { name: "layer" }).selectOption("avgpool");
    await page.getByRole("img", { name: /^20 channels/ }).waitFor();
    await page.close();
  });

  test.each(Object.keys(THEMES) as (keyof typeof THEMES)[])("%s", async (theme) => {
    for (const width of [640, 400]) {
      const page = await ran(theme, { width, height: 900 });
      await tab(page, "feature maps").click();
      await page.locator('button.map[data-channel="3"]').click();
      await page.screenshot({ path: `${SHOTS}/maps-${theme}-${width}.png` });
      await page.close();
    }
  });
});

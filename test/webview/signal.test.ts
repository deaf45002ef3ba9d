import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { Table } from "../../src/text/text.ts";
import { ranDigits, truth } from "./digits.ts";
import { SHOTS, SLOW_RUN, useBench } from "./page.ts";
import { givePlain, ranResidual } from "./plain-and-residual.ts";
import { THEMES } from "./themes.ts";

const bench = useBench(true);

async function trained(): Promise<Page> {
  const page = await ranDigits(bench);
  await page.getByRole("tab", { name: "signal", exact: true }).click();
  await page.locator(".depth").first().waitFor();
  return page;
}

/** The residual network, run, with the plain one asked for. */
async function beside(theme: keyof typeof THEMES, width: number, table?: Table, height = 1100): Promise<Page> {
  const page = await bench.open(THEMES[theme], { width, height }, table);
  await ranResidual(page);
  await page.getByRole("tab", { name: /^(signal|信号)$/ }).click();
  await page.locator(".depth").first().waitFor();
  await page.locator('select[data-key="signal-beside"]').selectOption("plain34()");
  await givePlain(page);
  await page.getByRole("columnheader", { name: "plain34()" }).waitFor({ timeout: SLOW_RUN });
  return page;
}

function number(text: string | null): number {
  return Number(text?.replaceAll("−", "-"));
}

async function column(page: Page, index: number): Promise<readonly number[]> {
  const texts = await page.locator(`.signal tbody tr > :nth-child(${index})`).allTextContents();
  return texts.map(number);
}

describe("the signal of a trained network", { timeout: SLOW_RUN }, () => {
  test("tells PyTorch's deviations of what each block gives", async () => {
    const page = await trained();
    const steps = { "layer1.0": "layer1.0", "layer2.1": "layer2.1", "avgpool–fc": "fc" };
    for (const [step, path] of Object.entries(steps)) {
      const row = page
        .locator(".signal tbody tr")
        .filter({ has: page.getByRole("button", { name: step, exact: true }) });
      expect(number(await row.locator("td").nth(0).textContent())).toBeCloseTo(truth.modules[path].std, 2);
      expect(number(await row.locator("td").nth(1).textContent())).toBeCloseTo(truth.modules[path].mean, 2);
    }
    await page.getByText(/^loss: cross-entropy .* by the kept statistics, as in evaluation$/).waitFor();
    await page.close();
  });

  test("goes by the keyboard: a step selects its layer", async () => {
    const page = await trained();
    await page.getByRole("button", { name: "layer2.1", exact: true }).focus();
    await page.keyboard.press("Enter");
    expect(await page.locator(".card").first().textContent()).toContain("layer2.1");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("data-key"))).toBe("step-layer2.1");
    await page.locator('select[data-key="signal-steps"]').selectOption("layers");
    await page.getByRole("button", { name: "layer2.0.downsample.0", exact: true }).waitFor();
    await page.close();
  });
});

describe("a plain network beside a residual one", { timeout: SLOW_RUN }, () => {
  test("loses its gradient's scale where the residual one keeps it", async () => {
    const page = await beside("dark", 640);
    const [kept, lost] = [await column(page, 4), await column(page, 9)];
    const ratio = (all: readonly number[]): number => (all[1] ?? 0) / (all.at(-1) ?? 1);
    expect(kept.length).toBe(lost.length);
    expect(ratio(kept)).not.toBeCloseTo(ratio(lost), 1);
    await page.close();
  });

  test("is told in Chinese", async () => {
    const table: Table = JSON.parse(readFileSync("l10n/bundle.l10n.zh-cn.json", "utf8"));
    const page = await beside("light", 640, table);
    await page.getByText("激活值:每一步的输出").waitFor();
    await page.locator(".tab-panel").screenshot({ path: `${SHOTS}/signal-chinese.png` });
    await page.close();
  });

  test.each(Object.keys(THEMES) as (keyof typeof THEMES)[])("%s", async (theme) => {
    for (const width of [640, 400]) {
      const page = await beside(theme, width);
      const wide = await page.evaluate(() =>
        [...document.querySelectorAll(".tab-panel *")]
          .filter((one) => window.innerWidth + 1 < one.getBoundingClientRect().right && one.closest(".wide") === null)
          .map((one) => `${one.tagName} ${one.getAttribute("class")}`),
      );
      expect(wide).toEqual([]);
      await page.locator(".tab-panel").screenshot({ path: `${SHOTS}/signal-${theme}-${width}.png` });
      await page.screenshot({ path: `${SHOTS}/signal-page-${theme}-${width}.png` });
      await page.close();
    }
  });
});

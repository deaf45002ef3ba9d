import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Table } from "../../src/text/text.ts";
import { analyzed } from "./analyzed.ts";
import { type Bench, SHOTS, send, startBench } from "./page.ts";
import { THEMES } from "./themes.ts";

const SLOW = 240_000;
const FOLDER = "test/data/run/digits";
/** Recorded by `scripts/truth/record_digits.py`. */
const truth = JSON.parse(readFileSync(`${FOLDER}/truth.json`, "utf8")).pictures[0];
const digits = analyzed(`${FOLDER}/digits_resnet.py`, [1, 3, 32, 32]);
const ROOTS = ["resnet34()", "plain34()"] as const;
const [residual, plain] = ROOTS.map((root) => analyzed("sample/plain_and_residual.py", [1, 3, 64, 64], root));
let bench: Bench;

beforeAll(async () => {
  bench = await startBench(true);
}, SLOW);
afterAll(async () => {
  await bench?.close();
});

async function run(page: Page, program: (typeof digits)["program"]): Promise<void> {
  await page
    .getByRole("button", { name: /^(Run|运行)$/ })
    .first()
    .click();
  await page.waitForFunction(() => window.posted.some((message) => message.kind === "program"));
  await send(page, { kind: "program", request: 1, program });
  await page.waitForFunction(() => window.posted.some((message) => message.kind === "ran"), undefined, {
    timeout: SLOW,
  });
}

async function trained(): Promise<Page> {
  const page = await bench.open(THEMES.dark, { width: 640, height: 900 });
  await send(page, { kind: "view", view: digits.view });
  for (const [purpose, name] of [
    ["weights", "digits_resnet.pth"],
    ["image", truth.picture],
  ] as const)
    await send(page, { kind: "file", purpose, name, bytes: readFileSync(`${FOLDER}/${name}`) });
  await run(page, digits.program);
  await page.getByRole("tab", { name: "signal", exact: true }).click();
  await page.locator(".depth").first().waitFor();
  return page;
}

/** The residual network, run, with the plain one asked for. */
async function beside(theme: keyof typeof THEMES, width: number, table?: Table, height = 1100): Promise<Page> {
  if (residual === undefined || plain === undefined) throw new Error("nothing is analyzed");
  const page = await bench.open(THEMES[theme], { width, height }, table);
  await send(page, { kind: "view", view: { ...residual.view, head: { ...residual.view.head, roots: ROOTS } } });
  await run(page, residual.program);
  await page.getByRole("tab", { name: /^(signal|信号)$/ }).click();
  await page.locator(".depth").first().waitFor();
  await page.locator('select[data-key="signal-beside"]').selectOption("plain34()");
  await page.waitForFunction(() => window.posted.some((message) => message.kind === "other"));
  await send(page, { kind: "other", request: 1, view: plain.view, program: plain.program, reason: undefined });
  await page.getByRole("columnheader", { name: "plain34()" }).waitFor({ timeout: SLOW });
  return page;
}

function number(text: string | null): number {
  return Number(text?.replaceAll("−", "-"));
}

async function column(page: Page, index: number): Promise<readonly number[]> {
  const texts = await page.locator(`.signal tbody tr > :nth-child(${index})`).allTextContents();
  return texts.map(number);
}

describe("the signal of a trained network", { timeout: SLOW }, () => {
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

describe("a plain network beside a residual one", { timeout: SLOW }, () => {
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

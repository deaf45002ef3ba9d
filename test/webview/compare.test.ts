import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { DIGITS, digits, ranDigits, tab, truth } from "./digits.ts";
import { SHOTS, SLOW_RUN, send, useBench } from "./page.ts";
import { givePlain, ranResidual } from "./plain-and-residual.ts";
import { THEMES } from "./themes.ts";

const checkpoint = readFileSync(`${DIGITS}/digits_resnet.pth`);
const bench = useBench(true);

/** The digits' view with another first convolution. */
const [stem, ...rest] = digits.view.network.children;
if (stem === undefined) throw new Error("no stem");
const children = [{ ...stem, params: 100, output: { text: "[N, 4, 32, 32]" } }, ...rest];
const narrow = { ...digits.view, network: { ...digits.view.network, children } };

async function trained(): Promise<Page> {
  const page = await ranDigits(bench);
  await tab(page, "compare").click();
  return page;
}

async function beside(theme: keyof typeof THEMES, width: number): Promise<Page> {
  const page = await bench.open(THEMES[theme], { width, height: 1100 });
  await ranResidual(page);
  await tab(page, "compare").click();
  await page.locator('select[data-key="compare-against"]').selectOption("root:plain34()");
  await givePlain(page);
  await page.getByText("3 of 18 parts differ").waitFor({ timeout: SLOW_RUN });
  return page;
}

describe("compare", { timeout: SLOW_RUN }, () => {
  test("other weights, which are asked for as a file", async () => {
    const page = await trained();
    await page.locator('select[data-key="compare-against"]').selectOption("pick");
    await page.waitForFunction(() => window.posted.some((one) => one.kind === "pick-file" && one.purpose === "beside"));
    await send(page, { kind: "file", purpose: "beside", name: "again.pth", bytes: checkpoint });
    await page.getByText("the same 7 parts in both").waitFor({ timeout: SLOW_RUN });
    // The same weights: what they give is the same, and PyTorch's.
    const differences = await page.locator(".compare tbody td:last-child").allTextContents();
    expect(new Set(differences)).toEqual(new Set(["0.0e+0"]));
    const shares = await page.locator(".tops li").allTextContents();
    const [label, share] = truth.top[0];
    expect(shares[0]).toBe(`#${label}  ${(share * 100).toFixed(1)} %`);
    expect(shares.slice(5)).toEqual(shares.slice(0, 5));
    await page.close();
  });

  test("before the last edit", async () => {
    const page = await trained();
    await send(page, { kind: "view", view: narrow });
    await page.locator('select[data-key="compare-against"]').selectOption("edit");
    await page.getByText("1 of 7 parts differ").waitFor();
    const row = page.locator(".compare tbody tr").first();
    expect(await row.locator("td").first().innerText()).toBe(`[N, 4, 32, 32]\n${stem.output.text}`);
    expect(await row.locator("th").innerText()).toContain("changed");
    // The window is opened again.
    await page.reload();
    await send(page, { kind: "view", view: narrow });
    await page.getByText("1 of 7 parts differ").waitFor();
    await page.close();
  });

  test("nothing that an edit did where the input is another", async () => {
    const page = await trained();
    await send(page, { kind: "view", view: { ...narrow, head: { ...narrow.head, input: "3 × 64 × 64" } } });
    await page.locator(".totals").waitFor();
    expect(await page.locator('option[value="edit"]').count()).toBe(0);
    await page.close();
  });

  test("a root of another file", async () => {
    const page = await trained();
    await page.locator('select[data-key="compare-against"]').selectOption("pick-foreign");
    await page.waitForFunction(() => window.posted.some(({ kind }) => kind === "pick-other"));
    await send(page, { kind: "picked-other", uri: "file:///b/narrow.py", file: "narrow.py", root: "narrow()" });
    const asked = await page.waitForFunction(() => window.posted.find((one) => one.kind === "other"));
    expect(await asked.jsonValue()).toMatchObject({ uri: "file:///b/narrow.py", root: "narrow()" });
    await send(page, { kind: "other", request: 1, view: narrow, program: digits.program, reason: undefined });
    await page.getByText("1 of 7 parts differ").waitFor({ timeout: SLOW_RUN });
    expect(await page.locator("option:checked").allTextContents()).toContain("narrow() · narrow.py");
    await page.close();
  });

  test.each(Object.keys(THEMES) as (keyof typeof THEMES)[])("another root, %s", async (theme) => {
    for (const width of [640, 400]) {
      const page = await beside(theme, width);
      // The seed draws the same first weights for both, and others from the first projection on.
      const differences = await page.locator(".compare tbody td:last-child").allTextContents();
      expect(differences[0]).toBe("0.0e+0");
      expect(Number(differences.at(-1))).toBeGreaterThan(0.1);
      await page.locator(".tab-panel").screenshot({ path: `${SHOTS}/compare-${theme}-${width}.png` });
      await page.close();
    }
  });
});

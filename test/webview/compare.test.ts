import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
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
const checkpoint = readFileSync(`${FOLDER}/digits_resnet.pth`);
let bench: Bench;

beforeAll(async () => {
  bench = await startBench(true);
}, SLOW);
afterAll(async () => {
  await bench?.close();
});

async function run(page: Page, program: (typeof digits)["program"]): Promise<void> {
  await page.getByRole("button", { name: "Run", exact: true }).first().click();
  await page.waitForFunction(() => window.posted.some((message) => message.kind === "program"));
  await send(page, { kind: "program", request: 1, program });
  await page.waitForFunction(() => window.posted.some((message) => message.kind === "ran"), undefined, {
    timeout: SLOW,
  });
  await page.getByRole("tab", { name: "compare", exact: true }).click();
}

async function trained(): Promise<Page> {
  const page = await bench.open(THEMES.dark, { width: 640, height: 900 });
  await send(page, { kind: "view", view: digits.view });
  await send(page, { kind: "file", purpose: "weights", name: "digits_resnet.pth", bytes: checkpoint });
  await send(page, {
    kind: "file",
    purpose: "image",
    name: truth.picture,
    bytes: readFileSync(`${FOLDER}/${truth.picture}`),
  });
  await run(page, digits.program);
  return page;
}

async function beside(theme: keyof typeof THEMES, width: number): Promise<Page> {
  if (residual === undefined || plain === undefined) throw new Error("nothing is analyzed");
  const page = await bench.open(THEMES[theme], { width, height: 1100 });
  await send(page, { kind: "view", view: { ...residual.view, head: { ...residual.view.head, roots: ROOTS } } });
  await run(page, residual.program);
  await page.locator('select[data-key="compare-against"]').selectOption("root:plain34()");
  await page.waitForFunction(() => window.posted.some((message) => message.kind === "other"));
  await send(page, { kind: "other", request: 1, view: plain.view, program: plain.program, reason: undefined });
  await page.getByText("3 of 18 parts differ").waitFor({ timeout: SLOW });
  return page;
}

describe("compare", { timeout: SLOW }, () => {
  test("other weights, which are asked for as a file", async () => {
    const page = await trained();
    await page.locator('select[data-key="compare-against"]').selectOption("pick");
    await page.waitForFunction(() => window.posted.some((one) => one.kind === "pick-file" && one.purpose === "beside"));
    await send(page, { kind: "file", purpose: "beside", name: "again.pth", bytes: checkpoint });
    await page.getByText("the same 7 parts in both").waitFor({ timeout: SLOW });
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
    const { view } = digits;
    const [stem, ...rest] = view.network.children;
    if (stem === undefined) throw new Error("no stem");
    const children = [{ ...stem, params: 100, output: { text: "[N, 4, 32, 32]" } }, ...rest];
    await send(page, { kind: "view", view: { ...view, network: { ...view.network, children } } });
    await page.locator('select[data-key="compare-against"]').selectOption("edit");
    await page.getByText("1 of 7 parts differ").waitFor();
    const row = page.locator(".compare tbody tr").first();
    expect(await row.locator("td").first().innerText()).toBe(`[N, 4, 32, 32]\n${stem.output.text}`);
    expect(await row.locator("th").innerText()).toContain("changed");
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

import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { changesBetween } from "../../src/preview/compare.ts";
import { t } from "../../src/text/text.ts";
import { RESNET50, resnetView } from "../preview/networks.ts";
import { posted, SHOTS, SLOW, send, useBench } from "./page.ts";
import { THEMES } from "./themes.ts";

const bench = useBench();

const now = resnetView(RESNET50, "resnet50()");
const then = resnetView({ ...RESNET50, depths: [3, 4, 8, 3] }, "resnet50()");
const PLACE = { uri: "file:///models/model.py", line: 70, start: 34, end: 35 };
const NUMBERS = [
  { name: "blocks", path: "layer3", value: 6, place: PLACE },
  { name: "out_channels", path: "layer3", value: 1024, reason: t("it is computed: {0}", "planes * 4") },
];

async function open(theme: keyof typeof THEMES): Promise<Page> {
  const page = await bench.open(THEMES[theme], { width: 640, height: 900 });
  await send(page, { kind: "view", view: now });
  await page.locator('.frame[data-id="layer3"] > .name').click();
  await page.waitForFunction(() =>
    window.posted.some((message) => message.kind === "numbers" && message.paths[0] === "layer3"),
  );
  const request = Math.max(
    ...(await posted(page)).map((message) => (message.kind === "numbers" ? message.request : 0)),
  );
  await send(page, { kind: "numbers", request, numbers: NUMBERS });
  return page;
}

async function tried(page: Page): Promise<number> {
  await page.waitForFunction(() => window.posted.some((message) => message.kind === "try-number"));
  return Math.max(...(await posted(page)).map((message) => (message.kind === "try-number" ? message.request : 0)));
}

const TRIAL = {
  place: PLACE,
  old: "6",
  text: "8",
  before: "return ResNet(Bottleneck, [3, 4, 6, 3], num_classes)",
  after: "return ResNet(Bottleneck, [3, 4, 8, 3], num_classes)",
  model: "resnet50()",
  changes: changesBetween(now, then),
  broken: [],
  mended: [],
};

describe("a number of the code, edited in the diagram", { timeout: SLOW }, () => {
  test("by F2: tried while it is typed, shown as a diff, written on Enter", async () => {
    const page = await open("dark");
    await page.getByRole("button", { name: "edit blocks, 6" }).focus();
    await page.keyboard.press("F2");
    const box = page.getByRole("textbox", { name: "blocks" });
    await box.fill("8");
    await send(page, { kind: "tried", request: await tried(page), answer: { kind: "ok", trial: TRIAL } });
    await page.getByText("[3, 4, 8, 3]").waitFor();
    // Two more blocks of layer3: 1024·256 + 256·256·9 + 256·1024 weights, and three norms' scales and shifts, each.
    const more = 2 * (2 * 1024 * 256 + 9 * 256 * 256 + 2 * (256 + 256 + 1024));
    expect(TRIAL.changes.params).toEqual({ before: 25_557_032, after: 25_557_032 + more });
    await page.getByText("25.6 M → 27.8 M (+2.23 M)").waitFor();
    await box.press("Enter");
    await page.waitForFunction(() => window.posted.some((message) => message.kind === "apply-number"));
    const applied = (await posted(page)).filter((message) => message.kind === "apply-number");
    expect(applied).toEqual([{ kind: "apply-number", trial: TRIAL }]);
    await send(page, { kind: "applied", reason: undefined });
    await box.waitFor({ state: "detached" });
    await page.close();
  });

  test("one that cannot be edited says why, Escape leaves", async () => {
    const page = await open("dark");
    await page
      .getByRole("note", { name: "out_channels 1024 cannot be edited here: it is computed: planes * 4" })
      .waitFor();
    await page.getByRole("button", { name: "edit blocks, 6" }).click();
    await page.getByRole("textbox", { name: "blocks" }).fill("0");
    const reason = t("the code has changed meanwhile");
    await send(page, { kind: "tried", request: await tried(page), answer: { kind: "none", reason } });
    await page.getByText("the code has changed meanwhile").waitFor();
    expect(await page.getByRole("button", { name: "Apply" }).isDisabled()).toBe(true);
    await page.keyboard.press("Escape");
    expect(await page.getByRole("textbox", { name: "blocks" }).count()).toBe(0);
    await page.close();
  });

  test.each(Object.keys(THEMES) as (keyof typeof THEMES)[])("picture, %s", async (theme) => {
    const page = await open(theme);
    await page.getByRole("button", { name: "edit blocks, 6" }).click();
    await page.getByRole("textbox", { name: "blocks" }).fill("8");
    await send(page, { kind: "tried", request: await tried(page), answer: { kind: "ok", trial: TRIAL } });
    await page.getByText("[3, 4, 8, 3]").waitFor();
    await page.screenshot({ path: `${SHOTS}/numbers-${theme}.png` });
    await page.close();
  });
});

import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { PreviewView } from "../../src/preview/model.ts";
import { t } from "../../src/text/text.ts";
import { RESNET18, RESNET50, resnetView } from "../preview/networks.ts";
import { posted, SHOTS, SLOW, send, useBench } from "./page.ts";
import { THEMES } from "./themes.ts";

const bench = useBench();

const NOW = resnetView(RESNET50);
const DEEPER = resnetView({ ...RESNET50, depths: [3, 4, 8, 3] });

async function open(view: PreviewView, theme: keyof typeof THEMES = "dark", width = 640, height = 760): Promise<Page> {
  const page = await bench.open(THEMES[theme], { width, height });
  await send(page, { kind: "view", view });
  await page.locator(".diagram .box").first().waitFor();
  return page;
}

async function choose(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "more actions" }).click();
  await page.getByRole("menuitem", { name }).click();
}

describe("presentation", { timeout: SLOW }, () => {
  test("steps by the arrow keys, the source follows without the focus, Escape leaves", async () => {
    const page = await open(NOW, "light", 1280, 800);
    const width = async () => Number(await page.locator("svg.diagram").getAttribute("width"));
    const before = await width();
    await choose(page, "present to a class");
    const name = page.locator(".presenter .name");
    expect(await name.textContent()).toBe("stem");
    expect(await width()).toBeCloseTo(1.6 * before);
    for (const wanted of ["layer1.0", "layer1.1–2 ×2", "layer2.0"]) {
      await page.keyboard.press("ArrowRight");
      expect(await name.textContent()).toBe(wanted);
    }
    await page.keyboard.press("ArrowLeft");
    expect(await name.textContent()).toBe("layer1.1–2 ×2");
    const reveals = (await posted(page)).flatMap((message) => (message.kind === "reveal" ? [message.focus] : []));
    expect(reveals).toEqual([false, false, false, false]);
    expect(await page.locator(".box.selected").getAttribute("data-id")).toBe("layer1.1");
    await page.screenshot({ path: `${SHOTS}/presenter.png` });
    await page.keyboard.press("Escape");
    expect(await page.locator(".presenter").isVisible()).toBe(false);
    expect(await width()).toBeCloseTo(before);
    await page.close();
  });
});

describe("changes since a pinned view", { timeout: SLOW }, () => {
  test.each(Object.keys(THEMES) as (keyof typeof THEMES)[])(
    "are marked by color and sign, and told, %s",
    async (theme) => {
      const page = await open(NOW, theme);
      await choose(page, "mark changes from now on");
      await page.getByText("no shape and no cost changes").waitFor();
      await send(page, { kind: "view", view: DEEPER });
      await page.getByText("25.6 M → 27.8 M (+2.23 M)").waitFor();
      expect(
        await page.locator(".box.changed").evaluateAll((all) => all.map((one) => one.getAttribute("data-id"))),
      ).toEqual(["layer3.1"]);
      expect(await page.locator('.frame[data-id="layer3"] .delta-sign').textContent()).toBe("Δ");
      await page.getByRole("treeitem", { name: /^layer3\.1–7, 7 equal blocks.*, changed$/ }).waitFor();
      await page.screenshot({ path: `${SHOTS}/changes-${theme}.png` });
      await page.getByRole("button", { name: "stop marking changes" }).click();
      expect(await page.locator(".box.changed").count()).toBe(0);
      await page.close();
    },
  );
});

describe("saving", { timeout: SLOW }, () => {
  test("a drawing stands for itself, in the theme's colors, with its title", async () => {
    const page = await open(resnetView(RESNET18), "light");
    await choose(page, "save the diagram as SVG…");
    await page.waitForFunction(() => window.posted.some(({ kind }) => kind === "save"));
    const text = await page.evaluate(() => {
      const message = window.posted.find((one) => one.kind === "save");
      return message?.kind === "save" ? new TextDecoder().decode(message.bytes) : "";
    });
    expect(text).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(text).not.toMatch(/var\(|color-mix|class=|<script|href/);
    // The light theme's charts.blue, on the multiply-adds' bars, and the title with He et al.'s count.
    expect(text).toContain('fill="rgb(26, 133, 255)"');
    expect(text).toContain("<title>net(): 11.7 M parameters");
    for (const label of ["layer2.0", "[N, 512, 7, 7]", "identity"]) expect(text).toContain(`>${label}<`);
    await page.setContent(text);
    await page.screenshot({ path: `${SHOTS}/saved-svg.png`, fullPage: true });
    await page.close();
  });

  test("a picture is a PNG twice as large; a table is asked of the extension", async () => {
    const page = await open(resnetView(RESNET18));
    await choose(page, "save the diagram as PNG…");
    await page.waitForFunction(() => window.posted.some(({ kind }) => kind === "save"));
    const start = await page.evaluate(() => {
      const message = window.posted.find((one) => one.kind === "save");
      return message?.kind === "save" ? [message.name, ...message.bytes.slice(0, 8)] : [];
    });
    expect(start).toEqual(["net.png", 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    await choose(page, "save the layer table as CSV…");
    expect((await posted(page)).at(-1)).toEqual({ kind: "save-table", name: "net.csv", format: "csv" });
    await send(page, { kind: "saved", text: t("{0} is saved", "net.csv") });
    await page.locator("footer").getByText("net.csv is saved").waitFor();
    await page.getByRole("button", { name: "more actions" }).click();
    await page.screenshot({ path: `${SHOTS}/menu.png` });
    expect(await page.getByRole("menuitem", { name: "save the last output as .npy…", disabled: true }).count()).toBe(1);
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Escape");
    expect(await page.getByRole("menu").count()).toBe(0);
    await page.close();
  });
});

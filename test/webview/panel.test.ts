import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { Graph } from "../../src/graph/graph.ts";
import type { PreviewView } from "../../src/preview/model.ts";
import { toView } from "../../src/preview/view.ts";
import type { Size } from "../../src/shape/size.ts";
import { t } from "../../src/text/text.ts";
import { analysisOf, inception, looped, N, RESNET18, RESNET34, RESNET50, resnet, vgg19 } from "../preview/networks.ts";
import { posted, SHOTS, SLOW, send, useBench } from "./page.ts";
import { THEMES } from "./themes.ts";

const PANEL = { width: 640, height: 730 };
const bench = useBench();

function viewOf(build: (batch: Size) => Graph, root = "net()"): PreviewView {
  const analysis = analysisOf(build(1), build(N), root);
  const result = toView({
    analysis,
    roots: [root, "resnet18()"],
    inputs: ["1,3,32,32"],
    line: (place) => place.span.start,
  });
  if (result.kind !== "ok") throw new Error("nothing to show");
  return result.view;
}

const good = viewOf((n) => resnet(RESNET50, n), "resnet50()");
const broken = viewOf((n) => resnet({ ...RESNET18, strideAll: true }, n), "Tutorial()");

async function show(view: PreviewView, theme: keyof typeof THEMES = "dark", size = PANEL): Promise<Page> {
  const page = await bench.open(THEMES[theme], size);
  await send(page, { kind: "view", view });
  await page.locator("svg.diagram").waitFor();
  return page;
}

function item(page: Page, name: string | RegExp) {
  return page.getByRole("treeitem", { name, exact: true });
}

/** The name of what has the keyboard's focus. */
function focused(page: Page): Promise<string | null | undefined> {
  return page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
}

describe("tree", { timeout: SLOW }, () => {
  test("names every node with type, output and shortcut", async () => {
    const page = await show(good);
    await item(page, "layer2.0, Bottleneck, output N by 512 by 28 by 28, projection shortcut, fits").waitFor();
    await item(
      page,
      "layer3.1–5, 5 equal blocks, Bottleneck, output N by 1024 by 14 by 14, identity shortcut, fits",
    ).waitFor();
    await item(page, "stem, conv1 7×7 /2, maxpool /2, output N by 64 by 56 by 56").waitFor();
    expect(await page.getByRole("treeitem").count()).toBe(15);
    await page.close();
    const other = await show(broken);
    await item(
      other,
      "layer2.1, BasicBlock, output N by 128 by 28 by 28, identity shortcut, does not fit: 14 and 28",
    ).waitFor();
    await item(other, "layer2, Sequential, output N by 128 by 28 by 28, a shortcut inside does not fit").waitFor();
    await other.close();
  });

  test("goes by the arrow keys, Home, End and letters, and opens and closes", async () => {
    const page = await show(good);
    await item(page, /^Net/).focus();
    const steps = [
      ["ArrowDown", /^stem/],
      ["ArrowRight", /^stem/],
      ["ArrowRight", /^conv1, Conv2d, 7×7 \/2, output N by 64 by 112 by 112$/],
      ["ArrowLeft", /^stem/],
      ["ArrowLeft", /^stem/],
      ["End", /^head/],
      ["Home", /^Net/],
      ["l", /^layer1,/],
      ["ArrowDown", /^layer1\.0,/],
      ["ArrowUp", /^layer1,/],
    ] as const;
    for (const [key, name] of steps) {
      await page.keyboard.press(key);
      expect(await focused(page)).toMatch(name);
    }
    expect(await item(page, /^stem/).getAttribute("aria-expanded")).toBe("false");
    expect(await page.locator('[role=treeitem][tabindex="0"]').count()).toBe(1);
    expect(await page.locator('[role=treeitem][aria-selected="true"]').count()).toBe(1);
    await page.keyboard.press("ArrowLeft");
    expect(await item(page, /^layer1\.0/).count()).toBe(0);
    expect(await page.locator('.box[data-id="layer1"]').count()).toBe(1);
    await page.close();
  });

  test("Enter goes to the source, a click shows it and keeps the focus", async () => {
    const page = await show(good);
    await page.locator('.box[data-id="layer2.0"]').click();
    const reveals = async () => (await posted(page)).filter((message) => message.kind === "reveal");
    expect(await reveals()).toMatchObject([{ place: { file: "/models/model.py", start: 9010 }, focus: false }]);
    await item(page, /^layer2\.0/).focus();
    await page.keyboard.press("Enter");
    expect((await reveals())[1]).toMatchObject({ place: { start: 9010 }, focus: true });
    await page.getByRole("button", { name: "model.py:9010" }).click();
    expect(await reveals()).toHaveLength(3);
    await page.close();
  });
});

describe("drawing", { timeout: SLOW }, () => {
  test("opens a block by its arrow, and is the same after the panel was hidden", async () => {
    const page = await show(good);
    await page.locator('.box[data-id="layer2.0"] .toggle').click();
    await page.locator('.box[data-id="layer2.0.conv2"]').waitFor();
    await page.locator('.box[data-id="layer2.0.conv2"]').click();
    await page.getByText("147,456").waitFor();
    await page.reload();
    await page.locator('.box[data-id="layer2.0.conv2"].selected').waitFor();
    await page.close();
  });

  test("marks what the cursor stands on by the closed box that holds it", async () => {
    const page = await show(good);
    await send(page, { kind: "highlight", ids: ["layer1.0:add", "layer2.0:add"] });
    await page.locator('.box.lit[data-id="layer2.0"]').waitFor();
    expect(await page.locator(".box.lit").count()).toBe(2);
    await send(page, { kind: "highlight", ids: [] });
    await page.locator(".box.lit").first().waitFor({ state: "detached" });
    await page.close();
  });

  test("tells a misfit in words beside its color", async () => {
    const page = await show(broken);
    await page.getByText("3 of 8 shortcuts do not fit").waitFor();
    expect(await page.locator(".label.mismatch").allTextContents()).toEqual(["14 ≠ 28", "7 ≠ 14", "4 ≠ 7"]);
    expect(await page.locator(".line.misfit").count()).toBe(3);
    await page.close();
  });
});

describe("head", { timeout: SLOW }, () => {
  test("asks for another root, another input, a program and a file", async () => {
    const page = await show(good);
    await page.getByRole("combobox", { name: "model" }).selectOption("resnet18()");
    await page.getByRole("combobox", { name: "input" }).selectOption("1,3,32,32");
    await page.getByRole("combobox", { name: "input" }).selectOption({ label: "other size…" });
    await page.getByRole("button", { name: "run options" }).click();
    await page.getByRole("radio", { name: "picture" }).click();
    await page.getByRole("button", { name: "file…" }).click();
    await send(page, { kind: "file", purpose: "image", name: "cat.png", bytes: Uint8Array.of(1) });
    await page.getByRole("button", { name: "cat.png, as the network sees it" }).waitFor();
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByRole("button", { name: "Cancel" }).click();
    expect(await posted(page)).toEqual([
      { kind: "ready" },
      { kind: "numbers", request: 1, paths: [""] },
      { kind: "select-root", root: "resnet18()" },
      { kind: "change-input", input: "1,3,32,32" },
      { kind: "change-input" },
      { kind: "pick-file", purpose: "image" },
      { kind: "program", request: 1 },
      { kind: "ran", outcome: "cancelled", output: [] },
    ]);
    await page.getByRole("status").filter({ hasText: "cancelled" }).waitFor({ state: "attached" });
    await page.close();
  });

  test("says why there is nothing to run or to draw", async () => {
    const page = await show(good);
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await send(page, { kind: "no-program", request: 1, reason: t("the model's output is not known") });
    await page.locator("footer").getByText("this model cannot run yet: the model's output is not known").waitFor();
    await send(page, { kind: "nothing", reason: t("no forward pass could be followed") });
    await page.getByText("no forward pass could be followed").first().waitFor();
    await page.close();
  });

  test("speaks the table's language", async () => {
    const page = await bench.open(THEMES.dark, PANEL, {
      Run: "运行",
      "{0} of {1} shortcuts fit": "{0}/{1} 个捷径匹配",
    });
    await send(page, { kind: "view", view: good });
    await page.getByRole("button", { name: "运行" }).waitFor();
    await page.getByText("16/16 个捷径匹配").waitFor();
    await page.close();
  });
});

describe("pictures", { timeout: SLOW }, () => {
  test.each(Object.keys(THEMES) as (keyof typeof THEMES)[])("%s", async (theme) => {
    const page = await show(good, theme);
    await page.locator('.box[data-id="layer2.0"]').click();
    await page.mouse.move(5, 300);
    await page.screenshot({ path: `${SHOTS}/resnet50-${theme}.png` });
    await page.close();
    const tall = await show(broken, theme, { width: 640, height: 1000 });
    await item(tall, /^layer2\.1/).focus();
    await tall.screenshot({ path: `${SHOTS}/misfit-${theme}.png` });
    await tall.close();
  });

  test.each([
    ["wide", good, 1100, 800, []],
    ["vgg", viewOf(vgg19), 640, 1400, []],
    ["inception", viewOf(inception), 640, 700, []],
    ["looped", viewOf(looped), 640, 700, []],
    ["open-projection", good, 640, 1500, ["run:conv1", "layer2.0", "layer1.1"]],
    ["open-padding", viewOf((n) => resnet({ ...RESNET34, padding: true }, n)), 640, 1300, ["layer2.0"]],
    ["open-misfit", broken, 640, 1300, ["layer2.1"]],
  ] as const)("%s", async (name, view, width, height, open) => {
    const page = await show(view, "dark", { width, height });
    for (const id of open) await page.locator(`.box[data-id="${id}"] .toggle`).click();
    await page.screenshot({ path: `${SHOTS}/${name}.png` });
    const overflow = await page.evaluate(() => document.querySelector("main")?.scrollWidth ?? 0);
    expect(overflow).toBeLessThanOrEqual(width);
    await page.close();
  });
});

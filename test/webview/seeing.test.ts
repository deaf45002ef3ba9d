import { describe, expect, test } from "vitest";
import { floats } from "../runtime/harness.ts";
import { digits, ranDigits, tab, truth } from "./digits.ts";
import { SHOTS, SLOW_RUN, send, useBench } from "./page.ts";
import { THEMES } from "./themes.ts";

const bench = useBench(true);

describe("tabs", { timeout: SLOW_RUN }, () => {
  test("go by the arrow keys and are remembered", async () => {
    const page = await ranDigits(bench);
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

describe("feature maps", { timeout: SLOW_RUN }, () => {
  test("are those of the selected layer, whose channels' means are PyTorch's", async () => {
    const page = await ranDigits(bench);
    await tab(page, "feature maps").click();
    await page
      .locator('.box[data-id="layer3"], .frame[data-id="layer3"]')
      .first()
      .click({ position: { x: 60, y: 8 } });
    expect(await page.getByRole("combobox", { name: "layer" }).inputValue()).toBe("layer3");
    await page.locator("button.map").first().waitFor();
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
      const page = await ranDigits(bench, theme, { width, height: 900 });
      await tab(page, "feature maps").click();
      await page.locator('button.map[data-channel="3"]').click();
      await page.screenshot({ path: `${SHOTS}/maps-${theme}-${width}.png` });
      await page.close();
    }
  });
});

describe("a class map", { timeout: SLOW_RUN }, () => {
  test("is PyTorch's of the chosen class, and makes its logit", async () => {
    const page = await ranDigits(bench);
    await tab(page, "class map").click();
    await page.getByRole("img", { name: "class map of #2" }).waitFor();
    const sum = async (): Promise<readonly number[]> => {
      const text = await page.getByText(/^mean of the map/).textContent();
      return [...(text?.replaceAll("−", "-") ?? "").matchAll(/-?\d+\.\d+/g)].map(Number);
    };
    const logits = floats(truth.logits.data);
    const [mean, , logit] = await sum();
    expect([truth.cam.class, mean?.toFixed(2), logit?.toFixed(2)]).toEqual([
      2,
      truth.cam.mean.toFixed(2),
      logits[2]?.toFixed(2),
    ]);
    const shares = await page.locator(".top label").allTextContents();
    expect(shares.slice(0, 3)).toEqual(["#298.7 %", "#90.5 %", "#40.4 %"]);
    await page.getByRole("combobox", { name: "class" }).selectOption("7");
    await page.getByRole("img", { name: "class map of #7" }).waitFor();
    expect((await sum())[2]?.toFixed(2)).toBe(logits[7]?.toFixed(2));
    await page.close();
  });

  test("and the result take the names of a file", async () => {
    const page = await ranDigits(bench);
    await page.getByRole("button", { name: "class names…" }).click();
    const names = Uint8Array.from(Buffer.from(JSON.stringify({ 9: "nine", 2: "two" })));
    await send(page, { kind: "file", purpose: "labels", name: "digits.json", bytes: names });
    await page.getByRole("rowheader", { name: "#2 two" }).waitFor();
    await page.getByText("names of digits.json").waitFor();
    await tab(page, "class map").click();
    await page.getByText("#2 two").first().waitFor();
    await page.getByRole("button", { name: "without names" }).click();
    await page.getByText("#2 two").first().waitFor({ state: "detached" });
    await send(page, {
      kind: "file",
      purpose: "labels",
      name: "odd.json",
      bytes: Uint8Array.from(Buffer.from("[1.5]")),
    });
    await page.locator("footer").getByText("odd.json: 1.5 is neither a name nor a class's index").waitFor();
    await page.close();
  });

  test("says why there is none", async () => {
    const program = {
      ...digits.program,
      nodes: digits.program.nodes.map((node) =>
        node.op === "adaptive_avg_pool" ? { ...node, op: "adaptive_max_pool" } : node,
      ),
    };
    const page = await ranDigits(bench, "dark", { width: 640, height: 900 }, { ...digits, program });
    await tab(page, "class map").click();
    await page
      .getByText(
        "no class map: avgpool (adaptive_max_pool) stands before the last linear layer, not the mean over all places",
      )
      .waitFor();
    await page.close();
  });

  test.each(Object.keys(THEMES) as (keyof typeof THEMES)[])("%s", async (theme) => {
    for (const width of [640, 400]) {
      const page = await ranDigits(bench, theme, { width, height: 900 });
      await tab(page, "class map").click();
      await page.getByRole("img", { name: "class map of #2" }).waitFor();
      await page.screenshot({ path: `${SHOTS}/class-map-${theme}-${width}.png` });
      await tab(page, "result").click();
      await page.screenshot({ path: `${SHOTS}/result-${theme}-${width}.png` });
      await page.close();
    }
  });
});

describe("histograms", { timeout: SLOW_RUN }, () => {
  test("tell zeros and dead channels of each stage", async () => {
    const page = await ranDigits(bench);
    await tab(page, "histograms").click();
    const labels = page.getByRole("img", { name: /values from/ });
    await labels.first().waitFor();
    expect(await labels.count()).toBe(digits.view.network.children.length);
    const text = await page.getByRole("img", { name: /^layer3: / }).getAttribute("aria-label");
    // The tensor's mean and greatest element are recorded; every channel has a mean above 0, so none is dead.
    expect(text).toMatch(
      new RegExp(`^layer3: values from 0 to ${truth.modules.layer3.largest.toFixed(3)}, .* zeros · no dead channel$`),
    );
    expect(Math.min(...floats(truth.modules.avgpool.data))).toBeGreaterThan(0);
    await page.getByRole("button", { name: "layer2", exact: true }).click();
    await page.getByRole("button", { name: "layer2", exact: true, pressed: true }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("layer2");
    await page.close();
  });

  test.each(Object.keys(THEMES) as (keyof typeof THEMES)[])("%s", async (theme) => {
    for (const width of [640, 400]) {
      const page = await ranDigits(bench, theme, { width, height: 900 });
      await tab(page, "histograms").click();
      await page
        .getByRole("img", { name: /values from/ })
        .first()
        .waitFor();
      await page.screenshot({ path: `${SHOTS}/histograms-${theme}-${width}.png` });
      await page.close();
    }
  });
});

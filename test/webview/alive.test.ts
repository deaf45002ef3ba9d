import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { analyzed, giveProgram, runWith } from "./analyzed.ts";
import { DIGITS, digits, ranDigits, tab } from "./digits.ts";
import { posted, SHOTS, SLOW_RUN, send, useBench } from "./page.ts";
import { THEMES } from "./themes.ts";

const FILE = `${DIGITS}/digits_resnet.py`;
const SHAPE = [1, 3, 32, 32];
const commented = analyzed(FILE, SHAPE, undefined, (text) => `# moved down\n${text}`);
const widened = analyzed(FILE, SHAPE, undefined, (text) => text.replace("[8, 12, 20]", "[8, 12, 24]"));
const bench = useBench(true);

async function programs(page: Page): Promise<number> {
  return (await posted(page)).filter((message) => message.kind === "program").length;
}

describe("after an edit", { timeout: SLOW_RUN }, () => {
  test("a program is another by what it computes, not by where it stands", () => {
    expect(commented.view.key).toBe(digits.view.key);
    expect(widened.view.key).not.toBe(digits.view.key);
  });

  test("a result stays where the program does, and is marked where it does not", async () => {
    const page = await ranDigits(bench);
    await tab(page, "feature maps").click();
    await page.getByRole("combobox", { name: "layer" }).selectOption("layer2");
    await send(page, { kind: "view", view: commented.view });
    await page.getByText("digits_resnet.py:").waitFor();
    expect(await page.getByText("before this edit").count()).toBe(0);
    await send(page, { kind: "view", view: widened.view });
    await page.locator(".dock").getByText("before this edit").waitFor();
    await page.locator("footer").getByText("before this edit").waitFor();
    expect(await page.getByRole("combobox", { name: "layer" }).inputValue()).toBe("layer2");
    await page.locator("button.map").first().waitFor();
    expect(await page.locator("button.map").count()).toBe(12);
    await page.screenshot({ path: `${SHOTS}/before-this-edit.png` });
    await send(page, { kind: "view", view: digits.view });
    await page.locator(".dock").getByText("before this edit").waitFor({ state: "detached" });
    await page.close();
  });

  test("the model runs by itself only where the user wants it, and only when it computes something else", async () => {
    const page = await ranDigits(bench);
    await send(page, { kind: "view", view: widened.view });
    await page.locator("footer").getByText("before this edit").waitFor();
    expect(await programs(page)).toBe(1);
    await page.getByRole("button", { name: "run options" }).click();
    await page.getByRole("checkbox", { name: "run on each valid edit" }).check();
    await page.screenshot({ path: `${SHOTS}/options.png` });
    await send(page, {
      kind: "view",
      view: {
        ...digits.view,
        head: { ...digits.view.head, verdict: { state: "error", text: { template: "1 error", args: [] } } },
      },
    });
    await page.getByText("1 error").waitFor();
    expect(await programs(page)).toBe(1);
    await send(page, { kind: "view", view: widened.view });
    await page.waitForFunction(() => window.posted.filter((message) => message.kind === "program").length === 2);
    // What is edited meanwhile is run next.
    await send(page, { kind: "view", view: digits.view });
    await giveProgram(page, widened, 2);
    await page.waitForFunction(
      () => window.posted.filter((message) => message.kind === "program").length === 3,
      undefined,
      { timeout: SLOW_RUN },
    );
    await giveProgram(page, digits, 3);
    await page.waitForFunction(
      () => window.posted.filter((message) => message.kind === "ran").length === 3,
      undefined,
      { timeout: SLOW_RUN },
    );
    await page.locator("footer").getByText("every shape as analyzed").waitFor();
    expect(await page.getByText("before this edit").count()).toBe(0);
    await send(page, { kind: "view", view: commented.view });
    await page.getByText("digits_resnet.py:").waitFor();
    expect(await programs(page)).toBe(3);
    await page.close();
  });
});

test("a panel without the focus takes none when it is drawn anew", { timeout: SLOW_RUN }, async () => {
  const page = await ranDigits(bench);
  const button = page.getByRole("button", { name: "run options" });
  await button.focus();
  await page.evaluate(() => {
    const taken: string[] = [];
    Object.assign(window, { taken });
    document.hasFocus = () => false;
    document.addEventListener("focusin", ({ target }) => taken.push((target as HTMLElement).outerHTML));
  });
  await send(page, { kind: "view", view: widened.view });
  await page.locator("footer").getByText("before this edit").waitFor();
  expect(await page.evaluate(() => (window as unknown as { readonly taken: readonly string[] }).taken)).toEqual([]);
  await page.evaluate(() => {
    document.hasFocus = () => true;
  });
  await button.focus();
  await send(page, { kind: "view", view: digits.view });
  await page.locator("footer").getByText("before this edit").waitFor({ state: "detached" });
  expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.close();
});

describe("what a run computes on", { timeout: SLOW_RUN }, () => {
  test("is started anew after it died", async () => {
    const page = await ranDigits(bench, "dark", undefined, undefined, recordWorkers);
    await tab(page, "feature maps").click();
    await page.locator("button.map").first().waitFor();
    await page.evaluate(() => {
      const { workers } = window as unknown as { readonly workers: readonly Worker[] };
      workers.at(-1)?.dispatchEvent(new ErrorEvent("error", { message: "out of memory" }));
    });
    await page.getByRole("combobox", { name: "layer" }).selectOption("layer2.1");
    await page.getByText("the runtime failed: out of memory").waitFor();
    await runWith(page, digits, 2);
    await page.locator("footer").getByText("every shape as analyzed").waitFor();
    await page.locator("button.map").first().waitFor();
    await page.close();
  });

  test("is started anew after the graphics card was lost, whose zeros are not shown", async () => {
    const page = await bench.open(THEMES.dark, { width: 640, height: 900 }, {}, recordWorkers);
    await page.route("**/worker.js", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `${LOSABLE}\n${await response.text()}` });
    });
    await send(page, { kind: "view", view: digits.view });
    await page.getByRole("button", { name: "run options" }).click();
    await page.getByRole("combobox", { name: "backend" }).selectOption("webgl");
    await runWith(page, digits, 1);
    await page.locator("footer").getByText("every shape as analyzed").waitFor();
    await page.getByText("on the graphics card the time of a part is not known").waitFor();
    await page.evaluate(() => {
      const { workers } = window as unknown as { readonly workers: readonly Worker[] };
      workers.at(-1)?.postMessage({ kind: "lose" });
    });
    await tab(page, "histograms").click();
    await page.getByText("the graphics card's context was lost; the next run starts another").waitFor();
    await runWith(page, digits, 2);
    await page.locator("footer").getByText("every shape as analyzed").waitFor();
    await page
      .getByRole("img", { name: /values from/ })
      .first()
      .waitFor();
    await page.close();
  });
});

describe("the mode", { timeout: SLOW_RUN }, () => {
  test("can be fast, and the two be compared", async () => {
    const page = await ranDigits(bench);
    await page.getByRole("button", { name: "run options" }).click();
    await page.getByRole("combobox", { name: "mode", exact: true }).selectOption("fast");
    await runWith(page, digits, 2);
    await page.locator("footer").getByText("fast mode").waitFor();
    await page.getByRole("rowheader", { name: "#2" }).waitFor();
    await page.getByRole("button", { name: "compare with the other mode" }).click();
    const text = await page.getByText(/^fast against layer by layer/).textContent();
    expect(Number(text?.match(/differs by ([\d.e-]+)/)?.[1])).toBeLessThan(1e-5);
    await page.screenshot({ path: `${SHOTS}/modes.png` });
    await page.close();
  });
});

/** Lets the worker of a test lose its graphics card. */
const LOSABLE = `(() => {
  const contexts = [];
  const { getContext } = OffscreenCanvas.prototype;
  OffscreenCanvas.prototype.getContext = function (...args) {
    const made = getContext.apply(this, args);
    if (made !== null) contexts.push(made);
    return made;
  };
  addEventListener("message", ({ data }) => {
    if (data.kind === "lose") for (const one of contexts) one.getExtension("WEBGL_lose_context")?.loseContext();
  });
})();`;

function recordWorkers(): void {
  const workers: Worker[] = [];
  const Plain = window.Worker;
  Object.assign(window, {
    workers,
    Worker: class extends Plain {
      constructor(url: string | URL) {
        super(url);
        workers.push(this);
      }
    },
  });
}

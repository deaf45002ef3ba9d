import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { ToHost } from "../../src/preview/messages.ts";
import type { Table } from "../../src/text/text.ts";
import { writeNpy } from "../../src/weights/npy.ts";
import { analyzed, runWith } from "./analyzed.ts";
import { posted, SHOTS, SLOW_RUN, send, useBench } from "./page.ts";
import { THEMES } from "./themes.ts";

const { view, program } = analyzed("test/data/run/narrow_resnet.py", [1, 3, 64, 64]);
const chinese: Table = JSON.parse(readFileSync("l10n/bundle.l10n.zh-cn.json", "utf8"));
const bench = useBench(true);

async function options(
  theme: keyof typeof THEMES = "dark",
  size = { width: 640, height: 900 },
  table?: Table,
): Promise<Page> {
  const page = await bench.open(THEMES[theme], size, table);
  await send(page, { kind: "view", view });
  await page.locator("header button[aria-expanded]:not([aria-haspopup])").click();
  return page;
}

async function run(page: Page, request: number): Promise<Extract<ToHost, { kind: "ran" }> | undefined> {
  await runWith(page, { view, program }, request);
  return (await posted(page)).findLast((message) => message.kind === "ran");
}

/** The pixels of the shown thumbnail. */
function thumbnail(page: Page): Promise<readonly number[]> {
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>(".seen canvas");
    const pixels = canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height);
    return pixels === undefined ? [] : [pixels.width, pixels.height, ...pixels.data.subarray(0, 3)];
  });
}

describe("an input", { timeout: SLOW_RUN }, () => {
  test("is a shipped picture, shown as the network sees it, prepared as its shape wants", async () => {
    const page = await options();
    await page.getByRole("radio", { name: "picture" }).click();
    await page.getByRole("button", { name: "use the picture daisy.jpg" }).click();
    await page.locator(".seen canvas").waitFor();
    await page.getByText("320×256 → 64×64").waitFor();
    expect((await thumbnail(page)).slice(0, 2)).toEqual([64, 64]);
    expect(await page.getByRole("combobox", { name: "prepared as" }).inputValue()).toBe("cifar");
    await page.getByText("change", { exact: true }).click();
    await page.getByRole("textbox", { name: "mean" }).fill("0.5");
    await page.getByRole("textbox", { name: "mean" }).press("Tab");
    await page.getByRole("combobox", { name: "interpolation" }).selectOption("bicubic");
    await page.screenshot({ path: `${SHOTS}/inputs-dark.png` });
    expect(await run(page, 1)).toMatchObject({ outcome: "done", output: [[1, 10]] });
    await page.close();
  });

  test.each([
    ["light", { width: 640, height: 700 }, undefined],
    ["high-contrast", { width: 640, height: 700 }, undefined],
    ["dark", { width: 400, height: 700 }, undefined],
    ["light", { width: 640, height: 700 }, chinese],
  ] as const)("in %s at %o", async (theme, size, table) => {
    const page = await options(theme, size, table);
    await send(page, {
      kind: "offers",
      weights: [{ name: "resnet18-f37072fd.pth", uri: "file:///a/resnet18-f37072fd.pth", size: 46_830_571 }],
    });
    await page.locator("input[type=radio]").nth(2).click();
    await page.locator(".sample").first().click();
    await page.locator(".seen canvas").waitFor();
    await page.locator(".transform summary").click();
    expect(await page.evaluate(() => document.querySelector(".options")?.scrollWidth)).toBeLessThanOrEqual(size.width);
    await page.screenshot({
      path: `${SHOTS}/inputs-${theme}-${size.width}${table === undefined ? "" : "-chinese"}.png`,
    });
    await page.close();
  });

  test("is pasted, or dropped from the desktop or from the Explorer", async () => {
    const page = await options();
    const base64 = readFileSync("test/data/run/pictures/444.jpg").toString("base64");
    await page.evaluate((text) => {
      const file = new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], "pasted.jpg", {
        type: "image/jpeg",
      });
      const data = new DataTransfer();
      data.items.add(file);
      document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }, base64);
    await page.getByRole("button", { name: "pasted.jpg, as the network sees it" }).waitFor();
    await page.getByText("53×37 → 64×64").waitFor();
    await page.evaluate((text) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], "dropped.jpg"));
      document.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }, base64);
    await page.getByRole("button", { name: "dropped.jpg, as the network sees it" }).waitFor();
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.setData("text/uri-list", "vscode-remote://host/a.png\r\nvscode-remote://host/b.pth");
      document.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    });
    expect((await posted(page)).at(-1)).toEqual({
      kind: "open-files",
      uris: ["vscode-remote://host/a.png", "vscode-remote://host/b.pth"],
    });
    await page.close();
  });

  test("is an array of its own shape, and one of another is refused", async () => {
    const page = await options();
    const npy = (shape: readonly number[]): Uint8Array =>
      writeNpy(shape, new Float32Array(shape.reduce((a, b) => a * b, 1)));
    await send(page, { kind: "file", purpose: "tensor", name: "other.npy", bytes: npy([1, 3, 8, 8]) });
    await page.locator("footer").getByText("other.npy is [1, 3, 8, 8], the input x is [1, 3, 64, 64]").waitFor();
    await send(page, { kind: "file", purpose: "tensor", name: "zeros.npy", bytes: npy([1, 3, 64, 64]) });
    await page.getByRole("radio", { name: "zeros.npy", checked: true }).waitFor();
    expect(await run(page, 1)).toMatchObject({ outcome: "done", output: [[1, 10]] });
    await page.close();
  });

  test("has another batch by the way that another input is asked for", async () => {
    const page = await options();
    await page.getByRole("spinbutton", { name: "batch" }).fill("4");
    await page.getByRole("spinbutton", { name: "batch" }).press("Tab");
    expect((await posted(page)).at(-1)).toEqual({ kind: "change-input", input: ["4,3,64,64"] });
    await page.close();
  });
});

describe("a checkpoint", { timeout: SLOW_RUN }, () => {
  test("that the extension opened is read in parts, none of them large", async () => {
    const page = await options();
    const bytes = readFileSync("test/data/run/narrow_resnet.safetensors");
    await page.evaluate((text) => {
      const all = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
      const post = window.posted.push.bind(window.posted);
      window.posted.push = (message) => {
        if (message.kind === "read-part") {
          const part = all.slice(message.offset, message.offset + message.length);
          window.postMessage({ kind: "part", request: message.request, bytes: part }, "*");
        }
        return post(message);
      };
    }, bytes.toString("base64"));
    await send(page, { kind: "opened", purpose: "weights", name: "narrow.safetensors", size: bytes.length, file: 7 });
    expect(await run(page, 1)).toMatchObject({ outcome: "done" });
    await page.locator("footer").getByText("narrow.safetensors").waitFor();
    const parts = (await posted(page)).filter((message) => message.kind === "read-part");
    expect(parts.length).toBeGreaterThan(0);
    expect(parts.every(({ file, length }) => file === 7 && length <= 4_000_000)).toBe(true);
    await page.close();
  });

  test("that lies on this machine is taken with one click", async () => {
    const page = await options();
    await send(page, { kind: "offers", weights: [{ name: "a.pth", uri: "file:///a/a.pth", size: 2_000_000 }] });
    await page.getByRole("button", { name: "a.pth (2.00 MB, here)" }).click();
    expect((await posted(page)).at(-1)).toEqual({ kind: "open-files", uris: ["file:///a/a.pth"] });
    await page.close();
  });
});

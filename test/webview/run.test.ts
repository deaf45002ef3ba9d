import { readFileSync } from "node:fs";
import { encode } from "fast-png";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { Program } from "../../src/graph/program.ts";
import type { ToHost } from "../../src/preview/messages.ts";
import { analyzed, giveProgram } from "./analyzed.ts";
import { posted, SHOTS, SLOW_RUN, send, useBench } from "./page.ts";
import { THEMES } from "./themes.ts";

const { view, program } = analyzed("test/data/run/narrow_resnet.py", [1, 3, 64, 64]);
const bench = useBench(true);

/** Opens the panel, chooses, presses Run and gives the program. */
async function run(choose: (page: Page) => Promise<void>, what: Program = program): Promise<Page> {
  const page = await bench.open(THEMES.dark, { width: 640, height: 900 });
  await send(page, { kind: "view", view });
  await page.getByRole("button", { name: "run options" }).click();
  await choose(page);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.waitForFunction(() => window.posted.some((message) => message.kind === "program"));
  await giveProgram(page, { view, program: what }, 1);
  return page;
}

async function ended(page: Page): Promise<Extract<ToHost, { kind: "ran" }> | undefined> {
  await page.waitForFunction(() => window.posted.some((message) => message.kind === "ran"), undefined, {
    timeout: SLOW_RUN,
  });
  return (await posted(page)).find((message) => message.kind === "ran");
}

describe("a run in the worker", { timeout: SLOW_RUN }, () => {
  test("takes wasm where WebGL is software, and says so; noise, seeded weights", async () => {
    const page = await run(async (at) => at.getByRole("spinbutton", { name: "seed" }).fill("7"));
    expect(await ended(page)).toEqual({ kind: "ran", outcome: "done", output: [[1, 10]] });
    const foot = page.locator("footer");
    await foot.getByText("WebAssembly", { exact: true }).waitFor();
    await page.getByText(/^WebAssembly: WebGL is drawn by software here/).waitFor();
    await foot.getByText("untrained, seed 7").waitFor();
    await foot.getByText("every shape as analyzed").waitFor();
    await page.getByText("untrained weights: shapes, statistics and time are real, classes mean nothing").waitFor();
    expect(await page.locator(".bars tbody tr").count()).toBe(5);
    expect(await page.locator(".statistics tbody th").allTextContents()).toEqual(
      view.network.children.map((node) => node.title?.template ?? node.label),
    );
    await page.screenshot({ path: `${SHOTS}/run-wasm.png` });
    await page.close();
  });

  test("gives the same on WebGL, with weights from a file and a picture", async () => {
    const pixels = Uint8Array.from({ length: 80 * 70 * 3 }, (_, i) => (i * 37) % 256);
    const picture = encode({ width: 80, height: 70, data: pixels, channels: 3, depth: 8 });
    const tops: string[][] = [];
    for (const backend of ["webgl", "wasm"]) {
      const page = await run(async (at) => {
        await send(at, {
          kind: "file",
          purpose: "weights",
          name: "narrow.safetensors",
          bytes: readFileSync("test/data/run/narrow_resnet.safetensors"),
        });
        await send(at, { kind: "file", purpose: "image", name: "dots.png", bytes: picture });
        await at.getByRole("combobox", { name: "backend" }).selectOption(backend);
      });
      expect(await ended(page)).toMatchObject({ outcome: "done", output: [[1, 10]] });
      await page.locator("footer").getByText("narrow.safetensors").waitFor();
      expect(await page.getByText("untrained").count()).toBe(0);
      tops.push(await page.locator(".bars tbody tr").allTextContents());
      await page.screenshot({ path: `${SHOTS}/run-${backend}-file.png` });
      await page.close();
    }
    expect(tops[0]).toEqual(tops[1]);
  });

  test("tells which layer's weight a checkpoint has in another shape, and where it is built", async () => {
    const source = readFileSync("test/data/run/narrow_resnet.py", "utf8").split("\n");
    const line = 1 + source.findIndex((text) => text.includes("self.fc = nn.Linear"));
    const header = JSON.stringify({ "module.fc.bias": { dtype: "F32", shape: [3], data_offsets: [0, 12] } });
    const bytes = new Uint8Array(8 + header.length + 12);
    bytes[0] = header.length;
    bytes.set(new TextEncoder().encode(header), 8);
    const page = await run((at) => send(at, { kind: "file", purpose: "weights", name: "other.safetensors", bytes }));
    expect(await ended(page)).toMatchObject({ outcome: "asked" });
    const question = page.getByRole("alert", { name: "the checkpoint does not fit" });
    await question.getByRole("button", { name: `line ${line} builds [10]` }).click();
    expect((await posted(page)).at(-1)).toMatchObject({ kind: "reveal", place: { line } });
    const all = program.weights.filter((weight) => weight.persistent).length;
    await question.getByText(`missing: ${all - 1}`).click();
    await page.screenshot({ path: `${SHOTS}/run-question.png` });
    await question.getByRole("button", { name: `Run with ${all} weights initialized` }).click();
    await page.waitForFunction(() => window.posted.filter((message) => message.kind === "program").length === 2);
    await giveProgram(page, { view, program }, 2);
    await page.waitForFunction(
      () => window.posted.some((message) => message.kind === "ran" && message.outcome === "done"),
      undefined,
      { timeout: SLOW_RUN },
    );
    expect(await page.locator(".misfits").first().locator("li").allTextContents()).toEqual([
      `the checkpoint's fc.bias is [3], line ${line} builds [10]`,
    ]);
    await page.screenshot({ path: `${SHOTS}/run-misfit.png` });
    await page.close();
  });

  test("shows a shape that differs from the analysis as our error", async () => {
    const last = program.nodes.at(-1);
    const wrong = program.nodes.map((node) =>
      node === last ? { ...node, outputs: [{ shape: [1, 11], dtype: "float32" as const }] } : node,
    );
    const page = await run(async () => undefined, { ...program, nodes: wrong });
    expect(await ended(page)).toMatchObject({ outcome: "done", output: [[1, 10]] });
    await page
      .getByRole("alert")
      .getByText(/have another shape than ResNet Lens says: this is our error, not yours/)
      .waitFor();
    await page.getByText("analyzed [1, 11], real [1, 10]").waitFor();
    await page.close();
  });

  test("says what cannot run, and what a file is not", async () => {
    const strange = program.nodes.map((node) =>
      node.op === "relu" && node.path.startsWith("layer2") ? { ...node, op: "no_such_operator" } : node,
    );
    const page = await run(async () => undefined, { ...program, nodes: strange });
    expect(await ended(page)).toMatchObject({ outcome: "failed" });
    await page
      .locator("footer")
      .getByText(/layer2\S* \(no_such_operator\) cannot run here yet/)
      .waitFor();
    // What came before is shown, and nothing of what did not come to its end.
    const before = view.network.children.slice(0, 2).map((node) => node.title?.template ?? node.label);
    expect(await page.locator(".statistics tbody th").allTextContents()).toEqual(before);
    await page.getByText(`shown is what was computed before, up to ${before[1]}`).waitFor();
    await page.getByRole("tab", { name: "feature maps" }).click();
    await page.getByRole("combobox", { name: "layer" }).selectOption("layer1");
    await page.locator("button.map").first().waitFor();
    await page.screenshot({ path: `${SHOTS}/run-ended-early.png` });
    await page.close();
    const other = await run((at) =>
      send(at, { kind: "file", purpose: "weights", name: "a.safetensors", bytes: Uint8Array.of(1, 2) }),
    );
    expect(await ended(other)).toMatchObject({ outcome: "failed" });
    await other.locator("footer").getByText("neither safetensors nor written by torch.save").waitFor();
    await other.close();
  });

  test("ends at once when cancelled, and runs again", async () => {
    // A file whose parts never come: the run is under way for as long as it is not cancelled.
    const page = await run((at) =>
      send(at, { kind: "opened", purpose: "weights", name: "slow.pth", size: 1_000_000, file: 1 }),
    );
    await page.waitForFunction(() => window.posted.some((message) => message.kind === "read-part"));
    await page.getByRole("button", { name: "Cancel" }).click();
    expect(await ended(page)).toMatchObject({ outcome: "cancelled" });
    await page.locator("footer").getByText("cancelled").waitFor();
    await page.getByRole("radio", { name: "initialized as the code says" }).click();
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.waitForFunction(() => window.posted.filter((message) => message.kind === "program").length === 2);
    await giveProgram(page, { view, program }, 2);
    await page.waitForFunction(
      () => window.posted.some((message) => message.kind === "ran" && message.outcome === "done"),
      undefined,
      { timeout: SLOW_RUN },
    );
    await page.close();
  });
});

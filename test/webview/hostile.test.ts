import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { hostileFiles } from "../weights/hostile.ts";
import { analyzed, runWith } from "./analyzed.ts";
import { posted, SLOW_RUN, send, useBench } from "./page.ts";
import { THEMES } from "./themes.ts";

const model = analyzed("test/data/run/narrow_resnet.py", [1, 3, 64, 64]);
const bench = useBench(true);

test("the panel refuses each checkpoint that was made to harm, with a reason, and runs on after it", {
  timeout: 2 * SLOW_RUN,
}, async () => {
  const page = await bench.open(THEMES.dark, { width: 640, height: 900 });
  await send(page, { kind: "view", view: model.view });
  await page.getByRole("button", { name: "run options" }).click();
  let request = 0;
  const wrong: string[] = [];
  const files = hostileFiles();
  for (const [name, bytes] of files) {
    await send(page, { kind: "file", purpose: "weights", name: "hostile.pth", bytes });
    await page.getByRole("radio", { name: "hostile.pth", checked: true }).waitFor();
    await runWith(page, model, ++request);
    const said = await page.locator("footer .error").allTextContents();
    const refused = (await posted(page)).findLast((message) => message.kind === "ran");
    if (refused?.outcome !== "failed" || said.join("") === "") wrong.push(`${name}: ${refused?.outcome} ${said}`);
    await page.getByRole("radio", { name: "initialized as the code says" }).click();
    await runWith(page, model, ++request);
    const usable = (await posted(page)).findLast((message) => message.kind === "ran");
    if (usable?.outcome !== "done") wrong.push(`${name}: then ${usable?.outcome}`);
  }
  expect(wrong).toEqual([]);
  expect(files.size).toBeGreaterThanOrEqual(50);
  expect(existsSync("executed-by-a-checkpoint")).toBe(false);
  await page.close();
});

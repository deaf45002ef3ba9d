import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { analyzed, runWith } from "./analyzed.ts";
import { prepareAsRecorded, send, type useBench } from "./page.ts";
import { THEMES } from "./themes.ts";

export const DIGITS = "test/data/run/digits";
/** Recorded by `scripts/truth/record_digits.py`. */
export const truth = JSON.parse(readFileSync(`${DIGITS}/truth.json`, "utf8")).pictures[0];
export const digits = analyzed(`${DIGITS}/digits_resnet.py`, [1, 3, 32, 32]);

/** The trained network of digits, run on the first of its held-out pictures, a 2. */
export async function ranDigits(
  bench: ReturnType<typeof useBench>,
  theme: keyof typeof THEMES = "dark",
  size = { width: 640, height: 900 },
  what = digits,
  prepare?: () => void,
): Promise<Page> {
  const page = await bench.open(THEMES[theme], size, {}, prepare);
  await send(page, { kind: "view", view: what.view });
  const file = (purpose: "weights" | "image", name: string): Promise<void> =>
    send(page, { kind: "file", purpose, name, bytes: readFileSync(`${DIGITS}/${name}`) });
  await file("weights", "digits_resnet.pth");
  await file("image", truth.picture);
  await prepareAsRecorded(page);
  await runWith(page, what, 1);
  return page;
}

export function tab(page: Page, name: string) {
  return page.getByRole("tab", { name, exact: true });
}

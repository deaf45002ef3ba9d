import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import type { Program } from "../../src/graph/program.ts";
import { analyzed } from "./analyzed.ts";
import { type Bench, send } from "./page.ts";
import { THEMES } from "./themes.ts";

export const DIGITS = "test/data/run/digits";
export const digits = analyzed(`${DIGITS}/digits_resnet.py`, [1, 3, 32, 32]);

/** The trained network of digits, run on a held-out picture of a 2. */
export async function ranDigits(
  bench: Bench,
  theme: keyof typeof THEMES = "dark",
  size = { width: 640, height: 900 },
  { view, program } = digits,
  prepare?: () => void,
): Promise<Page> {
  const page = await bench.open(THEMES[theme], size, {}, prepare);
  await send(page, { kind: "view", view });
  const file = (purpose: "weights" | "image", name: string): Promise<void> =>
    send(page, { kind: "file", purpose, name, bytes: readFileSync(`${DIGITS}/${name}`) });
  await file("weights", "digits_resnet.pth");
  await file("image", "digit-2.png");
  await runWith(page, program, 1);
  return page;
}

/** Presses Run, gives the program, and waits for the end. */
export async function runWith(page: Page, program: Program, request: number): Promise<void> {
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.waitForFunction(
    (count) => window.posted.filter((message) => message.kind === "program").length === count,
    request,
  );
  await send(page, { kind: "program", request, program });
  await page.waitForFunction(
    (count) => window.posted.filter((message) => message.kind === "ran").length === count,
    request,
    { timeout: 240_000 },
  );
}

export function tab(page: Page, name: string) {
  return page.getByRole("tab", { name, exact: true });
}

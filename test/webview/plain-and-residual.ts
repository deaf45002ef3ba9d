import type { Page } from "playwright-core";
import { analyzed, runWith } from "./analyzed.ts";
import { send } from "./page.ts";

const [residual, plain] = ["resnet34()", "plain34()"].map((root) =>
  analyzed("sample/plain_and_residual.py", [1, 3, 64, 64], root),
);

/** Shows the residual network, whose file builds the plain one too, and runs it. */
export async function ranResidual(page: Page): Promise<void> {
  if (residual === undefined) throw new Error("nothing is analyzed");
  const head = { ...residual.view.head, roots: ["resnet34()", "plain34()"] };
  await send(page, { kind: "view", view: { ...residual.view, head } });
  await runWith(page, residual, 1);
}

/** Answers the page's request for the plain network. */
export async function givePlain(page: Page): Promise<void> {
  if (plain === undefined) throw new Error("nothing is analyzed");
  await page.waitForFunction(() => window.posted.some((message) => message.kind === "other"));
  await send(page, { kind: "other", request: 1, ...plain, reason: undefined });
}

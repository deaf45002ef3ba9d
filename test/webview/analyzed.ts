import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { createAnalyzer } from "../../src/analyzer.ts";
import type { Program } from "../../src/graph/program.ts";
import type { PreviewView } from "../../src/preview/model.ts";
import { toProgram } from "../../src/preview/program.ts";
import { toView } from "../../src/preview/view.ts";
import { memoryFiles } from "../../src/server/memory-files.ts";
import { SLOW_RUN, send } from "./page.ts";

export interface Analyzed {
  readonly view: PreviewView;
  readonly program: Program;
}

/** What the extension gives the page of a file's first root, or of the one of this name. */
export function analyzed(
  path: string,
  shape: readonly number[],
  model?: string,
  edit: (text: string) => string = (text) => text,
): Analyzed {
  const text = edit(readFileSync(path, "utf8"));
  const file = `memory:/${path.split("/").at(-1)}`;
  const analyzer = createAnalyzer(memoryFiles(new Map([[file, text]])), { paths: [], pythonPaths: [] });
  const root = analyzer.roots(file).find((one) => model === undefined || one.model === model);
  if (root === undefined) throw new Error("no root");
  const analysis = analyzer.analyze(root, [{ kind: "tensor", shape: [...shape] }]);
  const made = toView({
    analysis,
    roots: [root.model],
    line: ({ span }) => text.slice(0, span.start).split("\n").length,
  });
  const runnable = analysis.concrete === undefined ? undefined : toProgram(analysis.concrete.graph);
  if (made.kind !== "ok" || runnable?.kind !== "ok") throw new Error(JSON.stringify([made, runnable]));
  return { view: made.view, program: runnable.program };
}

/** Answers the page's request for the program, as the extension does. */
export function giveProgram(page: Page, { view, program }: Analyzed, request: number): Promise<void> {
  return send(page, { kind: "program", request, program, key: view.key });
}

/** Presses Run, gives the program, and waits for the end. */
export async function runWith(page: Page, model: Analyzed, request: number): Promise<void> {
  await page
    .getByRole("button", { name: /^(Run|运行)$/ })
    .first()
    .click();
  await page.waitForFunction(
    (count) => window.posted.filter((message) => message.kind === "program").length === count,
    request,
  );
  await giveProgram(page, model, request);
  await page.waitForFunction(
    (count) => window.posted.filter((message) => message.kind === "ran").length === count,
    request,
    { timeout: SLOW_RUN },
  );
}

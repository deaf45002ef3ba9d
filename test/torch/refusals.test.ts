import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createAnalyzer } from "../../src/analyzer.ts";
import { render } from "../../src/text/text.ts";
import { disk } from "./disk.ts";

const FILE = fileURLToPath(new URL("../data/torch/refusals.py", import.meta.url));

/** What `scripts/truth/record_refusals.py` heard PyTorch say. */
const { cases }: { readonly cases: readonly { readonly model: string; readonly says: string }[] } = JSON.parse(
  readFileSync(new URL("../data/torch/refusals.json", import.meta.url), "utf8"),
);
const analyzer = createAnalyzer(disk, { paths: [], pythonPaths: [] });

test.each(cases)("$model is refused in PyTorch's words", ({ model, says }) => {
  const { diagnostics } = analyzer.analyzeModel(FILE, model, undefined);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  // A message is one line, and not a long one.
  const [first = ""] = says.split("\n");
  expect(errors.map(({ message, original }) => (120 < first.length ? original : render(message)))).toEqual([first]);
});

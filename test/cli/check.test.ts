import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createAnalyzer } from "../../src/analyzer.ts";
import { checkFiles } from "../../src/cli/check.ts";
import { memoryFiles } from "../../src/server/memory-files.ts";
import { lineIndex } from "../../src/text/span.ts";
import { render } from "../../src/text/text.ts";

const FILE = "memory:/model.py";

/** Titles of the fixes that a check of the text offers. */
function fixesOf(text: string): readonly string[] {
  const analyzer = createAnalyzer(memoryFiles(new Map([[FILE, text]])), { paths: [], pythonPaths: [] });
  const names = { name: (file: string) => file, lines: () => lineIndex(text), text: () => text };
  const reports = [...checkFiles(analyzer, [FILE], { model: undefined, input: undefined }, names)];
  return reports.flatMap(({ diagnostics }) =>
    diagnostics.flatMap(({ fixes }) => fixes.map(({ title }) => render(title))),
  );
}

test.each([
  // Reading e1 in place of d1 would fit, and leave a layer without a use.
  ["unet_decoder_channels", ["Set cin to 32 (line 18)"]],
  ["functional_not_imported", ["Add import torch.nn.functional as F"]],
])("%s: no fix takes something out of the model, whether the file has a comment for us or not", (name, fixes) => {
  const text = readFileSync(`test/data/posted/${name}.py`, "utf8");
  expect(fixesOf(text)).toEqual(fixes);
  expect(fixesOf(`${text}# resnet-lens: nothing\n`)).toEqual(fixes);
});

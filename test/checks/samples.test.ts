import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createAnalyzer } from "../../src/analyzer.ts";
import { render } from "../../src/text/text.ts";
import { edited } from "./builder.ts";

const FOLDER = "/sample";

/** The diagnostics of one text as the only file of a workspace, and what is left of them. */
function check(text: string) {
  const file = `${FOLDER}/listing.py`;
  const analyzer = createAnalyzer(
    {
      read: (name) => (name === file ? text : undefined),
      kind: (name) => (name === file ? "file" : name === FOLDER ? "folder" : undefined),
      list: () => ["listing.py"],
      join: (folder, name) => `${folder}/${name}`,
      parent: (name) => name.slice(0, Math.max(1, name.lastIndexOf("/"))),
    },
    { paths: [], pythonPaths: [] },
  );
  const roots = analyzer.roots(file).map((root) => analyzer.analyze(root));
  return { diagnostics: analyzer.report(file, roots).diagnostics, roots };
}

const LISTINGS = [
  [
    "tutorial_resnet.py",
    ["38 shortcut-mismatch", "70 python-error", "71 python-error", "87 layer-not-called"],
    ["layer2.1", "layer3.1", "layer4.1"],
  ],
  [
    "tutorial_bottleneck.py",
    ["31 shortcut-mismatch", "58 python-error", "59 python-error", "74 layer-not-called"],
    [
      "layer2.1",
      "layer2.2",
      "layer2.3",
      "layer3.1",
      "layer3.2",
      "layer3.3",
      "layer3.4",
      "layer3.5",
      "layer4.1",
      "layer4.2",
    ],
  ],
] as const;

test.each(LISTINGS)(
  "%s: each mistake on its own line, and the preferred fixes end in a model without errors",
  (name, lines, blocks) => {
    let text = readFileSync(new URL(`../../sample/${name}`, import.meta.url), "utf8");
    const errors = check(text).diagnostics.filter(({ severity }) => severity === "error");
    expect(
      errors.map(({ place, code }) => `${text.slice(0, place.span.start).split("\n").length} ${code}`).sort(),
    ).toEqual(lines);
    expect(errors.find(({ code }) => code === "shortcut-mismatch")?.instances).toEqual(blocks);
    for (const { message } of errors) expect(render(message).length).toBeLessThanOrEqual(120);
    for (let round = 0; round < lines.length; round++) {
      const fix = check(text)
        .diagnostics.flatMap(({ fixes }) => fixes)
        .find(({ preferred }) => preferred);
      text = edited(text, fix?.edits ?? []);
    }
    const done = check(text);
    expect(done.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(
      done.roots.map(({ status, concrete }) => [status, concrete?.graph.residualAdds.every(({ fits }) => fits)]),
    ).toEqual([["ok", true]]);
  },
);

/** As recorded from torchvision's own resnet18 and resnet50. */
const PARAMETERS = [11_689_512, 25_557_032];

test("a pasted listing: every missing name once, and its definitions end in the models that the field knows", () => {
  const listing = readFileSync(new URL("../../sample/pasted_listing.py", import.meta.url), "utf8");
  let text = `${listing}

def small():
    return ResNet(BasicBlock, [2, 2, 2, 2])


def large():
    return ResNet(Bottleneck, [3, 4, 6, 3])
`;
  const titles = check(text).diagnostics.map(({ fixes }) => fixes.map(({ title }) => render(title)));
  expect(titles.flat().sort()).toEqual([
    "Add import torch",
    "Add import torch.nn as nn",
    "Define BasicBlock",
    "Define Bottleneck",
    "Define conv1x1",
  ]);
  for (const _ of titles) text = edited(text, check(text).diagnostics[0]?.fixes[0]?.edits ?? []);
  const done = check(text);
  expect(done.diagnostics).toEqual([]);
  expect(done.roots.map(({ concrete }) => concrete?.graph.params)).toEqual(PARAMETERS);
});

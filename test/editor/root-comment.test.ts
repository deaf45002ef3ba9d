import { expect, test } from "vitest";
import { createAnalyzer } from "../../src/analyzer.ts";
import { rootComment } from "../../src/editor/root-comment.ts";
import { parseInput } from "../../src/graph/input.ts";
import { memoryFiles } from "../../src/server/memory-files.ts";

const FILE = "/net.py";
const SOURCE = `import torch.nn as nn

class Net(nn.Module):
    def __init__(self, width=8):
        super().__init__()
        self.conv = nn.Conv2d(3, width, 3)

    def forward(self, x):
        return self.conv(x)

def small():
    return Net()

@register(
    "wide",
)
def wide():
    return Net(64)
`;

/** The file with the comment for a model at an input, and what is then found first in it. */
function written(source: string, model: string, input: string) {
  const files = memoryFiles(new Map([[FILE, source]]));
  const analyzer = createAnalyzer(files, { paths: [], pythonPaths: [] });
  const parsed = parseInput(input);
  if (parsed.kind === "error") throw new Error(input);
  const root = analyzer.roots(FILE).find((one) => one.model === model);
  const inputs = [parsed.input];
  const analysis = root === undefined ? analyzer.analyzeModel(FILE, model, inputs) : analyzer.analyze(root, inputs);
  const nameLine = root?.kind === "factory" ? source.slice(0, root.place.span.start).split("\n").length - 1 : undefined;
  const { line, endLine, lines } = rootComment(source, analysis, nameLine);
  const before = source.split("\n");
  const text = [...before.slice(0, line), ...lines, ...before.slice(endLine)].join("\n");
  const [first] = createAnalyzer(memoryFiles(new Map([[FILE, text]])), { paths: [], pythonPaths: [] }).roots(FILE);
  return { text, first: { model: first?.model, input: first?.input } };
}

const tensor = (...shape: readonly (number | string)[]) => [{ kind: "tensor", shape }];

test("a factory's comment stands above its decorators, and is what the file says from then on", () => {
  const { text, first } = written(SOURCE, "wide()", "N,3,64,64");
  expect(text).toContain(
    '# resnet-lens: model wide()\n# resnet-lens: input (N, 3, 64, 64)\n@register(\n    "wide",\n)\ndef wide():',
  );
  expect(first).toEqual({ model: "wide()", input: tensor("N", 3, 64, 64) });
});

test("a typed model's comment stands above the first definition", () => {
  const { text, first } = written(SOURCE, "Net(width=16)", "2,3,32,32");
  expect(text).toContain(
    "\n\n# resnet-lens: model Net(width=16)\n# resnet-lens: input (2, 3, 32, 32)\nclass Net(nn.Module):",
  );
  expect(first).toEqual({ model: "Net(width=16)", input: tensor(2, 3, 32, 32) });
});

test("a comment that names the model already is replaced", () => {
  const once = written(SOURCE, "wide()", "N,3,64,64").text;
  const { text, first } = written(once, "wide()", "N,3,96,96");
  expect(text).toBe(once.replace("64, 64", "96, 96"));
  expect(first).toEqual({ model: "wide()", input: tensor("N", 3, 96, 96) });
});

test("an input's type and name are kept", () => {
  const { text } = written(SOURCE, "small()", '{"shape": ["N", 3, 8, 8], "dtype": "float64", "name": "x"}');
  expect(text).toContain('# resnet-lens: input {"shape":["N",3,8,8],"dtype":"float64","name":"x"}');
});

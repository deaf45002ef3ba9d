import { expect, test } from "vitest";
import { createAnalyzer } from "../../src/analyzer.ts";
import { inputsOf } from "../../src/graph/input.ts";
import { render } from "../../src/text/text.ts";

/** Lines and words of what is reported of one model. */
function said(text: string): readonly string[] {
  const file = "/m.py";
  const analyzer = createAnalyzer(
    {
      read: (name) => (name === file ? text : undefined),
      kind: (name) => (name === file ? "file" : undefined),
      list: () => [],
      join: (folder, name) => `${folder}/${name}`,
      parent: () => "/",
    },
    { paths: [], pythonPaths: [] },
  );
  const input = inputsOf([[2, 3, 8, 8]]);
  const analysis = analyzer.analyzeModel(file, "M()", input.kind === "error" ? [] : input.inputs);
  return analyzer
    .report(file, [analysis])
    .diagnostics.map(
      ({ place, message }) => `${text.slice(0, place.span.start).split("\n").length}: ${render(message)}`,
    );
}

const HEAD = "from torch import nn\n\n\n";

// The first of each is what CPython 3.11 raises; it stops there.

test("a function that returns nothing is one mistake at all the places that use what it returns", () => {
  const text = `${HEAD}def make(n):
    nn.Conv2d(3, n, 3)


class M(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = make(3), make(3)

    def forward(self, x):
        x = self.a(x)
        return self.head(self.b(x))

    def head(self, x):
        return self.b(x)
`;
  expect(said(text)).toEqual(["14: TypeError: 'NoneType' object is not callable"]);
});

test("swapped arguments are one mistake in the function that gets them, and one in the next", () => {
  const text = `${HEAD}class Block(nn.Module):
    expansion = 4


class M(nn.Module):
    def __init__(self, block=[2, 2], layers=Block):
        super().__init__()
        self.a = layers[0]
        self.b = layers[1]
        self.make(block, 8)
        self.make(block, 16)

    def make(self, block, n):
        n = n * block.expansion
        return block(n)

    def forward(self, x):
        return x
`;
  expect(said(text)).toEqual([
    "11: TypeError: type 'Block' is not subscriptable",
    "17: AttributeError: 'list' object has no attribute 'expansion'",
  ]);
});

test("a misspelt name, and another mistake after one, are told besides", () => {
  const text = `${HEAD}class M(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)

    def forward(self, x):
        self.missing_at_all(x)
        self.cnv(x)
        return self.other(self.conv(undefined))

    def other(self, x):
        return len(3)
`;
  expect(said(text)).toEqual([
    "10: AttributeError: 'M' object has no attribute 'missing_at_all'",
    "11: AttributeError: 'M' object has no attribute 'cnv'",
    "12: NameError: name 'undefined' is not defined",
    "15: TypeError: object of type 'int' has no len()",
  ]);
});

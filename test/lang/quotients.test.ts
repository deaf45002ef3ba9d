import { expect, test } from "vitest";
import { evaluate } from "../../src/shape/size.ts";
import { analyzerOf, pathOf } from "../roots/files.ts";

/** The length that `x.new_zeros(LENGTH)` has for each height, by the formula that is found; "?" where none is. */
function lengths(expression: string, heights: readonly number[]): readonly unknown[] {
  const code = `import math\nimport torch.nn as nn\n\n\nclass Net(nn.Module):\n    def forward(self, x):\n        h = x.shape[2]\n        return x.new_zeros(${expression})\n`;
  const analyzer = analyzerOf({ "net.py": code });
  const root = analyzer.analyzeModel(pathOf("net.py"), "Net()", [{ kind: "tensor", shape: [1, 3, 32, 32] }]);
  const output = root.symbolic?.graph.output;
  const size = output?.kind === "tensor" ? output.type.shape?.[0]?.size : undefined;
  return heights.map((h) => (size === undefined ? "?" : evaluate(size, new Map([["H", h]]))));
}

const HEIGHTS = [1, 2, 3, 6, 7, 8, 9, 31, 32, 33, 224, 225];

test.each([
  ["math.ceil(h / 4)", (h: number) => Math.ceil(h / 4)],
  ["math.floor(h / 3)", (h: number) => Math.floor(h / 3)],
  ["int(h / 2)", (h: number) => Math.trunc(h / 2)],
  ["int(h * 0.75)", (h: number) => Math.trunc(h * 0.75)],
  ["int(1.5 * h)", (h: number) => Math.trunc(1.5 * h)],
  ["math.trunc(h * 2.0)", (h: number) => h * 2],
  ["max((math.ceil(h / 2) - 1) * 2 + 3 - h, 0)", (h: number) => Math.max((Math.ceil(h / 2) - 1) * 2 + 3 - h, 0)],
])("%s", (expression, real) => {
  expect(lengths(expression, HEIGHTS)).toEqual(HEIGHTS.map(real));
});

// Python cuts a negative quotient towards 0, and 0.1 is no number of halves.
test.each(["int((h - 4) / 2)", "int(h * 0.1)", "int(h / 2 / 3)"])("%s is not a formula of ours", (expression) => {
  expect(lengths(expression, [8])).toEqual(["?"]);
});

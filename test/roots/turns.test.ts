import { expect, test } from "vitest";
import type { Root } from "../../src/analysis.ts";
import { render } from "../../src/text/text.ts";
import { inOrder, inTurns, withLeftOut } from "../../src/turns.ts";
import { analyzerOf, pathOf } from "./files.ts";

const CODE = `import torch.nn as nn


class Net(nn.Module):
    def __init__(self, width=8):
        super().__init__()
        self.conv = nn.Conv2d(3, width, 3)

    def forward(self, x):
        return self.conv(x)


def a():
    return Net(1)

def b():
    return Net(2)

def c():
    return Net(3)

def d():
    return Net(4)
`;

const analyzer = analyzerOf({ "net.py": CODE });
const roots = analyzer.roots(pathOf("net.py"));

test("the first root, then such as lie far apart; what there is stands in the order of the roots", () => {
  const order: string[] = [];
  const analyze = (root: Root) => {
    order.push(root.model);
    return analyzer.analyze(root);
  };
  const shown = inOrder(roots, [...inTurns(roots, [], analyze, 60_000)]).map(({ root }) => root.model);
  expect(order).toEqual(["a()", "c()", "b()", "d()"]);
  expect(shown).toEqual(["a()", "b()", "c()", "d()"]);
});

test("past the limit none is begun, and each that is left out says so", () => {
  const done = [...inTurns(roots, [], (root) => analyzer.analyze(root), -1)];
  expect(
    withLeftOut(roots, done).map(({ root, status, gaps }) => [root.model, status, gaps.map((g) => render(g.reason))]),
  ).toEqual([
    ["a()", "ok", []],
    ...["b()", "c()", "d()"].map((model) => [
      model,
      "partial",
      ["not analyzed: 1 other roots of the file took as long as one file may"],
    ]),
  ]);
});

test("what stands in for a class is analyzed only where no run reaches the class", () => {
  const [first] = roots;
  if (first === undefined) throw new Error("no root");
  const start = CODE.indexOf("class Net");
  const net: Root = { ...first, model: "Net()", kind: "class", spare: { start, end: CODE.indexOf("def a") } };
  const other: Root = { ...net, spare: { start: 0, end: 5 } };
  const all = [...inTurns([first], [net, other], (root) => analyzer.analyze(root), 60_000)];
  expect(all.map(({ root }) => root)).toEqual([first, other]);
});

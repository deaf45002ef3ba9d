import { expect, test } from "vitest";
import { analyzerOf, lineOf, pathOf } from "./files.ts";

const HEAD = `import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, depths, width=16, classes=10):
        super().__init__()
        self.stem = nn.Conv2d(3, width, 3)
        self.body = nn.Sequential(*[nn.Conv2d(width, width, 3, 2, 1) for _ in range(depths[0])])
        self.fc = nn.Linear(width, classes)

    def forward(self, x):
        x = self.body(self.stem(x))
        return self.fc(x.mean((2, 3)))


CFG = {"small": [2], "big": [3]}


`;

/** Each root as `model on input -> output`. */
function roots(code: string): readonly string[] {
  const analyzer = analyzerOf({ "net.py": HEAD + code });
  return analyzer.roots(pathOf("net.py")).map((root) => lineOf(analyzer.analyze(root)));
}

// Outputs by hand: (N, classes); a convolution of stride 2 halves, rounding up.
test.each([
  ["a variable", "net = Net([1])\nx = torch.randn(2, 3, 32, 32)\ny = net(x)\n", ["Net([1]) on 2,3,32,32 -> 2,10"]],
  [
    "a call of the result of a call, a keyword and a shape in a tuple",
    "if __name__ == '__main__':\n    Net(depths=[1])(torch.zeros((1, 3, 8, 8)))\n",
    ["Net(depths=[1]) on 1,3,8,8 -> 1,10"],
  ],
  [
    "names of the block are put in, constants of the module keep theirs",
    "def main():\n    n, size = 4, 16\n    classes = 7\n    model = Net(CFG['big'], classes=classes).eval().cuda()\n    model(torch.rand(n, 3, size, size).cuda())\n",
    ["Net(CFG['big'], classes=7) on 4,3,16,16 -> 4,7"],
  ],
  [
    "a loop over a written list",
    "for name in ['small', 'big']:\n    print(Net(CFG[name])(torch.zeros(1, 3, 32, 32)).shape)\n",
    ["Net(CFG['small']) on 1,3,32,32 -> 1,10", "Net(CFG['big']) on 1,3,32,32 -> 1,10"],
  ],
  [
    "a layer replaced before the call",
    "def test_head():\n    m = Net([2])\n    m.fc = nn.Linear(16, 3)\n    assert m(torch.ones(5, 3, 9, 9)).shape == (5, 3)\n",
    ["Net([2]) on 5,3,9,9 -> 5,3"],
  ],
  [
    "a list filled before the call, below a condition and a context",
    "depths = []\ndepths.append(2)\nif __name__ == '__main__':\n    with torch.no_grad():\n        m = Net(depths)\n        print(m(torch.ones(1, 3, 9, 9)))\n",
    ["Net(depths) on 1,3,9,9 -> 1,10"],
  ],
  [
    "a summary without and with the batch, a trace",
    "from torchsummary import summary\nimport torchinfo\nsummary(Net([1]), (3, 12, 12))\ntorch.jit.trace(Net([2]), torch.ones(1, 3, 10, 10))\n",
    ["Net([1]) on 2,3,12,12 -> 2,10", "Net([2]) on 1,3,10,10 -> 1,10"],
  ],
  [
    "a loss is no model, what a model gave is no input",
    "net = Net([1])\nloss = nn.CrossEntropyLoss()\nout = net(torch.ones(2, 3, 8, 8))\nloss(out, torch.zeros(2).long())\nnet2 = Net([2])\nnet2(net(torch.ones(1, 3, 8, 8)))\n",
    ["Net([1]) on 2,3,8,8 -> 2,10"],
  ],
  [
    "a function that gives no model",
    "def options():\n    return dict(a=1)\n\n\ndef parse():\n    return options()\n",
    [],
  ],
] as const)("%s", (_, code, expected) => {
  const found = roots(code);
  expect(found.filter((root) => !root.startsWith("Net on "))).toEqual(expected);
});

test("a mistake in building what is called is reported where it is", () => {
  const code = "net = Net([1], widht=8)\nnet(torch.ones(1, 3, 8, 8))\n";
  const analyzer = analyzerOf({ "net.py": HEAD + code });
  const found = analyzer.roots(pathOf("net.py")).map((root) => analyzer.analyze(root));
  const { diagnostics } = analyzer.report(pathOf("net.py"), found);
  expect(
    diagnostics.map(({ code: name, place }) => [name, (HEAD + code).slice(place.span.start, place.span.end)]),
  ).toEqual([["python-error", "Net([1], widht=8)"]]);
});

import { expect, test } from "vitest";
import { analyzerOf, lineOf, pathOf } from "./files.ts";

const HEAD = `import torch.nn as nn
from functools import wraps


class Net(nn.Module):
    def __init__(self, width, depth=1):
        super().__init__()
        self.conv = nn.Conv2d(3, width, 3)

    def forward(self, x):
        return self.conv(x)


`;

function models(code: string): readonly string[] {
  const analyzer = analyzerOf({ "net.py": HEAD + code });
  return analyzer
    .roots(pathOf("net.py"))
    .filter(({ kind }) => kind === "factory")
    .map((root) => lineOf(analyzer.analyze(root)));
}

// What each function returns when it is called without arguments, as Python would run it.
test.each([
  [
    "an annotation tells",
    "def small() -> Net:\n    made = [Net(8)]\n    return made[0]\n",
    ["small() on N,3,H,W -> N,8,H - 2,W - 2"],
  ],
  ["an annotation of no module tells", "def size() -> int:\n    return len(str(Net(8)))\n", []],
  [
    "what is returned tells",
    "def small():\n    net = Net(4)\n    return net\n",
    ["small() on N,3,H,W -> N,4,H - 2,W - 2"],
  ],
  [
    "what a helper hands on is built once to tell",
    "def make(cls, width):\n    made = {0: cls(width)}\n    return made[0]\ndef a(**kwargs):\n    return make(Net, 5)\ndef b(**kwargs):\n    return make(Net, 6)\ndef text():\n    return str(3)\n",
    ["a() on N,3,H,W -> N,5,H - 2,W - 2", "b() on N,3,H,W -> N,6,H - 2,W - 2"],
  ],
  [
    "what callers must still give is no model by itself",
    "def small(depth=2, **kwargs):\n    return Net(depth=depth, **kwargs)\n",
    [],
  ],
  [
    "what the callers may give in addition does not matter",
    "def small(**kwargs):\n    return Net(7, **kwargs)\n",
    ["small() on N,3,H,W -> N,7,H - 2,W - 2"],
  ],
  [
    // What takes long gives a text, which is no model.
    "a helper that takes long is no root, and makes no other function vanish",
    "def slow():\n    made = []\n    for i in range(9000):\n        for j in range(9000):\n            made = [i, j]\n    return str(made)\ndef a():\n    return nn.Sequential(Net(3))\n",
    ["a() on N,3,H,W -> N,3,H - 2,W - 2"],
  ],
])("%s", (_, code, expected) => {
  expect(models(code)).toEqual(expected);
});

import { expect, test } from "vitest";
import { analyzerOf, lineOf, pathOf } from "./files.ts";

const BLOCKS = `import torch.nn as nn


class Block(nn.Module):
    def __init__(self, width, out):
        super().__init__()
        self.conv = nn.Conv2d(width, out, 3, 2, 1)

    def forward(self, x):
        return self.conv(x)


def make(out):
    return Block(3, out)
`;
const NET = `import torch.nn as nn
from blocks import Block


class Net(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.block = Block(3, 16)
        self.fc = nn.Linear(16, classes)

    def forward(self, x):
        return self.fc(self.block(x).mean((2, 3)))
`;

/** The analyzed roots of the first file: `model on input -> output`, with the file where it is another. */
function roots(files: Readonly<Record<string, string>>): readonly string[] {
  const analyzer = analyzerOf(files);
  const [opened = ""] = Object.keys(files);
  return analyzer
    .roots(pathOf(opened))
    .map((root) => `${root.file === pathOf(opened) ? "" : `${root.file}: `}${lineOf(analyzer.analyze(root))}`);
}

// Outputs by hand: a convolution of stride 2 halves, rounding up; (N, classes).
test.each([
  [
    "a call in another file",
    {
      "blocks.py": BLOCKS,
      "main.py": "import torch\nfrom blocks import Block\nm = Block(3, 8)\nm(torch.zeros(2, 3, 9, 9))\n",
    },
    ["/w/main.py: Block(3, 8) on 2,3,9,9 -> 2,8,5,5"],
  ],
  [
    "a factory in another file, under another name, through a function of this one",
    { "blocks.py": BLOCKS, "zoo.py": "from blocks import make as build\n\ndef small():\n    return build(4)\n" },
    ["/w/zoo.py: small() on N,3,H,W -> N,4,(H + 1) // 2,(W + 1) // 2"],
  ],
  [
    "a file that imports the module",
    {
      "blocks.py": BLOCKS,
      "main.py":
        "import torch\n\ndef main():\n    from blocks import Block\n    Block(3, 5)(torch.zeros(1, 3, 8, 8))\n",
      "other.py": "import blocks as b\n\ndef small():\n    return b.Block(3, 6)\n",
    },
    ["/w/other.py: small() on N,3,H,W -> N,6,(H + 1) // 2,(W + 1) // 2"],
  ],
  [
    "a class between that a third file builds",
    {
      "blocks.py": BLOCKS,
      "net.py": NET,
      "main.py": "import torch\nfrom net import Net\nNet(10)(torch.zeros(2, 3, 8, 8))\n",
    },
    ["/w/main.py: Net(10) on 2,3,8,8 -> 2,10"],
  ],
  [
    "files that name another thing so",
    { "blocks.py": BLOCKS, "main.py": "import torch\nclass Block:\n    pass\ndef small():\n    return Block(3, 8)\n" },
    ["Block on N,?,H,W -> N,?,(H + 1) // 2,(W + 1) // 2"],
  ],
])("%s builds a class of this", (_, files, expected) => {
  expect(roots(files)).toEqual(expected);
});

test("the class stands by, and what another file changes is seen", () => {
  const files: Record<string, string> = { "blocks.py": BLOCKS, "main.py": "x = 1\n" };
  const analyzer = analyzerOf(files);
  const models = () =>
    (["roots", "spares"] as const).map((kind) => analyzer[kind](pathOf("blocks.py")).map(({ model }) => model));
  expect(models()).toEqual([["Block"], []]);
  files["main.py"] = "from blocks import Block\n\ndef small():\n    return Block(3, 8)\n";
  analyzer.changed(pathOf("main.py"));
  expect(models()).toEqual([["small()"], ["Block"]]);
  files["main.py"] = "x = 1\n";
  analyzer.changed(pathOf("main.py"));
  expect(models()).toEqual([["Block"], []]);
});

import { expect, test } from "vitest";
import { render } from "../../src/text/text.ts";
import { analyzerOf, lineOf, pathOf } from "./files.ts";

const HEAD = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n\n";

function roots(code: string): readonly string[] {
  const analyzer = analyzerOf({ "net.py": HEAD + code });
  return analyzer.roots(pathOf("net.py")).map((root) => lineOf(analyzer.analyze(root)));
}

function diagnostics(code: string): readonly string[] {
  const analyzer = analyzerOf({ "net.py": HEAD + code });
  const analyses = analyzer.roots(pathOf("net.py")).map((root) => analyzer.analyze(root));
  return analyzer
    .report(pathOf("net.py"), analyses)
    .diagnostics.map(({ severity, code: name, message }) => `${severity} ${name}: ${render(message)}`);
}

/** A class with these layers and this forward. */
function net(layers: string, forward: string, parameters = "x", init = "self"): string {
  return `class Net(nn.Module):
    def __init__(${init}):
        super().__init__()
${layers.replace(/^/gm, "        ")}

    def forward(self, ${parameters}):
${forward.replace(/^/gm, "        ")}
`;
}

// What PyTorch's layers accept, worked out by hand from their documentation.
test.each([
  [
    "the layer that takes the input is not the first one built",
    net("self.head = nn.Conv2d(8, 4, 1)\nself.stem = nn.Conv2d(3, 8, 3)", "return self.head(F.relu(self.stem(x)))"),
    ["Net() on N,3,H,W -> N,4,H - 2,W - 2"],
  ],
  [
    "a functional step comes first",
    net(
      "self.c = nn.ConvTranspose2d(6, 2, 2, 2, groups=2)",
      "x = F.interpolate(F.pad(x, (1, 1, 1, 1)), scale_factor=2)\nreturn self.c(x)",
    ),
    ["Net() on N,6,H,W -> N,2,4 * H + 8,4 * W + 8"],
  ],
  [
    "a volume, a sequence",
    `${net("self.c = nn.Conv3d(1, 4, 3, padding=1)", "return self.c(x)")}\n\nclass Wave(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.n = nn.BatchNorm1d(5)\n        self.c = nn.Conv1d(5, 4, 3)\n\n    def forward(self, x):\n        return self.c(x)\n`,
    ["Net() on N,1,D,H,W -> N,4,D,H,W", "Wave() on N,5,L -> N,4,L - 2"],
  ],
  [
    "a linear layer takes any rank, the rest of the code does not",
    net(
      "self.qkv = nn.Linear(64, 192)",
      "B, T, C = x.shape\nq, k, v = self.qkv(x).chunk(3, dim=-1)\nreturn (q @ k.transpose(1, 2)) @ v",
    ),
    ["Net() on N,L,64 -> N,L,64"],
  ],
  [
    "words",
    net("self.e = nn.Embedding(100, 16)\nself.fc = nn.Linear(16, 2)", "return self.fc(self.e(x).mean(1))"),
    ["Net() on N,L -> N,2"],
  ],
  [
    "a shape in an annotation",
    net("self.fc = nn.Linear(8, 2)", "return self.fc(x)", 'x: Float[Tensor, "batch 7 8"]'),
    ["Net() on N,7,8 -> N,7,2"],
  ],
  [
    "two inputs",
    net(
      "self.up = nn.ConvTranspose2d(8, 4, 2, 2)\nself.c = nn.Conv2d(4, 3, 1)",
      "return self.up(x), self.c(skip)",
      "x, skip",
    ),
    ["Net() on N,8,H,W N2,4,H2,W2 -> seq"],
  ],
  [
    "a block that no code builds",
    net("self.c = nn.Conv2d(channels, channels, 3, stride=2, padding=1)", "return self.c(x)", "x", "self, channels"),
    ["Net on N,?,H,W -> N,?,(H + 1) // 2,(W + 1) // 2"],
  ],
] as const)("%s", (_, code, expected) => {
  expect(roots(code)).toEqual(expected);
});

const FLAT = "return self.fc(torch.flatten(F.max_pool2d(self.c(x), 4), 1))";

test("a size that the code names is taken before the usual ones", () => {
  const code = `${net("self.c = nn.Conv2d(3, 4, 3, padding=1)\nself.fc = nn.Linear(4 * 25 * 25, 2)", FLAT)}\n\nimg_size = 101\n`;
  const analyzer = analyzerOf({ "net.py": HEAD + code });
  const [root] = analyzer.roots(pathOf("net.py"));
  const analysis = root && analyzer.analyze(root);
  const input = analysis?.concrete?.graph.inputs[0]?.type.shape?.slice(1).map(({ size }) => size);
  expect(input).toEqual([3, 101, 101]);
});

test("a size that nobody uses does not explain a linear layer away", () => {
  const code = net("self.c = nn.Conv2d(3, 4, 3, padding=1)\nself.fc = nn.Linear(4 * 25 * 25, 2)", FLAT);
  expect(diagnostics(code)).toEqual([expect.stringMatching(/^warning size-dependent: /)]);
});

test("what fails only because of a guess is not told", () => {
  const code = net(
    "self.fc = nn.Linear(8, 2)\nself.other = nn.Linear(4, 2)",
    "return self.fc(x) + self.other(y)[:, 0]",
    "x, y",
  );
  expect(diagnostics(code)).toEqual([]);
});

// A list of pictures, as torchvision's detection models take; what holds tensors is no tensor.
test.each([
  [
    "a list of tensors",
    "def forward(self, images: list[torch.Tensor]):\n        return self.c(torch.stack(images))",
    "seq -> 1,4,H - 2,W - 2",
  ],
  [
    "a class of the file",
    "def forward(self, images: Pictures):\n        return self.c(images.tensors)",
    "any -> unknown",
  ],
  [
    "an optional tensor",
    "def forward(self, x: Optional[torch.Tensor]):\n        return self.c(x)",
    "N,3,H,W -> N,4,H - 2,W - 2",
  ],
])("an input annotated as %s", (_, forward, expected) => {
  const code = `from typing import Optional


class Pictures:
    tensors = None


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 4, 3)

    ${forward}
`;
  expect(roots(code)).toEqual([`Net() on ${expected}`]);
  expect(diagnostics(code)).toEqual([]);
});

// Each of these runs in PyTorch on what its author calls it with.
test.each([
  ["the code turns the axes first", net("self.c = nn.Conv1d(80, 8, 3)", "return self.c(x.permute(0, 2, 1))")],
  [
    "a clip of frames, unpacked",
    net(
      "self.c = nn.Conv2d(3, 8, 3)",
      "b, t, c, h, w = x.size()\nreturn self.c(x.view(-1, c, h, w)).view(b, t, -1, h - 2, w - 2)",
    ),
  ],
  ["a dict", net("self.c = nn.Conv2d(3, 8, 3)", "return self.c(batch['image'])", "batch")],
  [
    "a list of features",
    net("self.c = nn.Conv2d(8, 8, 3)\nself.n = nn.BatchNorm2d(8)", "return self.n(self.c(xs[0]))", "xs"),
  ],
  [
    "a construction that only its defaults make fails",
    net(
      "self.first = widths[0]\nself.convs = nn.ModuleList(nn.Conv2d(w, 4, 1) for w in widths)",
      "return torch.cat([conv(x) for conv in self.convs], 1)",
      "x",
      "self, widths=()",
    ),
  ],
])("an input that was guessed is not insisted on: %s", (_, code) => {
  expect(diagnostics(code)).toEqual([]);
});

test("channels that are folded in on the way to the first layer are known", () => {
  const code = net("self.c = nn.Conv2d(12, 8, 1)", "return self.c(F.pixel_unshuffle(x, 2))");
  expect(roots(code)).toEqual(["Net() on N,3,H,W -> N,8,H // 2,W // 2"]);
  // PyTorch takes (1, 3, 224, 224), and of (1, 3, 223, 224) it says that the height has to be divisible by 2.
  expect(diagnostics(code)).toEqual([
    "warning size-dependent: pixel_unshuffle fails for odd H or W: 222 and 223 at H = 223",
  ]);
});

test("what fails whatever comes in is told of an input that was guessed, too", () => {
  const code = net(
    "self.c = nn.Conv2d(3, 8, 3)\nself.fc = nn.Linear(9, 2)",
    "y = self.c(x.permute(0, 3, 1, 2).reshape(-1, 3, 16, 16))\nreturn self.fc(y.mean((2, 3)))",
  );
  expect(diagnostics(code)).toEqual([expect.stringMatching(/^error channel-mismatch: fc: expects 9/)]);
});

test("a model that makes itself ready in train() or eval() is made ready", () => {
  const code = `${net("self.c = nn.Conv2d(3, 8, 3)", "return self.kernels[0](x)")}
    def train(self, mode=True):
        self.kernels = [nn.Conv2d(3, 5, 1)] if not mode else []
        return super().train(mode)
`;
  expect(roots(code)).toEqual(["Net() on N,3,H,W -> N,5,H,W"]);
});

// A model of another element type is called on inputs of that type: PyTorch would refuse float32 there.
test.each([
  ["made so", "self.c = nn.Conv2d(3, 8, 3, dtype=torch.float64)"],
  ["converted", "self.c = nn.Conv2d(3, 8, 3)\n        self.half()"],
  ["in part", "self.c = nn.Conv2d(3, 8, 3)\n        self.d = nn.Linear(8, 2).double()"],
])("a layer whose type is %s", (_, layers) => {
  const code = `class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ${layers}

    def forward(self, x):
        return self.c(x)
`;
  expect(diagnostics(code)).toEqual([]);
});

test("what is annotated as a class of another file is no tensor", () => {
  const analyzer = analyzerOf({
    "pictures.py": "class Pictures:\n    tensors = None\n",
    "net.py": `${HEAD}from pictures import Pictures\n\n\n${net(
      "self.c = nn.Conv2d(3, 4, 3)",
      "return self.c(images.tensors)",
      "images: Pictures, others: list[torch.Tensor]",
    )}`,
  });
  const analyses = analyzer.roots(pathOf("net.py")).map((root) => analyzer.analyze(root));
  expect(analyzer.report(pathOf("net.py"), analyses).diagnostics).toEqual([]);
});

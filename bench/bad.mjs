// Bad input: `bad.mjs BUNDLE CORPUS` analyzes one text after the other as an editor would, and prints a JSON line
// before (`{ name }`) and after each (`{ name, ms, shapes, crash }`; wall-clock milliseconds; `shapes`: tensors shown).

import { readFileSync } from "node:fs";
import path from "node:path";
import { files, load, options, resnetFile } from "./subject.mjs";

const CUTS = 200;
const LARGE = 5 * 1024 * 1024;
const [bundle, corpus] = process.argv.slice(2);
const { createAnalyzer } = load(bundle);
const file = resnetFile(corpus);
const text = readFileSync(file, "utf8");
const overlay = new Map();
const folder = path.dirname(file);
const other = path.join(folder, "bench_other.py");

const HEAD = "import torch\nfrom torch import nn\n";
const BUILD = "\nmodel = Net()\ny = model(torch.randn(2, 3, 8, 8))\n";
const net = (init, forward) =>
  `${HEAD}class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.conv = nn.Conv2d(3, 4, 3)\n${init}\n    def forward(self, x):\n        x = self.conv(x)\n${forward}\n        return x\n${BUILD}`;

function* cases() {
  for (let i = 0; i < CUTS; i++)
    yield [`resnet.py cut at ${i} of ${CUTS}`, text.slice(0, Math.floor((text.length * i) / CUTS))];
  yield ["NUL bytes between all lines", text.replaceAll("\n", "\0\n")];
  yield ["only NUL bytes", "\0".repeat(100_000)];
  yield ["5 MB of Python", text.repeat(Math.ceil(LARGE / text.length)).slice(0, LARGE)];
  yield ["5 MB in one line", `x = [${"1, ".repeat(LARGE / 3)}]`];
  yield ["5 MB of open brackets", "(".repeat(LARGE)];
  yield ["10,000 nested blocks", Array.from({ length: 10_000 }, (_, i) => `${" ".repeat(i)}if x:`).join("\n")];
  yield [
    "a cycle of imports",
    `from .bench_other import Base\n${net("", "").replace("nn.Module", "Base")}`,
    `from .resnet import Net\n${HEAD}class Base(nn.Module):\n    pass\n`,
  ];
  yield ["a file that imports itself", `from .resnet import *\nfrom . import resnet\n${net("", "")}`];
  yield ["while True in forward", net("", "        while True:\n            x = self.conv(x)")];
  yield ["while True at the top", `${HEAD}while True:\n    pass\n${BUILD}`];
  yield [
    "while True that grows a list",
    net("        self.a = []\n        while True:\n            self.a.append(self.a)", ""),
  ];
  yield ["a string doubled without end", net("        s = 'x'\n        while True:\n            s = s + s", "")];
  yield ["a number squared without end", net("        n = 3\n        while True:\n            n = n ** n", "")];
  yield ["a list of 10**9", net("        self.a = [nn.ReLU() for _ in range(10 ** 9)]", "")];
  yield ["forward calls itself", net("", "        return self.forward(x)")];
  yield ["the model calls itself", net("", "        x = self(x)")];
  yield ["__init__ builds itself", net("        self.inner = Net()", "")];
  yield [
    "a module that is its own child",
    net("        self.child = self", "        for m in self.modules():\n            x = self.conv(x)"),
  ];
  yield [
    "__getattr__ without end",
    net("", "").replace(
      "    def forward",
      "    def __getattr__(self, name):\n        return self.missing\n\n    def forward",
    ),
  ];
  yield [
    "mutual recursion",
    `${HEAD}def a(x):\n    return b(x)\ndef b(x):\n    return a(x)\n${net("        a(1)", "")}`,
  ];
  yield ["a class that inherits from itself", `${HEAD}class Net(Net):\n    pass\n${BUILD}`];
  yield [
    "two classes that inherit from each other",
    `${HEAD}class A(B):\n    pass\nclass B(A):\n    pass\nNet = A\n${BUILD}`,
  ];
  yield [
    "exponential branches",
    net(
      "",
      Array.from(
        { length: 60 },
        () => "        if x.sum() > 0:\n            x = x + 1\n        else:\n            x = x - 1",
      ).join("\n"),
    ),
  ];
  yield [
    "100,000 layers in a loop",
    net("        self.many = nn.Sequential(*[nn.Conv2d(4, 4, 1) for _ in range(100000)])", "        x = self.many(x)"),
  ];
}

for (const [name, content, second] of cases()) {
  console.log(JSON.stringify({ name }));
  overlay.set(file, content);
  if (second !== undefined) overlay.set(other, second);
  const analyzer = createAnalyzer(files(overlay), options(corpus));
  const since = performance.now();
  let crash;
  let shapes = 0;
  try {
    const report = analyzer.report(
      file,
      analyzer
        .roots(file)
        .slice(0, 1)
        .map((root) => analyzer.analyze(root)),
    );
    for (const { concrete, symbolic } of report.roots)
      shapes += (concrete ?? symbolic)?.observations.get(file)?.length ?? 0;
  } catch (error) {
    crash = String(error?.stack ?? error)
      .split("\n")
      .slice(0, 3)
      .join(" ");
  }
  console.log(JSON.stringify({ name, ms: performance.now() - since, shapes, crash }));
}

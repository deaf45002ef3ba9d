import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { checkRun } from "../../src/checks/check.ts";
import { mergeDiagnostics } from "../../src/checks/merge.ts";
import type { Ref } from "../../src/graph/graph.ts";
import type { Dim } from "../../src/shape/dim.ts";
import { render } from "../../src/text/text.ts";
import { originalWords } from "../../src/torch/refusals.ts";
import { argument, edited, FILE, GraphBuilder, inputFor, placeOf, proposed } from "./builder.ts";

const TUTORIAL = readFileSync(new URL("../../sample/tutorial_resnet.py", import.meta.url), "utf8");

/** The listing's forward pass as the evaluator runs it, its later blocks recovered with the shape of the fix. */
function tutorial(batch: number | string = "N"): GraphBuilder {
  const g = new GraphBuilder();
  const cls = placeOf(TUTORIAL, "BasicBlock");
  const add = placeOf(TUTORIAL, "out += shortcut");
  const first = placeOf(TUTORIAL, "block(self.inplanes, blocks[0], stride, downsample)");
  const later = placeOf(TUTORIAL, "block(self.inplanes, planes, stride=stride)");
  const passed = placeOf(TUTORIAL, "stride=stride", 2);
  g.module("", "ResNet", placeOf(TUTORIAL, "ResNet(BasicBlock, [2, 2, 2, 2])"), placeOf(TUTORIAL, "ResNet", 1));
  for (const [name, text] of [
    ["conv1", "nn.Conv2d(3, self"],
    ["bn1", "nn.BatchNorm2d(self.inplanes)"],
    ["relu", "nn.ReLU(inplace=True)"],
    ["maxpool", "nn.MaxPool2d("],
  ] as const) {
    g.module(name, name === "relu" ? "ReLU" : "Layer", placeOf(TUTORIAL, text, name === "relu" ? 1 : 0));
  }
  let x: Ref = g.conv(g.input(batch, 3, 224, 224), 64, 7, { stride: { size: 2 }, padding: 3 });
  x = g.op("max_pool", [x], {
    kernel: [{ size: 3 }, { size: 3 }],
    stride: [{ size: 2 }, { size: 2 }],
    padding: [{ size: 1 }, { size: 1 }],
    ceil_mode: false,
  });
  for (const [stage, planes] of [64, 128, 256, 512].entries()) {
    for (const index of [0, 1]) {
      const path = `layer${stage + 1}.${index}`;
      const built = index === 0 ? first : later;
      g.module(path, "BasicBlock", built, cls);
      const literal = placeOf(TUTORIAL, "stride=2", Math.max(0, stage - 1));
      const at = index === 0 ? placeOf(TUTORIAL, "stride, downsample") : passed;
      const inBlock = argument(
        "stride",
        placeOf(TUTORIAL, "stride)", 2),
        argument("stride", at, argument("stride", literal)),
      );
      const stride: Dim = {
        size: stage === 0 ? 1 : 2,
        origin: argument("stride", placeOf(TUTORIAL, "stride=stride"), inBlock),
      };
      const conv1 = g.conv(x, planes, 3, { stride, path: `${path}.conv1` });
      const main = g.conv(conv1, planes, 3, { path: `${path}.conv2` });
      const shortcut = index === 0 && stage !== 0 ? g.conv(x, planes, 1, { stride, path: `${path}.downsample.0` }) : x;
      x = g.op("add", [main, shortcut], { in_place: true }, { path, place: add, after: shortcut });
    }
  }
  return g;
}

test("the tutorial's stride is one mistake in three blocks, with its cause, its fix and PyTorch's words", () => {
  const graph = tutorial().graph();
  const [found, ...more] = checkRun(inputFor(TUTORIAL, { concrete: graph, original: originalWords }));
  expect(more).toEqual([]);
  expect(found).toMatchObject({
    code: "shortcut-mismatch",
    severity: "error",
    place: placeOf(TUTORIAL, "out += shortcut"),
    instances: ["layer2.1", "layer3.1", "layer4.1"],
    related: [{ place: placeOf(TUTORIAL, "stride=stride", 2) }],
    original: "The size of tensor a (14) must match the size of tensor b (28) at non-singleton dimension 3",
  });
  if (found === undefined) return;
  const message = render(found.message);
  expect(message).toBe(
    "H, W differ: main [N, 128, 14, 14], identity shortcut [N, 128, 28, 28]; line 73 strides layer2.1 and 2 more blocks",
  );
  expect(message.length).toBeLessThanOrEqual(120);
  expect(found.related.map((one) => render(one.message))).toEqual(["strides a block that has no projection"]);
  const fixes = proposed(found);
  const [fix] = fixes;
  const second = fixes.find(({ title }) => render(title) === "Give later blocks a projection shortcut");
  expect(render(fix?.title ?? { template: "", args: [] })).toBe("Keep the stride in the first block only (line 73)");
  expect(fix).toMatchObject({ preferred: true, safe: true });
  expect(edited(TUTORIAL, fix?.edits ?? []).split("\n")[72]).toBe(
    "            layers.append(block(self.inplanes, planes))",
  );
  expect(edited(TUTORIAL, second?.edits ?? []).split("\n")[72]).toBe(
    "            layers.append(block(self.inplanes, planes, stride=stride, downsample=nn.Sequential(conv1x1(self.inplanes, planes * block.expansion, stride), nn.BatchNorm2d(planes * block.expansion)) if stride != 1 or self.inplanes != planes * block.expansion else None))",
  );
});

test("an example's batch is shown as the symbol, a given one as the number", () => {
  const [concrete, symbolic] = [tutorial(1).graph(), tutorial("N").graph()];
  const say = (fixedInput: boolean): string[] =>
    checkRun(inputFor(TUTORIAL, { concrete, symbolic, fixedInput })).map(({ message }) => render(message));
  expect(say(false)[0]).toContain("main [N, 128, 14, 14]");
  expect(say(true)[0]).toContain("main [1, 128, 14, 14]");
});

test("a stride in one call for all blocks of a loop stays in its first round", () => {
  const source = `class Block(nn.Module):
    def __init__(self, planes, stride):
        self.conv = nn.Conv2d(planes, planes, 3, stride, 1)
    def forward(self, x):
        return self.conv(x) + x

def stage(planes, count, stride):
    return nn.Sequential(*make(planes, count, stride))

def make(planes, count, stride):
    blocks = []
    for i in range(count):
        blocks.append(Block(planes, stride))
    return blocks
`;
  const g = new GraphBuilder();
  const built = placeOf(source, "Block(planes, stride)");
  const stride: Dim = {
    size: 2,
    origin: argument(
      "stride",
      placeOf(source, "stride, 1"),
      argument("stride", { file: FILE, span: { start: built.span.end - 7, end: built.span.end - 1 } }),
    ),
  };
  let x = g.input(1, 8, 16, 16);
  for (const path of ["0", "1"]) {
    g.module(path, "Block", built, placeOf(source, "Block"));
    x = g.op(
      "add",
      [g.conv(x, 8, 3, { stride: path === "0" ? { size: 1 } : stride, path: `${path}.conv` }), x],
      {},
      { path, place: placeOf(source, "self.conv(x) + x"), after: x },
    );
  }
  const [found] = checkRun(inputFor(source, { concrete: g.graph() }));
  expect(found?.instances).toEqual(["1"]);
  expect(edited(source, proposed(found)[0]?.edits ?? [])).toContain(
    "blocks.append(Block(planes, stride if i == 0 else 1))",
  );
});

test("a layer that is built and never used offers its call after the one before it", () => {
  const g = tutorial();
  const relu = { path: "relu", place: placeOf(TUTORIAL, "nn.ReLU(inplace=True)", 1), type: "ReLU" };
  const found = checkRun(inputFor(TUTORIAL, { concrete: g.graph(), unusedModules: [relu] })).find(
    ({ code }) => code === "layer-unused",
  );
  expect(found).toMatchObject({
    severity: "info",
    unnecessary: true,
    place: relu.place,
  });
  expect(proposed(found)).toMatchObject([{ preferred: false, safe: false }]);
  expect(render(found?.message ?? { template: "", args: [] })).toBe("self.relu is built and never called");
  const [fix] = proposed(found);
  expect(render(fix?.title ?? { template: "", args: [] })).toBe("Call self.relu after self.bn1");
  const text = edited(TUTORIAL, fix?.edits ?? []);
  expect(text).toContain(
    "        out = self.bn1(out)\n        out = self.relu(out)\n        out = self.maxpool(out)\n",
  );
});

test("one diagnostic for two channel mistakes in a row is two, and none for what follows a guess", () => {
  const source = `self.a(x)\nself.b(x)\nx.view(1, 7)\nself.c(x)\nself.a = nn.Conv2d(8, 16, 3, padding=1)\nself.b = nn.Conv2d(in_channels=8, out_channels=4, kernel_size=3)\n`;
  const g = new GraphBuilder();
  g.module("a", "Conv2d", placeOf(source, "nn.Conv2d(8, 16, 3, padding=1)"));
  g.module("b", "Conv2d", placeOf(source, "nn.Conv2d(in_channels=8, out_channels=4, kernel_size=3)"));
  const a = g.conv(g.input(1, 3, 8, 8), 16, 3, { into: 8, path: "a", place: placeOf(source, "self.a(x)") });
  const b = g.conv(a, 4, 3, { into: 8, path: "b", place: placeOf(source, "self.b(x)") });
  const view = g.op("reshape", [b], { shape: [{ size: 1 }, { size: 7 }] }, { place: placeOf(source, "x.view(1, 7)") });
  g.op("linear", [view, g.weight(10, 9)], {}, { place: placeOf(source, "self.c(x)") });
  const found = checkRun(inputFor(source, { concrete: g.graph(), original: originalWords }));
  expect(found.map(({ code, message }) => `${code}: ${render(message)}`)).toEqual([
    "channel-mismatch: a: expects 8 channels, gets 3, input [1, 3, 8, 8]",
    "channel-mismatch: b: expects 8 channels, gets 16, input [1, 16, 8, 8]; line 5 makes 16",
    "shape-mismatch: reshape: [1, 4, 8, 8] does not fit into [1, 7]; 4·8·8 = 256 a sample",
  ]);
  expect(found[0]?.original).toBe(
    "Given groups=1, weight of size [16, 8, 3, 3], expected input[1, 3, 8, 8] to have 8 channels, but got 3 channels instead",
  );
  expect(
    found.slice(0, 2).map((one) =>
      edited(source, proposed(one).find(({ title }) => title.template.startsWith("Set "))?.edits ?? [])
        .split("\n")
        .slice(4, 6),
    ),
  ).toEqual([
    ["self.a = nn.Conv2d(3, 16, 3, padding=1)", "self.b = nn.Conv2d(in_channels=8, out_channels=4, kernel_size=3)"],
    ["self.a = nn.Conv2d(8, 16, 3, padding=1)", "self.b = nn.Conv2d(in_channels=16, out_channels=4, kernel_size=3)"],
  ]);
});

/** x + up(down(x)) with a window of 2: fits for even sizes only. */
function upDown(height: number | string, width: number | string): GraphBuilder {
  const source = "x + up";
  const g = new GraphBuilder();
  const x = g.input("N", 8, height, width);
  const two = { size: 2 };
  const down = g.op("max_pool", [x], {
    kernel: [two, two],
    stride: [two, two],
    padding: [{ size: 0 }, { size: 0 }],
    ceil_mode: false,
  });
  const args = {
    stride: [two, two],
    padding: [{ size: 0 }, { size: 0 }],
    output_padding: [{ size: 0 }, { size: 0 }],
    dilation: [{ size: 1 }, { size: 1 }],
    groups: { size: 1 },
  };
  const up = g.op("conv_transpose", [down, g.weight(8, 8, 2, 2)], args);
  g.op("add", [up, x], {}, { place: placeOf(source, source) });
  return g;
}

test("a shortcut that fits for even sizes only is a warning under an example, an info under a given size that fits", () => {
  const symbolic = upDown("H", "W").graph();
  const concrete = upDown(224, 224).graph();
  const example = new Map([
    ["H", 224],
    ["W", 224],
    ["N", 1],
  ]);
  const found = (fixedInput: boolean) =>
    checkRun(inputFor("x + up", { concrete, symbolic, example, fixedInput })).map(
      (one) => `${one.severity} ${one.code}: ${render(one.message)}`,
    );
  expect(found(false)).toEqual([
    "warning shortcut-size-dependent: shortcut fails for odd H or W: main 222, shortcut 223 at H = 223",
  ]);
  expect(found(true)[0]).toMatch(/^info shortcut-size-dependent: /);
});

test("a given size that does not fit is the error of its run alone; under an example nothing fails at every size", () => {
  const symbolic = upDown("H", "W").graph();
  const concrete = upDown(225, 225).graph();
  const example = new Map([
    ["H", 225],
    ["W", 225],
    ["N", 1],
  ]);
  const codes = (fixedInput: boolean) =>
    checkRun(inputFor("x + up", { concrete, symbolic, example, fixedInput })).map(({ code }) => code);
  expect(codes(true)).toEqual(["shortcut-mismatch"]);
  expect(codes(false)).toEqual(["shortcut-size-dependent"]);
});

test("a length that is 1 by accident is broadcast with a warning, a kept reduced axis is not", () => {
  const build = (size: number | string): GraphBuilder => {
    const g = new GraphBuilder();
    const x = g.input(1, 8, size, size);
    const half = g.conv(x, 8, 3, { stride: { size: 2 } });
    g.op("add", [half, x], {}, { place: placeOf("a + b, c + d", "a + b") });
    const mean = g.op("mean", [x], { axes: [{ size: 2 }, { size: 3 }], keepdim: true });
    g.op("add", [mean, x], {}, { place: placeOf("a + b, c + d", "c + d") });
    return g;
  };
  const found = checkRun(
    inputFor("a + b, c + d", {
      concrete: build(2).graph(),
      symbolic: build("H").graph(),
      example: new Map([["H", 2]]),
    }),
  );
  expect(found.map(({ code, place, message }) => [code, place.span.start, render(message)])).toEqual([
    [
      "shortcut-broadcast",
      0,
      "H, W fit only because 1 is broadcast: main [1, 8, 1, 1], identity shortcut [1, 8, 2, 2]",
    ],
  ]);
});

test("a missing name is told once, a repair that is the only one is preferred", () => {
  const source = "nn.Module\nnn.Linear\nblocks[0]\n";
  const place = (text: string) => placeOf(source, text);
  const problem = (exception: string, message: string, text: string, replace?: string) => ({
    kind: "python" as const,
    exception,
    message,
    place: place(text),
    frames: [],
    repairs:
      replace === undefined
        ? []
        : [{ title: { template: "Replace by {0}", args: [replace] }, edits: [{ place: place(text), text: replace }] }],
    raised: false,
    phase: "build" as const,
  });
  const problems = [
    problem("NameError", "name 'nn' is not defined", "nn.Module"),
    problem("NameError", "name 'nn' is not defined", "nn.Linear"),
    problem("TypeError", "'int' object is not subscriptable", "blocks[0]", "planes"),
    problem("TypeError", "'int' object is not subscriptable", "blocks[0]", "planes"),
  ];
  const found = checkRun(inputFor(source, { problems }));
  expect(
    found.map((one) => [
      one.place.span.start,
      render(one.message),
      proposed(one).map(({ preferred, safe }) => preferred && safe),
    ]),
  ).toEqual([
    [0, "NameError: name 'nn' is not defined", []],
    [20, "TypeError: 'int' object is not subscriptable", [true]],
  ]);
});

test("the same mistake of two roots is one entry that lists both", () => {
  const one = checkRun(inputFor(TUTORIAL, { concrete: tutorial().graph(), root: "a()" }));
  const two = checkRun(inputFor(TUTORIAL, { concrete: tutorial().graph(), root: "b()" }));
  const merged = mergeDiagnostics([one, two]);
  expect(merged.map(({ roots, instances }) => [roots, instances])).toEqual([
    [
      ["a()", "b()"],
      ["layer2.1", "layer3.1", "layer4.1"],
    ],
  ]);
});

test("under an example a shortcut that fits at lengths of 1 alone is an error, with the example's shapes", () => {
  const build = (size: number | string): GraphBuilder => {
    const g = new GraphBuilder();
    const x = g.input("N", 8, size, size);
    const half = g.conv(x, 8, 3, { stride: { size: 2 } });
    g.op("add", [half, x], {}, { place: placeOf("half + x", "half + x"), after: x });
    return g;
  };
  const [found, ...more] = checkRun(
    inputFor("half + x", { concrete: build(224).graph(), symbolic: build("H").graph(), fixedInput: false }),
  );
  expect(more).toEqual([]);
  expect(found?.code).toBe("shortcut-mismatch");
  expect(found === undefined ? "" : render(found.message)).toContain("main [N, 8, 112, 112]");
});

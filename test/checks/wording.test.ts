import { expect, test } from "vitest";
import { checkRun } from "../../src/checks/check.ts";
import type { Args } from "../../src/ops/operator.ts";
import { render } from "../../src/text/text.ts";
import { originalWords } from "../../src/torch/refusals.ts";
import { GraphBuilder, inputFor, placeOf } from "./builder.ts";

const SOURCE =
  "class Block(nn.Module): ...\nlayer2 = Block(64, 128)\nout = main + x\nself.down = nn.Conv2d(64, 256, 1)\n";

test("every differing axis is named; a block that changes the shape with no projection is the cause", () => {
  const g = new GraphBuilder();
  g.module("layer2.0", "Block", placeOf(SOURCE, "Block(64, 128)"), placeOf(SOURCE, "Block"));
  const x = g.input("N", 64, 56, 56);
  const main = g.conv(x, 128, 3, { stride: { size: 2 }, path: "layer2.0.conv1" });
  g.op("add", [main, x], {}, { path: "layer2.0", place: placeOf(SOURCE, "main + x") });
  const [found, ...more] = checkRun(inputFor(SOURCE, { concrete: g.graph() }));
  expect(more).toEqual([]);
  expect(found?.fixes).toEqual([]);
  expect(found === undefined ? "" : render(found.message)).toBe(
    "C, H, W differ: main [N, 128, 28, 28], identity shortcut [N, 64, 56, 56]; line 2 gives layer2.0 no projection",
  );
});

test("a projection to too many channels is named as one, with its kernel", () => {
  const g = new GraphBuilder();
  g.module("down", "Conv2d", placeOf(SOURCE, "nn.Conv2d(64, 256, 1)"));
  g.module("", "Net", undefined, placeOf(SOURCE, "Block"));
  const x = g.input("N", 64, 56, 56);
  const main = g.conv(g.conv(x, 128, 3), 128, 3);
  g.op("add", [main, g.conv(x, 256, 1, { path: "down" })], {}, { place: placeOf(SOURCE, "main + x") });
  const [found] = checkRun(inputFor(SOURCE, { concrete: g.graph() }));
  expect(found?.related.map(({ place }) => place)).toEqual([placeOf(SOURCE, "256")]);
  expect(found === undefined ? "" : render(found.message)).toBe(
    "C differs: main [N, 128, 56, 56], 1×1 projection shortcut [N, 256, 56, 56]; line 4 makes 256 channels",
  );
});

/** What PyTorch 2.14.1 raises for the same tensors. */
const TRUTH: readonly (readonly [string, string, readonly (readonly number[])[], Args])[] = [
  [
    "The size of tensor a (14) must match the size of tensor b (28) at non-singleton dimension 3",
    "add",
    [
      [2, 128, 14, 14],
      [2, 128, 28, 28],
    ],
    {},
  ],
  [
    "Given groups=2, weight of size [64, 32, 3, 3], expected input[2, 128, 56, 56] to have 64 channels, but got 128 channels instead",
    "conv",
    [
      [2, 128, 56, 56],
      [64, 32, 3, 3],
    ],
    { stride: [1, 1], groups: 2 },
  ],
  [
    "Calculated padded input size per channel: (4 x 3). Kernel size: (5 x 5). Kernel size can't be greater than actual input size",
    "conv",
    [
      [2, 64, 2, 1],
      [64, 64, 3, 3],
    ],
    {
      stride: [1, 1],
      padding: [
        [1, 1],
        [1, 1],
      ],
      dilation: [2, 2],
      groups: 1,
    },
  ],
  [
    "running_mean should contain 128 elements not 64",
    "batch_norm",
    [[2, 128, 5, 5], [64], [64], [64], [64]],
    { spatial: 2 },
  ],
  [
    "mat1 and mat2 shapes cannot be multiplied (6x2048 and 512x1000)",
    "linear",
    [
      [2, 3, 2048],
      [1000, 512],
    ],
    {},
  ],
  [
    "Sizes of tensors must match except in dimension 1. Expected size 57 but got size 56 for tensor number 1 in the list.",
    "concat",
    [
      [2, 3, 57, 57],
      [2, 3, 56, 56],
    ],
    { axis: 1 },
  ],
  ["shape '[-1, 100]' is invalid for input of size 8192", "reshape", [[2, 64, 8, 8]], { shape: [-1, 100] }],
];

test.each(TRUTH)("PyTorch's own words: %s", (words, op, shapes, args) => {
  const g = new GraphBuilder();
  const inputs = shapes.map((shape) => g.input(...shape));
  const ref = g.op(op, inputs, args);
  const node = g.nodes[ref.node];
  expect(
    node === undefined
      ? undefined
      : originalWords(
          node,
          inputs.map((one) => g.type(one)),
        ),
  ).toBe(words);
});

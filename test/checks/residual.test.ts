import { expect, test } from "vitest";
import type { ResidualAdd } from "../../src/graph/graph.ts";
import { GraphBuilder } from "./builder.ts";

function only(g: GraphBuilder): ResidualAdd {
  const adds = g.graph().residualAdds;
  expect(adds).toHaveLength(1);
  const [add] = adds;
  if (add === undefined) throw new Error("no residual add");
  return add;
}

test("an identity shortcut ends at its own fork, through a dropout too", () => {
  const g = new GraphBuilder();
  const x = g.op("relu", [g.input(2, 64, 28, 28)]);
  const main = g.conv(g.op("relu", [g.conv(x, 64, 3)]), 64, 3);
  g.op("add", [main, g.op("identity", [x])]);
  expect(only(g)).toMatchObject({
    kind: "identity",
    main: 0,
    shortcut: 1,
    fork: x,
    mainStride: [1, 1],
    shortcutStride: [1, 1],
    fits: true,
  });
  expect(only(g).mainNodes.map((id) => g.nodes[id]?.op)).toEqual(["conv", "relu", "conv"]);
});

test("a projection is told from the main branch by its fewer weighted layers, whichever operand it is", () => {
  const g = new GraphBuilder();
  const x = g.input(2, 64, 28, 28);
  const shortcut = g.conv(x, 128, 1, { stride: { size: 2 } });
  const main = g.conv(g.conv(x, 128, 3, { stride: { size: 2 } }), 128, 3);
  g.op("add", [shortcut, main]);
  expect(only(g)).toMatchObject({
    kind: "projection",
    main: 1,
    shortcut: 0,
    mainStride: [2, 2],
    shortcutStride: [2, 2],
    fits: true,
  });
});

test("a strided slice with zeros beside it is a zero-padding shortcut", () => {
  const one = { size: 1 };
  const two = { size: 2 };
  const g = new GraphBuilder();
  const x = g.input(2, 16, 32, 32);
  const main = g.conv(g.conv(x, 32, 3, { stride: two }), 32, 3);
  const none = [null, null, null, null];
  const sliced = g.op("slice", [x], { starts: none, ends: none, steps: [one, one, two, two] });
  const zero = [{ size: 0 }, { size: 0 }];
  const padded = g.op("pad", [sliced], {
    sides: [zero, [{ size: 8 }, { size: 8 }], zero, zero],
    mode: "constant",
    value: 0,
  });
  g.op("add", [main, padded]);
  expect(only(g)).toMatchObject({ kind: "zero-padding", shortcut: 1, shortcutStride: [2, 2], fits: true });
});

test("the fork is the last activation that both depend on, not the input", () => {
  const g = new GraphBuilder();
  const x = g.input(1, 8, 8, 8);
  const stem = g.conv(x, 8, 3);
  const first = g.op("add", [g.conv(stem, 8, 3), stem]);
  g.op("add", [g.conv(first, 8, 3), first]);
  expect(g.graph().residualAdds.map(({ fork }) => fork)).toEqual([stem, first]);
});

test("a weight, a constant and a second input are no shortcut", () => {
  const g = new GraphBuilder();
  const x = g.input(1, 8, 4, 4);
  g.op("add", [g.conv(x, 8, 3), g.weight(1, 8, 1, 1)]);
  g.op("add", [x, g.constant(1, 8, 4, 4)]);
  g.op("add", [x, g.input(1, 8, 4, 4)]);
  g.op("add", [x, x]);
  expect(g.graph().residualAdds).toEqual([]);
});

test("2,500 blocks in a row", () => {
  const g = new GraphBuilder();
  let x = g.input(1, 8, 4, 4);
  for (let i = 0; i < 2500; i++) x = g.op("add", [g.op("relu", [x]), x]);
  const adds = g.graph().residualAdds;
  expect(adds).toHaveLength(2500);
  expect(
    adds.every(({ kind, mainNodes, shortcut }) => kind === "identity" && mainNodes.length === 1 && shortcut === 1),
  ).toBe(true);
});

import { expect, test } from "vitest";
import { memoryOf } from "../../src/preview/memory.ts";
import { graphBuilder } from "./builder.ts";

/** Two convolutions beside each other, joined, then flattened; one example of 3×8×8, in float32. */
function branched(batch: number) {
  const g = graphBuilder(batch);
  const x = g.input("x", [3, 8, 8]);
  const a = g.op("relu", [x], [3, 8, 8]);
  const b = g.op("conv", [a], [5, 8, 8]);
  const c = g.op("conv", [a], [7, 8, 8]);
  const joined = g.op("concat", [b, c], [12, 8, 8]);
  const flat = g.op("flatten", [joined], [768]);
  const out = g.op("linear", [flat], [10]);
  return g.graph(out);
}

test.each([1, 4])("values of one example, of a batch of %i", (batch) => {
  const graph = branched(batch);
  const memory = memoryOf(graph, batch);
  const floats = (3 + 5 + 7 + 12) * 64 + 10;
  expect(memory.made(0, graph.nodes.length)).toEqual({ bytes: 4 * floats, dtypes: ["float32"] });
  // Most is held while the join is written: both branches and it.
  expect(memory.peak).toBe(4 * (5 + 7 + 12) * 64);
});

import { describe, expect, test } from "vitest";
import { node, programOf } from "./build.ts";
import { loadRuntime, started } from "./harness.ts";

const runtime = await loadRuntime("shared");

const data = (count: number, phase: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(i * 1.7 + phase));

/** a [rows, inner] times b [inner, columns], row-major. */
function product(a: Float32Array, b: Float32Array, rows: number, inner: number, columns: number): readonly number[] {
  return Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    let sum = 0;
    for (let k = 0; k < inner; k++) sum += (a[row * inner + k] ?? 0) * (b[k * columns + column] ?? 0);
    return sum;
  });
}

describe.each(["wasm", "cpu"] as const)(
  "on %s, two products whose right operands share their storage",
  async (kind) => {
    const backend = await started(runtime, kind);
    // The same 24 numbers as [4, 6] and, seen anew, as [6, 4]; a layer's weight is seen as [24, 1] and as [1, 24].
    test.each([
      [
        "matmul",
        [4, 6],
        [6, 4],
        product(data(12, 1), data(24, 3), 3, 4, 6),
        product(data(18, 2), data(24, 3), 3, 6, 4),
      ],
      [
        "linear",
        [24, 1],
        [1, 24],
        product(data(3, 1), data(24, 3), 3, 1, 24),
        product(data(72, 2), data(24, 3), 3, 24, 1),
      ],
    ] as const)("are each right: %s", async (op, one, other, first, second) => {
      const inner = (shape: readonly [number, number]): number => shape[op === "matmul" ? 0 : 1];
      const outer = (shape: readonly [number, number]): number => shape[op === "matmul" ? 1 : 0];
      const program = programOf(
        [
          node(0, "input", [], [3, inner(one)]),
          node(1, "input", [], [3, inner(other)]),
          node(2, "input", [], one),
          node(3, "reshape", [2], other, { args: { shape: other } }),
          node(4, op, [0, 2], [3, outer(one)]),
          node(5, op, [1, 3], [3, outer(other)]),
        ],
        5,
      );
      const model = runtime.openModel(backend, program, []);
      const inputs = [data(3 * inner(one), 1), data(3 * inner(other), 2), data(24, 3)];
      const { taps, stop } = await runtime.execute(model, inputs, { taps: ["n4", "n5"] });
      runtime.closeModel(model);
      expect(stop).toBeUndefined();
      for (const [path, values] of [
        ["n4", first],
        ["n5", second],
      ] as const) {
        const got = taps.get(path)?.data ?? new Float32Array();
        expect(got).toHaveLength(values.length);
        for (const [at, value] of values.entries()) expect(got[at]).toBeCloseTo(value, 5);
      }
    });
  },
);

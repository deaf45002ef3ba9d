import { expect, test } from "vitest";
import { reshaped, taken } from "../../src/values/arranging.ts";
import { isPending, lazily, patched } from "../../src/values/lazy.ts";
import { valuesOf } from "../../src/values/values.ts";

test("elements that are moved about are worked out when they are read, once", () => {
  let count = 0;
  const numbers = lazily([2, 3], () => {
    count++;
    return [0, 1, 2, 3, 4, 5];
  });
  const column = taken(numbers, 1, [2, 0]);
  const line = reshaped(column, [4]);
  expect(count).toBe(0);
  expect(line?.data).toEqual([2, 0, 5, 3]);
  expect(column.data).toEqual([2, 0, 5, 3]);
  expect(count).toBe(1);
});

test("arrays that grow out of one by different writes stay apart, read in whatever order", () => {
  const base = { shape: [4], data: [0, 0, 0, 0] };
  const first = patched(base, [1], [5]);
  const left = patched(first, [2], [6]);
  const right = patched(first, [1, 3], [7, 8]);
  const last = patched(left, [0], [9]);
  expect(isPending(last)).toBe(true);
  expect(right.data).toEqual([0, 7, 0, 8]);
  expect(last.data).toEqual([9, 5, 6, 0]);
  expect(patched(last, [3], [1]).data).toEqual([9, 5, 6, 1]);
  expect(left.data).toEqual([0, 5, 6, 0]);
  expect(first.data).toEqual([0, 5, 0, 0]);
  expect(base.data).toEqual([0, 0, 0, 0]);
});

test("many writes before the first read need no deep stack", () => {
  let array = patched({ shape: [2], data: [0, 0] }, [0], [0]);
  for (let i = 1; i <= 50_000; i++) array = patched(array, [i % 2], [i]);
  expect(array.data).toEqual([50_000, 49_999]);
});

test("what was computed before is told apart from what looks like it", () => {
  const filled = (value: number) => ({ shape: [80], data: new Array<number>(80).fill(value) });
  const type = (dtype: "float32" | "int64") => ({ shape: [{ size: 80 }], dtype });
  const quotient = (value: number, dtype: "float32" | "int64", by: number | { readonly size: number }) =>
    valuesOf("div", [{ type: type(dtype), host: filled(value) }], { right: by }, [type("float32")])?.[0]?.data[0];
  const inverse = (value: number) =>
    valuesOf("reciprocal", [{ type: type("float32"), host: filled(value) }], {}, [type("float32")])?.[0]?.data[0];
  expect([inverse(0), inverse(-0)]).toEqual([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  expect([quotient(3, "float32", 2), quotient(3, "int64", { size: 4 }), quotient(5, "float32", 2)]).toEqual([
    1.5, 0.75, 2.5,
  ]);
});

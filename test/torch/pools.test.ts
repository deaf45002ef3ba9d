import { expect, test } from "vitest";
import { observe } from "./observe.ts";

// The shapes are PyTorch 2.14's.
test("pools of torch itself, which differ from torch.nn.functional's", () => {
  const { shapes, gaps, errors } = observe(
    "pass",
    `f = x.flatten(2)
a = torch.max_pool2d(x, 3, 2, 1)
b = torch.max_pool2d(x, kernel_size=3, ceil_mode=True)
c = torch.avg_pool1d(f, 5, 2, 1)
d = torch.adaptive_max_pool1d(f, 7)
e = torch.adaptive_avg_pool1d(f, 5)`,
  );
  expect(shapes).toMatchObject({
    a: "[2, 3, 4, 4]",
    b: "[2, 3, 3, 3]",
    c: "[2, 3, 31]",
    d: "([2, 3, 7], [2, 3, 7])",
    e: "[2, 3, 5]",
  });
  expect(gaps).toEqual([]);
  expect(errors).toEqual([]);
});

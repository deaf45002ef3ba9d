import { expect, test } from "vitest";
import { observe } from "./observe.ts";

// The shapes and the message are PyTorch 2.14's.
test("the parts of a complex tensor, and of one that is not", () => {
  const { shapes, gaps, errors } = observe(
    "pass",
    "c = torch.fft.rfft(x)\na = c.real\nb = c.imag.float()\nr = x.real\nw = torch.zeros(3, c.real.element_size())\nv = torch.zeros(3, c.abs().element_size())",
  );
  expect(shapes).toMatchObject({
    c: "[2, 3, 8, 5]",
    a: "[2, 3, 8, 5]",
    b: "[2, 3, 8, 5]",
    r: "[2, 3, 8, 8]",
    w: "[3, 4]",
    v: "[3, 4]",
  });
  expect([gaps, errors]).toEqual([[], []]);
  expect(observe("pass", "y = x.imag").errors).toHaveLength(1);
});

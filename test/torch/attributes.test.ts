import { expect, test } from "vitest";
import { observe } from "./observe.ts";

// Shapes as PyTorch 2.14 gives them on [2, 3, 8, 8].
test("what code hangs on a tensor is read from it again", () => {
  const { shapes, errors } = observe(
    "self.c = nn.Conv2d(3, 4, 3, padding=1)",
    `y = self.c(x)
y.orig = x
z = torch.cat([y, y.orig], 1)
del y.orig
w = (y + 1).orig`,
  );
  expect(shapes).toMatchObject({ z: "[2, 7, 8, 8]" });
  // Which tensors bear the name is not followed further.
  expect(errors).toEqual([]);
});

test("a name that no tensor ever had is missing", () => {
  expect(observe("self.n = 1", "y = x.orig").errors).toHaveLength(1);
});

// After an add of lengths that differ, the axes that do fit are those of both.
test("a refused add keeps the batch of the operand that has one", () => {
  const { shapes, errors } = observe(
    "self.p = nn.Parameter(torch.zeros(1, 3, 8, 9))",
    "y = self.p + x\nz = x + self.p",
  );
  expect(errors).toHaveLength(2);
  expect(shapes).toMatchObject({ y: "[2, 3, 8, 9]", z: "[2, 3, 8, 8]" });
});

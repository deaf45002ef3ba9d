import { expect, test } from "vitest";
import { observe } from "../torch/observe.ts";

// The lengths are what PyTorch 2.14.1 gives for the same code.

test("many writes into a view stand in all that share its memory", () => {
  const { shapes, gaps } = observe(
    "pass",
    `
t = torch.zeros(10, 10, dtype=torch.int64)
column = t[:, 3]
turned = t.t()
for i in range(40):
    turned[i % 10] += i % 7
    t[i % 10, 3:5] += 1
a = torch.zeros(int(column.sum()))
b = torch.zeros(int(turned[4].sum()), int(t[3].sum()))
c = torch.zeros(int(t[2, 9]), int(turned[9, 2]))
`,
  );
  expect(shapes).toMatchObject({ a: "[200]", b: "[170, 123]", c: "[12, 12]" });
  expect(gaps).toEqual([]);
});

test("tables that are made in the same way and then written to stay apart", () => {
  const head = `
def table(by):
    places = torch.arange(12)
    made = (places[:, None] - places[None, :]).permute(1, 0)
    made[:, 0] += by
    made[1] *= 2
    return made
`;
  const { shapes, gaps } = observe(
    "pass",
    `
first = table(20)
before = int(first[:3, 0].sum())
first[0, 0] = 100
second = table(20)
third = table(21)
a = torch.zeros(before, int(first[:3, 0].sum()))
b = torch.zeros(int(second[:3, 0].sum()), int(third[:3, 0].sum()))
`,
    undefined,
    head,
  );
  expect(shapes).toMatchObject({ a: "[76, 156]", b: "[76, 80]" });
  expect(gaps).toEqual([]);
});

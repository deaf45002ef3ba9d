import { expect, test } from "vitest";
import { createAnalyzer } from "../../src/analyzer.ts";
import { memoryDisk } from "../imports/memory.ts";
import { difference } from "./digest.ts";

const MAIN = `
from torch import nn
import torch
from parts.part0 import Part0
from parts.part1 import Part1
from parts.part2 import Part2
from parts.part3 import Part3
from parts.part4 import Part4

class Net(nn.Sequential):
    def __init__(self, width, parts=(Part0, Part1, Part2, Part3, Part4)):
        super().__init__(*[part(width) for part in parts * 120])

if __name__ == "__main__":
    for_small = Net(3)
    for_small(torch.zeros(1, 3, 32, 32))
    for_large = Net(4)
    for_large(torch.zeros(1, 4, 32, 32))
    broken = Net(6)
    broken(torch.zeros(1, 4, 32, 32))
    for_five = Net(5)
    for_five(torch.zeros(1, 5, 32, 32))
`;

/** A module of almost a million characters: five are more than stay loaded. */
function part(i: number): string {
  return `from torch import nn
registry = []
class Part${i}(nn.Module):
    def __init__(self, width):
        super().__init__()
        registry.append(self)
        self.conv = nn.Conv2d(width, width, 3, padding=1)
    def forward(self, x):
        y = self.conv(x).relu()
        return y + x
${`# ${"filler ".repeat(14)}\n`.repeat(8_900)}`;
}

const disk = memoryDisk(
  new Map([
    ["/work/main.py", MAIN],
    ["/work/parts/__init__.py", ""],
    ...[0, 1, 2, 3, 4].map((i) => [`/work/parts/part${i}.py`, part(i)] as const),
  ]),
);

test("what was given up for its size is the same when it is made again", () => {
  const options = { paths: ["/work"], pythonPaths: [], timeout: 60_000 };
  const living = createAnalyzer(disk, options);
  const roots = living.roots("/work/main.py");
  expect(roots).toHaveLength(4);
  const first = roots.map((root) => living.analyze(root));
  const again = roots.map((root) => living.analyze(root));
  // Those before the last are not the same objects: they were analyzed once more.
  expect(again[0]).not.toBe(first[0]);
  expect(first.map(({ status }) => status)).toEqual(["ok", "ok", "error", "ok"]);
  expect(difference(again, first)).toBeUndefined();
  const fresh = createAnalyzer(disk, options);
  expect(
    difference(
      again,
      fresh.roots("/work/main.py").map((root) => fresh.analyze(root)),
    ),
  ).toBeUndefined();
});

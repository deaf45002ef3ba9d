import { expect, test } from "vitest";
import { createAnalyzer } from "../../src/analyzer.ts";
import { memoryDisk } from "./memory.ts";

const CODE = `import pkgutil
import torch.nn as nn

def width():
    text = pkgutil.get_data(__name__, "tables/width.txt").decode("utf-8").strip()
    return int(text.split(":")[1])

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, width(), 1)

    def forward(self, x):
        return self.conv(x)
`;

test("what a package reads from its own data, and again after the data has changed", () => {
  const files = new Map([
    ["/w/nets/__init__.py", ""],
    ["/w/nets/net.py", CODE],
    ["/w/nets/tables/width.txt", "width: 12\n"],
  ]);
  const analyzer = createAnalyzer(memoryDisk(files), { paths: ["/w"], pythonPaths: [] });
  const channels = (): unknown => {
    const made = analyzer.analyzeModel("/w/nets/net.py", "Net()", [{ kind: "tensor", shape: [1, 3, 4, 4] }]);
    const output = made.concrete?.graph.output;
    return output?.kind === "tensor" ? output.type.shape?.[1]?.size : made.gaps.map(({ reason }) => reason.template);
  };
  expect(channels()).toBe(12);
  files.set("/w/nets/tables/width.txt", "width: 20\n");
  analyzer.changed("/w/nets/tables/width.txt");
  expect(channels()).toBe(20);
  files.delete("/w/nets/tables/width.txt");
  analyzer.changed("/w/nets/tables/width.txt");
  expect(channels()).toBeUndefined();
});

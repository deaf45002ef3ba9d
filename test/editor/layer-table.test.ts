import { expect, test } from "vitest";
import { createAnalyzer } from "../../src/analyzer.ts";
import { layerTable } from "../../src/editor/layer-table.ts";
import { memoryDisk } from "../imports/memory.ts";

const CODE = `import torch
from torch import nn

net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Flatten(), nn.Linear(8 * 4 * 4, 10))
net(torch.zeros(1, 3, 6, 6))
`;

const analyzer = createAnalyzer(memoryDisk(new Map([["/w/m.py", CODE]])), { paths: [], pythonPaths: [] });
const [root] = analyzer.roots("/w/m.py");
if (root === undefined) throw new Error("no root");
const analysis = analyzer.analyze(root);

test("as Markdown, counts to the right", () => {
  const lines = layerTable(analysis, "markdown").trimEnd().split("\n");
  expect(lines[0]).toBe("| path | type | output | parameters | multiply-adds |");
  expect(lines[1]).toBe("| --- | --- | --- | ---: | ---: |");
  // 3·3·3·8 weights and 8 biases; each of 4·4 places of 8 maps takes 27 multiply-adds.
  expect(lines[2]).toMatch(/^\| 0 \| Conv2d [^|]*\| \[1, 8, 4, 4\] \| 224 \| 3,456 \|$/);
  expect(lines.at(-1)).toMatch(/^\| total \|.*\| \[1, 10\] \| 1,514 \| 4,736 \|$/);
});

test("as CSV, what holds a comma in quotes and counts without", () => {
  const lines = layerTable(analysis, "csv").split("\r\n");
  expect(lines[0]).toBe("path,type,output,parameters,multiply-adds");
  expect(lines[1]).toMatch(/^0,.*,"\[1, 8, 4, 4\]",224,3456$/);
  expect(lines.at(-1)).toBe("");
});

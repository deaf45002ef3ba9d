import { expect, test } from "vitest";
import { analyzerOf, pathOf } from "../roots/files.ts";

const HEAD = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n\n";

/** Multiply-adds of one forward pass over a picture of 8 channels, 6 by 6. */
function madds(forward: string): unknown {
  const code = `${HEAD}class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.m = nn.Parameter(torch.zeros(2, 36, 36))\n\n    def forward(self, x):\n${forward.replace(/^(?=.)/gm, "        ")}\n`;
  const analyzer = analyzerOf({ "net.py": code });
  return analyzer.analyzeModel(pathOf("net.py"), "Net()", [{ kind: "tensor", shape: [2, 8, 6, 6] }]).concrete?.graph
    .madds;
}

// Recorded with PyTorch's FlopCounterMode on a CPU: its fused kernel, which it does not see into, takes only dense rows.
test.each([
  ["rows read as they lie", "q = x.reshape(2, 2, 36, 4)", 0],
  ["a transposed view", "q = x.reshape(2, 2, 4, 36).transpose(-2, -1)", 41_472],
  ["a copy of it", "q = x.reshape(2, 2, 4, 36).transpose(-2, -1).contiguous()", 0],
  ["what is computed from it", "q = x.reshape(2, 2, 4, 36).permute(0, 1, 3, 2) * 0.5", 41_472],
  ["a part of a dense one", "q = x.reshape(2, 36, 2, 4).permute(0, 2, 1, 3)", 0],
])("%s", (_, forward, expected) => {
  expect(madds(`${forward}\nreturn F.scaled_dot_product_attention(q, q, q)`)).toBe(expected);
});

test.each([
  ["of three axes", "self.m", 41_472],
  ["of four axes", "self.m[None]", 0],
  ["of two axes", "self.m[0]", 0],
])("a mask %s", (_, mask, expected) => {
  const forward = `q = x.reshape(2, 2, 36, 4)\nreturn F.scaled_dot_product_attention(q, q, q, attn_mask=${mask})`;
  expect(madds(forward)).toBe(expected);
});

test.each([
  ["of three axes", "self.m[:1]", 0],
  ["of two axes", "self.m[0]", 0],
])("a mask %s beside operands of three", (_, mask, expected) => {
  const forward = `q = x.reshape(4, 36, 4)\nreturn F.scaled_dot_product_attention(q, q, q, attn_mask=${mask})`;
  expect(madds(forward)).toBe(expected);
});

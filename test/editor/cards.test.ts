import { beforeAll, expect, test } from "vitest";
import { createAnalyzer } from "../../src/analyzer.ts";
import type { FileView } from "../../src/editor/context.ts";
import { hover } from "../../src/editor/hover.ts";
import { shapeHints } from "../../src/editor/inlay-hints.ts";
import { memoryFiles } from "../../src/server/memory-files.ts";
import { lineIndex } from "../../src/text/span.ts";
import { contextOf } from "./fixture.ts";

const FILE = "/ws/own.py";
/** Shapes as PyTorch gives them for an image of 224×224: each stage halves, 7 × 7 = 49 at the last. */
const SOURCE = `import torch
import torch.nn as nn

class Unused(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 1, 1)

class Stage(nn.Module):
    def __init__(self, inside, outside):
        super().__init__()
        self.conv = nn.Conv2d(inside, outside, 3, 2, 1)
        self.act = nn.ReLU()

    def forward(self, x):
        return self.act(self.conv(x))

def convolution(ins, outs):
    return nn.Conv2d(ins, outs, 1)

class Block(nn.Module):
    expansion = 4

    def __init__(self, planes):
        super().__init__()
        self.wide = convolution(64, planes * self.expansion)

    def forward(self, x):
        return self.wide(x)

class Net(nn.Module):
    def __init__(self, widths=(16, 32, 64)):
        super().__init__()
        self.stages = nn.ModuleList(Stage(a, b) for a, b in zip((3, *widths), widths))
        self.token = nn.Parameter(torch.zeros(1, 1, 64))
        self.block = Block(16)
        self.down = nn.Sequential(nn.Conv2d(64, 64, 3, 2, 1))

    def forward(self, images):
        maps = []
        x = images
        for stage in self.stages:
            x = stage(x)
            maps.append(x)
        small = self.down(self.block(x))
        tokens = small.flatten(2).transpose(1, 2)
        tokens = torch.cat([self.token.expand(tokens.shape[0], -1, -1), tokens], dim=1)
        pooled = small.mean(1, keepdim=True)
        named = {"low": maps[0], "high": maps[2]}
        return named, tokens, pooled

def net():
    return Net()
`;

let view: FileView;

beforeAll(() => {
  const analyzer = createAnalyzer(memoryFiles(new Map([[FILE, SOURCE]])), { paths: [], pythonPaths: [] });
  const analyses = analyzer.roots(FILE).map((root) => analyzer.analyze(root));
  view = { file: FILE, text: SOURCE, lines: lineIndex(SOURCE), analyses, diagnostics: [] };
});

/** The lines of the card on a text, without its links' targets, rules and fences; on its character `at`. */
function cardOn(text: string, at = 0): readonly string[] {
  const start = SOURCE.indexOf(text);
  if (start < 0) throw new Error(text);
  const found = hover(view, start + at, contextOf({ [FILE]: SOURCE }));
  if (found === undefined) return [];
  const lines = String(Reflect.get(Object(found.contents), "value")).split("\n");
  return lines
    .filter((line) => line !== "" && !line.startsWith("```") && line !== "---")
    .slice(0, -1)
    .map((line) => line.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").trimEnd());
}

test("a loop's variable tells its rounds apart", () => {
  expect(cardOn("x = stage(x)")).toEqual([
    "**tensor** `x` in `Net` of `net()`",
    "#1  [N, 16, 112, 112]",
    "#2  [N, 32,  56,  56]",
    "#3  [N, 64,  28,  28]",
    "**formula** `ceil(H/2)`, `ceil(H/4)`, `ceil(H/8)`",
    "**C** = b · **H, W** halved by conv, stride 2",
  ]);
  const hints = shapeHints(view, "changes", contextOf({ [FILE]: SOURCE })).map(({ text }) => text);
  expect(hints).toContain("[N, 16, 112, 112] #1 +2");
});

test("several tensors stand on a line each, with index or key, and their sizes as one list", () => {
  expect(cardOn("named = {")).toEqual([
    "**tensors** `named` in `Net` of `net()`",
    "low   [N, 16, 112, 112]",
    "high  [N, 64,  28,  28]",
    "**formula** `ceil(H/2)`, `ceil(H/8)`",
  ]);
  expect(cardOn("return named")).toEqual([
    "**return** in `Net` of `net()`",
    "[0]  {low: [N, 16, 112, 112], high: [N, 64, 28, 28]}",
    "[1]  [N, 197, 64]",
    "[2]  [N, 1, 14, 14]",
    "**formula** `ceil(H/2)`, `ceil(H/8)`, `ceil(H/16)·ceil(W/16) + 1`, `ceil(H/16)`",
  ]);
});

test("a channel count is told only where what is shown gives it whole", () => {
  // The second of three axes is a length here, the first part of a sum; \`keepdim\` sets no size.
  expect(cardOn("tokens = torch.cat").join("\n")).not.toContain("**C**");
  expect(cardOn("pooled = ").join("\n")).not.toContain("**C**");
  // An input's own symbol says nothing.
  expect(cardOn("images):")).toEqual([
    "**tensor** `images` in `Net` of `net()`",
    "[N, 3, 224, 224]",
    "**formula** `[N, 3, H, W]`",
  ]);
});

test("a channel count that goes through a helper is told as it was passed where the layer is built", () => {
  expect(cardOn("self.wide(x)", 6)).toContain("**C** = planes × expansion · **H, W** halved by conv, stride 2");
});

test("an item of a container is named with its container; a mixed axis has no stride", () => {
  expect(cardOn("small = ").at(-1)).toBe("**C** = 64 · **H, W** halved by down.0, stride 2");
  expect(cardOn("tokens = small").join("\n")).not.toContain("halved");
});

test("a word that reads a tensor's size shows the tensor", () => {
  expect(cardOn("tokens.shape[0]", 9).slice(0, 2)).toEqual(["**tensor** `tokens` in `Net` of `net()`", "[N, 196, 64]"]);
});

test("a parameter, where it is set, shows its shape", () => {
  expect(cardOn("self.token = nn")).toEqual(["**parameter** `token` in `Net` of `net()`", "[1, 1, 64]"]);
});

test("a layer, where it is built, shows what it gives in each instance", () => {
  expect(cardOn("self.conv = nn.Conv2d(inside")).toEqual([
    "**layer** `conv` `Conv2d 3×3 /2` in `Stage`, 3 instances of `net()`",
    "stages.0  [N, 16, 112, 112]",
    "stages.1  [N, 32,  56,  56]",
    "stages.2  [N, 64,  28,  28]",
    // 3·16·9 + 16 + 16·32·9 + 32 + 32·64·9 + 64
    "**parameters** 23.6 k",
  ]);
  expect(cardOn("self.conv = nn.Conv2d(1")).toEqual([]);
  expect(cardOn("nn.Conv2d(inside")).toEqual([]);
});

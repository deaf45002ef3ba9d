import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import chinese from "../../l10n/bundle.l10n.zh-cn.json" with { type: "json" };
import { createAnalyzer } from "../../src/analyzer.ts";
import type { Context, FileView } from "../../src/editor/context.ts";
import { lineIndex } from "../../src/text/span.ts";
import { render, type Table } from "../../src/text/text.ts";
import { memoryDisk } from "../imports/memory.ts";
import { contextOf } from "./fixture.ts";
import { hoversAt } from "./hover-size.ts";

/** Characters of a message in one line of the Problems panel. */
const MESSAGE = 120;

const ROOT = new URL("../../", import.meta.url);
const FILE = "/ws/faulty.py";

/** Faults as people write them, beside the pages' examples and the samples. */
const OWN: Readonly<Record<string, string>> = {
  "a deep network with one mistake in every block": `import torch
from torch import nn


class Bottleneck(nn.Module):
    def __init__(self, inplanes, planes, stride=1):
        super().__init__()
        self.reduce_the_channels = nn.Conv2d(inplanes, planes, 1)
        self.convolve_with_a_stride = nn.Conv2d(planes, planes, 3, stride, 1)
        self.expand_the_channels = nn.Conv2d(planes, planes * 4, 1)

    def forward(self, x):
        out = torch.relu(self.reduce_the_channels(x))
        out = torch.relu(self.convolve_with_a_stride(out))
        return torch.relu(self.expand_the_channels(out) + x)


class TheNetworkOfAVeryLongName(nn.Module):
    def __init__(self, depths=(3, 4, 23, 3)):
        super().__init__()
        self.stem = nn.Conv2d(3, 256, 7, 2, 3)
        self.stages = nn.ModuleList(
            nn.Sequential(*(Bottleneck(256, 64, 2 if i == 0 else 1) for i in range(depth))) for depth in depths
        )

    def forward(self, x):
        x = self.stem(x)
        for stage in self.stages:
            x = stage(x)
        return x


def the_network_of_a_very_long_name_with_fifty_layers():
    return TheNetworkOfAVeryLongName((3, 4, 6, 3))


def the_network_of_a_very_long_name_with_a_hundred_and_one_layers():
    return TheNetworkOfAVeryLongName((3, 4, 23, 3))
`,
  "operators that refuse": `import torch
from torch import nn
from torch.nn import functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 16, 3, padding=1)
        self.norm = nn.BatchNorm2d(8)
        self.head = nn.Linear(100, 10)
        self.deep = nn.Conv3d(16, 16, 3)
        self.embed = nn.Parameter(torch.zeros(1, 50, 16))

    def forward(self, x):
        x = self.conv(x)
        y = self.norm(x)
        z = torch.cat([x, x[:, :, 1:], y[:, :, :, 1:]], 1)
        flat = x.flatten(1)
        scores = self.head(flat)
        rows = flat @ flat
        volume = self.deep(x)
        seen = x.view(2, 16, 1000)
        tokens = x.flatten(2).transpose(1, 2) + self.embed
        small = F.conv2d(x, torch.zeros(4, 16, 9, 9))
        wrong = x.permute(0, 1, 2)
        stacked = torch.stack([x, x[:, 1:]])
        return scores, rows, volume, seen, tokens, small, wrong, stacked, z


if __name__ == "__main__":
    Net()(torch.randn(2, 3, 8, 8))
`,
};

function sources(): readonly (readonly [string, string])[] {
  const pages = readdirSync(new URL("docs/rules/", ROOT)).filter((name) => name !== "README.md");
  const wrong = pages.map((name) => {
    const text = readFileSync(new URL(`docs/rules/${name}`, ROOT), "utf8");
    return [name, /```python\n(.*?)```/s.exec(text)?.[1] ?? ""] as const;
  });
  const samples = readdirSync(new URL("sample/", ROOT)).filter((name) => name.endsWith(".py"));
  return [
    ...Object.entries(OWN),
    ...wrong,
    ...samples.map((name) => [name, readFileSync(new URL(`sample/${name}`, ROOT), "utf8")] as const),
  ];
}

function viewOf(text: string): FileView {
  const analyzer = createAnalyzer(memoryDisk(new Map([[FILE, text]])), { paths: [], pythonPaths: [] });
  const analyses = analyzer.roots(FILE).map((root) => analyzer.analyze(root));
  const { diagnostics } = analyzer.report(FILE, analyses);
  return { file: FILE, text, lines: lineIndex(text), analyses, diagnostics };
}

const table: Table = chinese;
const LANGUAGES = [
  ["English", {}],
  ["Chinese", table],
] as const;

describe.each(LANGUAGES)("in %s", (_, words) => {
  test.each(sources())("%s: every message and every hover is short enough", (_name, text) => {
    const view = viewOf(text);
    const context: Context = { ...contextOf({ [FILE]: text }), say: (sentence) => render(sentence, words) };
    for (const { message } of view.diagnostics) expect(render(message, words).length).toBeLessThanOrEqual(MESSAGE);
    const at = [...text.matchAll(/[A-Za-z_]\w*|[-+@]=?/g)].map(({ index }) => index);
    const { cards, faults } = hoversAt(view, at, context);
    expect(faults).toEqual([]);
    if (view.analyses.length !== 0) expect(cards).toBeGreaterThan(0);
  });
});

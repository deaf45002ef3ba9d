import { createAnalyzer } from "../../src/analyzer.ts";
import type { PreviewView } from "../../src/preview/model.ts";
import { toView } from "../../src/preview/view.ts";
import { lineIndex } from "../../src/text/span.ts";
import { memoryDisk } from "../imports/memory.ts";

const HEAD = `import torch
from torch import nn
`;

/** Three convolutions a block; a block of its own width for each, where nothing can be folded. */
const RESIDUAL = `
class Block(nn.Module):
    def __init__(self, width, inner):
        super().__init__()
        self.conv1 = nn.Conv2d(width, inner, 1)
        self.conv2 = nn.Conv2d(inner, inner, 3, padding=1)
        self.conv3 = nn.Conv2d(inner, width, 1)
        self.relu = nn.ReLU()

    def forward(self, x):
        y = self.relu(self.conv1(x))
        y = self.relu(self.conv2(y))
        return self.relu(self.conv3(y) + x)


class Net(nn.Module):
    def __init__(self, widths):
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3, padding=1)
        self.blocks = nn.Sequential(*[Block(16, inner) for inner in widths])
        self.head = nn.Linear(16, 10)

    def forward(self, x):
        x = self.blocks(self.stem(x))
        return self.head(x.mean((2, 3)))
`;

/** Huang et al.'s network: in a dense block each layer reads the outputs of all before it. */
const DENSE = `
class Layer(nn.Module):
    def __init__(self, width, growth):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(width)
        self.conv1 = nn.Conv2d(width, 4 * growth, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(4 * growth)
        self.conv2 = nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False)

    def forward(self, features):
        x = torch.cat(features, 1)
        x = self.conv1(torch.relu(self.norm1(x)))
        return self.conv2(torch.relu(self.norm2(x)))


class Dense(nn.ModuleDict):
    def __init__(self, count, width, growth):
        super().__init__()
        for i in range(count):
            self.add_module(f"layer{i + 1}", Layer(width + i * growth, growth))

    def forward(self, x):
        features = [x]
        for layer in self.values():
            features.append(layer(features))
        return torch.cat(features, 1)


class DenseNet(nn.Module):
    def __init__(self, counts, growth=32, width=64):
        super().__init__()
        parts = [nn.Conv2d(3, width, 7, 2, 3, bias=False), nn.BatchNorm2d(width), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
        for i, count in enumerate(counts):
            parts.append(Dense(count, width, growth))
            width += count * growth
            if i < len(counts) - 1:
                parts += [nn.BatchNorm2d(width), nn.ReLU(), nn.Conv2d(width, width // 2, 1, bias=False), nn.AvgPool2d(2)]
                width //= 2
        self.features = nn.Sequential(*parts)
        self.classifier = nn.Linear(width, 1000)

    def forward(self, x):
        x = torch.relu(self.features(x))
        return self.classifier(x.mean((2, 3)))
`;

/** Ronneberger et al.'s network: each level's output passes over all that lies deeper. */
const UNET = `
def double(a, b):
    return nn.Sequential(nn.Conv2d(a, b, 3, padding=1), nn.ReLU(), nn.Conv2d(b, b, 3, padding=1), nn.ReLU())


class UNet(nn.Module):
    def __init__(self, widths):
        super().__init__()
        self.down = nn.ModuleList(double(a, b) for a, b in zip([3] + widths[:-1], widths))
        self.pool = nn.MaxPool2d(2)
        back = list(reversed(widths))
        self.up = nn.ModuleList(nn.ConvTranspose2d(a, b, 2, 2) for a, b in zip(back, back[1:]))
        self.join = nn.ModuleList(double(2 * b, b) for b in back[1:])
        self.out = nn.Conv2d(widths[0], 2, 1)

    def forward(self, x):
        kept = []
        for level in self.down[:-1]:
            x = level(x)
            kept.append(x)
            x = self.pool(x)
        x = self.down[-1](x)
        for up, join in zip(self.up, self.join):
            x = join(torch.cat([kept.pop(), up(x)], 1))
        return self.out(x)
`;

/** Sun et al.'s exchange between resolutions: every branch goes into every branch. */
const EXCHANGE = `
class Exchange(nn.Module):
    def __init__(self, widths):
        super().__init__()
        self.branches = nn.ModuleList(nn.Sequential(*[Block(w, w) for _ in range(4)]) for w in widths)
        self.fuse = nn.ModuleList()
        for i, out in enumerate(widths):
            row = nn.ModuleList()
            for j, width in enumerate(widths):
                if j > i:
                    row.append(nn.Sequential(nn.Conv2d(width, out, 1), nn.Upsample(scale_factor=2 ** (j - i))))
                elif j == i:
                    row.append(nn.Identity())
                else:
                    row.append(nn.Sequential(*[nn.Conv2d(width if k == 0 else out, out, 3, 2, 1) for k in range(i - j)]))
            self.fuse.append(row)

    def forward(self, xs):
        xs = [branch(x) for branch, x in zip(self.branches, xs)]
        return [torch.relu(sum(f(x) for f, x in zip(row, xs))) for row in self.fuse]


class Branches(nn.Module):
    def __init__(self, widths, stages):
        super().__init__()
        self.first = nn.ModuleList(nn.Conv2d(3, w, 3, 2 ** i, 1) for i, w in enumerate(widths))
        self.stages = nn.ModuleList(Exchange(widths) for _ in range(stages))
        self.out = nn.Conv2d(widths[0], 17, 1)

    def forward(self, x):
        xs = [first(x) for first in self.first]
        for stage in self.stages:
            xs = stage(xs)
        return self.out(xs[0])
`;

const SOURCES = {
  "1,000 layers": [RESIDUAL, "Net([8] * 333)", 32],
  "1,000 layers that differ": [RESIDUAL, "Net([8 + i for i in range(333)])", 32],
  "DenseNet-201": [DENSE, "DenseNet([6, 12, 48, 32])", 224],
  "U-Net": [UNET, "UNet([64, 128, 256, 512, 1024])", 128],
  HRNet: [RESIDUAL + EXCHANGE, "Branches([32, 64, 128, 256], 8)", 64],
} as const;

export type LargeNetwork = keyof typeof SOURCES;

export const LARGE = Object.keys(SOURCES) as readonly LargeNetwork[];

/** The view of a network that has more boxes than a page holds. */
export function largeView(name: LargeNetwork): PreviewView {
  const [code, model, size] = SOURCES[name];
  const text = `${HEAD}${code}\n\nmodel = ${model}\nmodel(torch.zeros(1, 3, ${size}, ${size}))\n`;
  const files = new Map([["/w/net.py", text]]);
  const analyzer = createAnalyzer(memoryDisk(files), { paths: [], pythonPaths: [], timeout: 60_000 });
  const [root] = analyzer.roots("/w/net.py");
  if (root === undefined) throw new Error("no root");
  const analysis = analyzer.analyze(root);
  const lines = lineIndex(text);
  const result = toView({
    analysis,
    roots: [root.model],
    line: ({ span }) => lines.position(span.start).line + 1,
    code: ({ span }) => text.split("\n")[lines.position(span.start).line],
  });
  if (result.kind !== "ok") throw new Error(`nothing to show of ${name}`);
  return result.view;
}

import { expect, test } from "vitest";
import { render } from "../../src/text/text.ts";
import { edited } from "./builder.ts";
import { checkOne } from "./one-file.ts";

/** A network of one block after a stem, in one of several styles; `$` marks what a case replaces. */
const HEAD = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n\n";

const KUANG = `${HEAD}class Block(nn.Module):
    expansion = 4

    def __init__(self, in_planes, planes, stride=1):
        super(Block, self).__init__()
        self.conv1 = nn.Conv2d(in_planes, planes, kernel_size=1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, kernel_size=3, stride=stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.conv3 = nn.Conv2d(planes, self.expansion*planes, kernel_size=1, bias=False)
        self.bn3 = nn.BatchNorm2d(self.expansion*planes)
        self.shortcut = nn.Sequential()
        if stride != 1 or in_planes != self.expansion*planes:
            self.shortcut = nn.Sequential(
                nn.Conv2d(in_planes, self.expansion*planes, kernel_size=1, stride=stride, bias=False),
                nn.BatchNorm2d(self.expansion*planes)
            )

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = F.relu(self.bn2(self.conv2(out)))
        out = self.bn3(self.conv3(out))
        out += self.shortcut(x)
        return F.relu(out)


class Net(nn.Module):
    def __init__(self, block=Block):
        super(Net, self).__init__()
        self.in_planes = 16
        self.conv1 = nn.Conv2d(3, 16, kernel_size=3, stride=1, padding=1, bias=False)
        self.layer1 = self._make_layer(block, 8, 2, stride=1)
        self.layer2 = self._make_layer(block, 16, 2, stride=2)
        self.linear = nn.Linear(16*block.expansion, 10)

    def _make_layer(self, block, planes, num_blocks, stride):
        strides = [stride] + [1]*(num_blocks-1)
        layers = []
        for stride in strides:
            layers.append(block(self.in_planes, planes, stride))
            self.in_planes = planes * block.expansion
        return nn.Sequential(*layers)

    def forward(self, x):
        out = F.relu(self.conv1(x))
        out = self.layer2(self.layer1(out))
        out = F.avg_pool2d(out, 8)
        out = out.view(out.size(0), -1)
        return self.linear(out)
`;

/** What is wrong → what the first fix makes of it; the unmodified text is what real PyTorch runs. */
const CASES: readonly (readonly [title: string, right: string, wrong: string])[] = [
  [
    "the projection gets the block's stride",
    "kernel_size=1, stride=stride, bias=False),",
    "kernel_size=1, bias=False),",
  ],
  ["a weakened condition", "if stride != 1 or in_planes != self.expansion*planes:", "if stride != 1:"],
  ["a padding that was left out", "stride=stride, padding=1, bias=False)", "stride=stride, bias=False)"],
  ["a padding that was dropped to 0", "stride=stride, padding=1, bias=False)", "stride=stride, padding=0, bias=False)"],
  [
    "a kernel for another padding",
    "planes, kernel_size=3, stride=stride, padding=1",
    "planes, kernel_size=5, stride=stride, padding=1",
  ],
  ["the running count", "            self.in_planes = planes * block.expansion\n", ""],
  ["the running count without the expansion", "self.in_planes = planes * block.expansion", "self.in_planes = planes"],
  ["features without the expansion", "nn.Linear(16*block.expansion, 10)", "nn.Linear(16, 10)"],
  ["a normalization of another count", "self.bn2 = nn.BatchNorm2d(planes)", "self.bn2 = nn.BatchNorm2d(in_planes)"],
  ["counts in the wrong order", "nn.Conv2d(3, 16, kernel_size=3", "nn.Conv2d(16, 3, kernel_size=3"],
  ["a forgotten flattening", "        out = out.view(out.size(0), -1)\n", ""],
  ["a layer that is not called", "out = self.bn3(self.conv3(out))", "out = self.bn3(out)"],
  ["a missing import", "import torch.nn.functional as F\n", ""],
  ["a wrong keyword", "kernel_size=3, stride=1, padding=1", "kernel_size=3, strides=1, padding=1"],
  [
    "statements in the wrong order",
    "out = F.avg_pool2d(out, 8)\n        out = out.view(out.size(0), -1)",
    "out = out.view(out.size(0), -1)\n        out = F.avg_pool2d(out, 8)",
  ],
  ["a projection of the other branch", "out += self.shortcut(x)", "out += self.shortcut(out)"],
  [
    "another layer's maker in its place",
    "out = self.layer2(self.layer1(out))",
    "out = self._make_layer(self.layer1(out))",
  ],
  ["a view without its last size", "out.view(out.size(0), -1)", "out.view(out.size(0))"],
  ["a misspelt attribute", "self.bn2(self.conv2(out))", "self.bn_2(self.conv2(out))"],
  [
    "a projection that is None",
    `nn.Sequential(
                nn.Conv2d(in_planes, self.expansion*planes, kernel_size=1, stride=stride, bias=False),
                nn.BatchNorm2d(self.expansion*planes)
            )`,
    "None",
  ],
];

const plain = (text: string): string => text.replaceAll(/\s/g, "").replaceAll("block.expansion", "E");

test.each(CASES)("%s: the first fix gives the model that was meant", (_, right, wrong) => {
  expect(KUANG).toContain(right);
  const broken = KUANG.replace(right, wrong);
  const errors = checkOne(broken, "Net()", "2,3,16,16").diagnostics.filter(({ severity }) => severity === "error");
  expect(errors).toHaveLength(1);
  const mended = edited(broken, errors[0]?.fixes[0]?.edits ?? []);
  const shapes = (text: string) =>
    checkOne(text, "Net()", "2,3,16,16").roots.map(({ concrete }) => [
      concrete?.graph.params,
      concrete?.graph.modules.flatMap(({ path, calls }) => (calls.length === 0 ? [] : [path])),
      concrete?.graph.nodes.map(({ outputs }) => outputs[0]?.shape?.map(({ size }) => size).join()).at(-1),
    ]);
  expect(shapes(mended)).toEqual(shapes(KUANG));
});

test("fixes keep the file's own words, and none takes an operand away", () => {
  const wrong = KUANG.replace("kernel_size=1, stride=stride, bias=False),", "kernel_size=1, bias=False),");
  const [error] = checkOne(wrong, "Net()", "2,3,16,16").diagnostics;
  expect(error?.fixes.map(({ title }) => render(title))[0]).toBe("Pass stride=stride (line 20)");
  for (const { edits } of error?.fixes ?? []) {
    const text = edited(wrong, edits);
    expect(plain(text)).toContain("out+=self.shortcut(x)");
    expect(text.match(/nn\.Conv2d/g)?.length).toBeGreaterThanOrEqual(5);
  }
});

test("a block without a projection gets one, in the words of its own layers", () => {
  const text = `${HEAD}class Block(nn.Module):
    def __init__(self, cin, cout, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(cin, cout, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(cout)
        self.conv2 = nn.Conv2d(cout, cout, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(cout)

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        return F.relu(out + x)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(Block(8, 8), Block(8, 16, stride=2))

    def forward(self, x):
        return self.body(x)
`;
  const [error] = checkOne(text, "Net()", "2,8,16,16").diagnostics;
  const mended = edited(text, error?.fixes[0]?.edits ?? []);
  expect(mended).toContain(`        self.bn2 = nn.BatchNorm2d(cout)
        self.shortcut = nn.Sequential()
        if stride != 1 or cin != cout:
            self.shortcut = nn.Sequential(
                nn.Conv2d(cin, cout, kernel_size=1, stride=stride, bias=False),
                nn.BatchNorm2d(cout),
            )
`);
  expect(mended).toContain("return F.relu(out + self.shortcut(x))");
  expect(checkOne(mended, "Net()", "2,8,16,16").diagnostics).toEqual([]);
});

test("a projection that is at hand is passed to the block that takes one", () => {
  const text = `${HEAD}def conv1x1(cin, cout, stride=1):
    return nn.Conv2d(cin, cout, kernel_size=1, stride=stride, bias=False)


class Block(nn.Module):
    def __init__(self, cin, cout, stride=1, downsample=None):
        super().__init__()
        self.conv = nn.Conv2d(cin, cout, 3, stride, 1)
        self.downsample = downsample

    def forward(self, x):
        identity = x
        if self.downsample is not None:
            identity = self.downsample(x)
        return self.conv(x) + identity


def stage(cin, cout, stride):
    down = None
    if stride != 1 or cin != cout:
        down = conv1x1(cin, cout, stride)
    return nn.Sequential(Block(cin, cout, stride), Block(cout, cout))
`;
  const [error] = checkOne(text, "stage(8, 16, 2)", "2,8,16,16").diagnostics;
  expect(edited(text, error?.fixes[0]?.edits ?? [])).toContain("Block(cin, cout, stride, down), Block(cout, cout)");
  const without = text.replace(
    "    down = None\n    if stride != 1 or cin != cout:\n        down = conv1x1(cin, cout, stride)\n",
    "",
  );
  const [built] = checkOne(without, "stage(8, 16, 2)", "2,8,16,16").diagnostics;
  expect(edited(without, built?.fixes[0]?.edits ?? [])).toContain(`    downsample = None
    if stride != 1 or cin != cout:
        downsample = conv1x1(cin, cout, stride)
    return nn.Sequential(Block(cin, cout, stride, downsample), Block(cout, cout))`);
});

/** Style of a network that a published file has: a head in a sequence after layers that are called one by one. */
const ALEX = `${HEAD}def conv_block(channels, width, stride=1):
    return ConvBlock(
        channels=channels,
        width=width,
        stride=stride)


class ConvBlock(nn.Module):
    def __init__(self, channels, width, stride):
        super().__init__()
        self.conv = nn.Conv2d(channels, width, 3, stride, 1, bias=False)
        self.bn = nn.BatchNorm2d(width)

    def forward(self, x):
        return F.relu(self.bn(self.conv(x)))


class Unit(nn.Module):
    def __init__(self, channels, width, stride):
        super().__init__()
        self.resize = stride != 1 or channels != width
        self.body = conv_block(channels, width, stride)
        if self.resize:
            self.identity_conv = conv_block(channels, width, stride)

    def forward(self, x):
        identity = self.identity_conv(x) if self.resize else x
        return F.relu(self.body(x) + identity)


class Alex(nn.Module):
    def __init__(self, channels=3, classes=10):
        super().__init__()
        self.features = nn.Sequential()
        for i, width in enumerate((8, 16)):
            self.features.add_module("unit{}".format(i + 1), Unit(
                channels=channels,
                width=width,
                stride=2))
            channels = width
        self.pool = nn.AdaptiveAvgPool2d(2)
        self.classifier = nn.Sequential(
            nn.Linear(64, 32),
            nn.ReLU(),
            nn.Linear(32, classes),
        )

    def forward(self, x):
        x = self.features(x)
        x = self.pool(x)
        x = torch.flatten(x, 1)
        return self.classifier(x)


def alex(**kwargs):
    return build(channels=3, **kwargs)


def build(channels, classes, **kwargs):
    return Alex(channels=channels, classes=classes)


def ten(**kwargs):
    return alex(classes=10, **kwargs)
`;

test.each([
  ["a layer that is named and not called, before a sequence", "self.pool(x)", "self.pool"],
  ["a whole part that is named and not called", "self.features(x)", "self.features"],
  ["arguments over several lines in the wrong order", /"unit\{\}".*?, (Unit\([^)]*\))/s, '$1, "unit{}".format(i + 1)'],
  ["a misspelt name of the library", "torch.flatten(x, 1)", "torch.flaten(x, 1)"],
  ["a misspelt name of Python's", "in enumerate((8, 16))", "in enumerat((8, 16))"],
  ["a wrong keyword that comes out of a dict", "alex(classes=10, **kwargs)", "alex(**dict(clases=10))"],
  ["branches that are joined and not added", "self.body(x) + identity)", "torch.cat([self.body(x), identity], 1))"],
  [
    "a forward that gives two results",
    "return F.relu(self.body(x) + identity)",
    "x = F.relu(self.body(x) + identity)\n        return x, identity",
  ],
  ["the batch flattened too", "torch.flatten(x, 1)", "torch.flatten(x, 0)"],
  ["a layer that lost its operand", "self.features(x)", "self.features()"],
  ["a block that lost an argument", "width=width,\n                stride=2", "stride=2"],
  ["a keyword behind calls that hand on all keywords", "alex(classes=10, **kwargs)", "alex(**kwargs)"],
  [
    "a helper's argument that conv and normalization share",
    "width=width,\n        stride",
    "width=width * 2,\n        stride",
  ],
] as const)("%s: the first fix gives the model that was meant", (_, right, wrong) => {
  const broken = ALEX.replace(right, wrong);
  expect(broken).not.toBe(ALEX);
  const errors = checkOne(broken, "ten()", "2,3,16,16").diagnostics.filter(({ severity }) => severity === "error");
  expect(errors).toHaveLength(1);
  const mended = checkOne(edited(broken, errors[0]?.fixes[0]?.edits ?? []), "ten()", "2,3,16,16");
  const shapes = ({ roots: [root] }: typeof mended) =>
    root?.concrete?.graph.nodes.map(({ outputs }) => outputs[0]?.shape?.map(({ size }) => size).join());
  expect(mended.diagnostics).toEqual([]);
  expect(shapes(mended)).toEqual(shapes(checkOne(ALEX, "ten()", "2,3,16,16")));
});

test("a stride of a convolution class of the file is set like any other", () => {
  const text = `${HEAD}class StdConv(nn.Conv2d):
    def __init__(self, cin, cout, kernel_size, stride=1, padding=0):
        super().__init__(cin, cout, kernel_size, stride=stride, padding=padding, bias=False)

    def forward(self, x):
        return F.conv2d(x, self.weight / self.weight.std(), None, self.stride, self.padding)


class Block(nn.Module):
    def __init__(self, cin, cout, stride=1):
        super().__init__()
        self.conv1 = StdConv(cin, cout, 3, stride=2, padding=1)
        self.conv2 = StdConv(cout, cout, 3, padding=1)
        self.downsample = StdConv(cin, cout, 1, stride=stride) if stride != 1 or cin != cout else nn.Identity()

    def forward(self, x):
        return self.conv2(F.relu(self.conv1(x))) + self.downsample(x)


def net():
    return nn.Sequential(Block(3, 8), Block(8, 16, stride=2), Block(16, 16))
`;
  const [error] = checkOne(text, "net()", "2,3,16,16").diagnostics;
  expect(edited(text, error?.fixes[0]?.edits ?? [])).toBe(
    text.replace("3, stride=2, padding", "3, stride=stride, padding"),
  );
});

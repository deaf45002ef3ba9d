"""Small networks whose acceptance of an input hangs on its sizes, as Python source; the same ones each time.

Each family draws kernels, strides, paddings, dilations, rounding and joins from a generator of its own seed, so that a
new family changes no other.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

HEAD = """import torch
import torch.nn as nn
import torch.nn.functional as F


"""

Design = tuple[str, str]
Family = Callable[[random.Random], str]
FAMILIES: list[tuple[int, Family]] = []


def family(count: int) -> Callable[[Family], Family]:
    def register(make: Family) -> Family:
        FAMILIES.append((count, make))
        return make

    return register


def designs() -> Iterator[Design]:
    """Name and source of each: a class `Net` without arguments that takes one input with 3 channels."""
    for count, make in FAMILIES:
        for index in range(count):
            name = f"{make.__name__}{index}"
            yield name, HEAD + make(random.Random(name))


def net(layers: str, forward: str) -> str:
    def block(text: str) -> str:
        return "".join(f"        {line}\n" for line in text.strip("\n").split("\n"))

    return (
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        + block(layers)
        + "\n    def forward(self, x):\n"
        + block(forward)
    )


def conv(r: random.Random, a: int, b: int, stride: int | None = None) -> str:
    k = r.choice([1, 2, 3, 3, 4, 5, 7])
    s = r.choice([1, 2, 2, 3]) if stride is None else stride
    p = r.choice([0, 1, k // 2, k // 2])
    d = r.choice([1, 1, 1, 2, 3])
    return f"nn.Conv2d({a}, {b}, {k}, stride={s}, padding={p}, dilation={d})"


def pool(r: random.Random, stride: int | None = None) -> str:
    k = r.choice([2, 2, 3, 3, 5])
    s = r.choice([2, 2, 3, k]) if stride is None else stride
    p = r.choice([0, k // 2])
    ceil = r.choice([True, False])
    return f"nn.{r.choice(['MaxPool2d', 'AvgPool2d'])}({k}, stride={s}, padding={p}, ceil_mode={ceil})"


def up(r: random.Random, channels: int) -> str:
    return r.choice(
        [
            "nn.Upsample(scale_factor=2)",
            "nn.Upsample(scale_factor=2, mode='bilinear', align_corners=False)",
            f"nn.ConvTranspose2d({channels}, {channels}, 2, stride=2)",
            f"nn.ConvTranspose2d({channels}, {channels}, 3, stride=2, padding=1, output_padding=1)",
            f"nn.ConvTranspose2d({channels}, {channels}, 4, stride=2, padding=1)",
            f"nn.ConvTranspose2d({channels}, {channels}, 3, stride=2, padding=1)",
        ]
    )


@family(24)
def pooled_shortcut(r: random.Random) -> str:
    s = r.choice([2, 2, 3])
    p = r.choice([0, 1, 1])
    return net(
        f"self.conv1 = nn.Conv2d(3, 4, 3, stride={s}, padding={p})\nself.conv2 = nn.Conv2d(4, 4, 3, padding=1)\n"
        f"self.pool = {pool(r, s)}\nself.project = nn.Conv2d(3, 4, 1)",
        "out = self.conv2(F.relu(self.conv1(x)))\nreturn out + self.project(self.pool(x))",
    )


@family(24)
def strided_projection(r: random.Random) -> str:
    s = r.choice([1, 2, 2, 3, 4])
    return net(
        f"self.main = nn.Sequential({conv(r, 3, 4, s)}, nn.ReLU(), {conv(r, 4, 4, 1)})\nself.shortcut = {conv(r, 3, 4, s)}",
        "out = self.main(x)\nout += self.shortcut(x)\nreturn out",
    )


@family(10)
def dropped_padding(r: random.Random) -> str:
    k = r.choice([3, 5])
    return net(
        f"self.stem = {conv(r, 3, 4)}\nself.conv1 = nn.Conv2d(4, 4, {k}, padding={r.choice([0, k // 2])})\n"
        f"self.conv2 = nn.Conv2d(4, 4, 3, padding={r.choice([0, 1, 2])})",
        "x = self.stem(x)\nreturn x + self.conv2(self.conv1(x))",
    )


@family(10)
def sliced_shortcut(r: random.Random) -> str:
    s = r.choice([2, 3])
    start = r.choice(["", "1"])
    k, p = r.choice([(1, 0), (2, 0), (3, 1), (3, 0)])
    shortcut = f"x[:, :, {start}::{s}, ::{s}]"
    return net(
        f"self.conv = nn.Conv2d(3, {r.choice([3, 5])}, {k}, stride={s}, padding={p})",
        f"out = self.conv(x)\nshort = {shortcut}\nshort = F.pad(short, (0, 0, 0, 0, 0, out.shape[1] - 3))\nreturn out + short",
    )


@family(20)
def pyramid(r: random.Random) -> str:
    levels = r.choice([2, 3, 4, 5])
    downs = [
        r.choice(
            [
                f"nn.Conv2d({3 if i == 0 else 4}, 4, 3, stride=2, padding=1)",
                f"nn.Sequential(nn.Conv2d({3 if i == 0 else 4}, 4, 1), {pool(r, 2)})",
                f"nn.Conv2d({3 if i == 0 else 4}, 4, 2, stride=2)",
            ]
        )
        for i in range(levels)
    ]
    way = r.choice(["scale_factor=2, mode='nearest'", "scale_factor=2", "scale_factor=2, mode='bilinear'", "size=lateral.shape[-2:]"])
    join = r.choice(["lateral + top", "torch.cat([lateral, top], 1)[:, :4]"])
    items = "".join(f"    {down},\n" for down in downs)
    return net(
        f"self.downs = nn.ModuleList([\n{items}])\nself.laterals = nn.ModuleList([nn.Conv2d(4, 4, 1) for _ in range({levels})])",
        "features = []\nfor down in self.downs:\n    x = down(x)\n    features.append(x)\n"
        "top = self.laterals[-1](features[-1])\n"
        f"for i in range({levels} - 2, -1, -1):\n    lateral = self.laterals[i](features[i])\n"
        f"    top = F.interpolate(top, {way})\n    top = {join}\nreturn top",
    )


@family(24)
def unet(r: random.Random) -> str:
    depth = r.choice([1, 2, 3, 4])
    p = r.choice([1, 1, 0])
    ups = "".join(f"    {up(r, 4)},\n" for _ in range(depth))
    fit = r.choice(["", "", "pad", "crop"])
    fitted = {
        "": "",
        "pad": "    dy = skip.shape[2] - x.shape[2]\n    dx = skip.shape[3] - x.shape[3]\n"
        "    x = F.pad(x, [dx // 2, dx - dx // 2, dy // 2, dy - dy // 2])\n",
        "crop": "    h, w = x.shape[2:]\n    top = (skip.shape[2] - h) // 2\n    left = (skip.shape[3] - w) // 2\n"
        "    skip = skip[:, :, top:top + h, left:left + w]\n",
    }[fit]
    joined, width = r.choice([("torch.cat([skip, x], dim=1)", 8), ("skip + x", 4)])
    return net(
        f"self.first = nn.Conv2d(3, 4, 3, padding={p})\n"
        f"self.encoders = nn.ModuleList([nn.Conv2d(4, 4, 3, padding={p}) for _ in range({depth})])\n"
        f"self.pool = {r.choice(['nn.MaxPool2d(2)', 'nn.MaxPool2d(2, ceil_mode=True)', 'nn.MaxPool2d(3, 2, 1)'])}\n"
        f"self.ups = nn.ModuleList([\n{ups}])\n"
        f"self.decoders = nn.ModuleList([nn.Conv2d({width}, 4, 3, padding={p}) for _ in range({depth})])",
        "x = self.first(x)\nskips = []\nfor encoder in self.encoders:\n    skips.append(x)\n    x = encoder(self.pool(x))\n"
        "for up, decoder in zip(self.ups, self.decoders):\n    skip = skips.pop()\n    x = up(x)\n"
        f"{fitted}    x = decoder({joined})\nreturn x",
    )


@family(12)
def hourglass(r: random.Random) -> str:
    depth = r.choice([1, 2, 3, 4])
    down = r.choice(["nn.MaxPool2d(2)", "nn.MaxPool2d(2, ceil_mode=True)", "nn.Conv2d(4, 4, 3, 2, 1)", "nn.AvgPool2d(3, 2, 1)"])
    return (
        "class Hourglass(nn.Module):\n    def __init__(self, depth):\n        super().__init__()\n"
        f"        self.skip = nn.Conv2d(4, 4, 3, padding={r.choice([1, 1, 1, 0])})\n        self.down = {down}\n"
        "        self.inner = Hourglass(depth - 1) if depth > 1 else nn.Conv2d(4, 4, 3, padding=1)\n"
        f"        self.up = {up(r, 4)}\n\n"
        "    def forward(self, x):\n        return self.skip(x) + self.up(self.inner(self.down(x)))\n\n\n"
        + net(
            f"self.stem = {conv(r, 3, 4)}\nself.body = Hourglass({depth})",
            "return self.body(self.stem(x))",
        )
    )


@family(8)
def focus(r: random.Random) -> str:
    bodies = [
        "return torch.cat([x[..., ::2, ::2], x[..., 1::2, ::2], x[..., ::2, 1::2], x[..., 1::2, 1::2]], 1)",
        "return x[:, :, ::2] + x[:, :, 1::2]",
        "return x[:, :, 1:] - x[:, :, :-1]",
        "a, b = x.chunk(2, dim=2)\nreturn a + b",
        f"a, b = torch.split(x, {r.choice([40, 64])}, dim=2)\nreturn a * b",
        "h = x.shape[2] // 2\nreturn x[:, :, :h] + x[:, :, h:]",
        "h = x.shape[2] // 2\nreturn x[:, :, :h] + x[:, :, -h:]",
        "return x[:, :, 2:-2] + self.conv(x)[:, :, ::1]",
    ]
    return net(f"self.conv = {conv(r, 3, 3, 1)}", r.choice(bodies))


@family(14)
def shuffled(r: random.Random) -> str:
    f = r.choice([2, 3, 4])
    bodies = [
        (f"self.down = nn.PixelUnshuffle({f})\nself.conv = nn.Conv2d({3 * f * f}, 4, 3, padding=1)", "return self.conv(self.down(x))"),
        (
            f"self.conv = nn.Conv2d(3, {3 * f * f}, 3, stride={f}, padding=1)\nself.up = nn.PixelShuffle({f})",
            "return x + self.up(self.conv(x))",
        ),
        (
            f"self.down = nn.PixelUnshuffle({f})\nself.up = nn.PixelShuffle({f})\nself.conv = {conv(r, 3, 3)}",
            "x = self.conv(x)\nreturn x + self.up(self.down(x))",
        ),
        (
            f"self.conv = {conv(r, 3, 4)}",
            f"n, c, h, w = x.shape\nx = x.view(n, c, h // {f}, {f}, w // {f}, {f})\n"
            "x = x.permute(0, 1, 3, 5, 2, 4).flatten(1, 3)\nreturn self.conv(x[:, :3])",
        ),
        (
            f"self.embed = nn.Conv2d(3, 4, {4 * f}, stride={4 * f})\nself.position = nn.Parameter(torch.zeros(1, {r.choice([4, 9, 16])} , 4))",
            "x = self.embed(x).flatten(2).transpose(1, 2)\nreturn x + self.position",
        ),
    ]
    return net(*r.choice(bodies))


@family(24)
def branches(r: random.Random) -> str:
    s = r.choice([1, 2, 2, 3])
    count = r.choice([2, 3])
    parts = "".join(
        r.choice(
            [
                f"    {conv(r, 3, 4, s)},\n",
                f"    nn.Sequential({conv(r, 3, 4, s)}, {conv(r, 4, 4, 1)}),\n",
                f"    nn.Sequential({pool(r, s)}, nn.Conv2d(3, 4, 1)),\n",
            ]
        )
        for _ in range(count)
    )
    join = r.choice(["torch.cat([part(x) for part in self.parts], 1)", "torch.cat(tuple(part(x) for part in self.parts), dim=1)",
                     "sum(part(x) for part in self.parts)"])
    return net(f"self.parts = nn.ModuleList([\n{parts}])\nself.pool = {pool(r)}", f"x = {join}\nreturn self.pool(x)")


@family(10)
def flattened(r: random.Random) -> str:
    size = r.choice([24, 28, 32, 48, 64])
    depth = r.choice([1, 2, 3])
    side = size >> depth
    heads = [
        (f"self.fc = nn.Linear(4 * {side} * {side}, 10)", "return self.fc(x.flatten(1))"),
        (f"self.fc = nn.Linear(4 * {side} * {side}, 10)", f"return self.fc(x.view(-1, 4 * {side} * {side}))"),
        (f"self.pool = nn.AdaptiveAvgPool2d({r.choice([1, 2, 3])})", "x = self.pool(x)\nreturn x.flatten(1)"),
        (f"self.pool = nn.AvgPool2d({side})\nself.fc = nn.Linear(4, 10)", "x = self.pool(x).flatten(1)\nreturn self.fc(x)"),
        ("self.pool = nn.AdaptiveMaxPool2d((None, 4))", "x = self.pool(x)\nreturn x + x.mean(2, keepdim=True)"),
    ]
    layers, body = r.choice(heads)
    return net(
        f"self.convs = nn.Sequential(nn.Conv2d(3, 4, 3, {r.choice(['stride=2, ', ''])}padding=1), *[nn.Conv2d(4, 4, 3, stride=2, padding=1) for _ in range({depth})])\n{layers}",
        f"x = self.convs(x)\n{body}",
    )


@family(10)
def resized(r: random.Random) -> str:
    factor = r.choice(["0.5", "2", "0.25", "1.5"])
    ways = [
        f"small = F.interpolate(x, scale_factor={factor})\nreturn small + F.max_pool2d(x, 2)",
        "small = F.interpolate(x, scale_factor=0.5)\nback = F.interpolate(self.conv(small), scale_factor=2)\nreturn x + back",
        f"small = F.interpolate(x, scale_factor={factor}, mode='bilinear', align_corners=False)\nback = F.interpolate(small, size=x.shape[2:])\nreturn x + back",
        "size = [x.shape[2] // 2, x.shape[3] // 2]\nreturn self.conv(F.interpolate(x, size=size)) + F.avg_pool2d(x, 2, ceil_mode=True)",
        "g = F.adaptive_avg_pool2d(x, 1)\nreturn x * torch.sigmoid(g) + self.conv(x)",
    ]
    return net("self.conv = nn.Conv2d(3, 3, 3, padding=1)", r.choice(ways))


@family(10)
def padded(r: random.Random) -> str:
    p = r.choice([1, 2, 3])
    mode = r.choice(["reflect", "replicate", "zeros", "circular"])
    layers = [
        f"self.conv = nn.Conv2d(3, 3, {2 * p + 1}, padding={p}, padding_mode='{mode}')",
        f"self.conv = nn.Sequential(nn.ReflectionPad2d({p}), nn.Conv2d(3, 3, 5))",
        f"self.conv = nn.Sequential(nn.ZeroPad2d((0, {p}, 0, {p})), nn.Conv2d(3, 3, {p + 1}))",
        f"self.conv = nn.Conv2d(3, 3, {r.choice([2, 3, 4, 5])}, padding='same', dilation={r.choice([1, 2])})",
    ]
    s = r.choice([1, 2])
    return net(
        f"{r.choice(layers)}\nself.down = nn.Conv2d(3, 3, 3, stride={s}, padding=1)\nself.skip = {pool(r, s)}",
        "out = self.conv(x) + x\nreturn self.down(out) + self.skip(x)",
    )


@family(12)
def stages(r: random.Random) -> str:
    shortcut = r.choice(
        [
            "nn.Conv2d(a, b, 1, stride=stride)",
            "nn.Sequential(nn.AvgPool2d(stride, stride), nn.Conv2d(a, b, 1))",
            "nn.Sequential(nn.AvgPool2d(stride, stride, ceil_mode=True), nn.Conv2d(a, b, 1))",
            "nn.Sequential(nn.MaxPool2d(3, stride, 1), nn.Conv2d(a, b, 1))",
        ]
    )
    k, p = r.choice([(3, 1), (5, 2), (3, 1), (2, 0)])
    count = r.choice([2, 3, 4, 5])
    return (
        "class Block(nn.Module):\n    def __init__(self, a, b, stride):\n        super().__init__()\n"
        f"        self.conv1 = nn.Conv2d(a, b, {k}, stride=stride, padding={p})\n"
        f"        self.conv2 = nn.Conv2d(b, b, 3, padding=1)\n        self.shortcut = {shortcut}\n\n"
        "    def forward(self, x):\n        out = self.conv2(F.relu(self.conv1(x)))\n        return F.relu(out + self.shortcut(x))\n\n\n"
        + net(
            f"self.stem = {conv(r, 3, 4, r.choice([1, 2]))}\nself.layers = nn.Sequential(*[Block(4, 4, 2) for _ in range({count})])",
            "x = self.layers(self.stem(x))\nreturn x.mean((2, 3))",
        )
    )


@family(8)
def turned(r: random.Random) -> str:
    bodies = [
        "return x + x.transpose(2, 3)",
        "return self.conv(x) + x.permute(0, 1, 3, 2)",
        "return torch.cat([self.conv(x), x.transpose(-1, -2)], 1)",
        "a = x.flatten(2)\nreturn (a @ a.transpose(1, 2)).sum()",
        "return torch.matmul(x, self.conv(x).transpose(2, 3))",
        "return torch.matmul(x, self.conv(x))",
    ]
    return net(f"self.conv = {conv(r, 3, 3, r.choice([1, 2]))}", r.choice(bodies))


@family(6)
def transposed(r: random.Random) -> str:
    k, s, p, o = r.choice([2, 3, 4, 5]), r.choice([1, 2, 3]), r.choice([0, 1, 2]), r.choice([0, 0, 1])
    o = min(o, s - 1)
    return net(
        f"self.down = {conv(r, 3, 4)}\nself.up = nn.ConvTranspose2d(4, 3, {k}, stride={s}, padding={p}, output_padding={o})",
        "return x + self.up(self.down(x))",
    )


@family(10)
def windows(r: random.Random) -> str:
    w = r.choice([4, 7, 8])
    bodies = [
        f"n, c, h, v = x.shape\nx = x.reshape(n, c, h // {w}, {w}, v // {w}, {w}).permute(0, 2, 4, 1, 3, 5)\nreturn x.reshape(-1, c, {w}, {w})",
        f"n, c, h, v = x.shape\npad = ({w} - h % {w}) % {w}\nside = ({w} - v % {w}) % {w}\nx = F.pad(x, (0, side, 0, pad))\n"
        f"return x.view(n, c, (h + pad) // {w}, {w}, (v + side) // {w}, {w})",
        f"y = self.conv(x).unfold(2, {w}, {w}).unfold(3, {w}, {w})\nreturn y.mean((4, 5)) + F.avg_pool2d(x, {w})",
        "h = x.shape[2]\nif h % 2 == 1:\n    x = F.pad(x, (0, 0, 0, 1))\nreturn x[:, :, ::2] + x[:, :, 1::2]",
        "h = x.shape[2]\nassert h % 4 == 0, 'height must be divisible by 4'\nreturn self.conv(x)",
        f"y = F.unfold(x, {w}, stride={w})\nreturn y.view(x.shape[0], 3, -1, x.shape[2] // {w}, x.shape[3] // {w})",
    ]
    return net(f"self.conv = {conv(r, 3, 3, 1)}", r.choice(bodies))

import torch
import torch.nn as nn

CONFIGS = dict(
    tiny={"block": "basic", "depths": (1, 1, 1, 1), "width": 16},
    small={"block": "basic", "depths": (2, 2, 2, 2), "width": 32},
    wide={"block": "bottleneck", "depths": (1, 2, 2, 1), "width": 32},
)

ACTIVATIONS = {"relu": nn.ReLU, "silu": nn.SiLU, "leaky": lambda **kw: nn.LeakyReLU(0.1, **kw)}


class Basic(nn.Module):
    mult = 1

    def __init__(self, i, o, s, act):
        super().__init__()
        self.main = nn.Sequential(nn.Conv2d(i, o, 3, s, 1, bias=False), nn.BatchNorm2d(o), ACTIVATIONS[act](inplace=True),
                                  nn.Conv2d(o, o, 3, 1, 1, bias=False), nn.BatchNorm2d(o))
        self.skip = nn.Conv2d(i, o, 1, s) if s > 1 or i != o else nn.Identity()
        self.act = ACTIVATIONS[act](inplace=True)

    def forward(self, x):
        return self.act(self.main(x) + self.skip(x))


class Narrow(nn.Module):
    mult = 2

    def __init__(self, i, o, s, act):
        super().__init__()
        full = o * self.mult
        layers = []
        for (a, b, k, st) in [(i, o, 1, 1), (o, o, 3, s), (o, full, 1, 1)]:
            layers += [nn.Conv2d(a, b, k, st, k // 2, bias=False), nn.BatchNorm2d(b), ACTIVATIONS[act]()]
        layers.pop()
        self.main = nn.Sequential(*layers)
        self.skip = nn.Identity() if s == 1 and i == full else nn.Conv2d(i, full, kernel_size=1, stride=s)
        self.act = ACTIVATIONS[act]()

    def forward(self, x):
        y = self.main(x)
        y = y + self.skip(x)
        return self.act(y)


BLOCKS = {"basic": Basic, "bottleneck": Narrow}


class Configured(nn.Module):
    def __init__(self, name="small", act="relu", **overrides):
        super().__init__()
        config = {**CONFIGS[name], **overrides}
        block = BLOCKS[config["block"]]
        width, depths = config["width"], config["depths"]
        self.stem = nn.Conv2d(config.get("in_channels", 3), width, 3, 2, 1)
        layers, channels = [], width
        for level, depth in enumerate(depths):
            for n in range(depth):
                stride = 2 if n == 0 and level else 1
                out = width * 2 ** level
                layers.append(block(channels, out, stride, act))
                channels = out * block.mult
        self.body = nn.Sequential(*layers)
        self.head = nn.Linear(channels, config.get("classes", 10))

    def forward(self, x):
        x = self.body(self.stem(x))
        x = x.mean([-2, -1])
        return self.head(x)


def build(name="small", **kwargs):
    if name not in CONFIGS:
        raise ValueError(f"unknown model {name!r}; one of {sorted(CONFIGS)}")
    return Configured(name, **kwargs)

"""Inverted residuals from a table, scaled in width and depth."""
import math
from collections import namedtuple
from functools import partial

import torch
import torch.nn as nn

Row = namedtuple("Row", "expand channels repeats stride kernel se")
TABLE = [Row(1, 16, 1, 1, 3, 0), Row(6, 24, 2, 2, 3, .25), Row(6, 40, 2, 2, 5, .25), Row(4, 80, 1, 2, 3, None)]


def _make_divisible(v, divisor, min_value=None):
    if min_value is None:
        min_value = divisor
    new_v = max(min_value, int(v + divisor / 2) // divisor * divisor)
    if new_v < 0.9 * v:
        new_v += divisor
    return new_v


class SE(nn.Module):
    def __init__(self, channels, reduced):
        super().__init__()
        self.gate = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(channels, reduced, 1), nn.SiLU(), nn.Conv2d(reduced, channels, 1), nn.Sigmoid())

    def forward(self, x):
        return x * self.gate(x)


class MBConv(nn.Module):
    def __init__(self, cin, cout, row, stride, drop=0.):
        super().__init__()
        hidden = cin * row.expand
        bn = partial(nn.BatchNorm2d, eps=1e-3, momentum=.01)
        layers = []
        if row.expand != 1:
            layers += [nn.Conv2d(cin, hidden, 1, bias=False), bn(hidden), nn.SiLU()]
        layers += [nn.Conv2d(hidden, hidden, row.kernel, stride, (row.kernel - 1) // 2, groups=hidden, bias=False), bn(hidden), nn.SiLU()]
        if row.se:
            layers.append(SE(hidden, max(1, int(cin * row.se))))
        layers += [nn.Conv2d(hidden, cout, 1, bias=False), bn(cout)]
        self.conv = nn.Sequential(*layers)
        self.use_res_connect = stride == 1 and cin == cout
        self.drop = drop

    def forward(self, x):
        if not self.use_res_connect:
            return self.conv(x)
        out = self.conv(x)
        if self.training and self.drop:
            keep = torch.rand(x.shape[0], 1, 1, 1, device=x.device) < 1 - self.drop
            out = out.div(1 - self.drop) * keep
        return x + out


class Mobile(nn.Module):
    def __init__(self, width_mult=1., depth_mult=1., num_classes=10):
        super().__init__()
        cin = _make_divisible(32 * width_mult, 8)
        self.features = [nn.Sequential(nn.Conv2d(3, cin, 3, 2, 1, bias=False), nn.BatchNorm2d(cin), nn.SiLU())]
        total = sum(math.ceil(r.repeats * depth_mult) for r in TABLE)
        at = 0
        for row in TABLE:
            cout = _make_divisible(row.channels * width_mult, 8)
            for i in range(int(math.ceil(depth_mult * row.repeats))):
                self.features.append(MBConv(cin, cout, row, row.stride if i == 0 else 1, drop=.2 * at / total))
                cin, at = cout, at + 1
        last = _make_divisible(320 * max(1., width_mult), 8)
        self.features.append(nn.Conv2d(cin, last, 1))
        self.features = nn.Sequential(*self.features)
        self.classifier = nn.Sequential(nn.Dropout(.2), nn.Linear(last, num_classes))

    def forward(self, x):
        x = self.features(x)
        x = x.mean(3).mean(2)
        return self.classifier(x)

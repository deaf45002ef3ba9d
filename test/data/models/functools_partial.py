from functools import partial, reduce
from itertools import chain
from operator import mul

import torch
from torch import nn

Conv3 = partial(nn.Conv2d, kernel_size=3, padding=1, bias=False)
Conv1 = partial(nn.Conv2d, kernel_size=1, bias=False)


def bn_relu(c, *, act=True):
    layers = [nn.BatchNorm2d(c, eps=1e-3)]
    if act:
        layers.append(nn.ReLU6())
    return layers


class InvertedResidual(nn.Module):
    def __init__(self, inp, oup, stride, expand_ratio):
        super().__init__()
        assert stride in [1, 2]
        hidden = int(round(inp * expand_ratio))
        self.use_res_connect = stride == 1 and inp == oup
        groups = [] if expand_ratio == 1 else [[Conv1(inp, hidden)], bn_relu(hidden)]
        groups += [[Conv3(hidden, hidden, stride=stride, groups=hidden)], bn_relu(hidden)]
        groups += [[Conv1(hidden, oup)], bn_relu(oup, act=False)]
        self.conv = nn.Sequential(*chain.from_iterable(groups))

    def forward(self, x):
        return x + self.conv(x) if self.use_res_connect else self.conv(x)


def round_to(v, divisor=8):
    new = max(divisor, int(v + divisor / 2) // divisor * divisor)
    return new + divisor if new < 0.9 * v else new


class Mobile(nn.Module):
    SETTING = [[1, 16, 1, 1], [6, 24, 2, 2], [6, 32, 3, 2]]

    def __init__(self, width_mult=1.0, classes=10):
        super().__init__()
        cin = round_to(32 * width_mult)
        features = [nn.Sequential(Conv3(3, cin, stride=2), *bn_relu(cin))]
        for t, c, n, s in self.SETTING:
            cout = round_to(c * width_mult)
            features += [InvertedResidual(cin if i == 0 else cout, cout, s if i == 0 else 1, t) for i in range(n)]
            cin = cout
        self.features = nn.Sequential(*features)
        self.grid = (2, 3)
        self.classifier = nn.Linear(cin * reduce(mul, self.grid), classes)

    def forward(self, x):
        x = self.features(x)
        x = nn.functional.adaptive_avg_pool2d(x, self.grid)
        x = torch.flatten(x, 1)
        return self.classifier(x)

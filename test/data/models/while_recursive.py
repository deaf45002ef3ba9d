"""Recursive module structure, while loops, integer logarithms, early returns."""
import math

import torch
import torch.nn as nn


class Hourglass(nn.Module):
    def __init__(self, depth, channels, growth=0):
        super().__init__()
        inner = channels + growth
        self.skip = nn.Conv2d(channels, channels, 3, padding=1)
        self.down = nn.Sequential(nn.MaxPool2d(2, 2), nn.Conv2d(channels, inner, 3, padding=1))
        if depth > 1:
            self.middle = Hourglass(depth - 1, inner, growth)
        else:
            self.middle = nn.Conv2d(inner, inner, 3, padding=1)
        self.up = nn.Sequential(nn.Conv2d(inner, channels, 3, padding=1), nn.Upsample(scale_factor=2, mode="nearest"))

    def forward(self, x):
        s = self.skip(x)
        y = self.down(x)
        y = self.middle(y)
        return s + self.up(y)


class Pyramid(nn.Module):
    def __init__(self, size=64, channels=8):
        super().__init__()
        self.hour = Hourglass(3, channels, growth=4)
        self.stem = nn.Conv2d(3, channels, 3, 1, 1)
        steps = int(math.log2(size)) - 2
        layers = []
        while steps > 0:
            layers.append(nn.Conv2d(channels, channels, 4, stride=2, padding=1))
            steps -= 1
        self.reduce = nn.ModuleList(layers)
        self.out = nn.Linear(channels * 4 * 4, 1)

    def shrink(self, x):
        i = 0
        while True:
            if i >= len(self.reduce):
                return x
            x = self.reduce[i](x)
            i += 1

    def forward(self, x):
        x = self.stem(x)
        x = self.hour(x)
        x = self.shrink(x)
        n = x.shape[0]
        return self.out(x.reshape(n, -1)).squeeze(-1)

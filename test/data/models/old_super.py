# Written for Python 2 habits: object, super with arguments, % formatting, xrange-like loops, no annotations.
from __future__ import print_function
import torch
import torch.nn as nn
from torch.nn import Conv2d, BatchNorm2d, ReLU, MaxPool2d, AvgPool2d, Linear, Module, Sequential


class Residual(Module):
    def __init__(self, n_in, n_out, first=False):
        super(Residual, self).__init__()
        self.first = first
        stride = 1
        if first and n_in != n_out:
            stride = 2
        self.c1 = Conv2d(n_in, n_out, (3, 3), stride=(stride, stride), padding=(1, 1))
        self.n1 = BatchNorm2d(n_out)
        self.r1 = ReLU()
        self.c2 = Conv2d(n_out, n_out, (3, 3), padding=(1, 1))
        self.n2 = BatchNorm2d(n_out)
        self.r2 = ReLU()
        if n_in != n_out:
            self.proj = Conv2d(n_in, n_out, (1, 1), stride=(2, 2))
        else:
            self.proj = None

    def forward(self, input):
        h = self.r1(self.n1(self.c1(input)))
        h = self.n2(self.c2(h))
        if self.proj:
            input = self.proj(input)
        h = h + input
        return self.r2(h)


class Model(Module):
    def __init__(self, n_classes=10):
        super(Model, self).__init__()
        sizes = [32, 64, 128]
        mods = [Conv2d(1, 32, 5, padding=2), ReLU(), MaxPool2d(2)]
        last = 32
        for i in range(len(sizes)):
            for j in range(2):
                mods.append(Residual(last, sizes[i], first=(j == 0)))
                last = sizes[i]
        self.net = Sequential(*mods)
        self.pool = AvgPool2d(3)
        self.classify = Linear(last, n_classes)
        print('model with %d residual blocks' % (2 * len(sizes)))

    def forward(self, x):
        x = self.net(x)
        x = self.pool(x)
        x = x.view(-1, self.num_flat_features(x))
        return self.classify(x)

    def num_flat_features(self, x):
        size = x.size()[1:]
        num_features = 1
        for s in size:
            num_features *= s
        return num_features

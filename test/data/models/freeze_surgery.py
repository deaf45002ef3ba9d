"""Changes a network after building it: replaces the head, freezes, wraps children, indexes Sequential, deletes."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.conv = nn.Conv2d(c, c, 3, padding=1)
        self.norm = nn.InstanceNorm2d(c, affine=True)

    def forward(self, x):
        return F.elu(self.norm(self.conv(x))) + x


class Body(nn.Module):
    def __init__(self, c=16, n=4, classes=1000):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, c, 3, 2, 1), *[Block(c) for _ in range(n)])
        self.fc = nn.Linear(c, classes)

    def forward(self, x):
        x = self.features(x)
        x = F.adaptive_avg_pool2d(x, 1).squeeze(-1).squeeze(-1)
        return self.fc(x)


def fine_tuned(classes=5):
    net = Body()
    for p in net.parameters():
        p.requires_grad = False
    net.fc = nn.Linear(net.fc.in_features, classes)
    net.features[0] = nn.Conv2d(1, net.features[0].out_channels, kernel_size=5, stride=2, padding=2)
    net.features = net.features[:-1]
    return net


def headless():
    net = Body(c=8, n=2)
    trunk = nn.Sequential(*list(net.children())[:-1])
    trunk.add_module("pool", nn.AdaptiveAvgPool2d((2, 2)))
    return trunk


class Features(nn.Module):
    def __init__(self, taps=("1", "3")):
        super().__init__()
        body = Body()
        self.taps = set(taps)
        self.layers = nn.ModuleDict({name: layer for name, layer in body.features.named_children()})
        self.total = sum(p.numel() for p in self.parameters())

    def forward(self, x):
        collected = []
        for name, layer in self.layers.items():
            x = layer(x)
            if name in self.taps:
                collected.append(x)
        return collected

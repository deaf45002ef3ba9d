"""Depth schedule by torch.linspace, drop path, layer scale, LayerNorm over channels, permute."""
import torch
import torch.nn as nn
import torch.nn.functional as F


def drop_path(x, p=0.0, training=False):
    if p == 0.0 or not training:
        return x
    keep = 1 - p
    shape = (x.shape[0],) + (1,) * (x.ndim - 1)
    mask = x.new_empty(shape).bernoulli_(keep)
    return x * mask / keep


class ChannelNorm(nn.Module):
    def __init__(self, dim, eps=1e-6):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(dim))
        self.bias = nn.Parameter(torch.zeros(dim))
        self.eps = eps

    def forward(self, x):
        u = x.mean(1, keepdim=True)
        s = (x - u).pow(2).mean(1, keepdim=True)
        x = (x - u) / torch.sqrt(s + self.eps)
        return self.weight[:, None, None] * x + self.bias[:, None, None]


class Block(nn.Module):
    def __init__(self, dim, rate=0.0):
        super().__init__()
        self.dw = nn.Conv2d(dim, dim, 7, padding=3, groups=dim)
        self.norm = nn.LayerNorm(dim)
        self.up = nn.Linear(dim, 4 * dim)
        self.down = nn.Linear(4 * dim, dim)
        self.gamma = nn.Parameter(1e-6 * torch.ones(dim))
        self.rate = rate

    def forward(self, x):
        shortcut = x
        x = self.dw(x).permute(0, 2, 3, 1)
        x = self.down(F.gelu(self.up(self.norm(x))))
        x = (self.gamma * x).permute(0, 3, 1, 2)
        return shortcut + drop_path(x, self.rate, self.training)


class Conv(nn.Module):
    def __init__(self, depths=(1, 2), dims=(24, 48), rate=0.1, classes=5):
        super().__init__()
        rates = [r.item() for r in torch.linspace(0, rate, sum(depths))]
        self.downsample = nn.ModuleList([nn.Sequential(nn.Conv2d(3, dims[0], 4, 4), ChannelNorm(dims[0]))])
        for a, b in zip(dims[:-1], dims[1:]):
            self.downsample.append(nn.Sequential(ChannelNorm(a), nn.Conv2d(a, b, 2, 2)))
        self.stages = nn.ModuleList()
        at = 0
        for depth, dim in zip(depths, dims):
            self.stages.append(nn.Sequential(*[Block(dim, rates[at + j]) for j in range(depth)]))
            at += depth
        self.norm = nn.LayerNorm(dims[-1], eps=1e-6)
        self.head = nn.Linear(dims[-1], classes)

    def forward_features(self, x):
        for i in range(len(self.stages)):
            x = self.downsample[i](x)
            x = self.stages[i](x)
        return self.norm(x.mean([-2, -1]))

    def forward(self, x):
        x = self.forward_features(x)
        x = self.head(x)
        return x

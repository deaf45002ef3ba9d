"""Joins that are no residual add, and adds that are meant to broadcast; right with a stride of 1."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Stacked(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.conv = nn.Conv2d(8, 8, 3, stride, 1)

    def forward(self, x):
        return torch.stack([self.conv(x), x]).sum(0)
        #      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[shape-mismatch]


class Dense(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.conv = nn.Conv2d(8, 4, 3, stride, 1)

    def forward(self, x):
        return torch.cat([x, self.conv(x)], 1)
        #      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[shape-mismatch]


class DenseLoop(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.convs = nn.ModuleList([nn.Conv2d(8, 4, 3, 1, 1), nn.Conv2d(12, 4, 3, stride, 1)])

    def forward(self, x):
        features = [x]
        for conv in self.convs:
            features.append(conv(torch.cat(features, dim=1)))
        return torch.cat(features, dim=1)
        #      ^^^^^^^^^^^^^^^^^^^^^^^^^^ error[shape-mismatch]


class HourglassByConcat(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.down = nn.Conv2d(8, 8, 3, 2, 1)
        self.inner = nn.Conv2d(8, 8, 3, stride, 1)

    def forward(self, x):
        up = F.interpolate(self.inner(self.down(x)), scale_factor=2)
        return torch.cat((x, up), dim=1)
        #      ^^^^^^^^^^^^^^^^^^^^^^^^^ error[shape-mismatch]


class Difference(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.conv = nn.Conv2d(8, 8, 3, stride, 1)

    def forward(self, x):
        return x - self.conv(x)
        #      ^^^^^^^^^^^^^^^^ error[shape-mismatch]


class Product(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.conv = nn.Conv2d(8, 8, 3, stride, 1)

    def forward(self, x):
        return x * torch.sigmoid(self.conv(x))
        #      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[shape-mismatch]


class Positions(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.conv = nn.Conv2d(8, 8, 3, stride, 1)
        self.position = nn.Parameter(torch.zeros(1, 8, 16, 16))

    def forward(self, x):
        return self.conv(x) + self.position
        #      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[shape-mismatch]


class SqueezeExcite(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.conv = nn.Conv2d(8, 8, 3, stride, 1)
        self.fc = nn.Sequential(nn.Linear(8, 2), nn.ReLU(), nn.Linear(2, 8), nn.Sigmoid())

    def forward(self, x):
        n, c, _, _ = x.shape
        gate = self.fc(F.adaptive_avg_pool2d(x, 1).view(n, c)).view(n, c, 1, 1)
        return self.conv(x) * gate


class GlobalContext(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.conv = nn.Conv2d(8, 8, 3, stride, 1)
        self.context = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(8, 8, 1))

    def forward(self, x):
        x = self.conv(x)
        return x + self.context(x)


class MeanAdded(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.conv = nn.Conv2d(8, 8, 3, stride, 1)

    def forward(self, x):
        x = self.conv(x)
        return x + x.mean((2, 3), keepdim=True) + x.amax(dim=1, keepdim=True)


class ByAccident(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.conv = nn.Conv2d(8, 8, 9 * stride - 2, padding=3 * (2 - stride))

    def forward(self, x):
        return F.relu(self.conv(x) + x)
        #             ^^^^^^^^^^^^^^^^ warning[shortcut-broadcast]

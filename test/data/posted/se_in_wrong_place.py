# Net() @ 2,32,16,16
# Squeeze and excitation flattened, and not brought back to four axes.
import torch
import torch.nn as nn


class SEBlock(nn.Module):
    def __init__(self, c, r=4):
        super().__init__()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Sequential(nn.Linear(c, c // r), nn.ReLU(), nn.Linear(c // r, c), nn.Sigmoid())

    def forward(self, x):
        b, c, _, _ = x.size()
        w = self.pool(x).view(b, c)
        w = self.fc(w)
        return x * w  # cause


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.se = SEBlock(32)

    def forward(self, x):
        return self.se(x)

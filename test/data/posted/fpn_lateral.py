# FPN() @ 1,3,64,64
# Two levels of a pyramid with different channels are added.
import torch
import torch.nn as nn
import torch.nn.functional as F


class FPN(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(3, 32, 3, 2, 1)
        self.c2 = nn.Conv2d(32, 64, 3, 2, 1)
        self.lat1 = nn.Conv2d(32, 32, 1)  # cause
        self.lat2 = nn.Conv2d(64, 64, 1)

    def forward(self, x):
        c1 = self.c1(x)
        c2 = self.c2(c1)
        p2 = self.lat2(c2)
        p1 = self.lat1(c1) + F.interpolate(p2, scale_factor=2)
        return p1

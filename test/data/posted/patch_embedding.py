# ViT() @ 2,3,64,64
# The positions are counted for other patches than the picture has.
import torch
import torch.nn as nn


class ViT(nn.Module):
    def __init__(self, size=64, patch=8, dim=32):
        super().__init__()
        self.patch = nn.Conv2d(3, dim, kernel_size=patch, stride=patch)
        self.pos = nn.Parameter(torch.zeros(1, (size // 16) ** 2, dim))  # cause

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        return x + self.pos

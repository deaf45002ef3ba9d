"""Two images through one shared encoder (a layer under two names), compared."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Encoder(nn.Module):
    def __init__(self, dim=32):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, 8, 5, stride=2), nn.ReLU(), nn.Conv2d(8, 16, 5, stride=2), nn.ReLU(), nn.AdaptiveMaxPool2d((2, 2))
        )
        self.proj = nn.Linear(16 * 4, dim)

    def forward(self, x):
        h = self.net(x)
        return self.proj(h.flatten(1))


class Siamese(nn.Module):
    def __init__(self, dim=32):
        super().__init__()
        self.left = Encoder(dim)
        self.right = self.left
        self.score = nn.Bilinear(dim, dim, 1)

    def forward(self, a, b, *, normalize: bool = True):
        za, zb = self.left(a), self.right(b)
        if normalize:
            za, zb = F.normalize(za, dim=1), F.normalize(zb, dim=1)
        distance = (za - zb).pow(2).sum(1, keepdim=True)
        return self.score(za, zb), distance

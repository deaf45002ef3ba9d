"""Coupling: halves that are added to each other, forwards and backwards."""
import torch
from torch import nn


class Coupling(nn.Module):
    def __init__(self, channels, fn):
        super().__init__()
        half = channels // 2
        self.f, self.g = fn(half), fn(half)

    def forward(self, x):
        x1, x2 = torch.chunk(x, 2, dim=1)
        y1 = x1 + self.f(x2)
        y2 = x2 + self.g(y1)
        return torch.cat([y1, y2], dim=1)

    def inverse(self, y):
        y1, y2 = y.split(y.shape[1] // 2, dim=1)
        x2 = y2 - self.g(y1)
        x1 = y1 - self.f(x2)
        return torch.cat([x1, x2], 1)


class Squeeze(nn.Module):
    def forward(self, x):
        b, c, h, w = x.shape
        x = x.view(b, c, h // 2, 2, w // 2, 2)
        return x.permute(0, 3, 5, 1, 2, 4).contiguous().view(b, c * 4, h // 2, w // 2)

    def inverse(self, x):
        b, c, h, w = x.shape
        return x.view(b, 2, 2, c // 4, h, w).permute(0, 3, 4, 1, 5, 2).reshape(b, c // 4, h * 2, w * 2)


class Reversible(nn.Module):
    def __init__(self, channels=4, depth=2, levels=2):
        super().__init__()

        def fn(c):
            return nn.Sequential(nn.Conv2d(c, c, 3, padding=1), nn.ELU(), nn.Conv2d(c, c, 1))

        steps = []
        for _ in range(levels):
            steps.append(Squeeze())
            channels *= 4
            steps += (Coupling(channels, fn) for _ in range(depth))
        self.steps = nn.ModuleList(steps)

    def forward(self, x, reverse=False):
        steps = self.steps if not reverse else reversed(self.steps)
        for step in steps:
            x = step(x) if not reverse else step.inverse(x)
        return x


class RoundTrip(Reversible):
    def forward(self, x):
        z = super().forward(x)
        back = super().forward(z, reverse=True)
        return {"z": z, "error": (x - back).abs().flatten(1).amax(1)}

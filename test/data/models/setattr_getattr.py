"""Stages registered and read back by name."""
import torch
from torch import nn


class Pair(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.a = nn.Conv2d(width, width, 3, padding=1)
        self.b = nn.Conv2d(width, width, 3, padding=1)

    def forward(self, x):
        return x + self.b(torch.relu(self.a(x)))


class ByName(nn.Module):
    def __init__(self, width=24, stages=3, per_stage=2):
        super().__init__()
        self.names = []
        channels = 3
        for s in range(stages):
            down = nn.Conv2d(channels, width << s, 3, stride=2, padding=1)
            setattr(self, "down%d" % s, down)
            channels = width << s
            for k in range(per_stage):
                name = f"stage{s}_block{k}"
                setattr(self, name, Pair(channels))
                self.names.append(name)
        self.per_stage = per_stage
        self.num_stages = stages
        self.out = nn.Conv2d(channels, 5, 1)

    def forward(self, x):
        for s in range(self.num_stages):
            x = getattr(self, "down{}".format(s))(x)
            for name in self.names[s * self.per_stage:(s + 1) * self.per_stage]:
                x = getattr(self, name)(x)
        score = self.out(x)
        return score.flatten(2).max(dim=-1)[0]

"""Enumerations, dataclasses and a match statement choose the layers."""
from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

import torch
from torch import Tensor, nn


class Norm(Enum):
    BATCH = auto()
    GROUP = auto()
    NONE = auto()

    def make(self, channels: int) -> nn.Module:
        match self:
            case Norm.BATCH:
                return nn.BatchNorm2d(channels)
            case Norm.GROUP:
                return nn.GroupNorm(min(8, channels), channels)
            case _:
                return nn.Identity()


class Act(str, Enum):
    RELU = "ReLU"
    SILU = "SiLU"

    def __call__(self) -> nn.Module:
        return getattr(nn, self.value)()


@dataclass(frozen=True)
class Stage:
    channels: int
    blocks: int = 1
    stride: int = 2


@dataclass
class Config:
    norm: Norm = Norm.BATCH
    act: Act = Act.RELU
    stages: list[Stage] = field(default_factory=lambda: [Stage(16, stride=1), Stage(32, 2), Stage(64)])
    classes: int = 10

    def __post_init__(self):
        self.width = self.stages[-1].channels


class Block(nn.Module):
    def __init__(self, cin: int, stage: Stage, first: bool, cfg: Config) -> None:
        super().__init__()
        match (first, stage):
            case (True, Stage(channels=c, stride=s)) if s != 1 or c != cin:
                self.skip = nn.Conv2d(cin, c, 1, s)
                stride = s
            case _:
                self.skip = nn.Identity()
                stride = 1
        c = stage.channels
        self.body = nn.Sequential(nn.Conv2d(cin, c, 3, stride, 1), cfg.norm.make(c), cfg.act(), nn.Conv2d(c, c, 3, 1, 1), cfg.norm.make(c))
        self.act = cfg.act()

    def forward(self, x: Tensor) -> Tensor:
        return self.act(self.skip(x) + self.body(x))


class Net(nn.Module):
    def __init__(self, cfg: Config | None = None) -> None:
        super().__init__()
        cfg = cfg or Config()
        channels = 3
        blocks: list[nn.Module] = []
        for stage in cfg.stages:
            for i in range(stage.blocks):
                blocks.append(Block(channels, stage, i == 0, cfg))
                channels = stage.channels
        self.blocks = nn.ModuleList(blocks)
        self.fc = nn.Linear(cfg.width, cfg.classes)

    def forward(self, x: Tensor) -> Tensor:
        for block in self.blocks:
            x = block(x)
        if (n := x.shape[0]) > 0:
            x = torch.mean(x, dim=(-2, -1)).view(n, -1)
        return self.fc(x)

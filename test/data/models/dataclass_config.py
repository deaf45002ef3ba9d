"""A typed configuration; enum for the block kind; match statement; walrus; conditional layers."""
from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace

import torch
from torch import nn


class Kind(enum.Enum):
    BASIC = "basic"
    BOTTLENECK = "bottleneck"


@dataclass(frozen=True)
class Stage:
    width: int
    depth: int
    stride: int = 2


@dataclass
class Config:
    kind: Kind = Kind.BASIC
    stem: int = 32
    stages: list[Stage] = field(default_factory=lambda: [Stage(32, 1, 1), Stage(64, 2), Stage(128, 1)])
    classes: int = 10
    dropout: float = 0.0

    @property
    def expansion(self) -> int:
        return 4 if self.kind is Kind.BOTTLENECK else 1


class Block(nn.Module):
    def __init__(self, kind: Kind, cin: int, width: int, stride: int):
        super().__init__()
        match kind:
            case Kind.BASIC:
                cout = width
                self.body = nn.Sequential(
                    nn.Conv2d(cin, width, 3, stride, 1), nn.ReLU(), nn.Conv2d(width, width, 3, 1, 1)
                )
            case Kind.BOTTLENECK:
                cout = width * 4
                self.body = nn.Sequential(
                    nn.Conv2d(cin, width, 1), nn.ReLU(),
                    nn.Conv2d(width, width, 3, stride, 1), nn.ReLU(),
                    nn.Conv2d(width, cout, 1),
                )
        self.project = None
        if stride != 1 or cin != cout:
            self.project = nn.Conv2d(cin, cout, 1, stride)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        residual = x if self.project is None else self.project(x)
        return torch.relu(self.body(x) + residual)


class Network(nn.Module):
    def __init__(self, config: Config | None = None):
        super().__init__()
        self.config = config = config or Config()
        self.stem = nn.Conv2d(3, config.stem, 3, padding="same")
        cin = config.stem
        blocks: list[nn.Module] = []
        for stage in config.stages:
            stride = stage.stride
            for _ in range(stage.depth):
                blocks.append(Block(config.kind, cin, stage.width, stride))
                cin, stride = stage.width * config.expansion, 1
        self.blocks = nn.Sequential(*blocks)
        self.head = nn.Linear(cin, config.classes)
        if (p := config.dropout) > 0:
            self.drop = nn.Dropout(p)

    def forward(self, x):
        h = self.blocks(self.stem(x))
        if (pooled := h.mean((-1, -2))).ndim == 2 and self.config.dropout > 0:
            pooled = self.drop(pooled)
        return self.head(pooled)


def bottleneck() -> Network:
    return Network(replace(Config(), kind=Kind.BOTTLENECK, dropout=0.1))

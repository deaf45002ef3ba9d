"""Mixins, an abstract base, class attributes overridden below, a classmethod that builds, properties."""
from abc import ABC, abstractmethod

import torch
from torch import nn


class NormMixin:
    norm = nn.BatchNorm2d

    def make_norm(self, c):
        return self.norm(c)


class Base(NormMixin, nn.Module, ABC):
    strides = (1, 2, 2)

    def __init__(self, widths):
        super().__init__()
        self.widths = tuple(widths)
        self.stem = self.build_stem()
        self.stages = nn.ModuleList()
        previous = self.widths[0]
        for width, stride in zip(self.widths, self.strides):
            self.stages.append(self.build_stage(previous, width, stride))
            previous = width

    @property
    def out_channels(self) -> int:
        return self.widths[-1]

    @abstractmethod
    def build_stage(self, cin, cout, stride):
        raise NotImplementedError

    def build_stem(self):
        return nn.Sequential(nn.Conv2d(3, self.widths[0], 3, 1, 1, bias=False), self.make_norm(self.widths[0]))

    def forward(self, x):
        x = self.stem(x)
        for stage in self.stages:
            x = stage(x)
        return x


class Residual(nn.Module):
    def __init__(self, cin, cout, stride, norm):
        super().__init__()
        self.f = nn.Sequential(nn.Conv2d(cin, cout, 3, stride, 1), norm(cout), nn.ReLU(), nn.Conv2d(cout, cout, 3, 1, 1))
        self.g = nn.Conv2d(cin, cout, 1, stride) if (cin, stride) != (cout, 1) else None

    def forward(self, x):
        y = self.f(x)
        y += x if self.g is None else self.g(x)
        return y.relu()


class ResNetLike(Base):
    def build_stage(self, cin, cout, stride):
        return Residual(cin, cout, stride, self.make_norm)


class GroupNormed(ResNetLike):
    strides = [2, 2, 1]

    @staticmethod
    def norm(c):
        return nn.GroupNorm(num_groups=4, num_channels=c)

    def build_stem(self):
        stem = super().build_stem()
        return nn.Sequential(*stem, nn.MaxPool2d(2))


class Classifier(nn.Module):
    def __init__(self, backbone: Base, classes: int):
        super().__init__()
        self.backbone = backbone
        self.head = nn.Linear(backbone.out_channels, classes)

    @classmethod
    def small(cls, classes=3):
        return cls(GroupNormed([16, 32, 64]), classes)

    def forward(self, x):
        features = self.backbone(x)
        return self.head(features.mean(dim=[2, 3]))

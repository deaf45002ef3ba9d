"""Subclasses that register themselves, abstract parts, properties, alternative constructors."""
import json
from abc import ABC, abstractmethod

import torch
import torch.nn as nn


class Base(nn.Module, ABC):
    registry = {}
    name = None

    def __init_subclass__(cls, key=None, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.name = key or cls.__name__.lower()
        Base.registry[cls.name] = cls

    @abstractmethod
    def make_stem(self, width):
        ...

    @property
    @abstractmethod
    def classes(self):
        raise NotImplementedError

    @property
    def num_parameters(self):
        return sum(p.numel() for p in self.parameters())

    @classmethod
    def from_json(cls, text):
        config = json.loads(text)
        kind = config.pop("kind", cls.name)
        return cls.registry[kind](**config)

    def __init__(self, *, width=8, depth=1, **rest):
        if rest:
            raise TypeError("unknown options: " + ", ".join(sorted(rest)))
        super().__init__()
        self.stem = self.make_stem(width)
        self.blocks = nn.ModuleDict({f"block_{i:02}": nn.Conv2d(width, width, 3, padding=1) for i in range(depth)})
        self.classifier = nn.Linear(width, self.classes)

    def features(self, x):
        x = self.stem(x)
        for name, block in self.blocks.items():
            x = x + torch.relu(block(x))
        return x

    def forward(self, x):
        return self.classifier(self.features(x).mean((2, 3)))


class Plain(Base):
    classes = 10

    def make_stem(self, width):
        return nn.Conv2d(3, width, 3, padding=1)


class Deep(Plain, key="deeper"):
    def make_stem(self, width):
        half, *_ = divmod(width, 2)
        return nn.Sequential(nn.Conv2d(3, half, 3, 2, 1), nn.ReLU(), super().make_stem(width) if half == 3 else nn.Conv2d(half, width, 3, 2, 1))

    @property
    def classes(self):
        return 4

from functools import partial

import torch.nn as nn

from . import blocks
from .blocks import WIDTH, Basic
from .registry import register

__all__ = ["ResNet", "resnet10", "resnet18"]


class ResNet(nn.Module):
    def __init__(self, block, layers, num_classes=10):
        super().__init__()
        self.inplanes = WIDTH
        self.stem = nn.Sequential(blocks.conv3x3(3, WIDTH), nn.BatchNorm2d(WIDTH), nn.ReLU())
        self.layer1 = self._make_layer(block, WIDTH, layers[0])
        self.layer2 = self._make_layer(block, 2 * WIDTH, layers[1], stride=2)
        self.layer3 = self._make_layer(block, 4 * WIDTH, layers[2], stride=2)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(4 * WIDTH * block.expansion, num_classes)

    def _make_layer(self, block, planes, count, stride=1):
        downsample = None
        if stride != 1 or self.inplanes != planes * block.expansion:
            downsample = nn.Sequential(
                nn.Conv2d(self.inplanes, planes * block.expansion, 1, stride=stride, bias=False),
                nn.BatchNorm2d(planes * block.expansion),
            )
        layers = [block(self.inplanes, planes, stride, downsample)]
        self.inplanes = planes * block.expansion
        for _ in range(1, count):
            layers.append(block(self.inplanes, planes))
        return nn.Sequential(*layers)

    def forward(self, x):
        x = self.stem(x)
        x = self.layer3(self.layer2(self.layer1(x)))
        x = self.pool(x).flatten(1)
        return self.fc(x)


make = partial(ResNet, Basic)


@register
def resnet10(**kwargs):
    return make([1, 1, 1], **kwargs)


@register
def resnet18(**kwargs):
    return make([2, 2, 2], **kwargs)

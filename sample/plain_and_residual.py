"""He et al.'s two networks of 34 layers, with and without shortcuts, small enough to run at 64×64 in a moment.

Preview `resnet34()`, press Run, and open "signal" with `plain34()` beside it: what reaches the first layers from the
loss, and what does not.
"""

import torch
from torch import Tensor, nn


class Block(nn.Module):
    """Two 3×3 convolutions; with a shortcut over them if it is residual."""

    def __init__(self, in_planes: int, planes: int, stride: int, residual: bool) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_planes, planes, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.relu = nn.ReLU(inplace=True)
        self.residual = residual
        self.downsample = None
        if residual and (stride != 1 or in_planes != planes):
            self.downsample = nn.Sequential(
                nn.Conv2d(in_planes, planes, 1, stride=stride, bias=False),
                nn.BatchNorm2d(planes),
            )

    def forward(self, x: Tensor) -> Tensor:
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        if self.residual:
            identity = x if self.downsample is None else self.downsample(x)
            out = out + identity
        return self.relu(out)


class Network(nn.Module):
    def __init__(self, residual: bool, width: int = 16, num_classes: int = 10) -> None:
        super().__init__()
        self.in_planes = width
        self.conv1 = nn.Conv2d(3, width, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)
        self.layer1 = self._make_layer(width, 3, 1, residual)
        self.layer2 = self._make_layer(width * 2, 4, 2, residual)
        self.layer3 = self._make_layer(width * 4, 6, 2, residual)
        self.layer4 = self._make_layer(width * 8, 3, 2, residual)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(width * 8, num_classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def _make_layer(self, planes: int, blocks: int, stride: int, residual: bool) -> nn.Sequential:
        layers = []
        for i in range(blocks):
            layers.append(Block(self.in_planes, planes, stride if i == 0 else 1, residual))
            self.in_planes = planes
        return nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(torch.flatten(self.avgpool(x), 1))


def resnet34() -> Network:
    return Network(residual=True)


def plain34() -> Network:
    return Network(residual=False)


if __name__ == "__main__":
    images = torch.randn(1, 3, 64, 64)
    print(resnet34()(images).shape, plain34()(images).shape)

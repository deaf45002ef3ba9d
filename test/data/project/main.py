import torch

from nets import build, resnet10
from nets.blocks import Basic
from nets.resnet import ResNet

NAME = "resnet18"


def small():
    return ResNet(Basic, [1, 1, 1], num_classes=5)


if __name__ == "__main__":
    model = build(NAME, num_classes=7)
    x = torch.randn(2, 3, 32, 32)
    y = model(x)
    other = resnet10()
    z = other(x)
    w = build("plain")(x)

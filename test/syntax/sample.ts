/** A file in the style of a ResNet implementation, for tests that break it. */
export const SAMPLE = `"""Residual networks."""
from typing import List, Optional

import torch
from torch import nn, Tensor

__all__ = ["Block", "ResNet"]


def conv3x3(in_planes: int, out_planes: int, stride: int = 1) -> nn.Conv2d:
    """3x3 convolution with padding."""
    return nn.Conv2d(
        in_planes,
        out_planes,
        kernel_size=3,
        stride=stride,  # keeps the size for stride 1
        padding=1,
        bias=False,
    )


class Block(nn.Module):
    """Two convolutions and a shortcut."""

    expansion: int = 1

    def __init__(self, inplanes: int, planes: int, stride: int = 1, downsample: Optional[nn.Module] = None) -> None:
        super().__init__()
        self.conv1 = conv3x3(inplanes, planes, stride)
        self.bn1 = nn.BatchNorm2d(planes)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = downsample

    def forward(self, x: Tensor) -> Tensor:
        """Adds the identity."""
        identity = x
        out = self.relu(self.bn1(self.conv1(x)))
        if self.downsample is not None:
            identity = self.downsample(x)
        out += identity
        return out


@torch.no_grad()
def width(layers: List[int]) -> int:
    return max([64 * 2**i for i, n in enumerate(layers) if 0 < n <= 8], default=0)


class ResNet(nn.Module):
    def __init__(self, layers: List[int]):
        super().__init__()
        self.inplanes = 64
        self.conv1 = nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False)
        self.layer1 = self._make_layer(64, layers[0])

    def _make_layer(self, planes: int, blocks: int) -> nn.Sequential:
        layers = []
        for _ in range(blocks):
            layers.append(Block(self.inplanes, planes))
        return nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        return self.layer1(self.conv1(x))


model = ResNet([2, 2, 2, 2])
print(f"{model!r:>{width([1])}}")
`;

/** A small seeded random source: the next integer below `bound`. */
export function random(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

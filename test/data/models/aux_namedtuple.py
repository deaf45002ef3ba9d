"""Branches side by side, and a named tuple as output."""
from typing import List, NamedTuple, Optional

import torch
from torch import Tensor, nn


class Outputs(NamedTuple):
    logits: Tensor
    aux: Optional[Tensor] = None


class Conv(nn.Module):
    def __init__(self, *args, **kwargs):
        super().__init__()
        kwargs.setdefault("bias", False)
        self.conv = nn.Conv2d(*args, **kwargs)
        self.bn = nn.BatchNorm2d(self.conv.out_channels, eps=0.001)

    def forward(self, x):
        return self.bn(self.conv(x)).relu_()


class Inception(nn.Module):
    def __init__(self, in_channels, ch1x1, ch3x3red, ch3x3, ch5x5red, ch5x5, pool_proj, conv_block=None):
        super().__init__()
        if conv_block is None:
            conv_block = Conv
        self.branch1 = conv_block(in_channels, ch1x1, kernel_size=1)
        self.branch2 = nn.Sequential(conv_block(in_channels, ch3x3red, kernel_size=1), conv_block(ch3x3red, ch3x3, kernel_size=3, padding=1))
        self.branch3 = nn.Sequential(conv_block(in_channels, ch5x5red, kernel_size=1), conv_block(ch5x5red, ch5x5, kernel_size=(1, 5), padding=(0, 2)), conv_block(ch5x5, ch5x5, kernel_size=(5, 1), padding=(2, 0)))
        self.branch4 = nn.Sequential(nn.MaxPool2d(kernel_size=3, stride=1, padding=1, ceil_mode=True), conv_block(in_channels, pool_proj, kernel_size=1))

    def _forward(self, x: Tensor) -> List[Tensor]:
        return [self.branch1(x), self.branch2(x), self.branch3(x), self.branch4(x)]

    def forward(self, x):
        return torch.cat(self._forward(x), 1)


class Net(nn.Module):
    def __init__(self, num_classes=7, aux_logits=True, transform_input=False):
        super().__init__()
        self.aux_logits, self.transform_input = aux_logits, transform_input
        self.stem = nn.Sequential(Conv(3, 16, kernel_size=7, stride=2, padding=3), nn.MaxPool2d(3, stride=2, ceil_mode=True))
        self.a = Inception(16, 8, 8, 16, 4, 8, 8)
        self.b = Inception(40, 16, 8, 24, 4, 8, 8)
        self.aux = nn.Linear(40 * 16, num_classes) if aux_logits else None
        self.fc = nn.Linear(56, num_classes)

    def forward(self, x):
        if self.transform_input:
            x_ch0 = torch.unsqueeze(x[:, 0], 1) * (0.229 / 0.5) + (0.485 - 0.5) / 0.5
            x_ch1 = torch.unsqueeze(x[:, 1], 1) * (0.224 / 0.5) + (0.456 - 0.5) / 0.5
            x_ch2 = torch.unsqueeze(x[:, 2], 1) * (0.225 / 0.5) + (0.406 - 0.5) / 0.5
            x = torch.cat((x_ch0, x_ch1, x_ch2), 1)
        x = self.a(self.stem(x))
        aux: Optional[Tensor] = None
        if self.aux is not None:
            aux = self.aux(torch.flatten(nn.functional.adaptive_avg_pool2d(x, (4, 4)), 1))
        x = self.b(x)
        return Outputs(self.fc(x.mean((2, 3))), aux)

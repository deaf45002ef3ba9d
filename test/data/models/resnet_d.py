"""Deep stem, average-pooled projection, replace_stride_with_dilation, zero-initialised last norm, generator tricks."""
from typing import Any, Callable, List, Optional, Tuple, Union

import torch
import torch.nn as nn
from torch import Tensor


def get_padding(kernel_size: int, stride: int, dilation: int = 1) -> int:
    return ((stride - 1) + dilation * (kernel_size - 1)) // 2


def downsample_avg(cin: int, cout: int, stride: int, dilation: int) -> nn.Sequential:
    avg_stride = stride if dilation == 1 else 1
    pool: nn.Module = nn.Identity()
    if avg_stride != 1:
        pool = nn.AvgPool2d(2, avg_stride, ceil_mode=True, count_include_pad=False)
    return nn.Sequential(*[pool, nn.Conv2d(cin, cout, 1, stride=1, padding=0, bias=False), nn.BatchNorm2d(cout)])


class Block(nn.Module):
    expansion = 4

    def __init__(self, cin, planes, stride=1, downsample=None, cardinality=1, base_width=64, dilation=1):
        super().__init__()
        width = int(planes * (base_width / 64)) * cardinality
        cout = planes * self.expansion
        self.conv1 = nn.Conv2d(cin, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, padding=get_padding(3, stride, dilation),
                               dilation=dilation, groups=cardinality, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, cout, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(cout)
        self.act = nn.ReLU(inplace=True)
        self.downsample = downsample

    def zero_init_last(self):
        if getattr(self.bn3, "weight", None) is not None:
            nn.init.zeros_(self.bn3.weight)

    def forward(self, x: Tensor) -> Tensor:
        shortcut = x
        x = self.act(self.bn1(self.conv1(x)))
        x = self.act(self.bn2(self.conv2(x)))
        x = self.bn3(self.conv3(x))
        if self.downsample is not None:
            shortcut = self.downsample(shortcut)
        x += shortcut
        return self.act(x)


def make_blocks(channels: Tuple[int, ...], repeats: List[int], inplanes: int, output_stride: int = 32, **kw):
    stages, info = [], []
    net_stride, dilation = 4, 1
    for idx, (planes, n) in enumerate(zip(channels, repeats)):
        name = f"layer{idx + 1}"
        stride = 1 if idx == 0 else 2
        if net_stride >= output_stride:
            dilation *= stride
            stride = 1
        else:
            net_stride *= stride
        downsample = None
        if stride != 1 or inplanes != planes * Block.expansion:
            downsample = downsample_avg(inplanes, planes * Block.expansion, stride, dilation)
        blocks = []
        for b in range(n):
            blocks.append(Block(inplanes, planes, stride if b == 0 else 1, downsample if b == 0 else None, dilation=dilation, **kw))
            inplanes = planes * Block.expansion
        stages.append((name, nn.Sequential(*blocks)))
        info.append(dict(num_chs=inplanes, reduction=net_stride, module=name))
    return stages, info


class ResNetD(nn.Module):
    def __init__(self, layers=(1, 2, 2, 1), classes: int = 10, output_stride: int = 32, stem_width: int = 16, **block_args: Any):
        super(ResNetD, self).__init__()
        assert output_stride in (8, 16, 32)
        self.num_features = 512 * Block.expansion
        stem = (stem_width, stem_width)
        self.conv1 = nn.Sequential(*[
            nn.Conv2d(3, stem[0], 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(stem[0]), nn.ReLU(inplace=True),
            nn.Conv2d(stem[0], stem[1], 3, stride=1, padding=1, bias=False), nn.BatchNorm2d(stem[1]), nn.ReLU(inplace=True),
            nn.Conv2d(stem[1], 64, 3, stride=1, padding=1, bias=False)])
        self.bn1 = nn.BatchNorm2d(64)
        self.act1 = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(kernel_size=3, stride=2, padding=1)
        stage_modules, self.feature_info = make_blocks((64, 128, 256, 512), list(layers), 64, output_stride, **block_args)
        for stage in stage_modules:
            self.add_module(*stage)
        self.global_pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(self.num_features, classes) if classes > 0 else nn.Identity()
        for m in self.modules():
            if hasattr(m, "zero_init_last"):
                m.zero_init_last()

    def forward_features(self, x: Tensor) -> Tensor:
        x = self.maxpool(self.act1(self.bn1(self.conv1(x))))
        for stage in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = stage(x)
        return x

    def forward_head(self, x: Tensor, pre_logits: bool = False) -> Tensor:
        x = self.global_pool(x).flatten(1)
        return x if pre_logits else self.fc(x)

    def forward(self, x: Tensor) -> Tensor:
        x = self.forward_features(x)
        return self.forward_head(x)

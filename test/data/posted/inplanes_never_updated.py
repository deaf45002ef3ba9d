# ResNet([2, 2]) @ 2,3,64,64
# The running channel count is not brought up to date after the first block of a stage.
import torch
import torch.nn as nn


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, inplanes, planes, stride=1, downsample=None):
        super().__init__()
        self.conv1 = nn.Conv2d(inplanes, planes, 1, bias=False)
        self.conv2 = nn.Conv2d(planes, planes, 3, stride, 1, bias=False)
        self.conv3 = nn.Conv2d(planes, planes * self.expansion, 1, bias=False)
        self.downsample = downsample

    def forward(self, x):
        identity = x
        out = self.conv3(torch.relu(self.conv2(torch.relu(self.conv1(x)))))
        if self.downsample is not None:
            identity = self.downsample(x)
        return torch.relu(out + identity)


class ResNet(nn.Module):
    def __init__(self, counts):
        super().__init__()
        self.inplanes = 64
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.layer1 = self._make_layer(64, counts[0])
        self.layer2 = self._make_layer(128, counts[1], 2)

    def _make_layer(self, planes, blocks, stride=1):
        downsample = None
        if stride != 1 or self.inplanes != planes * Bottleneck.expansion:
            downsample = nn.Conv2d(self.inplanes, planes * Bottleneck.expansion, 1, stride, bias=False)
        layers = [Bottleneck(self.inplanes, planes, stride, downsample)]
        for _ in range(1, blocks):
            layers.append(Bottleneck(self.inplanes, planes))  # cause
        return nn.Sequential(*layers)

    def forward(self, x):
        return self.layer2(self.layer1(self.conv1(x)))

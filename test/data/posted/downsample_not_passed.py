# Net([2, 2]) @ 2,3,32,32
# The projection is built and not handed to the block.
import torch
import torch.nn as nn


def conv1x1(cin, cout, stride=1):
    return nn.Conv2d(cin, cout, kernel_size=1, stride=stride, bias=False)


def conv3x3(cin, cout, stride=1):
    return nn.Conv2d(cin, cout, kernel_size=3, stride=stride, padding=1, bias=False)


class Block(nn.Module):
    def __init__(self, cin, cout, stride=1, downsample=None):
        super().__init__()
        self.conv1 = conv3x3(cin, cout, stride)
        self.bn1 = nn.BatchNorm2d(cout)
        self.conv2 = conv3x3(cout, cout)
        self.bn2 = nn.BatchNorm2d(cout)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = downsample

    def forward(self, x):
        identity = x
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        if self.downsample is not None:
            identity = self.downsample(x)
        out += identity
        return self.relu(out)


class Net(nn.Module):
    def __init__(self, counts):
        super().__init__()
        self.inplanes = 16
        self.conv = conv3x3(3, 16)
        self.layer1 = self.make_layer(16, counts[0])
        self.layer2 = self.make_layer(32, counts[1], stride=2)

    def make_layer(self, planes, count, stride=1):
        downsample = None
        if stride != 1 or self.inplanes != planes:
            downsample = nn.Sequential(conv1x1(self.inplanes, planes, stride), nn.BatchNorm2d(planes))
        layers = [Block(self.inplanes, planes, stride)]  # cause
        self.inplanes = planes
        for _ in range(1, count):
            layers.append(Block(planes, planes))
        return nn.Sequential(*layers)

    def forward(self, x):
        return self.layer2(self.layer1(self.conv(x)))

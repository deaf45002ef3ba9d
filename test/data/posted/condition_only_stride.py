# ResNet([2, 2]) @ 2,3,64,64
# The shortcut is projected only where the stride is not 1; the first stage changes the channels at stride 1.
import torch
import torch.nn as nn


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, in_planes, planes, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_planes, planes, 1, bias=False)
        self.conv2 = nn.Conv2d(planes, planes, 3, stride, 1, bias=False)
        self.conv3 = nn.Conv2d(planes, planes * 4, 1, bias=False)
        self.shortcut = nn.Sequential()
        if stride != 1:  # cause
            self.shortcut = nn.Sequential(
                nn.Conv2d(in_planes, self.expansion * planes, 1, stride, bias=False),
                nn.BatchNorm2d(self.expansion * planes),
            )

    def forward(self, x):
        out = torch.relu(self.conv1(x))
        out = torch.relu(self.conv2(out))
        out = self.conv3(out)
        out = out + self.shortcut(x)
        return torch.relu(out)


class ResNet(nn.Module):
    def __init__(self, counts):
        super().__init__()
        self.in_planes = 64
        self.conv1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False)
        self.layer1 = self.make(64, counts[0], 1)
        self.layer2 = self.make(128, counts[1], 2)

    def make(self, planes, count, stride):
        layers = []
        for s in [stride] + [1] * (count - 1):
            layers.append(Bottleneck(self.in_planes, planes, s))
            self.in_planes = planes * Bottleneck.expansion
        return nn.Sequential(*layers)

    def forward(self, x):
        return self.layer2(self.layer1(self.conv1(x)))

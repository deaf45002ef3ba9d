# Net() @ 2,3,32,32
# Every block of a stage strides, and only the first has a projection.
import torch
import torch.nn as nn


class BasicBlock(nn.Module):
    def __init__(self, cin, cout, stride=1, downsample=None):
        super().__init__()
        self.conv1 = nn.Conv2d(cin, cout, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(cout)
        self.conv2 = nn.Conv2d(cout, cout, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(cout)
        self.downsample = downsample

    def forward(self, x):
        identity = x if self.downsample is None else self.downsample(x)
        out = torch.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        return torch.relu(out + identity)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3, padding=1)
        self.stage1 = self.stage(16, 16, 2, 1)
        self.stage2 = self.stage(16, 32, 3, 2)

    def stage(self, cin, cout, count, stride):
        down = None
        if stride != 1 or cin != cout:
            down = nn.Sequential(nn.Conv2d(cin, cout, 1, stride, bias=False), nn.BatchNorm2d(cout))
        blocks = [BasicBlock(cin, cout, stride, down)]
        for _ in range(count - 1):
            blocks.append(BasicBlock(cout, cout, stride))  # cause
        return nn.Sequential(*blocks)

    def forward(self, x):
        return self.stage2(self.stage1(self.stem(x)))

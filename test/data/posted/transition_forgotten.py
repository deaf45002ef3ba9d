# Net() @ 2,3,32,32
# Two stages after one another, the second built for the first one's input.
import torch
import torch.nn as nn


class Stage(nn.Module):
    def __init__(self, cin, cout):
        super().__init__()
        self.conv = nn.Conv2d(cin, cout, 3, 2, 1)
        self.bn = nn.BatchNorm2d(cout)

    def forward(self, x):
        return torch.relu(self.bn(self.conv(x)))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stage1 = Stage(3, 32)
        self.stage2 = Stage(32, 64)
        self.stage3 = Stage(32, 128)  # cause

    def forward(self, x):
        return self.stage3(self.stage2(self.stage1(x)))

# Tree() @ 1,16,75,75
# The shortcut pools and drops the last column of an odd size, the strided convolution keeps it.
import torch
import torch.nn as nn


class Tree(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(16, 16, 3, stride=2, padding=1)
        self.conv2 = nn.Conv2d(16, 16, 3, padding=1)
        self.down = nn.MaxPool2d(2, stride=2)  # cause

    def forward(self, x):
        residual = self.down(x)
        out = torch.relu(self.conv1(x))
        out = self.conv2(out)
        out += residual
        return torch.relu(out)

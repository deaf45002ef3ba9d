# ResNet() @ 2,3,32,32
# The expansion belongs to the block, not to the network.
import torch
import torch.nn as nn


class Block(nn.Module):
    expansion = 1

    def __init__(self, cin, cout):
        super().__init__()
        self.conv = nn.Conv2d(cin, cout, 3, padding=1)

    def forward(self, x):
        return torch.relu(self.conv(x))


class ResNet(nn.Module):
    def __init__(self, block=Block):
        super().__init__()
        self.layer = block(3, 64)
        self.fc = nn.Linear(64 * self.expansion, 10)  # cause

    def forward(self, x):
        return self.fc(self.layer(x).mean((2, 3)))

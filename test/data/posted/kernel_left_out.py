# Net() @ 2,3,32,32
# The kernel size is missing.
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(16, 32, padding=1)  # cause

    def forward(self, x):
        return self.conv2(self.conv1(x))

# Net() @ 2,3,32,32
# The keyword of another library.
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 16, kernel_size=3, strides=2, padding=1)  # cause

    def forward(self, x):
        return self.conv(x)

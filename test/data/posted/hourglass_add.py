# Hourglass() @ 2,16,33,33
# Down by pooling, up by a factor of two: an odd size does not come back.
import torch
import torch.nn as nn


class Hourglass(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.MaxPool2d(2)
        self.conv = nn.Conv2d(16, 16, 3, padding=1)
        self.up = nn.Upsample(scale_factor=2)

    def forward(self, x):
        y = self.down(x)
        y = self.conv(y)
        y = self.up(y)
        return x + y  # cause

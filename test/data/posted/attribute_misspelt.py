# Net() @ 2,3,16,16
# The layer is called by another name than it was given.
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv_1 = nn.Conv2d(3, 8, 3, padding=1)
        self.bn_1 = nn.BatchNorm2d(8)

    def forward(self, x):
        return self.bn_1(self.conv1(x))  # cause

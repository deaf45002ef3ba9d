# Encoder() @ 2,64,32,32
# The main branch pools, the shortcut does not.
import torch
import torch.nn as nn


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(64, 64, 3, padding=1)
        self.pool = nn.MaxPool2d(2)  # cause
        self.conv2 = nn.Conv2d(64, 64, 3, padding=1)

    def forward(self, x):
        skip = x
        x = torch.relu(self.conv1(x))
        x = self.pool(x)
        x = self.conv2(x)
        return torch.relu(x + skip)

# Net() @ 2,3,32,32
# The channels do not run along with the loop.
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, widths=(16, 32, 64)):
        super().__init__()
        layers = []
        cin = 3
        for width in widths:
            layers += [nn.Conv2d(cin, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU()]  # cause
        self.net = nn.Sequential(*layers)

    def forward(self, x):
        return self.net(x)

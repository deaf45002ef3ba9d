# Separable(32, 64) @ 2,32,14,14
# The depthwise convolution is not split by its own channels.
import torch
import torch.nn as nn


class Separable(nn.Module):
    def __init__(self, cin, cout):
        super().__init__()
        self.depthwise = nn.Conv2d(cin, cin, 3, padding=1, groups=cout)  # cause
        self.pointwise = nn.Conv2d(cin, cout, 1)

    def forward(self, x):
        return self.pointwise(self.depthwise(x))

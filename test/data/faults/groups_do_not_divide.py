import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, width=20, groups=8):
        super().__init__()
        self.stem = nn.Conv2d(3, width, 3, padding=1)
        self.conv = nn.Conv2d(width, width, 3, padding=1, groups=groups)
        #           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[bad-argument]: ValueError: in_channels must be divisible by groups

    def forward(self, x):
        return self.conv(self.stem(x))


if __name__ == "__main__":
    Net()(torch.randn(2, 3, 32, 32))

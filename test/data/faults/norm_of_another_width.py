import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 32, 3, padding=1)
        #                        ^^ note: the 32 that comes in was set here
        self.bn = nn.BatchNorm2d(16)
        #                        ^^ note: num_features is 16 here

    def forward(self, x):
        return self.bn(self.conv(x))
        #      ^^^^^^^^^^^^^^^^^^^^^ error[channel-mismatch]: bn: expects 16 channels, gets 32, input [2, 32, 32, 32]; line 8 makes 32


if __name__ == "__main__":
    Net()(torch.randn(2, 3, 32, 32))

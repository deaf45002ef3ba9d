import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, growth=12):
        super().__init__()
        self.conv0 = nn.Conv2d(3, 24, 3, padding=1)
        self.conv1 = nn.Conv2d(24, growth, 3, padding=1)
        self.conv2 = nn.Conv2d(24, growth, 3, padding=1)
        #                      ^^ note: in_channels is 24 here

    def forward(self, x):
        x = self.conv0(x)
        x = torch.cat([x, self.conv1(x)], 1)
        #   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ note: makes 36 = 24 + 12 here
        return torch.cat([x, self.conv2(x)], 1)
        #                    ^^^^^^^^^^^^^ error[channel-mismatch]: conv2: expects 24 channels, gets 36, input [2, 36, 32, 32]; line 15 makes 36 = 24 + 12


if __name__ == "__main__":
    Net()(torch.randn(2, 3, 32, 32))

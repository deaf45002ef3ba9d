import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, width=16):
    #                        ^^ note: the 16 that comes in was set here
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 3, padding=1)
        self.conv2 = nn.Conv2d(2 * width, 32, 3, padding=1)
        #                      ^^^^^^^^^ note: in_channels is 32 here

    def forward(self, x):
        return self.conv2(torch.relu(self.conv1(x)))
        #      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[channel-mismatch]: conv2: expects 32 channels, gets 16, input [2, 16, 32, 32]; line 6 makes 16


if __name__ == "__main__":
    Net()(torch.randn(2, 3, 32, 32))

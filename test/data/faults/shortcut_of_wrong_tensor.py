import torch
import torch.nn as nn


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv1 = nn.Conv2d(width, 2 * width, 3, stride=2, padding=1)
        #                             ^^^^^^^^^ note: the 16 that comes in was set here
        self.conv2 = nn.Conv2d(2 * width, 2 * width, 3, padding=1)
        self.shortcut = nn.Conv2d(width, 2 * width, 1, stride=2)
        # One mistake: the projection is applied to the main branch's tensor. Given the block's input,
        # its shape fits as well.

    def forward(self, x):
        y = self.conv1(x)
        return self.conv2(y) + self.shortcut(y)
        #                      ^^^^^^^^^^^^^^^^ error[channel-mismatch]: block.shortcut: expects 8 channels, gets 16, input [2, 16, 16, 16]; line 8 makes 16


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, padding=1)
        self.block = Block(8)
        #                  ^ note: in_channels is 8 here

    def forward(self, x):
        return self.block(self.stem(x))


if __name__ == "__main__":
    Net()(torch.randn(2, 3, 32, 32))

import torch
import torch.nn as nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, inplanes, planes, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inplanes, planes, 3, stride, 1)
        self.conv2 = nn.Conv2d(planes, planes, 3, 1, 1)
        #                              ^^^^^^ note: the main branch's 32 channels are set here
        self.planes = planes

    def forward(self, x):
        short = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.planes // 4, 0))
        #                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ note: makes 24 channels, the main branch has 32
        return self.conv2(F.relu(self.conv1(x))) + short
        #      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[shortcut-mismatch]: C differs: main [2, 32, 16, 16], zero-padding shortcut [2, 24, 16, 16]; line 15 pads block


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3, padding=1)
        self.block = Block(16, 32, 2)

    def forward(self, x):
        return self.block(self.stem(x))


if __name__ == "__main__":
    Net()(torch.randn(2, 3, 32, 32))

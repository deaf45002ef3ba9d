# Net() @ 2,3,32,32
# The 1x1 convolution of the shortcut changes the channels and does not stride.
import torch
import torch.nn as nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, cin, cout, stride):
        super(Block, self).__init__()
        self.c1 = nn.Conv2d(cin, cout, 3, stride, 1)
        self.c2 = nn.Conv2d(cout, cout, 3, 1, 1)
        self.skip = nn.Conv2d(cin, cout, 1)  # cause

    def forward(self, x):
        y = F.relu(self.c1(x))
        y = self.c2(y)
        return F.relu(y + self.skip(x))


class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.body = nn.Sequential(Block(3, 32, 1), Block(32, 64, 2), Block(64, 128, 2))

    def forward(self, x):
        return self.body(x)

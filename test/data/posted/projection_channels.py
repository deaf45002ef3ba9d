# Net() @ 2,3,32,32
# The projection gives the channels of the block's inside, not those of its end.
import torch
import torch.nn as nn


class Bottleneck(nn.Module):
    def __init__(self, cin, mid, cout, stride=1):
        super().__init__()
        self.main = nn.Sequential(
            nn.Conv2d(cin, mid, 1),
            nn.ReLU(),
            nn.Conv2d(mid, mid, 3, stride, 1),
            nn.ReLU(),
            nn.Conv2d(mid, cout, 1),
        )
        self.proj = nn.Conv2d(cin, mid, 1, stride)  # cause

    def forward(self, x):
        return torch.relu(self.main(x) + self.proj(x))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = Bottleneck(3, 16, 64)
        self.b = Bottleneck(64, 32, 128, 2)

    def forward(self, x):
        return self.b(self.a(x))

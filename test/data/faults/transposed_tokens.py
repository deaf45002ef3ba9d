import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Conv2d(3, 32, 8, stride=8)
        self.mix = nn.Linear(16, 16)

    def forward(self, x):
        x = self.embed(x).flatten(2)
        y = self.mix(x).transpose(1, 2)
        #   ^^^^^^^^^^^^^^^^^^^^^^^^^^^ note: reorders the axes of one branch only
        return x + y
        #      ^^^^^ error[shortcut-mismatch]: C, L differ: main [2, 16, 32], identity shortcut [2, 32, 16]; line 13 reorders axes


if __name__ == "__main__":
    Net()(torch.randn(2, 3, 32, 32))

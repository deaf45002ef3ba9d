import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 24, 3, stride=2, padding=1)
        self.mlp = nn.Linear(24, 24)

    def forward(self, x):
        x = self.conv(x)
        y = self.mlp(x.permute(0, 2, 3, 1))
        #            ^^^^^^^^^^^^^^^^^^^^^ note: reorders the axes of one branch only
        return x + y
        #      ^^^^^ error[shortcut-mismatch]: C, W differ: main [2, 16, 16, 24], identity shortcut [2, 24, 16, 16]; line 13 reorders axes


if __name__ == "__main__":
    Net()(torch.randn(2, 3, 32, 32))

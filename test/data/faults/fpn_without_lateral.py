import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c2 = nn.Conv2d(3, 16, 3, stride=2, padding=1)
        #         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ note: makes the shortcut's 16 channels
        self.c3 = nn.Conv2d(16, 32, 3, stride=2, padding=1)
        self.lateral = nn.Conv2d(32, 8, 1)
        #              ^^^^^^^^^^^^^^^^^^^ note: makes the main branch's 8 channels

    def forward(self, x):
        c2 = self.c2(x)
        c3 = self.c3(c2)
        top = F.interpolate(self.lateral(c3), scale_factor=2)
        return c2 + top
        #      ^^^^^^^^ error[shortcut-mismatch]: C differs: main [2, 8, 16, 16], identity shortcut [2, 16, 16, 16]; line 12 makes 8 channels


if __name__ == "__main__":
    Net()(torch.randn(2, 3, 32, 32))

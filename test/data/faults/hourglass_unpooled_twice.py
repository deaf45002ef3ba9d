import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, padding=1)
        self.low = nn.Sequential(nn.MaxPool2d(2), nn.Conv2d(8, 8, 3, padding=1))

    def forward(self, x):
        x = self.stem(x)
        low = F.interpolate(self.low(x), scale_factor=4)
        #     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ note: makes 64×64 of 16×16 on one branch only
        return x + low
        #      ^^^^^^^ error[shortcut-mismatch]: H, W differ: main [2, 8, 64, 64], identity shortcut [2, 8, 32, 32]; line 14 makes 64×64 of 16×16


if __name__ == "__main__":
    Net()(torch.randn(2, 3, 32, 32))

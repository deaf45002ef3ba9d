import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.main = nn.Sequential(nn.Conv2d(3, 16, 3, stride=2, padding=1), nn.BatchNorm2d(16), nn.ReLU())
        self.shortcut = nn.Sequential(nn.AvgPool2d(2, 2), nn.Conv2d(3, 16, 1))
        #                             ^^^^^^^^^^^^^^^^^^ note: rounds down where the other branch rounds up

    def forward(self, x):
        return self.main(x) + self.shortcut(x)
        #      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[shortcut-mismatch]: H, W differ: main [1, 16, 17, 17], 1×1 projection shortcut [1, 16, 16, 16]; line 9 rounds the shortcut down


if __name__ == "__main__":
    Net()(torch.randn(1, 3, 33, 33))

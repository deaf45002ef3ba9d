import torch
import torch.nn as nn
from shared_blocks import Projected


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, padding=1)
        self.blocks = nn.Sequential(*[Projected(8 * 2**i, 16 * 2**i, stride=2) for i in range(3)])
        #                                                            ^^^^^^^^ note: strides the main branch and not the shortcut

    def forward(self, x):
        return self.blocks(self.stem(x))


if __name__ == "__main__":
    Net()(torch.randn(2, 3, 32, 32))

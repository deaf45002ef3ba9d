import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, image=64, patch=8):
    #                                  ^ note: built here
        super().__init__()
        self.embed = nn.Conv2d(3, 32, patch, stride=patch)
        self.positions = nn.Parameter(torch.zeros(1, (image // patch) ** 2, 32))
        #                                            ^^^^^^^^^^^^^^^^^^^^^ note: makes the 64 here

    def forward(self, x):
        x = self.embed(x).flatten(2).transpose(1, 2)
        return x + self.positions
        #      ^^^^^^^^^^^^^^^^^^ error[shape-mismatch]: add: cannot broadcast [2, 16, 32] with [1, 64, 32]; line 6 makes 16, line 10 64


if __name__ == "__main__":
    Net()(torch.randn(2, 3, 32, 32))

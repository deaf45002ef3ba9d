import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Conv2d(3, 32, 8, stride=8)
        self.q = nn.Linear(32, 32)
        #                      ^^ note: built here
        self.k = nn.Linear(32, 32)

    def forward(self, x):
        x = self.embed(x).flatten(2).transpose(1, 2)
        return self.q(x) @ self.k(x)
        #      ^^^^^^^^^^^^^^^^^^^^^ error[shape-mismatch]: matmul: cannot multiply [2, 16, 32] with [2, 16, 32]; the right one fits transposed


if __name__ == "__main__":
    Net()(torch.randn(2, 3, 32, 32))

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Conv2d(3, 8, 1)
        self.three = nn.Conv2d(3, 8, 3, padding=1)
        self.five = nn.Conv2d(3, 8, 5, padding=1)
        #                                      ^ note: makes the 30 here

    def forward(self, x):
        return torch.cat([self.one(x), self.three(x), self.five(x)], 1)
        #      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[shape-mismatch]: concat: cannot join [2, 8, 30, 30] with [2, 8, 32, 32] along axis 1; line 10 makes 30


if __name__ == "__main__":
    Net()(torch.randn(2, 3, 32, 32))

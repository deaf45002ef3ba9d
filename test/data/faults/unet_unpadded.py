import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc = nn.Conv2d(3, 8, 3, padding=1)
        self.down = nn.Conv2d(8, 8, 3, stride=2)
        #                                      ^ note: Pass padding=1 (line 9)
        self.up = nn.ConvTranspose2d(8, 8, 2, stride=2)
        #                                            ^ note: makes the 30 here

    def forward(self, x):
        skip = self.enc(x)
        up = self.up(self.down(skip))
        return torch.cat([skip, up], dim=1)
        #      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[shape-mismatch]: concat: cannot join [2, 8, 30, 30] with [2, 8, 32, 32] along axis 1; line 11 makes 30


if __name__ == "__main__":
    Net()(torch.randn(2, 3, 32, 32))

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc = nn.Conv2d(3, 8, 3, padding=1)
        #                          ^ note: Set kernel_size to 4 (line 8)
        self.pool = nn.MaxPool2d(2)
        #                        ^ note: built here
        self.mid = nn.Conv2d(8, 8, 3, padding=1)
        self.up = nn.Upsample(scale_factor=2)
        self.dec = nn.Conv2d(16, 8, 3, padding=1)

    def forward(self, x):
        skip = self.enc(x)
        x = self.up(self.mid(self.pool(skip)))
        x = torch.cat([x, skip], dim=1)
        #   ^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[shape-mismatch]: concat: cannot join [1, 8, 33, 33] with [1, 8, 32, 32] along axis 1; line 10 makes 32
        return self.dec(x)


if __name__ == "__main__":
    Net()(torch.randn(1, 3, 33, 33))

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(3, 16, 3, stride=2, padding=1)
        self.up = nn.ConvTranspose2d(16, 16, 2, stride=2)
        self.skip = nn.Conv2d(3, 16, 1)
        self.head = nn.Conv2d(16, 1, 1)
        #                     ^^ note: in_channels is 16 here

    def forward(self, x):
        joined = torch.cat([self.up(self.down(x)), self.skip(x)], dim=1)
        #        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ note: makes 32 = 16 + 16 here
        return self.head(joined)
        #      ^^^^^^^^^^^^^^^^^ error[channel-mismatch]: head: expects 16 channels, gets 32, input [2, 32, 32, 32]; line 15 makes 32 = 16 + 16


if __name__ == "__main__":
    Net()(torch.randn(2, 3, 32, 32))

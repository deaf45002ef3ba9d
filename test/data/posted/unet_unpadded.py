# UNet() @ 1,1,64,64
# Unpadded convolutions as in the paper, without its cropping.
import torch
import torch.nn as nn


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.Conv2d(8, 8, 3), nn.ReLU())
        self.pool = nn.MaxPool2d(2)
        self.bottom = nn.Sequential(nn.Conv2d(8, 16, 3), nn.ReLU())  # cause
        self.up = nn.ConvTranspose2d(16, 8, 2, 2)
        self.final = nn.Conv2d(16, 2, 1)

    def forward(self, x):
        d = self.down(x)
        b = self.bottom(self.pool(d))
        return self.final(torch.cat([d, self.up(b)], 1))

"""Pools that hand their places to unpools, and the rarer pools, folds and norms."""
import torch
import torch.nn as nn
import torch.nn.functional as F


def block(cin, cout):
    return nn.Sequential(nn.Conv2d(cin, cout, 3, padding=1), nn.BatchNorm2d(cout), nn.ReLU(inplace=True))


class SegNet(nn.Module):
    def __init__(self, classes=5):
        super().__init__()
        self.enc1, self.enc2 = block(3, 16), block(16, 32)
        self.pool = nn.MaxPool2d(2, 2, return_indices=True)
        self.unpool = nn.MaxUnpool2d(2, 2)
        self.dec2, self.dec1 = block(32, 16), block(16, 16)
        self.last = nn.Conv2d(16, classes, 1)

    def forward(self, x):
        x1 = self.enc1(x)
        size1 = x1.size()
        x, places1 = self.pool(x1)
        x2 = self.enc2(x)
        size2 = x2.size()
        x, places2 = self.pool(x2)
        x = self.dec2(self.unpool(x, places2, output_size=size2))
        x = F.max_unpool2d(x, places1, kernel_size=2, stride=2, output_size=size1[2:])
        return self.last(self.dec1(x))


class RarePools(nn.Module):
    def __init__(self):
        super().__init__()
        self.fractional = nn.FractionalMaxPool2d(2, output_ratio=(0.6, 0.8))
        self.power = nn.LPPool2d(2, 3, stride=2, ceil_mode=True)
        self.adaptive = nn.AdaptiveMaxPool2d((2, None), return_indices=True)
        self.columns = nn.Unfold(3, padding=1, stride=2)
        self.image = nn.Fold((8, 8), 2, stride=2)
        self.up = nn.ConvTranspose2d(12, 4, 3, stride=2, padding=1)
        self.shuffle = nn.ChannelShuffle(3)
        self.rms = nn.RMSNorm(12)
        self.across = nn.CrossMapLRN2d(3)
        self.sync = nn.SyncBatchNorm.convert_sync_batchnorm(nn.Sequential(nn.BatchNorm2d(12), nn.Softmax2d()))

    def forward(self, x):
        f = self.fractional(x)
        p = self.power(x)
        a, places = self.adaptive(x)
        c = self.columns(x)
        i = self.image(F.unfold(F.adaptive_avg_pool2d(x, 8), 2, stride=2))
        u = self.up(self.shuffle(p), output_size=(2 * p.size(2), 2 * p.size(3)))
        r = self.rms(x.permute(0, 2, 3, 1))
        return f, a, places, c, i, u, r, self.sync(self.across(x))

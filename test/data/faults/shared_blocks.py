import torch
import torch.nn as nn
import torch.nn.functional as F


def merge(main, shortcut):
    return F.relu(main + shortcut)
    #             ^^^^^^^^^^^^^^^ error[shortcut-mismatch]: H, W differ: main [2, 16, 16, 16], shortcut [2, 16, 32, 32]; line 10 strides only main of blocks.0 and 2 more blocks


class Projected(nn.Module):
    def __init__(self, width, out, stride):
        super().__init__()
        self.main = nn.Sequential(nn.Conv2d(width, out, 3, stride, 1), nn.BatchNorm2d(out))
        self.shortcut = nn.Conv2d(width, out, 1)
        #               ^^^^^^^^^^^^^^^^^^^^^^^^ note: projects without the main branch's stride

    def forward(self, x):
        return merge(self.main(x), self.shortcut(x))

# DenseBlock(16, 12, 3) @ 2,16,16,16
# Every layer of a dense block gets all that came before, not the block's input alone.
import torch
import torch.nn as nn


class DenseBlock(nn.Module):
    def __init__(self, channels, growth, count):
        super().__init__()
        self.layers = nn.ModuleList()
        for i in range(count):
            self.layers.append(nn.Conv2d(channels, growth, 3, padding=1))  # cause

    def forward(self, x):
        for layer in self.layers:
            x = torch.cat([x, torch.relu(layer(x))], 1)
        return x

"""Weights that are given to layers after they are built, some of them of another shape."""
import torch
import torch.nn as nn


class Shift(nn.Conv2d):
    def __init__(self, mean=(0.4, 0.5, 0.6), std=(1.0, 2.0, 4.0)):
        super().__init__(3, 1, kernel_size=1)
        scale = torch.Tensor(std)
        self.weight.data = torch.eye(3).view(3, 3, 1, 1) / scale.view(3, 1, 1, 1)
        self.bias.data = torch.Tensor(mean) / scale


class ByHand(nn.Module):
    def __init__(self):
        super().__init__()
        self.shift = Shift()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)
        self.conv.weight.data = torch.zeros(12, 3, 5, 5)
        self.conv.bias.data = self.conv.bias.data.new_zeros(12)
        self.norm = nn.BatchNorm2d(8)
        for name in ("weight", "bias"):
            getattr(self.norm, name).data = torch.ones(12)
        self.norm.running_mean.data = torch.zeros(12)
        self.norm.running_var.data = torch.ones(12)
        self.fc = nn.Linear(12, 5)
        self.fc.weight.data, self.fc.bias.data = torch.zeros(7, 12), torch.zeros(7)

    def forward(self, x):
        x = self.norm(self.conv(self.shift(x)))
        return self.fc(x.mean((2, 3)))

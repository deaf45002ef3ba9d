# Net() @ 2,8,20
# An even kernel with padding 1 loses one element of the sequence.
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(8, 8, kernel_size=4, padding=1)  # cause
        self.norm = nn.BatchNorm1d(8)

    def forward(self, x):
        return torch.relu(self.norm(self.conv(x)) + x)

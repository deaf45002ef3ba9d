# Net() @ 2,3,32,32
# Output and input channels in the wrong order.
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(16, 3, 3, padding=1)  # cause
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)

    def forward(self, x):
        return self.conv2(torch.relu(self.conv1(x)))

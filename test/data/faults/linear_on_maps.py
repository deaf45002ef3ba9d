import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, stride=2, padding=1)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(8, 10)
        #                   ^ note: in_features is 8 here

    def forward(self, x):
        return self.fc(self.pool(self.conv(x)))
        #      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[channel-mismatch]: fc: expects 8 features, gets 1, input [2, 8, 1, 1]; its axis 1 has 8


if __name__ == "__main__":
    Net()(torch.randn(2, 3, 32, 32))

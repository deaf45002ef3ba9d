import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 5)
        #                            ^ note: Set kernel_size to 7 (line 8)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.pool = nn.MaxPool2d(2)
        self.fc = nn.Linear(16 * 4 * 4, 10)
        #                   ^^^^^^^^^^ note: in_features is 256 here

    def forward(self, x):
        x = self.pool(torch.relu(self.conv1(x)))
        x = self.pool(torch.relu(self.conv2(x)))
        return self.fc(x.flatten(1))
        #      ^^^^^^^^^^^^^^^^^^^^^ error[channel-mismatch]: fc: expects 256 features, gets 400, input [2, 400]; line 18 makes 400 = 16·5·5
        #              ^^^^^^^^^^^^ note: makes 400 = 16·5·5 here


if __name__ == "__main__":
    Net()(torch.randn(2, 3, 32, 32))

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, stride=2, padding=1)
        #                           ^ note: Set kernel_size to 7 (line 8)
        self.fc = nn.Linear(8 * 14 * 14, 10)

    def forward(self, x):
        x = self.conv(x)
        x = x.view(x.size(0), 8 * 14 * 14)
        #   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[shape-mismatch]: reshape: [2, 8, 16, 16] does not fit into [2, 1568]; 8·16·16 = 2048 a sample
        return self.fc(x)


if __name__ == "__main__":
    Net()(torch.randn(2, 3, 32, 32))

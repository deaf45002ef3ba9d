"""One and three spatial axes."""
import torch
from torch import nn


class Residual1d(nn.Module):
    def __init__(self, cin, cout, stride=1):
        super().__init__()
        self.conv1 = nn.Conv1d(cin, cout, kernel_size=7, stride=stride, padding=3)
        self.bn = nn.BatchNorm1d(cout)
        self.conv2 = nn.Conv1d(cout, cout, kernel_size=7, padding=3)
        self.down = nn.Sequential(nn.AvgPool1d(stride, ceil_mode=True), nn.Conv1d(cin, cout, 1)) if stride > 1 or cin != cout else None

    def forward(self, x):
        out = self.conv2(self.bn(self.conv1(x)).relu())
        return torch.relu(out + (self.down(x) if self.down else x))


class Signal(nn.Module):
    def __init__(self, leads=12, classes=9):
        super().__init__()
        self.blocks = nn.Sequential(Residual1d(leads, 32, 2), Residual1d(32, 32), Residual1d(32, 64, 4))
        self.rnn = nn.GRU(64, 20, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(40, classes)

    def forward(self, x):
        x = self.blocks(x)
        x = x.transpose(1, 2)
        x, h = self.rnn(x)
        return self.fc(x[:, -1, :])


class Volume(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv3d(1, 8, (3, 7, 7), stride=(1, 2, 2), padding=(1, 3, 3), bias=False)
        self.norm = nn.BatchNorm3d(8)
        self.pool = nn.MaxPool3d((1, 3, 3), (1, 2, 2), (0, 1, 1))
        self.conv = nn.Conv3d(8, 8, 3, padding=1)
        self.avg = nn.AdaptiveAvgPool3d((1, 1, 1))
        self.fc = nn.Linear(8, 2)

    def forward(self, x):
        x = self.pool(torch.relu(self.norm(self.stem(x))))
        x = x + self.conv(x)
        x = self.avg(x)
        x = x.view(x.size(0), -1)
        return self.fc(x)

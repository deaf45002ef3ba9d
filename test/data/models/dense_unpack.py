"""Dense connections and an inception-like cell: lists of tensors, torch.cat, chunk and split."""
import torch
import torch.nn as nn


class DenseLayer(nn.Module):
    def __init__(self, cin, growth):
        super().__init__()
        self.norm = nn.BatchNorm2d(cin)
        self.conv = nn.Conv2d(cin, growth, 3, padding=1, bias=False)

    def forward(self, *features):
        x = torch.cat(features, 1)
        return self.conv(torch.relu(self.norm(x)))


class DenseBlock(nn.ModuleDict):
    def __init__(self, cin, growth, n):
        super().__init__()
        for i in range(n):
            self[f"layer{i}"] = DenseLayer(cin + i * growth, growth)

    def forward(self, x):
        features = [x]
        for name, layer in self.items():
            new = layer(*features)
            features.append(new)
        return torch.cat(features, dim=1)


class Cell(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.branches = nn.ModuleList([
            nn.Conv2d(c, 8, 1),
            nn.Sequential(nn.Conv2d(c, 8, 1), nn.Conv2d(8, 12, 3, padding=1)),
            nn.Sequential(nn.MaxPool2d(3, 1, 1), nn.Conv2d(c, 4, 1)),
        ])

    def forward(self, x):
        outs = [branch(x) for branch in self.branches]
        return torch.cat(outs, 1)


class Mixed(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3, 2, 1)
        self.dense = DenseBlock(16, 8, 3)
        self.cell = Cell(40)
        self.left = nn.Conv2d(12, 12, 3, padding=1, groups=12)
        self.head = nn.Linear(24, 4)

    def forward(self, x):
        x = self.stem(x)
        x = self.dense(x)
        x = self.cell(x)
        a, b = x.chunk(2, dim=1)
        a = self.left(a)
        first, *rest = torch.split(torch.cat((a, b), 1), [4, 8, 12], dim=1)
        y = torch.cat([first] + rest, 1)
        n, c, h, w = y.shape
        y = y.reshape(n, 2, c // 2, h, w).transpose(1, 2).contiguous().view(n, c, h, w)
        pooled = y.mean((2, 3))
        return self.head(pooled)

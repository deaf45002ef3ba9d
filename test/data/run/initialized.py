"""Networks whose code says in different ways how their weights start; recorded by scripts/truth/record_init.py."""

import math

import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)

    def forward(self, x):
        return torch.relu(x + self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x))))))


class Residual(nn.Module):
    """As torchvision's: fan_out for the convolutions, the last normalization of each block starts at 0."""

    def __init__(self, zero_init_residual=True):
        super().__init__()
        self.stem = nn.Conv2d(3, 32, 7, 2, 3, bias=False)
        self.blocks = nn.Sequential(Block(32), Block(32))
        self.fc = nn.Linear(32, 40)
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
            elif isinstance(m, (nn.BatchNorm2d, nn.GroupNorm)):
                nn.init.constant_(m.weight, 1)
                nn.init.constant_(m.bias, 0)
        if zero_init_residual:
            for m in self.modules():
                if isinstance(m, Block):
                    nn.init.constant_(m.bn2.weight, 0)

    def forward(self, x):
        return self.fc(self.blocks(self.stem(x)).mean((2, 3)))


class Transformer(nn.Module):
    """As vision transformers': truncated normal, through `apply`; a learnt position."""

    def __init__(self):
        super().__init__()
        self.patch = nn.Conv2d(3, 48, 8, 8)
        self.position = nn.Parameter(torch.zeros(1, 16, 48))
        self.scale = nn.Parameter(torch.full((48,), 1e-5))
        self.norm = nn.LayerNorm(48)
        self.fc1 = nn.Linear(48, 96)
        self.fc2 = nn.Linear(96, 48)
        nn.init.trunc_normal_(self.position, std=0.02)
        self.apply(self.start)

    def start(self, m):
        if isinstance(m, nn.Linear):
            nn.init.trunc_normal_(m.weight, std=0.02)
            nn.init.zeros_(m.bias)
        elif isinstance(m, nn.Conv2d):
            fan_out = m.kernel_size[0] * m.kernel_size[1] * m.out_channels
            m.weight.data.normal_(0, math.sqrt(2.0 / fan_out))

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2) + self.position
        return x + self.scale * self.fc2(torch.relu(self.fc1(self.norm(x))))


class Defaults(nn.Module):
    """Everything as PyTorch's layers start by themselves."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 24, 3, groups=3)
        self.line = nn.Conv1d(24, 24, 5)
        self.up = nn.ConvTranspose2d(24, 12, 4, 2)
        self.norm = nn.GroupNorm(3, 12)
        self.act = nn.PReLU(12)
        self.words = nn.Embedding(50, 32)
        self.attention = nn.MultiheadAttention(32, 4, batch_first=True)
        self.out = nn.Linear(32, 20)
        self.pair = nn.Bilinear(20, 20, 10)

    def forward(self, x):
        y = self.act(self.norm(self.up(self.conv(x))))
        z = self.line(self.conv(x).flatten(2))
        ids = torch.zeros(1, 7, dtype=torch.long)
        w = self.words(ids)
        a, _ = self.attention(w, w, w)
        o = self.out(a)
        return self.pair(o, o), y, z


class Others(nn.Module):
    """The other functions of `nn.init`."""

    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 24, 3)
        self.b = nn.Conv2d(24, 24, 3)
        self.c = nn.Conv2d(24, 24, 1)
        self.d = nn.Linear(24, 30)
        self.e = nn.Linear(30, 30)
        self.f = nn.Linear(30, 30)
        self.g = nn.Linear(30, 30)
        nn.init.xavier_uniform_(self.a.weight)
        nn.init.xavier_normal_(self.b.weight, gain=nn.init.calculate_gain("relu"))
        nn.init.kaiming_uniform_(self.c.weight, a=0.2, nonlinearity="leaky_relu")
        nn.init.normal_(self.d.weight, 0.5, 0.01)
        nn.init.uniform_(self.e.weight, -0.3, 0.1)
        nn.init.ones_(self.f.bias)
        nn.init.eye_(self.f.weight)
        with torch.no_grad():
            self.g.weight.mul_(0.5)
            self.g.bias.fill_(-2)

    def forward(self, x):
        x = self.c(self.b(self.a(x))).mean((2, 3))
        return self.g(self.f(self.e(self.d(x))))


class Structured(nn.Module):
    """Matrices whose elements hang together."""

    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(4, 12, 3, padding=1)
        self.b = nn.Conv2d(12, 10, 3, padding=1, groups=2)
        self.c = nn.Conv2d(10, 8, (3, 2))
        self.d = nn.Linear(8, 20)
        self.e = nn.Linear(20, 20)
        self.f = nn.Linear(20, 30)
        self.g = nn.Conv1d(30, 40, 1)
        nn.init.orthogonal_(self.a.weight)
        nn.init.dirac_(self.b.weight, groups=2)
        nn.init.dirac_(self.c.weight)
        nn.init.orthogonal_(self.d.weight, gain=0.5)
        nn.init.orthogonal_(self.e.weight, gain=nn.init.calculate_gain("relu"))
        nn.init.sparse_(self.f.weight, sparsity=0.33, std=0.2)
        nn.init.orthogonal_(self.g.weight)
        with torch.no_grad():
            self.c.weight.mul_(3)
            self.g.weight.mul_(-2)

    def forward(self, x):
        x = self.c(self.b(self.a(x))).mean((2, 3))
        return self.g(self.f(self.e(self.d(x))).unsqueeze(2))

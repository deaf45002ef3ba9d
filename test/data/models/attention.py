"""Non-local and spatial attention on feature maps: matmul, bmm, softmax, transpose, unsqueeze."""
import torch
import torch.nn as nn


class NonLocal(nn.Module):
    def __init__(self, channels, inner=None):
        super().__init__()
        inner = inner if inner is not None else channels // 2
        self.inner = inner
        self.theta = nn.Conv2d(channels, inner, 1)
        self.phi = nn.Conv2d(channels, inner, 1)
        self.g = nn.Conv2d(channels, inner, 1)
        self.out = nn.Conv2d(inner, channels, 1)

    def forward(self, x):
        batch = x.size(0)
        h, w = x.shape[2], x.shape[3]
        g = self.g(x).view(batch, self.inner, -1).permute(0, 2, 1)
        theta = self.theta(x).view(batch, self.inner, -1).transpose(1, 2)
        phi = self.phi(x).view(batch, self.inner, -1)
        f = torch.matmul(theta, phi)
        f = f.softmax(dim=-1)
        y = torch.bmm(f, g).transpose(1, 2).contiguous()
        y = y.view(batch, self.inner, h, w)
        return x + self.out(y)


class SpatialGate(nn.Module):
    def __init__(self, kernel=7):
        super().__init__()
        self.conv = nn.Conv2d(2, 1, kernel, padding=(kernel - 1) // 2, bias=False)

    def forward(self, x):
        avg = torch.mean(x, dim=1, keepdim=True)
        top, _ = torch.max(x, dim=1, keepdim=True)
        gate = torch.sigmoid(self.conv(torch.cat([avg, top], dim=1)))
        return x * gate


class ChannelGate(nn.Module):
    def __init__(self, channels, k=3):
        super().__init__()
        self.conv = nn.Conv1d(1, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        y = x.mean((2, 3)).unsqueeze(1)
        y = self.conv(y).squeeze(1)
        return x * torch.sigmoid(y)[:, :, None, None]


class Attentive(nn.Module):
    def __init__(self, classes=4):
        super().__init__()
        self.conv = nn.Conv2d(3, 16, 3, stride=4)
        self.mods = nn.ModuleList([NonLocal(16), SpatialGate(), ChannelGate(16)])
        self.fc = nn.Linear(16, classes)

    def forward(self, x):
        x = self.conv(x)
        for m in self.mods:
            x = m(x)
        return self.fc(x.amax(dim=(-2, -1)))

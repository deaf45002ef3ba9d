"""Weights that are computed from others: the old hooks, the new parametrizations, and layers fused by hand."""
import torch
from torch import nn
from torch.nn.utils import fuse_conv_bn_eval, parametrize, remove_weight_norm, spectral_norm, weight_norm
from torch.nn.utils.parametrizations import spectral_norm as new_spectral_norm
from torch.nn.utils.parametrizations import weight_norm as new_weight_norm


class Critic(nn.Module):
    def __init__(self, base=8):
        super().__init__()
        self.c1 = spectral_norm(nn.Conv2d(3, base, 4, 2, 1))
        self.c2 = weight_norm(nn.Conv2d(base, 2 * base, 4, 2, 1))
        self.c3 = new_weight_norm(nn.Conv2d(2 * base, base, 3))
        self.c4 = new_spectral_norm(nn.ConvTranspose2d(base, 4, 2))
        self.fc = weight_norm(nn.Linear(4, 5), dim=None)
        self.plain = remove_weight_norm(weight_norm(nn.Linear(5, 2)))

    def forward(self, x):
        x = torch.relu(self.c2(self.c1(x)))
        x = self.c4(self.c3(x)).mean(dim=(2, 3))
        return self.plain(self.fc(x))


class Symmetric(nn.Module):
    def forward(self, w):
        return w + w.transpose(0, 1)


class Scaled(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(size, 1))

    def forward(self, w):
        return w * self.scale


class Parametrized(nn.Module):
    def __init__(self, size=12):
        super().__init__()
        self.mix = nn.Linear(size, size)
        parametrize.register_parametrization(self.mix, "weight", Symmetric())
        parametrize.register_parametrization(self.mix, "weight", Scaled(size))
        self.back = nn.Linear(size, size, bias=False)
        parametrize.register_parametrization(self.back, "weight", Symmetric())
        parametrize.remove_parametrizations(self.back, "weight")

    def forward(self, x):
        return self.back(self.mix(x))


def fused():
    conv, bn = nn.Conv2d(3, 8, 3, bias=False), nn.BatchNorm2d(8)
    conv.eval(), bn.eval()
    return nn.Sequential(fuse_conv_bn_eval(conv, bn), nn.ReLU())

import torch, torch.nn as nn
from torch.nn.utils import spectral_norm

class ResBlk(nn.Module):
    def __init__(self, dim_in, dim_out, actv=nn.LeakyReLU(0.2), normalize=False, downsample=False):
        super().__init__()
        self.actv = actv; self.normalize = normalize; self.downsample = downsample
        self.learned_sc = dim_in != dim_out
        self._build_weights(dim_in, dim_out)
    def _build_weights(self, dim_in, dim_out):
        self.conv1 = nn.Conv2d(dim_in, dim_in, 3, 1, 1)
        self.conv2 = nn.Conv2d(dim_in, dim_out, 3, 1, 1)
        if self.normalize:
            self.norm1 = nn.InstanceNorm2d(dim_in, affine=True); self.norm2 = nn.InstanceNorm2d(dim_in, affine=True)
        if self.learned_sc: self.conv1x1 = nn.Conv2d(dim_in, dim_out, 1, 1, 0, bias=False)
    def _shortcut(self, x):
        if self.learned_sc: x = self.conv1x1(x)
        if self.downsample: x = nn.functional.avg_pool2d(x, 2)
        return x
    def _residual(self, x):
        if self.normalize: x = self.norm1(x)
        x = self.actv(x); x = self.conv1(x)
        if self.downsample: x = nn.functional.avg_pool2d(x, 2)
        if self.normalize: x = self.norm2(x)
        x = self.actv(x); x = self.conv2(x)
        return x
    def forward(self, x):
        x = self._shortcut(x) + self._residual(x)
        return x / 2 ** 0.5

class Discriminator(nn.Module):
    def __init__(self, img_size=64, num_domains=2, max_conv_dim=64):
        super().__init__()
        dim_in = 2**10 // img_size
        blocks = []; blocks += [nn.Conv2d(3, dim_in, 3, 1, 1)]
        repeat_num = len(bin(img_size)) - 3 - 2
        for _ in range(repeat_num):
            dim_out = min(dim_in*2, max_conv_dim)
            blocks += [ResBlk(dim_in, dim_out, downsample=True)]
            dim_in = dim_out
        blocks += [nn.LeakyReLU(0.2), nn.Conv2d(dim_out, dim_out, 4, 1, 0), nn.LeakyReLU(0.2), nn.Conv2d(dim_out, num_domains, 1, 1, 0)]
        self.main = nn.Sequential(*blocks)
    def forward(self, x, y=None):
        out = self.main(x)
        out = out.view(out.size(0), -1)
        if y is None: return out
        idx = torch.arange(y.size(0)).to(y.device)
        out = out[idx, y]
        return out

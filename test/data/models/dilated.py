"""Dilated backbone with multi-scale pooling and interpolation back to the input size."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class ASPPConv(nn.Sequential):
    def __init__(self, cin, cout, dilation):
        super(ASPPConv, self).__init__(
            nn.Conv2d(cin, cout, 3, padding=dilation, dilation=dilation, bias=False),
            nn.BatchNorm2d(cout),
            nn.ReLU(),
        )


class ASPPPooling(nn.Sequential):
    def __init__(self, cin, cout):
        super(ASPPPooling, self).__init__(nn.AdaptiveAvgPool2d(1), nn.Conv2d(cin, cout, 1, bias=False), nn.ReLU())

    def forward(self, x):
        size = x.shape[-2:]
        for mod in self:
            x = mod(x)
        return F.interpolate(x, size=size, mode="bilinear", align_corners=False)


class Segment(nn.Module):
    def __init__(self, classes=21, rates=(2, 4, 6)):
        super().__init__()
        self.backbone = nn.Sequential(
            nn.Conv2d(3, 16, 3, 2, 1), nn.ReLU(),
            nn.Conv2d(16, 32, 3, 2, 1), nn.ReLU(),
            nn.Conv2d(32, 32, 3, 1, 2, 2), nn.ReLU(),
        )
        modules = [nn.Sequential(nn.Conv2d(32, 16, 1), nn.ReLU())]
        for rate in tuple(rates):
            modules.append(ASPPConv(32, 16, rate))
        modules.append(ASPPPooling(32, 16))
        self.convs = nn.ModuleList(modules)
        self.project = nn.Conv2d(len(self.convs) * 16, classes, 1)

    def forward(self, x):
        size = x.shape[-2:]
        f = self.backbone(x)
        res = []
        for conv in self.convs:
            res.append(conv(f))
        out = self.project(torch.cat(res, dim=1))
        return {"out": F.interpolate(out, size=size, mode="bilinear", align_corners=False), "features": f}

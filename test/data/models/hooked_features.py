"""Features collected by forward hooks; hooks that change inputs and outputs; hooks that are taken back."""
from collections import OrderedDict

import torch.nn as nn
import torch.nn.functional as F


class Collect(nn.Module):
    def __init__(self, body, layers):
        super().__init__()
        self.body = body
        self.layers = layers
        self._features = {name: None for name in layers}
        for name in layers:
            dict(self.body.named_modules())[name].register_forward_hook(self.save(name))

    def save(self, name):
        def hook(_module, _inputs, output):
            self._features[name] = output

        return hook

    def forward(self, x):
        _ = self.body(x)
        return self._features


class Changing(nn.Module):
    def __init__(self, keep=True):
        super().__init__()
        self.net = nn.Sequential(
            OrderedDict([("c1", nn.Conv2d(3, 8, 3)), ("act", nn.ReLU()), ("c2", nn.Conv2d(8, 16, 3, 2))])
        )
        self.net.register_forward_pre_hook(lambda module, args: (F.pad(args[0], (2, 2, 2, 2)),))
        handle = self.net.c2.register_forward_hook(lambda module, args, out: F.avg_pool2d(out, 2))
        self.net.act.register_forward_hook(self.scale, with_kwargs=True)
        if not keep:
            handle.remove()

    @staticmethod
    def scale(module, args, kwargs, output):
        return output * 2

    def forward(self, x):
        return self.net(x)


def collected():
    body = nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1), nn.ReLU(), nn.Conv2d(8, 16, 3, 2, 1), nn.ReLU(), nn.AdaptiveAvgPool2d(1))
    return Collect(body, ["0", "2", "4"])

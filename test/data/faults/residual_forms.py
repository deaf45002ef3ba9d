"""Ways in which a residual add is written: right with a stride of 1, and with a stride of 2 the carets say what is wrong."""
import functools
import operator

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.checkpoint import checkpoint


def body(stride):
    return nn.Sequential(nn.Conv2d(8, 8, 3, stride, 1), nn.BatchNorm2d(8), nn.ReLU(), nn.Conv2d(8, 8, 3, 1, 1))


def joined(main, shortcut):
    return main + shortcut
    #      ^^^^^^^^^^^^^^^ error[shortcut-mismatch] Helper


class AddedTo(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.main = body(stride)

    def forward(self, x):
        out = self.main(x)
        out += x
      # ^^^^^^^^ error[shortcut-mismatch]
        return F.relu(out)


class Sum(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.main = body(stride)

    def forward(self, x):
        x = x + self.main(x)
        #   ^^^^^^^^^^^^^^^^ error[shortcut-mismatch]
        return x


class TorchAdd(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.main = body(stride)

    def forward(self, x):
        return torch.add(self.main(x), x)
        #      ^^^^^^^^^^^^^^^^^^^^^^^^^^ error[shortcut-mismatch]


class TorchAddKeywords(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.main = body(stride)

    def forward(self, x):
        return torch.add(input=x, other=self.main(x), alpha=0.5)
        #      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[shortcut-mismatch]


class InPlaceMethod(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.main = body(stride)

    def forward(self, x):
        out = self.main(x)
        out.add_(x)
      # ^^^^^^^^^^^ error[shortcut-mismatch]
        return out


class Method(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.main = body(stride)

    def forward(self, x):
        y = self.main(x)
        return x.add(y, alpha=2)
        #      ^^^^^^^^^^^^^^^^^ error[shortcut-mismatch]


class Dunder(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.main = body(stride)

    def forward(self, x):
        return torch.Tensor.add(self.main(x), x)
        #      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[shortcut-mismatch]


class TwoLayers(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.shortcut = nn.Conv2d(8, 8, 1)
        self.residual = body(stride)

    def forward(self, x):
        return self.shortcut(x) + self.residual(x)
        #      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[shortcut-mismatch]


class SumOfList(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.main = body(stride)

    def forward(self, x):
        return sum([self.main(x), x])
        #      ^^^^^^^^^^^^^^^^^^^^^^ error[shortcut-mismatch]


class SumOfBranches(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.branches = nn.ModuleList([nn.Identity(), body(stride), nn.Conv2d(8, 8, 1, stride)])

    def forward(self, x):
        return sum(branch(x) for branch in self.branches)
        #      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[shortcut-mismatch]


class Lambda(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.main = body(stride)
        self.shortcut = lambda x: x

    def forward(self, x):
        return self.main(x) + self.shortcut(x)
        #      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[shortcut-mismatch]


class LambdaLayer(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


class PaddedByLambda(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.main = body(stride)
        self.shortcut = LambdaLayer(lambda x: F.pad(x[:, :, ::1, ::1], (0, 0, 0, 0, 0, 0)))

    def forward(self, x):
        out = self.main(x)
        out = out + self.shortcut(x)
        #     ^^^^^^^^^^^^^^^^^^^^^^ error[shortcut-mismatch]
        return out


class Quantized(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.main = body(stride)
        self.skip_add = nn.quantized.FloatFunctional()

    def forward(self, x):
        return self.skip_add.add(self.main(x), x)
        #      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[shortcut-mismatch]


class QuantizedRelu(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.main = body(stride)
        self.skip_add_relu = torch.ao.nn.quantized.FloatFunctional()

    def forward(self, x):
        return self.skip_add_relu.add_relu(self.main(x), x)
        #      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[shortcut-mismatch]


class Helper(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.main = body(stride)

    def forward(self, x):
        return joined(self.main(x), x)


class OwnMethod(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.main = body(stride)

    def merge(self, out, identity):
        out += identity
      # ^^^^^^^^^^^^^^^ error[shortcut-mismatch]
        return out

    def forward(self, x):
        return self.merge(self.main(x), x)


class Residual(nn.Module):
    def __init__(self, fn):
        super().__init__()
        self.fn = fn

    def forward(self, x):
        return self.fn(x) + x
        #      ^^^^^^^^^^^^^^ error[shortcut-mismatch] Wrapped


class Wrapped(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.layers = nn.Sequential(nn.Conv2d(8, 8, 3, padding=1), Residual(body(stride)), nn.ReLU())

    def forward(self, x):
        return self.layers(x)


class Scaled(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.main = body(stride)

    def forward(self, x):
        return x + 0.1 * self.main(x)
        #      ^^^^^^^^^^^^^^^^^^^^^^ error[shortcut-mismatch]


class Gated(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.main = body(stride)
        self.gate = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(8, 2, 1), nn.ReLU(), nn.Conv2d(2, 8, 1), nn.Sigmoid())

    def forward(self, x):
        out = self.main(x)
        out = out * self.gate(out)
        return F.relu(out + x)
        #             ^^^^^^^ error[shortcut-mismatch]


class LayerScale(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.main = body(stride)
        self.gamma = nn.Parameter(1e-6 * torch.ones(8, 1, 1))

    def forward(self, x):
        return x + self.gamma * self.main(x)
        #      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[shortcut-mismatch]


class ReZero(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.main = body(stride)
        self.alpha = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        return self.main(x) * self.alpha + x
        #      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[shortcut-mismatch]


class DropPath(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training or self.p == 0.0:
            return x
        keep = x.new_empty(x.shape[0], *(1,) * (x.dim() - 1)).bernoulli_(1 - self.p)
        return x * keep / (1 - self.p)


class StochasticDepth(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.main = body(stride)
        self.drop_path = DropPath(0.1)

    def forward(self, x):
        return x + self.drop_path(self.main(x))
        #      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[shortcut-mismatch]


class IdentityModule(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.main = body(stride)
        self.shortcut = nn.Identity()

    def forward(self, x):
        out = self.main(x)
        out += self.shortcut(x)
      # ^^^^^^^^^^^^^^^^^^^^^^^ error[shortcut-mismatch]
        return out


class EmptySequential(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.main = body(stride)
        self.shortcut = nn.Sequential()

    def forward(self, x):
        return F.relu(self.main(x) + self.shortcut(x))
        #             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[shortcut-mismatch]


class Reduced(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.main = body(stride)

    def forward(self, x):
        return functools.reduce(operator.add, [self.main(x), x])
        #      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[shortcut-mismatch]


class ReducedByLambda(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.main = body(stride)

    def forward(self, x):
        return functools.reduce(lambda a, b: a + b, (x, self.main(x)))
        #                                    ^^^^^ error[shortcut-mismatch]


class OperatorInPlace(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.main = body(stride)

    def forward(self, x):
        out = self.main(x)
        return operator.iadd(out, x)
        #      ^^^^^^^^^^^^^^^^^^^^^ error[shortcut-mismatch]


class ThreeBranches(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.conv3 = nn.Conv2d(8, 8, 3, stride, 1)
        self.conv1 = nn.Conv2d(8, 8, 1, stride)

    def forward(self, x):
        return self.conv3(x) + self.conv1(x) + x
        #      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[shortcut-mismatch]


class Walrus(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.main = body(stride)

    def forward(self, x):
        return (out := self.main(x)) + x * (out.dim() // 4)
        #      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[shortcut-mismatch]


class Downsample(nn.Module):
    def __init__(self, stride, downsample=None):
        super().__init__()
        self.main = body(stride)
        self.downsample = downsample

    def forward(self, x):
        identity = x if self.downsample is None else self.downsample(x)
        out = self.main(x)
        return (out + identity).relu_()
        #       ^^^^^^^^^^^^^^ error[shortcut-mismatch]


class ThroughDict(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.main = body(stride)

    def forward(self, x):
        found = {"early": x}
        found["late"] = self.main(x)
        return found["early"] + found["late"]
        #      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[shortcut-mismatch]


class Loop(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.blocks = nn.ModuleList([body(1), body(stride)])

    def forward(self, x):
        for block in self.blocks:
            x = x + block(x)
            #   ^^^^^^^^^^^^ error[shortcut-mismatch]
        return x


class Checkpointed(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.main = body(stride)

    def forward(self, x):
        return checkpoint(self.main, x, use_reentrant=False) + x
        #      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[shortcut-mismatch]


class PreActivation(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.bn = nn.BatchNorm2d(8)
        self.conv = nn.Conv2d(8, 8, 3, stride, 1)

    def forward(self, x):
        return self.conv(F.relu(self.bn(x))) + x
        #      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[shortcut-mismatch]

"""Records what PyTorch computes, for the tests of the preview runtime.

Writes below test/data/run:
  narrow_resnet.safetensors, .input.npy, .program.json, .stages.json   one model's forward pass
  operators.json                                                       every operator on small inputs
With --full: torchvision's ResNet-18 at 224 pixels, into .cache/truth/run (not kept in the repository).
"""

import argparse
import base64
import json
import math
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F
import torchvision
from torch import fx, nn

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT / "test" / "data" / "run"


def formula(shape, seed, low=-2.0, high=2.0):
    """The inputs that the tests make themselves: an integer hash of the element's index."""
    count = math.prod(shape)
    mask = np.uint64(0xFFFFFFFF)
    h = ((np.arange(count, dtype=np.uint64) + np.uint64(1 + seed * 100003)) * np.uint64(2654435761)) & mask
    h ^= h >> np.uint64(15)
    h = (h * np.uint64(2246822519)) & mask
    h ^= h >> np.uint64(13)
    values = low + (high - low) * (h.astype(np.float64) / 4294967296.0)
    return torch.from_numpy(values.astype(np.float32).reshape(shape))


def encode(tensor):
    return base64.b64encode(tensor.detach().to(torch.float32).contiguous().numpy().tobytes()).decode()


# ---------------------------------------------------------------- operators


class In:
    """An input: `x` data, `w` a weight node, `i` whole numbers, `b` true or false, `n` with infinities and NaN."""

    def __init__(self, shape, kind="x", low=-2.0, high=2.0):
        self.shape, self.kind, self.low, self.high = list(shape), kind, low, high

    def tensor(self, seed):
        values = formula(self.shape, seed, self.low, self.high)
        if self.kind == "i":
            return values.floor().to(torch.int64)
        if self.kind == "b":
            return values > 0
        if self.kind == "n":
            far = torch.where(values.abs() > 1, values * math.inf, values)
            return torch.where(values.abs() < 0.25, torch.full_like(values, math.nan), far)
        return values

    def json(self):
        return {"shape": self.shape, "kind": self.kind, "low": self.low, "high": self.high}


def x(*shape, **kw):
    return In(shape, **kw)


def w(*shape, **kw):
    return In(shape, kind="w", **kw)


def ids(*shape, low=0, high=4):
    return In(shape, kind="i", low=low, high=high)


def cases():
    A = []

    def case(op, inputs, function, **args):
        A.append((op, inputs, args, function))

    # Convolutions
    def conv(shape, weight, bias=False, stride=1, padding=0, dilation=1, groups=1, kind=w):
        n = len(weight) - 2
        per = lambda v: list(v) if isinstance(v, (tuple, list)) else [v] * n
        f = [F.conv1d, F.conv2d, F.conv3d][n - 1]
        inputs = [x(*shape), kind(*weight)] + ([w(weight[0])] if bias else [])
        pads = per(padding)
        case(
            "conv", inputs,
            lambda t: f(t[0], t[1], t[2] if bias else None, per(stride), pads, per(dilation), groups),
            stride=per(stride), padding=[[p, p] for p in pads], dilation=per(dilation), groups=groups,
        )

    conv((2, 3, 7, 6), (4, 3, 3, 3), bias=True, padding=1)
    conv((1, 3, 9, 8), (5, 3, 3, 2), stride=(2, 1), padding=(1, 0))
    conv((2, 4, 6, 5), (6, 4, 1, 1))
    conv((2, 4, 7, 5), (6, 4, 1, 1), stride=2, bias=True)
    conv((1, 3, 16, 15), (4, 3, 7, 7), stride=2, padding=3)
    conv((1, 2, 11, 12), (3, 2, 3, 3), dilation=2, padding=2)
    conv((1, 2, 13, 12), (3, 2, 3, 3), dilation=2, stride=2, padding=2)
    conv((1, 8, 6, 6), (8, 2, 3, 3), groups=4, padding=1, bias=True)
    conv((1, 8, 7, 6), (16, 2, 3, 3), groups=4, padding=1, stride=2)
    conv((1, 64, 5, 5), (64, 2, 3, 3), groups=32, padding=1)
    conv((1, 40, 5, 5), (40, 20, 1, 1), groups=2)
    conv((1, 5, 7, 7), (5, 1, 3, 3), groups=5, padding=1)
    conv((2, 5, 8, 7), (10, 1, 3, 3), groups=5, padding=1, stride=2, bias=True)
    conv((1, 5, 9, 9), (5, 1, 3, 3), groups=5, padding=2, dilation=2)
    conv((1, 5, 9, 9), (5, 1, 3, 3), groups=5, padding=2, dilation=2, stride=2)
    conv((1, 4, 8, 7), (4, 1, 5, 3), groups=4, padding=(2, 1), stride=(2, 1))
    conv((2, 3, 11), (4, 3, 3), padding=1, stride=2, bias=True)
    conv((2, 4, 11), (4, 1, 3), padding=1, groups=4)
    conv((2, 4, 11), (6, 2, 3), padding=2, groups=2, dilation=2)
    conv((1, 2, 4, 5, 6), (3, 2, 3, 3, 3), padding=1, stride=(1, 2, 2), bias=True)
    conv((1, 4, 3, 5, 6), (4, 2, 1, 3, 3), padding=(0, 1, 1), groups=2)
    conv((3, 7, 6), (4, 3, 3, 3), padding=1, bias=True)
    conv((1, 3, 6, 6), (4, 3, 3, 3), padding=1, kind=x)
    conv((1, 4, 6, 6), (4, 2, 3, 3), padding=1, groups=2, kind=x)
    conv((1, 4, 6, 6), (4, 1, 3, 3), padding=1, groups=4, kind=x)
    case("conv", [x(1, 2, 5, 5), w(3, 2, 2, 2)], lambda t: F.conv2d(t[0], t[1], padding="same"),
         stride=[1, 1], padding=[[0, 1], [0, 1]], dilation=[1, 1], groups=1)

    def deconv(shape, weight, bias=False, stride=1, padding=0, extra=0, dilation=1, groups=1, kind=w):
        n = len(weight) - 2
        per = lambda v: list(v) if isinstance(v, (tuple, list)) else [v] * n
        f = [F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d][n - 1]
        out = weight[1] * groups
        inputs = [x(*shape), kind(*weight)] + ([w(out)] if bias else [])
        case(
            "conv_transpose", inputs,
            lambda t: f(t[0], t[1], t[2] if bias else None, per(stride), per(padding), per(extra), groups, per(dilation)),
            stride=per(stride), padding=per(padding), output_padding=per(extra), dilation=per(dilation), groups=groups,
        )

    deconv((2, 4, 5, 6), (4, 3, 2, 2), stride=2, bias=True)
    deconv((1, 4, 5, 6), (4, 3, 3, 3), stride=2, padding=1, extra=1)
    deconv((1, 4, 5, 6), (4, 3, 4, 4), stride=2, padding=1, bias=True)
    deconv((1, 4, 5, 6), (4, 3, 3, 3))
    deconv((1, 4, 5, 4), (4, 2, 3, 3), stride=2, padding=1, groups=2, bias=True)
    deconv((1, 3, 5, 4), (3, 2, 3, 3), dilation=2, padding=1)
    deconv((1, 3, 5, 4), (3, 2, 3, 2), stride=(2, 3), padding=(1, 0), extra=(0, 2))
    deconv((1, 3, 4, 4), (3, 2, 1, 1), stride=2)
    deconv((2, 3, 6), (3, 4, 3), stride=2, padding=1, extra=1, bias=True)
    deconv((1, 2, 3, 3, 4), (2, 3, 2, 2, 2), stride=2)
    deconv((1, 4, 5, 6), (4, 3, 2, 2), stride=2, kind=x)

    case("linear", [x(3, 5), w(4, 5), w(4)], lambda t: F.linear(*t))
    case("linear", [x(2, 3, 5), w(4, 5)], lambda t: F.linear(*t))
    case("linear", [x(5), w(4, 5), w(4)], lambda t: F.linear(*t))
    case("linear", [x(2, 5), w(5)], lambda t: F.linear(*t))
    case("adaptive_avg_pool", [x(2, 3, 4, 5, 6)], lambda t: F.adaptive_avg_pool2d(t[0], [1, 1]), output=[1, 1])
    case("linear", [x(2, 2, 3, 5), w(4, 5), w(4)], lambda t: F.linear(*t))

    # Normalizations
    for shape in [(2, 3, 4, 5), (2, 3, 7), (4, 3), (1, 3, 2, 3, 4)]:
        case("batch_norm", [x(*shape), w(3), w(3, low=0.1, high=3.0), w(3), w(3)],
             lambda t: F.batch_norm(t[0], t[1], t[2], t[3], t[4], False, 0.1, 1e-5), eps=1e-5)
    case("batch_norm", [x(2, 3, 4, 5), w(3), w(3, low=0.1, high=3.0)],
         lambda t: F.batch_norm(t[0], t[1], t[2], None, None, False, 0.1, 1e-3), eps=1e-3)
    case("layer_norm", [x(2, 3, 8), w(8), w(8)], lambda t: F.layer_norm(t[0], [8], t[1], t[2], 1e-5), normalized=1, eps=1e-5)
    case("layer_norm", [x(2, 3, 4, 5), w(3, 4, 5), w(3, 4, 5)],
         lambda t: F.layer_norm(t[0], [3, 4, 5], t[1], t[2], 1e-6), normalized=3, eps=1e-6)
    case("layer_norm", [x(2, 6)], lambda t: F.layer_norm(t[0], [6]), normalized=1, eps=1e-5)
    case("group_norm", [x(2, 6, 4, 3), w(6), w(6)], lambda t: F.group_norm(t[0], 3, t[1], t[2], 1e-5), groups=3, eps=1e-5)
    case("group_norm", [x(2, 6, 5)], lambda t: F.group_norm(t[0], 2), groups=2, eps=1e-5)
    case("group_norm", [x(3, 6), w(6), w(6)], lambda t: F.group_norm(t[0], 2, t[1], t[2]), groups=2, eps=1e-5)
    case("instance_norm", [x(2, 3, 4, 5), w(3), w(3)], lambda t: F.instance_norm(t[0], None, None, t[1], t[2]), eps=1e-5)
    case("instance_norm", [x(2, 3, 6)], lambda t: F.instance_norm(t[0]), eps=1e-5)
    case("local_response_norm", [x(2, 7, 3, 4)], lambda t: F.local_response_norm(t[0], 5, 0.1, 0.75, 2.0),
         size=5, alpha=0.1, beta=0.75, k=2.0)
    case("local_response_norm", [x(2, 7, 3, 4)], lambda t: F.local_response_norm(t[0], 4, 0.1, 0.5, 1.0),
         size=4, alpha=0.1, beta=0.5, k=1.0)

    # Pools
    def pool(kind, shape, kernel, stride=None, padding=0, dilation=1, ceil=False, count=True, divisor=None):
        n = len(kernel)
        per = lambda v: list(v) if isinstance(v, (tuple, list)) else [v] * n
        stride = kernel if stride is None else per(stride)
        if kind == "max":
            f = [F.max_pool1d, F.max_pool2d, F.max_pool3d][n - 1]
            case("max_pool", [x(*shape)], lambda t: f(t[0], kernel, stride, per(padding), per(dilation), ceil),
                 kernel=list(kernel), stride=list(stride), padding=per(padding), dilation=per(dilation), ceil_mode=ceil)
        else:
            f = [F.avg_pool1d, F.avg_pool2d, F.avg_pool3d][n - 1]
            extra = {} if n == 1 else {"divisor_override": divisor}
            case("avg_pool", [x(*shape)], lambda t: f(t[0], kernel, stride, per(padding), ceil, count, **extra),
                 kernel=list(kernel), stride=list(stride), padding=per(padding), ceil_mode=ceil, count_include_pad=count,
                 divisor=divisor)

    pool("max", (2, 3, 9, 8), [3, 3], 2, 1)
    pool("max", (1, 3, 8, 8), [2, 2])
    pool("max", (1, 3, 7, 9), [2, 2], ceil=True)
    pool("max", (1, 3, 10, 9), [3, 2], (2, 3), (1, 1), ceil=True)
    pool("max", (1, 3, 9, 9), [3, 3], 1, 1)
    pool("max", (1, 2, 11, 10), [3, 3], 2, 1, 2)
    pool("max", (1, 2, 9, 9), [1, 1], 2)
    pool("max", (2, 3, 11), [3], 2, 1)
    pool("max", (1, 2, 5, 6, 7), [2, 2, 2])
    pool("max", (1, 2, 5, 6, 7), [3, 3, 3], 2, 1)
    pool("max", (3, 9, 8), [3, 3], 2, 1)
    pool("avg", (2, 3, 9, 8), [3, 3], 2, 1)
    pool("avg", (2, 3, 9, 8), [3, 3], 2, 1, count=False)
    pool("avg", (1, 3, 7, 9), [2, 2])
    pool("avg", (1, 3, 7, 9), [2, 2], ceil=True)
    pool("avg", (1, 3, 10, 9), [3, 2], (2, 3), (1, 1), ceil=True)
    pool("avg", (1, 3, 10, 9), [3, 2], (2, 3), (1, 1), ceil=True, count=False)
    pool("avg", (1, 3, 8, 8), [2, 2], divisor=3)
    pool("avg", (1, 2, 9, 9), [1, 1], 2)
    pool("avg", (2, 3, 11), [3], 2, 1)
    pool("avg", (1, 2, 5, 6, 7), [2, 2, 2])
    pool("avg", (1, 2, 5, 6, 7), [3, 3, 3], 2, 1, count=False)
    pool("avg", (3, 9, 8), [3, 3], 2, 1)
    for shape, out in [((2, 3, 7, 6), [1, 1]), ((2, 3, 8, 6), [4, 3]), ((2, 3, 7, 6), [3, 4]), ((1, 2, 3, 3), [5, 7]),
                       ((2, 3, 7, 6), [None, 2]), ((3, 7, 6), [2, 2])]:
        case("adaptive_avg_pool", [x(*shape)], lambda t, o=out: F.adaptive_avg_pool2d(t[0], o), output=out)
        if None not in out:
            case("adaptive_max_pool", [x(*shape)], lambda t, o=out: F.adaptive_max_pool2d(t[0], o), output=out)
    case("adaptive_avg_pool", [x(2, 3, 7)], lambda t: F.adaptive_avg_pool1d(t[0], 3), output=[3])
    case("adaptive_avg_pool", [x(1, 2, 4, 5, 6)], lambda t: F.adaptive_avg_pool3d(t[0], [1, 1, 1]), output=[1, 1, 1])
    case("adaptive_avg_pool", [x(1, 2, 4, 5, 6)], lambda t: F.adaptive_avg_pool3d(t[0], [2, 3, 3]), output=[2, 3, 3])
    case("adaptive_max_pool", [x(2, 3, 7)], lambda t: F.adaptive_max_pool1d(t[0], 3), output=[3])

    # Elementwise
    wide = lambda: x(2, 3, 4, 5, low=-8, high=8)
    positive = lambda: x(2, 3, 4, 5, low=0.05, high=6)
    unary = [
        ("relu", F.relu, {}), ("relu6", F.relu6, {}), ("leaky_relu", lambda v: F.leaky_relu(v, 0.2), {"slope": 0.2}),
        ("elu", lambda v: F.elu(v, 0.7), {"alpha": 0.7}), ("selu", F.selu, {}),
        ("celu", lambda v: F.celu(v, 0.7), {"alpha": 0.7}), ("gelu", F.gelu, {"approximate": "none"}),
        ("gelu", lambda v: F.gelu(v, approximate="tanh"), {"approximate": "tanh"}), ("silu", F.silu, {}),
        ("mish", F.mish, {}), ("sigmoid", torch.sigmoid, {}), ("log_sigmoid", F.logsigmoid, {}), ("tanh", torch.tanh, {}),
        ("hardtanh", lambda v: F.hardtanh(v, -0.5, 2.0), {"low": -0.5, "high": 2.0}), ("hardswish", F.hardswish, {}),
        ("hardsigmoid", F.hardsigmoid, {}), ("softplus", lambda v: F.softplus(v, 2, 5), {"beta": 2, "threshold": 5}),
        ("softplus", F.softplus, {"beta": 1, "threshold": 20}), ("softsign", F.softsign, {}), ("exp", torch.exp, {}),
        ("abs", torch.abs, {}), ("neg", torch.neg, {}), ("square", torch.square, {}), ("sin", torch.sin, {}),
        ("cos", torch.cos, {}), ("floor", torch.floor, {}), ("ceil", torch.ceil, {}), ("round", torch.round, {}),
        ("sign", torch.sign, {}), ("erf", torch.erf, {}), ("clamp", lambda v: v.clamp(-1, 2.5), {"low": -1, "high": 2.5}),
        ("clamp", lambda v: v.clamp(min=0.5), {"low": 0.5, "high": None}),
        ("clamp", lambda v: v.clamp(max=0.5), {"low": None, "high": 0.5}), ("identity", lambda v: v, {}),
    ]
    for op, f, args in unary:
        case(op, [wide()], lambda t, f=f: f(t[0]), **args)
    for op, f in [("log", torch.log), ("sqrt", torch.sqrt), ("rsqrt", torch.rsqrt), ("reciprocal", torch.reciprocal)]:
        case(op, [positive()], lambda t, f=f: f(t[0]))
    case("neg", [ids(3, 4, low=-5, high=5)], lambda t: -t[0])
    case("relu", [x(3)], lambda t: F.relu(t[0]))
    case("prelu", [wide(), w(3)], lambda t: F.prelu(t[0], t[1]))
    case("prelu", [wide(), w(1)], lambda t: F.prelu(t[0], t[1]))
    case("prelu", [x(4, 3), w(3)], lambda t: F.prelu(t[0], t[1]))
    case("cast", [wide()], lambda t: t[0].to(torch.int64), dtype="int64")
    case("cast", [ids(3, 4)], lambda t: t[0].float(), dtype="float32")
    case("cast", [wide()], lambda t: t[0].to(torch.bool), dtype="bool")
    case("logical_not", [In([3, 4], kind="b")], lambda t: ~t[0])

    binary = [
        ("add", torch.add), ("sub", torch.sub), ("mul", torch.mul), ("div", torch.div), ("maximum", torch.maximum),
        ("minimum", torch.minimum), ("eq", torch.eq), ("ne", torch.ne), ("lt", torch.lt), ("le", torch.le),
        ("gt", torch.gt), ("ge", torch.ge), ("floor_div", torch.floor_divide), ("remainder", torch.remainder),
    ]
    pairs = [([2, 3, 4, 5], [2, 3, 4, 5]), ([2, 3, 4, 5], [3, 1, 1]), ([2, 3, 4, 5], [5]), ([2, 3, 1, 5], [1, 3, 4, 1]),
             ([2, 1, 4], [3, 1]), ([3, 4], [3, 4]), ([2, 3, 4, 5], [1]), ([5], [2, 3, 4, 5])]
    for op, f in binary:
        for a, b in pairs if op in ("add", "mul") else pairs[:3]:
            case(op, [x(*a), x(*b)], lambda t, f=f: f(t[0], t[1]))
        case(op, [ids(2, 3, 4, low=-6, high=6), ids(2, 3, 4, low=1, high=4)], lambda t, f=f: f(t[0], t[1]))
        case(op, [x(2, 3, 4, 5)], lambda t, f=f: f(t[0], torch.tensor(0.75)), right=0.75)
    case("add", [x(2, 3), x(2, 3)], lambda t: torch.add(t[0], t[1], alpha=2.5), alpha=2.5)
    case("sub", [x(2, 3), x(2, 3)], lambda t: torch.sub(t[0], t[1], alpha=3), alpha=3)
    case("sub", [x(2, 3, 4, 5)], lambda t: 1 - t[0], left=1)
    case("div", [positive()], lambda t: 2.5 / t[0], left=2.5)
    case("add", [ids(3, 4)], lambda t: t[0] + 2, right=2)
    case("mul", [ids(3, 4)], lambda t: t[0] * 0.5, right=0.5)
    case("add", [x(2, 3), ids(2, 3)], lambda t: t[0] + t[1])
    case("pow", [positive(), x(5)], lambda t: t[0] ** t[1])
    case("pow", [x(2, 3, 4, 5)], lambda t: t[0] ** 2, right=2)
    case("pow", [x(2, 3, 4, 5)], lambda t: t[0] ** 3, right=3)
    case("pow", [positive()], lambda t: 2 ** t[0], left=2)
    bools = lambda: In([2, 3, 4, 5], kind="b")
    case("logical_and", [bools(), In([4, 5], kind="b")], lambda t: torch.logical_and(t[0], t[1]))
    case("logical_or", [bools(), In([4, 5], kind="b")], lambda t: torch.logical_or(t[0], t[1]))
    case("where", [bools(), x(2, 3, 4, 5), x(3, 1, 1)], lambda t: torch.where(*t))
    case("where", [In([4, 1], kind="b"), x(2, 3, 4, 5), x(1)], lambda t: torch.where(*t))
    case("where", [In([6], kind="b"), x(6), x(6)], lambda t: torch.where(*t))

    # Softmax, products
    for axis in (-1, 1, 2):
        case("softmax", [x(2, 3, 4, 5)], lambda t, a=axis: F.softmax(t[0], a), axis=axis)
        case("log_softmax", [x(2, 3, 4, 5)], lambda t, a=axis: F.log_softmax(t[0], a), axis=axis)
    case("softmax", [x(4, 7)], lambda t: F.softmax(t[0], 1), axis=1)
    case("softmax", [x(7)], lambda t: F.softmax(t[0], 0), axis=0)
    for a, b in [([3, 4], [4, 5]), ([2, 3, 4], [2, 4, 5]), ([2, 3, 4], [4, 5]), ([3, 4], [2, 4, 5]),
                 ([2, 1, 3, 4], [5, 4, 2]), ([4], [4]), ([4], [4, 5]), ([3, 4], [4]), ([2, 3, 4], [4]), ([4], [2, 4, 3]),
                 ([2, 3, 4, 5], [2, 3, 5, 2])]:
        case("matmul", [x(*a), x(*b)], lambda t: t[0] @ t[1])
    for equation, shapes in [("ij,jk->ik", [(3, 4), (4, 5)]), ("bij,bjk->bik", [(2, 3, 4), (2, 4, 5)]),
                             ("bhqd,bhkd->bhqk", [(2, 2, 3, 4), (2, 2, 5, 4)]), ("nchw->nc", [(2, 3, 4, 5)]),
                             ("ij->ji", [(3, 4)]), ("i,j->ij", [(3,), (4,)]), ("ij,ij->i", [(3, 4), (3, 4)]),
                             ("ij,jk,kl->il", [(2, 3), (3, 4), (4, 5)]), ("...ij,...jk->...ik", [(2, 3, 4), (2, 4, 5)]),
                             ("nctkv,kvw->nctw", [(2, 3, 4, 2, 5), (2, 5, 5)]), ("ij,jk", [(3, 4), (4, 5)]),
                             ("bc,bc->b", [(2, 3), (2, 3)]), ("i,i->", [(5,), (5,)])]:
        case("einsum", [x(*s) for s in shapes], lambda t, e=equation: torch.einsum(e, *t), equation=equation)
    qkv = lambda: [x(2, 2, 5, 4), x(2, 2, 7, 4), x(2, 2, 7, 3)]
    case("attention", qkv(), lambda t: F.scaled_dot_product_attention(*t), causal=False)
    case("attention", qkv(), lambda t: F.scaled_dot_product_attention(*t, is_causal=True), causal=True)
    case("attention", qkv(), lambda t: F.scaled_dot_product_attention(*t, scale=0.3), causal=False, scale=0.3)
    case("attention", qkv() + [x(5, 7)], lambda t: F.scaled_dot_product_attention(*t[:3], attn_mask=t[3]), causal=False)
    case("attention", qkv() + [In([5, 7], kind="b", low=-1, high=3)],
         lambda t: F.scaled_dot_product_attention(*t[:3], attn_mask=t[3]), causal=False)

    # Shapes
    case("reshape", [x(2, 3, 4, 5)], lambda t: t[0].flatten(1), shape=[2, 60])
    case("reshape", [x(2, 3, 1, 1)], lambda t: t[0].flatten(1), shape=[2, 3])
    case("reshape", [x(2, 6, 4)], lambda t: t[0].view(2, 2, 3, 4), shape=[2, 2, 3, 4])
    case("permute", [x(2, 3, 4, 5)], lambda t: t[0].permute(0, 2, 3, 1), axes=[0, 2, 3, 1])
    case("permute", [x(2, 3, 4, 5)], lambda t: t[0].permute(3, 1, 0, 2), axes=[3, 1, 0, 2])
    case("permute", [x(2, 3, 4)], lambda t: t[0].transpose(1, 2), axes=[0, 2, 1])
    case("permute", [x(2, 3, 4, 5, 2, 3)], lambda t: t[0].permute(0, 2, 4, 1, 3, 5), axes=[0, 2, 4, 1, 3, 5])
    case("expand", [x(2, 3, 1, 1)], lambda t: t[0].expand(2, 3, 4, 5), shape=[2, 3, 4, 5])
    case("expand", [x(3, 1)], lambda t: t[0].expand(2, 3, 4), shape=[2, 3, 4])
    case("expand", [In([3, 1], kind="b")], lambda t: t[0].expand(2, 3, 4), shape=[2, 3, 4])
    case("repeat", [x(2, 3)], lambda t: t[0].repeat(2, 1, 3), times=[2, 1, 3])
    for axis in (0, 1, -1):
        case("concat", [x(2, 3, 4, 5), x(2, 3, 4, 5)], lambda t, a=axis: torch.cat(t, a), axis=axis)
        case("stack", [x(2, 3, 4), x(2, 3, 4)], lambda t, a=axis: torch.stack(t, a), axis=axis)
    case("concat", [x(2, 1, 4, 5), x(2, 3, 4, 5), x(2, 2, 4, 5)], lambda t: torch.cat(t, 1), axis=1)
    case("split", [x(2, 7, 4, 5)], lambda t: t[0].split([2, 4, 1], 1), axis=1, sizes=[2, 4, 1])
    case("split", [x(2, 6, 4)], lambda t: t[0].chunk(2, -1), axis=2, sizes=[2, 2])
    case("slice", [x(2, 6, 7, 5)], lambda t: t[0][:, 1:5, ::2, 1:], starts=[0, 1, 0, 1], ends=[2, 5, 7, 5], steps=[1, 1, 2, 1])
    case("slice", [x(9, 8)], lambda t: t[0][1:8:3, :-2], starts=[1, 0], ends=[8, 6], steps=[3, 1])
    case("gather_index", [x(2, 5, 4, 3)], lambda t: t[0][:, [3, 0, -1, 3]], axis=1, indices=[3, 0, -1, 3])
    case("gather_index", [x(2, 5)], lambda t: t[0][[1, 1, 0]], axis=0, indices=[1, 1, 0])
    case("flip", [x(2, 3, 4, 5)], lambda t: t[0].flip([1, 3]), axes=[1, 3])
    case("flip", [x(2, 3, 4, 5)], lambda t: t[0].flip([-2]), axes=[2])
    case("roll", [x(2, 3, 4, 5)], lambda t: torch.roll(t[0], [1, -2], [2, 3]), shifts=[1, -2], axes=[2, 3])
    case("roll", [x(2, 3, 4)], lambda t: torch.roll(t[0], 5), shifts=[5], axes=None)
    case("pad", [x(2, 3, 4, 5)], lambda t: F.pad(t[0], [1, 2, 0, 3], value=0.5),
         sides=[[0, 0], [0, 0], [0, 3], [1, 2]], mode="constant", value=0.5)
    case("pad", [x(2, 3, 4, 5)], lambda t: F.pad(t[0], [0, 0, 0, 0, 1, 2]),
         sides=[[0, 0], [1, 2], [0, 0], [0, 0]], mode="constant", value=0)
    case("pad", [x(2, 3, 4, 5)], lambda t: F.pad(t[0], [-1, 2, 1, -2]),
         sides=[[0, 0], [0, 0], [1, -2], [-1, 2]], mode="constant", value=0)
    for mode in ("reflect", "replicate", "circular"):
        case("pad", [x(2, 3, 4, 5)], lambda t, m=mode: F.pad(t[0], [1, 2, 3, 0], mode=m),
             sides=[[0, 0], [0, 0], [3, 0], [1, 2]], mode=mode, value=0)
    case("pixel_shuffle", [x(2, 12, 3, 4)], lambda t: F.pixel_shuffle(t[0], 2), factor=2)
    case("pixel_unshuffle", [x(2, 3, 6, 4)], lambda t: F.pixel_unshuffle(t[0], 2), factor=2)
    case("embedding", [ids(2, 3, low=0, high=6), w(6, 4)], lambda t: F.embedding(t[0], t[1]))
    def write(t, index, value):
        out = t[0].clone()
        out[index] = value
        return out

    case("assign", [x(4, 6), x(2, 3)], lambda t: write(t, (slice(1, 3), slice(0, None, 2)), t[1]),
         selected=[2, 3], views=[["slice", [1, 0], [3, 6], [1, 2]]], value=None)
    case("assign", [x(2, 3, 4, 5), x(3, 1)], lambda t: write(t, (slice(None), slice(None), -1, slice(1, -1)), t[1]),
         selected=[2, 3, 3], views=[["select", 2, -1], ["slice", [0, 0, 1], [2, 3, -1], [1, 1, 1]]], value=None)
    case("assign", [x(4, 6)], lambda t: write(t, (slice(2, None), 3), 1.5),
         selected=[2], views=[["select", 1, 3], ["slice", [2], [4], [1]]], value=1.5)
    case("assign", [ids(5)], lambda t: write(t, slice(None, 2), 7), selected=[2], views=[["slice", [0], [2], [1]]], value=7)
    case("batch_norm", [x(2, 3, 5), w(3)], lambda t: F.batch_norm(t[0], None, None, t[1], None, True),
         training=True, running=False, scaled=True, eps=1e-5, spatial=None)
    case("batch_norm", [x(2, 3, 5), w(3)], lambda t: F.batch_norm(t[0], None, None, None, t[1], True),
         training=True, running=False, scaled=False, eps=1e-5, spatial=None)
    case("constant", [], lambda t: torch.full((2, 3), 1.5), fill=1.5, shape=[2, 3])
    case("constant", [], lambda t: torch.tensor([[1.0, -2.0], [0.5, 4.0]]), values=[1, -2, 0.5, 4], shape=[2, 2])
    case("arange", [], lambda t: torch.arange(2, 11, 3), start=2, end=11, step=3, dtype="int64")
    case("cumsum", [x(2, 3, 4, 5)], lambda t: t[0].cumsum(1), axis=1)
    case("cumsum", [x(6)], lambda t: t[0].cumsum(0), axis=0)

    # Reductions
    many = [([2, 3], [-1, -2]), ([1], [1]), (None, None), ([0, 1, 2, 3], [0, 1, 2, 3])]
    for axes, dims in many:
        for keep in (False, True):
            for op, f in [
                ("mean", lambda v, d, k: v.mean(d, k) if d is not None else v.mean(dim=list(range(v.ndim)), keepdim=k)),
                ("sum", lambda v, d, k: v.sum(d if d is not None else list(range(v.ndim)), k)),
                ("max", lambda v, d, k: v.amax(d if d is not None else list(range(v.ndim)), k)),
                ("min", lambda v, d, k: v.amin(d if d is not None else list(range(v.ndim)), k)),
                ("var", lambda v, d, k: v.var(d, correction=1, keepdim=k)),
                ("std", lambda v, d, k: v.std(d, correction=0, keepdim=k)),
                ("norm", lambda v, d, k: torch.linalg.vector_norm(v, 2, d, k)),
            ]:
                extra = {"var": {"correction": 1}, "std": {"correction": 0}, "norm": {"p": 2}}.get(op, {})
                case(op, [x(2, 3, 4, 5)], lambda t, f=f, d=dims, k=keep: f(t[0], d, k), axes=axes, keepdim=keep, **extra)
    case("sum", [ids(2, 3, 4)], lambda t: t[0].sum(1), axes=[1], keepdim=False)
    case("mean", [x(3, 4)], lambda t: t[0].mean(1), axes=[1], keepdim=False)
    case("prod", [x(2, 3, 4)], lambda t: t[0].prod(1), axes=[1], keepdim=False)
    case("prod", [x(2, 3, 4)], lambda t: t[0].prod(2, True), axes=[2], keepdim=True)
    for op, f in [("argmax", torch.argmax), ("argmin", torch.argmin)]:
        case(op, [x(2, 3, 4, 5)], lambda t, f=f: f(t[0], 1), axes=[1], keepdim=False)
        case(op, [x(2, 3, 4, 5)], lambda t, f=f: f(t[0], -1, True), axes=[3], keepdim=True)
        case(op, [x(2, 3, 4)], lambda t, f=f: f(t[0]), axes=None, keepdim=False)
    case("max_with_indices", [x(2, 3, 4, 5)], lambda t: tuple(t[0].max(1)), axis=1, keepdim=False)
    case("min_with_indices", [x(2, 3, 4)], lambda t: tuple(t[0].min(-1, True)), axis=-1, keepdim=True)
    case("logsumexp", [x(2, 3, 4, 5)], lambda t: t[0].logsumexp([1, 2]), axes=[1, 2], keepdim=False)
    case("sum", [x(2, 3, 4)], lambda t: t[0].sum([]), axes=[], keepdim=False)
    case("mean", [x(2, 3, 4, 5)], lambda t: t[0].mean(1), axes=1, keepdim=False)
    case("any", [In([2, 3, 4], kind="b", low=-6, high=1)], lambda t: t[0].any(1), axes=[1], keepdim=False)
    case("all", [In([2, 3, 4], kind="b", low=-1, high=3)], lambda t: t[0].all(1, True), axes=[1], keepdim=True)
    case("any", [x(2, 3, 4)], lambda t: t[0].any(), axes=None, keepdim=False)
    case("norm", [x(2, 3, 4)], lambda t: torch.linalg.vector_norm(t[0], 1, 1), p=1, axes=[1], keepdim=False)
    case("norm", [x(2, 3, 4)], lambda t: torch.linalg.vector_norm(t[0], 3, 1), p=3, axes=[1], keepdim=False)
    case("norm", [x(2, 3, 4)], lambda t: torch.linalg.vector_norm(t[0], float("inf"), 1), p="inf", axes=[1], keepdim=False)

    # Products and views by their other names
    for axis in (None,):
        for shape in [(2, 3), (2, 3, 4), (5,), (2, 3, 4, 5)]:
            case("softmax", [x(*shape)], lambda t: F.softmax(t[0], dim=None), axis=None)
    case("bmm", [x(2, 3, 4), x(2, 4, 5)], lambda t: torch.bmm(*t))
    case("mm", [x(3, 4), x(4, 5)], lambda t: torch.mm(*t))
    case("addmm", [x(5), x(3, 4), x(4, 5)], lambda t: torch.addmm(*t, beta=0.5, alpha=2.0), beta=0.5, alpha=2.0)
    case("addmm", [x(3, 5), x(3, 4), x(4, 5)], lambda t: torch.addmm(*t))
    case("baddbmm", [x(2, 3, 5), x(2, 3, 4), x(2, 4, 5)], lambda t: torch.baddbmm(*t, beta=0.5), beta=0.5)
    case("bilinear", [x(2, 3), x(2, 4), w(5, 3, 4), w(5)], lambda t: F.bilinear(*t))
    case("bilinear", [x(2, 6, 3), x(2, 6, 4), w(5, 3, 4)], lambda t: F.bilinear(*t))
    case("flatten", [x(2, 3, 4, 5)], lambda t: t[0].flatten(1), start=1, end=-1)
    case("flatten", [x(2, 3, 4, 5)], lambda t: t[0].flatten(0, 2), start=0, end=2)
    case("unflatten", [x(2, 12, 4)], lambda t: t[0].unflatten(1, [3, -1]), axis=1, sizes=[3, -1])
    case("squeeze", [x(2, 3, 1, 1)], lambda t: t[0].squeeze(), axes=None)
    case("squeeze", [x(2, 1, 3, 1)], lambda t: t[0].squeeze(1), axes=1)
    case("unsqueeze", [x(2, 3, 4)], lambda t: t[0].unsqueeze(-1), axis=-1)
    case("unsqueeze", [x(2, 3, 4)], lambda t: t[0].unsqueeze(1), axis=1)
    case("transpose", [x(2, 3, 4, 5)], lambda t: t[0].transpose(1, -1), a=1, b=-1)
    case("select", [x(2, 3, 4, 5)], lambda t: t[0].select(1, -1), axis=1, index=-1)
    case("unbind", [x(2, 3, 4)], lambda t: t[0].unbind(1), axis=1)
    case("chunk", [x(2, 7, 4)], lambda t: t[0].chunk(3, 1), axis=1, chunks=3)
    case("split", [x(2, 7, 4, 4)], lambda t: t[0].split(3, 1), axis=1, sizes=3)
    case("slice", [x(2, 6, 7)], lambda t: t[0][:, -4:, :-1:3], starts=[None, -4, None], ends=[None, None, -1], steps=[None, None, 3])
    case("gather_index", [x(2, 5, 4), ids(3, 2, low=-5, high=5)], lambda t: t[0][:, t[1]], axis=1)
    case("repeat_interleave", [x(2, 3, 4)], lambda t: t[0].repeat_interleave(3, 1), repeats=3, axis=1)
    case("repeat_interleave", [x(2, 3)], lambda t: t[0].repeat_interleave(2), repeats=2, axis=None)
    case("unfold", [x(2, 3, 6, 7)], lambda t: F.unfold(t[0], [3, 2], dilation=[1, 2], padding=[1, 0], stride=[2, 1]),
         kernel=[3, 2], dilation=[1, 2], padding=[1, 0], stride=[2, 1])
    case("unfold", [x(3, 5, 5)], lambda t: F.unfold(t[0], 2), kernel=[2, 2], dilation=[1, 1], padding=[0, 0], stride=[1, 1])
    case("unfold_axis", [x(2, 3, 9, 4)], lambda t: t[0].unfold(2, 4, 2), axis=2, size=4, step=2)
    case("one_hot", [ids(2, 3, low=0, high=4)], lambda t: F.one_hot(t[0], 5), classes=5)
    for axis in (1, -1):
        case("glu", [x(2, 4, 6)], lambda t, a=axis: F.glu(t[0], a), axis=axis)
    for op, f, args in [
        ("hardshrink", lambda v: F.hardshrink(v, 0.7), {"lambda": 0.7}), ("softshrink", lambda v: F.softshrink(v, 0.7), {"lambda": 0.7}),
        ("tanhshrink", F.tanhshrink, {}), ("threshold", lambda v: F.threshold(v, 0.3, -4.0), {"threshold": 0.3, "value": -4.0}),
        ("trunc", torch.trunc, {}), ("isnan", torch.isnan, {}), ("dropout", lambda v: F.dropout(v, 0.5, False), {"p": 0.5}),
    ]:
        case(op, [wide()], lambda t, f=f: f(t[0]), **args)
    case("expm1", [x(2, 3, 4)], lambda t: torch.expm1(t[0]))
    case("tan", [x(2, 3, 4, low=-1.2, high=1.2)], lambda t: torch.tan(t[0]))
    for op, f in [("log2", torch.log2), ("log10", torch.log10), ("log1p", torch.log1p)]:
        case(op, [positive()], lambda t, f=f: f(t[0]))
    case("atan2", [x(2, 3, 4), x(4)], lambda t: torch.atan2(*t))
    case("logical_xor", [bools(), In([4, 5], kind="b")], lambda t: torch.logical_xor(*t))
    for rounding in ("floor", "trunc"):
        case("div", [x(2, 3, 4, low=-9, high=9), x(4)], lambda t, r=rounding: torch.div(*t, rounding_mode=r), rounding=rounding)
    case("where", [bools(), x(2, 3, 4, 5)], lambda t: torch.where(t[0], t[1], -0.5), right=-0.5)
    case("where", [bools(), x(2, 3, 4, 5)], lambda t: torch.where(t[0], 2.5, t[1]), left=2.5)
    for shape in [(2, 3, 4, 5), (4, 3)]:
        case("batch_norm", [x(*shape), w(3), w(3)], lambda t: F.batch_norm(t[0], None, None, t[1], t[2], True, 0.1, 1e-5),
             eps=1e-5, training=True, channels=3)
    case("instance_norm", [x(3, 4, 5), w(3), w(3)],
         lambda t: F.instance_norm(t[0][None], None, None, t[1], t[2])[0], eps=1e-5, spatial=2)
    for op, f in [("mse_loss", F.mse_loss), ("l1_loss", F.l1_loss), ("smooth_l1_loss", F.smooth_l1_loss)]:
        for reduction in ("mean", "sum", "none"):
            case(op, [x(2, 3, 4), x(2, 3, 4)], lambda t, f=f, r=reduction: f(*t, reduction=r), reduction=reduction)

    # The rest of the catalogue
    for op, f, low, high in [
        ("asin", torch.asin, -1, 1), ("acos", torch.acos, -1, 1), ("atan", torch.atan, -8, 8), ("sinh", torch.sinh, -4, 4),
        ("cosh", torch.cosh, -4, 4), ("asinh", torch.asinh, -8, 8), ("acosh", torch.acosh, 1, 8),
        ("atanh", torch.atanh, -0.98, 0.98), ("exp2", torch.exp2, -6, 6), ("erfc", torch.erfc, -2, 2),
        ("sinc", torch.sinc, -3, 3), ("deg2rad", torch.deg2rad, -400, 400), ("rad2deg", torch.rad2deg, -8, 8),
        ("frac", torch.frac, -8, 8),
    ]:
        case(op, [x(2, 3, 4, 5, low=low, high=high)], lambda t, f=f: f(t[0]))
    odd = lambda: In([2, 3, 4, 5], kind="n")
    for op, f in [("isfinite", torch.isfinite), ("isinf", torch.isinf), ("isnan", torch.isnan), ("relu", F.relu),
                  ("neg", torch.neg), ("abs", torch.abs), ("sigmoid", torch.sigmoid)]:
        case(op, [odd()], lambda t, f=f: f(t[0]))
    for normalized, affine in [(1, True), (2, True), (1, False)]:
        shape = [4, 5][-normalized:]
        case("rms_norm", [x(2, 3, 4, 5)] + ([w(*shape)] if affine else []),
             lambda t, s=shape: F.rms_norm(t[0], s, t[1] if len(t) > 1 else None, 1e-3), normalized=normalized, eps=1e-3)
    case("masked_fill", [x(2, 3, 4, 5), In([4, 5], kind="b")], lambda t: t[0].masked_fill(t[1], -1.5), value=-1.5)
    case("masked_fill", [x(2, 3, 4), In([2, 3, 4], kind="b")], lambda t: t[0].masked_fill(t[1], -math.inf), value="-inf")
    for op, f in [("tril", torch.tril), ("triu", torch.triu)]:
        for diagonal in (-1, 0, 2):
            case(op, [x(2, 3, 4)], lambda t, f=f, d=diagonal: f(t[0], d), diagonal=diagonal)
            case(op, [x(5, 3)], lambda t, f=f, d=diagonal: f(t[0], d), diagonal=diagonal)

    # What depends on values
    for axis in (1, -1):
        for descending in (False, True):
            case("sort", [x(2, 5, 4)], lambda t, a=axis, d=descending: tuple(t[0].sort(a, d)), axis=axis, descending=descending)
            case("argsort", [x(2, 5, 4)], lambda t, a=axis, d=descending: t[0].argsort(a, d), axis=axis, descending=descending)
        for largest in (True, False):
            case("topk", [x(2, 5, 4)], lambda t, a=axis, g=largest: tuple(t[0].topk(3, a, g)), k=3, axis=axis, largest=largest)
        case("kthvalue", [x(2, 5, 4)], lambda t, a=axis: tuple(t[0].kthvalue(2, a)), k=2, axis=axis, keepdim=False)
        case("median_with_indices", [x(2, 5, 4)], lambda t, a=axis: tuple(t[0].median(a, True)), axis=axis, keepdim=True)
    case("gather", [x(2, 5, 4), ids(2, 3, 4, low=0, high=5)], lambda t: t[0].gather(1, t[1]), axis=1)
    case("gather", [x(3, 6), ids(2, 4, low=0, high=6)], lambda t: t[0].gather(-1, t[1]), axis=-1)
    case("gather", [ids(5), ids(3, low=0, high=5)], lambda t: t[0].gather(0, t[1]), axis=0)
    three = lambda: ids(3, low=-4, high=4)
    case("index", [x(4, 5, 6), three(), three()], lambda t: t[0][t[1], t[2]], axes=[0, 1])
    case("index", [x(2, 4, 5), three(), three()], lambda t: t[0][:, t[1], t[2]], axes=[1, 2])
    case("index", [x(4, 3, 5), three(), ids(2, 1, low=-4, high=4)], lambda t: t[0][t[1], :, t[2]], axes=[0, 2])
    case("index", [x(2, 4, 4), ids(2, 1, low=0, high=4), three()], lambda t: t[0][:, t[1], t[2]], axes=[1, 2])
    case("masked_select", [x(2, 3, 4), In([3, 4], kind="b")], lambda t: t[0].masked_select(t[1]), count=None)
    case("nonzero", [In([3, 4, 2], kind="b")], lambda t: t[0].nonzero(), count=None)
    case("nonzero", [ids(7, low=-1, high=2)], lambda t: t[0].nonzero(), count=None)
    case("fmod", [x(2, 3, 4, low=-9, high=9), x(4)], lambda t: torch.fmod(*t))
    case("fmod", [ids(3, 4, low=-9, high=9)], lambda t: torch.fmod(t[0], 4), right=4)
    for shape, kernel, stride, padding, dilation, ceil in [
        ((2, 3, 7, 6), [2, 2], [2, 2], [0, 0], [1, 1], False), ((1, 2, 8, 7), [3, 2], [2, 1], [1, 1], [1, 2], True),
        ((2, 3, 9), [3], [2], [1], [1], False), ((1, 2, 4, 5, 6), [2, 2, 2], [2, 2, 2], [0, 0, 0], [1, 1, 1], False),
        ((3, 7, 6), [2, 2], [2, 2], [0, 0], [1, 1], False),
    ]:
        f = [F.max_pool1d, F.max_pool2d, F.max_pool3d][len(kernel) - 1]
        case("max_pool_with_indices", [x(*shape)],
             lambda t, f=f, k=kernel, s=stride, p=padding, d=dilation, c=ceil: f(t[0], k, s, p, d, c, return_indices=True),
             kernel=kernel, stride=stride, padding=padding, dilation=dilation, ceil_mode=ceil)
    case("max_pool_with_indices", [In([1, 2, 6, 6], kind="n")], lambda t: F.max_pool2d(t[0], 2, return_indices=True),
         kernel=[2, 2], stride=[2, 2], padding=[0, 0], dilation=[1, 1], ceil_mode=False)
    case("adaptive_max_pool_with_indices", [x(2, 3, 7, 6)], lambda t: F.adaptive_max_pool2d(t[0], [3, 4], True), output=[3, 4])
    case("adaptive_max_pool_with_indices", [x(2, 3, 7)], lambda t: F.adaptive_max_pool1d(t[0], 3, True), output=[3])

    case("max_unpool", [x(2, 3, 1, 1), ids(2, 3, 1, 1, low=0, high=4)],
         lambda t: F.max_unpool2d(t[0], t[1], 2, 2), kernel=[2, 2], stride=[2, 2], padding=[0, 0], output=None)
    for padding in ("zeros", "border"):
        for corners in (False, True):
            for mode in ("bilinear", "nearest"):
                case("grid_sample", [x(2, 3, 4, 5), x(2, 3, 4, 2, low=-1.3, high=1.3)],
                     lambda t, m=mode, p=padding, c=corners: F.grid_sample(t[0], t[1], m, p, c),
                     mode=mode, padding_mode=padding, align_corners=corners)

    for groups, sets, outs in [(1, 1, 3), (2, 1, 6), (1, 2, 3), (2, 4, 4)]:
        for stride, padding, dilation in [((1, 1), (0, 0), (1, 1)), ((2, 1), (1, 2), (1, 1)), ((1, 2), (2, 1), (2, 1))]:
            height, width = [(n + 2 * p - d * (k - 1) - 1) // s + 1
                             for n, k, s, p, d in zip((7, 6), (3, 2), stride, padding, dilation)]
            given = [x(2, 4, 7, 6), w(outs, 4 // groups, 3, 2), x(2, 2 * 6 * sets, height, width, low=-4, high=4)]
            settings = {name: list(pair) for name, pair in zip(("stride", "padding", "dilation"), (stride, padding, dilation))}
            case("deform_conv", given,
                 lambda t, s=settings: torchvision.ops.deform_conv2d(t[0], t[2], t[1], **s), **settings)
            case("deform_conv", [*given, x(2, 6 * sets, height, width, low=0, high=1), w(outs)],
                 lambda t, s=settings: torchvision.ops.deform_conv2d(t[0], t[2], t[1], t[4], mask=t[3], **s),
                 **settings, masked=True)

    grids(case)

    # Interpolation
    for size in ([8, 10], [3, 4], [7, 5]):
        case("interpolate", [x(2, 3, 4, 5)], lambda t, s=size: F.interpolate(t[0], s, mode="nearest"), size=size, mode="nearest")
        case("interpolate", [x(2, 3, 4, 5)], lambda t, s=size: F.interpolate(t[0], s, mode="nearest-exact"),
             size=size, mode="nearest-exact")
        case("interpolate", [x(2, 3, 4, 5)], lambda t, s=size: F.interpolate(t[0], s, mode="area"), size=size, mode="area")
        for mode in ("bilinear", "bicubic"):
            for corners in (False, True):
                case("interpolate", [x(2, 3, 4, 5)],
                     lambda t, s=size, m=mode, c=corners: F.interpolate(t[0], s, mode=m, align_corners=c),
                     size=size, mode=mode, align_corners=corners)
    for scale in (2.0, 1.5, 0.6):
        for mode in ("nearest", "nearest-exact", "bilinear", "bicubic", "area"):
            case("interpolate", [x(2, 3, 5, 7)], lambda t, s=scale, m=mode: F.interpolate(t[0], scale_factor=s, mode=m),
                 size=None, scale=[scale, scale], mode=mode, align_corners=None)
    case("interpolate", [x(2, 3, 5, 7)],
         lambda t: F.interpolate(t[0], scale_factor=1.5, mode="bilinear", align_corners=True),
         size=None, scale=[1.5, 1.5], mode="bilinear", align_corners=True)
    case("interpolate", [x(2, 3, 5)], lambda t: F.interpolate(t[0], 8, mode="linear"), size=[8], mode="linear", align_corners=False)
    case("interpolate", [x(2, 3, 5)], lambda t: F.interpolate(t[0], 9, mode="nearest"), size=[9], mode="nearest")
    case("interpolate", [x(1, 2, 3, 4, 5)], lambda t: F.interpolate(t[0], [4, 6, 5], mode="trilinear"),
         size=[4, 6, 5], mode="trilinear", align_corners=False)
    return A


def grids(case):
    """Convolutions, pools and norms over the product of their arguments."""
    pads = [[[0, 0], [0, 0]], [[1, 1], [1, 1]], [[0, 2], [1, 0]]]
    for groups, outs in [(1, 3), (2, 6), (4, 4), (4, 8)]:
        for kernel in [(1, 1), (3, 2)]:
            for stride in ([1, 1], [2, 2]):
                for dilation in ([1, 1], [2, 2]):
                    for sides in pads:
                        flat = [*sides[1], *sides[0]]
                        case("conv", [x(1, 4, 8, 7), w(outs, 4 // groups, *kernel), w(outs)],
                             lambda t, f=flat, s=stride, d=dilation, g=groups:
                             F.conv2d(F.pad(t[0], f), t[1], t[2], s, 0, d, g),
                             stride=stride, padding=sides, dilation=dilation, groups=groups)
    for groups in (1, 2):
        for kernel in [(1, 1), (3, 2)]:
            for stride, extra in [(1, 0), (2, 0), (2, 1)]:
                for dilation in (1, 2):
                    for padding in (0, 1):
                        if dilation <= extra and stride <= extra:
                            continue
                        if padding and kernel == (1, 1):
                            continue
                        case("conv_transpose", [x(1, 4, 4, 5), w(4, 3, *kernel)],
                             lambda t, s=stride, e=extra, d=dilation, p=padding, g=groups:
                             F.conv_transpose2d(t[0], t[1], None, s, p, e, g, d),
                             stride=[stride] * 2, padding=[padding] * 2, output_padding=[extra] * 2,
                             dilation=[dilation] * 2, groups=groups)
    for kernel in [[2, 2], [3, 2]]:
        for stride in ([1, 1], [2, 2], [2, 3]):
            for padding in ([0, 0], [1, 1]):
                for ceil in (False, True):
                    for dilation in ([1, 1], [2, 1]):
                        case("max_pool", [x(1, 2, 8, 7)],
                             lambda t, k=kernel, s=stride, p=padding, c=ceil, d=dilation: F.max_pool2d(t[0], k, s, p, d, c),
                             kernel=kernel, stride=stride, padding=padding, dilation=dilation, ceil_mode=ceil)
                    for count in (False, True):
                        case("avg_pool", [x(1, 2, 8, 7)],
                             lambda t, k=kernel, s=stride, p=padding, c=ceil, n=count: F.avg_pool2d(t[0], k, s, p, c, n),
                             kernel=kernel, stride=stride, padding=padding, ceil_mode=ceil, count_include_pad=count,
                             divisor=None)
    for height in (1, 2, 5, 7, 9):
        for width in (1, 3, 6):
            case("adaptive_avg_pool", [x(1, 2, 7, 6)], lambda t, o=[height, width]: F.adaptive_avg_pool2d(t[0], o),
                 output=[height, width])
            case("adaptive_max_pool", [x(1, 2, 7, 6)], lambda t, o=[height, width]: F.adaptive_max_pool2d(t[0], o),
                 output=[height, width])
    for groups in (1, 2, 4):
        for shape in [(2, 4), (2, 4, 5), (2, 4, 3, 5), (1, 4, 2, 3, 4)]:
            case("group_norm", [x(*shape), w(4), w(4)], lambda t, g=groups: F.group_norm(t[0], g, t[1], t[2], 1e-3),
                 groups=groups, eps=1e-3)
    for shape in [(2, 4, 5), (2, 4, 3, 5), (1, 4, 2, 3, 4)]:
        case("instance_norm", [x(*shape), w(4), w(4)], lambda t: F.instance_norm(t[0], None, None, t[1], t[2]), eps=1e-5)
    for count in (1, 2, 3):
        shape = [3, 4, 5][-count:]
        case("layer_norm", [x(2, 3, 4, 5), w(*shape), w(*shape)],
             lambda t, s=shape: F.layer_norm(t[0], s, t[1], t[2], 1e-3), normalized=count, eps=1e-3)
    for lead in [(), (2,), (2, 3)]:
        for causal in (False, True):
            case("attention", [x(*lead, 4, 6), x(*lead, 5, 6), x(*lead, 5, 3)],
                 lambda t, c=causal: F.scaled_dot_product_attention(*t, is_causal=c), causal=causal)
    for mask in [In([2, 1, 1, 5], kind="b", low=-1, high=3), x(1, 3, 4, 5), x(4, 5)]:
        case("attention", [x(2, 3, 4, 6), x(2, 3, 5, 6), x(2, 3, 5, 6), mask],
             lambda t: F.scaled_dot_product_attention(*t[:3], attn_mask=t[3]), causal=False)


DTYPES = {torch.float32: "float32", torch.float64: "float64", torch.int64: "int64", torch.bool: "bool"}


def record_operators():
    entries = []
    for op, inputs, args, function in cases():
        tensors = [spec.tensor(i) for i, spec in enumerate(inputs)]
        results = function(tensors)
        results = list(results) if isinstance(results, (tuple, list)) else [results]
        exact = function([t.double() if t.is_floating_point() else t for t in tensors])
        exact = list(exact) if isinstance(exact, (tuple, list)) else [exact]
        own = max((relative(a, b) for a, b in zip(results, exact)), default=0.0)
        entries.append({
            "op": op,
            "args": args,
            "inputs": [spec.json() for spec in inputs],
            "own": float(f"{own:.2g}"),
            "outputs": [
                {"shape": list(r.shape), "dtype": DTYPES[r.dtype], "data": encode(r)} for r in results
            ],
        })
    with open(DATA / "operators.json", "w") as f:
        f.write("[\n" + ",\n".join(json.dumps(e, separators=(",", ":")) for e in entries) + "\n]\n")
    print(f"{len(entries)} operator cases, {len({e['op'] for e in entries})} operators")


def relative(a, b):
    """Largest difference over the largest finite value; infinities and NaN that are equal do not differ."""
    a, b = a.double().flatten(), b.double().flatten()
    finite = b[b.isfinite()].abs()
    top = finite.max().item() if finite.numel() else 0.0
    differs = (a != b) & ~(a.isnan() & b.isnan())
    return (a - b)[differs].abs().max().item() / top if top and differs.any() else 0.0


# ---------------------------------------------------------------- one model


def perturb(model, seed):
    """Statistics and weights that a trained model could have: nothing is 0 or 1."""
    generator = torch.Generator().manual_seed(seed)
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.2, generator=generator)
            module.running_var.uniform_(0.5, 1.5, generator=generator)
            module.weight.data.uniform_(0.5, 1.2, generator=generator)
            module.bias.data.normal_(0, 0.2, generator=generator)


def export(model, example):
    """The model as a Program, by way of torch.fx: enough for ResNets."""
    traced = fx.symbolic_trace(model)
    modules = dict(traced.named_modules())
    shapes = {}

    class Shapes(fx.Interpreter):
        def run_node(self, n):
            result = super().run_node(n)
            if isinstance(result, torch.Tensor):
                shapes[n.name] = list(result.shape)
            return result

    Shapes(traced).run(example)
    weights, nodes, taps = [], [], []
    ids, where = {}, {}
    index = {}
    for name, tensor in model.state_dict(keep_vars=True).items():
        index[name] = len(weights)
        dtype = "int64" if tensor.dtype == torch.int64 else "float32"
        weights.append({"keys": [name], "shape": list(tensor.shape), "dtype": dtype, "persistent": True,
                        "init": {"kind": "constant", "value": 0}})

    def emit(op, inputs, args, shape, path, type, dtype="float32", weight=None):
        node = {"id": len(nodes), "op": op, "inputs": [{"node": i, "output": 0} for i in inputs], "args": args,
                "outputs": [{"shape": shape, "dtype": dtype}], "path": path, "type": type}
        if weight is not None:
            node["weight"] = weight
        nodes.append(node)
        return node["id"]

    def parameter(name, path, type):
        if name not in where:
            spec = weights[index[name]]
            where[name] = emit("weight", [], {}, spec["shape"], path, type, spec["dtype"], index[name])
        return where[name]

    def layer(n, module, path):
        source = [ids[a.name] for a in n.args if isinstance(a, fx.Node)]
        shape = shapes[n.name]
        kind = module.__class__.__name__
        per = lambda v: list(v) if isinstance(v, tuple) else [v, v]
        get = lambda name: parameter(f"{path}.{name}", path, kind)
        if kind == "Conv2d":
            ins = source + [get("weight")] + ([get("bias")] if module.bias is not None else [])
            return emit("conv", ins, {"stride": per(module.stride), "padding": [[p, p] for p in per(module.padding)],
                                      "dilation": per(module.dilation), "groups": module.groups}, shape, path, kind)
        if kind == "BatchNorm2d":
            ins = source + [get(k) for k in ("running_mean", "running_var", "weight", "bias")]
            return emit("batch_norm", ins, {"eps": module.eps}, shape, path, kind)
        if kind == "ReLU":
            return emit("relu", source, {}, shape, path, kind)
        if kind == "MaxPool2d":
            return emit("max_pool", source, {"kernel": per(module.kernel_size), "stride": per(module.stride),
                                             "padding": per(module.padding), "dilation": per(module.dilation),
                                             "ceil_mode": module.ceil_mode}, shape, path, kind)
        if kind == "AdaptiveAvgPool2d":
            return emit("adaptive_avg_pool", source, {"output": per(module.output_size)}, shape, path, kind)
        if kind == "Linear":
            return emit("linear", source + [get("weight"), get("bias")], {}, shape, path, kind)
        raise NotImplementedError(kind)

    output = None
    for n in traced.graph.nodes:
        if n.op == "placeholder":
            ids[n.name] = emit("input", [], {"index": 0}, list(example.shape), "", model.__class__.__name__)
        elif n.op == "call_module":
            ids[n.name] = layer(n, modules[n.target], n.target)
            taps.append({"path": n.target, "type": modules[n.target].__class__.__name__,
                         "ref": {"node": ids[n.name], "output": 0}})
        elif n.op == "call_function" and "add" in str(n.target):
            owner = list(n.meta.get("nn_module_stack", {"": None}))[-1]
            ids[n.name] = emit("add", [ids[a.name] for a in n.args], {}, shapes[n.name], owner, "")
        elif n.op == "call_function" and n.target is torch.flatten:
            ids[n.name] = emit("reshape", [ids[n.args[0].name]], {"shape": shapes[n.name]}, shapes[n.name], "",
                               model.__class__.__name__)
        elif n.op == "output":
            output = ids[n.args[0].name]
        else:
            raise NotImplementedError(str(n))
    # Containers and blocks: the output of their last call.
    last = {}
    for tap in taps:
        parts = tap["path"].split(".")
        for k in range(1, len(parts)):
            last[".".join(parts[:k])] = tap["ref"]["node"]
    listed = {tap["path"]: tap for tap in taps}
    for path, node in last.items():
        listed[path] = {"path": path, "type": modules[path].__class__.__name__, "ref": {"node": node, "output": 0}}
    listed[""] = {"path": "", "type": model.__class__.__name__, "ref": {"node": output, "output": 0}}
    return {
        "inputs": [{"node": 0, "name": "x", "shape": list(example.shape), "dtype": "float32"}],
        "weights": weights,
        "nodes": nodes,
        "output": {"kind": "tensor", "ref": {"node": output, "output": 0}},
        "taps": list(listed.values()),
    }


def last_calls(model, example):
    """Output of each module's last call, by path."""
    outputs, handles = {}, []
    for path, module in model.named_modules():
        handles.append(module.register_forward_hook(lambda m, i, o, p=path: outputs.__setitem__(p, o.detach().clone())))
    with torch.no_grad():
        model(example)
    for handle in handles:
        handle.remove()
    return outputs


def record_model(model, example, folder, name, stages):
    import copy

    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    model.eval()
    program = export(model, example)
    single = last_calls(model, example)
    double = last_calls(copy.deepcopy(model).double(), example.double())
    save_file({k: v.contiguous() for k, v in model.state_dict().items()}, folder / f"{name}.safetensors")
    np.save(folder / f"{name}.input.npy", example.numpy())
    (folder / f"{name}.program.json").write_text(json.dumps(program, separators=(",", ":")) + "\n")
    entries = {
        path: {"shape": list(single[path].shape), "own": float(f"{relative(single[path], double[path]):.3g}"),
               "data": encode(single[path])}
        for path in stages
    }
    (folder / f"{name}.stages.json").write_text(
        "{\n" + ",\n".join(f"{json.dumps(k)}:{json.dumps(v, separators=(',', ':'))}" for k, v in entries.items()) + "\n}\n"
    )
    print(name, "logits' own difference", entries[""]["own"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    stages = ["", "conv1", "bn1", "maxpool", "layer1.0", "layer1", "layer2.0.downsample", "layer2", "layer3", "layer4", "avgpool"]
    if options.full:
        torch.manual_seed(0)
        model = torchvision.models.resnet18()
        perturb(model, 1)
        record_model(model, formula((1, 3, 224, 224), 7), ROOT / ".cache" / "truth" / "run", "resnet18", stages)
        return
    sys.path.insert(0, str(DATA))
    from narrow_resnet import narrow_resnet18

    DATA.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    model = narrow_resnet18()
    perturb(model, 1)
    record_model(model, formula((1, 3, 64, 64), 7), DATA, "narrow_resnet", stages)
    record_operators()


if __name__ == "__main__":
    main()

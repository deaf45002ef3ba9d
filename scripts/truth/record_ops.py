"""Runs the catalogue's cases on real PyTorch CPU kernels and records what comes out.

    node scripts/truth/export-examples.mjs > cases.json
    python scripts/truth/record_ops.py cases.json test/data/ops/truth.json

One result a case, in the cases' order: {"out": [shape, ...], "types": [element type, ...], "madds": n}, `types` left
out where all are float32 and `madds` where nothing is counted, or {"refused": PyTorch's words}. `sha256` is that of the
cases' text, so that cases which were changed since are noticed.
"""

import hashlib
import json
import sys
import warnings

import torch
import torch.nn.functional as F
import torchvision.ops
from torch.utils.flop_counter import FlopCounterMode

from layer_ops import LAYER_OPERATORS

warnings.simplefilter("ignore")
torch.manual_seed(0)


def tensor(shape, dtype):
    kind = getattr(torch, dtype)
    if kind.is_floating_point or kind.is_complex:
        return torch.rand(shape, dtype=torch.float64).add(0.1).to(kind)
    return torch.ones(shape, dtype=kind)


def spatial(name, count):
    return getattr(F, f"{name}{count}d")


def conv(x, weight, bias=None, *, stride, padding, dilation, groups):
    count = weight.dim() - 2
    if any(low != high for low, high in padding):
        x = F.pad(x, [side for pair in reversed(padding) for side in pair])
        padding = [[0, 0]] * count
    sides = [low for low, _ in padding]
    return spatial("conv", count)(x, weight, bias, stride, sides, dilation, groups)


def conv_transpose(x, weight, bias=None, *, stride, padding, output_padding, dilation, groups):
    run = spatial("conv_transpose", weight.dim() - 2)
    return run(x, weight, bias, stride, padding, output_padding, groups, dilation)


def batch_norm(x, mean, var, weight=None, bias=None, *, spatial=None):
    if spatial is None:
        return F.batch_norm(x, mean, var, weight, bias)
    layer = getattr(torch.nn, f"BatchNorm{spatial}d")(mean.numel(), affine=weight is not None)
    return layer.eval()(x)


def instance_norm(x, weight=None, bias=None, *, spatial=None):
    if spatial is None:
        return F.instance_norm(x, weight=weight, bias=bias)
    width = x.shape[-spatial - 1] if weight is None and x.dim() > spatial else 3
    layer = getattr(torch.nn, f"InstanceNorm{spatial}d")(width, affine=weight is not None)
    return layer.eval()(x)


def max_pool(x, *, kernel, stride, padding, dilation=1, ceil_mode):
    return spatial("max_pool", len(kernel))(x, kernel, stride, padding, dilation, ceil_mode)


def avg_pool(x, *, kernel, stride, padding, ceil_mode, divisor=None, count_include_pad=True):
    more = {} if divisor is None else {"divisor_override": divisor}
    return spatial("avg_pool", len(kernel))(x, kernel, stride, padding, ceil_mode, count_include_pad, **more)


def adaptive(name):
    def run(x, *, output, single=False):
        size = output[0] if single or len(output) == 1 else output
        return spatial(name, len(output))(x, size)

    return run


def numbers(run):
    def apply(*inputs, left=None, right=None, **args):
        operands = list(inputs)
        if left is not None:
            operands.insert(0, left)
        if right is not None:
            operands.append(right)
        return run(*operands, **args)

    return apply


def python_operator(symbol):
    names = {"+": "add", "-": "sub", "*": "mul", "/": "div", "//": "floor_divide", "%": "remainder", "**": "pow"}
    scope = {}
    exec(f"def run(a, b): return a {symbol} b", scope)  # the operator as Python spells it

    def run(a, b, in_place=False):
        return getattr(a, names[symbol] + "_")(b) if in_place else scope["run"](a, b)

    return numbers(run)


def comparison(name):
    return numbers(lambda a, b: getattr(torch, name)(torch.as_tensor(a), b if name == "eq" else torch.as_tensor(b)))


def two_tensors(name):
    def run(a, b, in_place=False):
        if not isinstance(a, torch.Tensor):
            a = torch.tensor(a, dtype=b.dtype)
        if not isinstance(b, torch.Tensor):
            b = torch.tensor(b, dtype=a.dtype)
        if in_place:
            return a.copy_(getattr(torch, name)(a, b))
        return getattr(torch, name)(a, b)

    return numbers(run)


def reduce(name, one_axis=False):
    def run(x, *, axes, keepdim, **args):
        if axes is None:
            return getattr(torch, name)(x, **args)
        return getattr(torch, name)(x, dim=axes, keepdim=keepdim, **args)

    return run


def slices(x, *, starts, ends, steps):
    return x[tuple(slice(*item) for item in zip(starts, ends, steps))]


def gather_index(x, picker=None, *, axis, indices=None):
    place = [slice(None)] * x.dim()
    place[axis] = picker if indices is None else indices
    return x[tuple(place)]


def index(x, *indices, axes):
    place = [slice(None)] * x.dim()
    for axis, picker in zip(axes, indices):
        place[axis] = picker
    return x[tuple(place)]


def assign(x, value=0, *, selected):
    torch.empty(selected)[...] = value
    return x


def pad(x, *, sides, mode, value=0):
    flat = [side for pair in reversed(sides) for side in pair]
    if mode != "constant":
        while flat[-2:] == [0, 0]:
            flat = flat[:-2]
        return F.pad(x, flat, mode)
    return F.pad(x, flat, mode, value)


def interpolate(x, *, size, scale, mode, align_corners):
    return F.interpolate(x, size=size, scale_factor=scale, mode=mode, align_corners=align_corners)


def constant(*, shape, fill, dtype=None):
    return torch.full(shape, float(fill))


def deform_conv(x, weight, offset, *rest, stride, padding, dilation, masked=False):
    mask, bias = (rest[0] if masked else None), (rest[masked:] or [None])[0]
    return torchvision.ops.deform_conv2d(x, offset, weight, bias, stride, padding, dilation, mask)


def embedding(ids, weight):
    return F.embedding(ids.zero_() if ids.dtype == torch.int64 else ids, weight)


def elementwise(run, names):
    return lambda x, **args: run(x, *[args[name] for name in names])


OPERATORS = {
    "conv": conv,
    "conv_transpose": conv_transpose,
    "linear": F.linear,
    "matmul": torch.matmul,
    "bmm": torch.bmm,
    "mm": torch.mm,
    "addmm": torch.addmm,
    "baddbmm": torch.baddbmm,
    "bilinear": F.bilinear,
    "batch_norm": batch_norm,
    "instance_norm": instance_norm,
    "layer_norm": lambda x, weight=None, bias=None, *, normalized: F.layer_norm(x, normalized, weight, bias),
    "group_norm": lambda x, weight=None, bias=None, *, groups: F.group_norm(x, groups, weight, bias),
    "local_response_norm": lambda x, *, size, alpha, beta, k: F.local_response_norm(x, size, alpha, beta, k),
    "max_pool": max_pool,
    "avg_pool": avg_pool,
    "adaptive_avg_pool": adaptive("adaptive_avg_pool"),
    "adaptive_max_pool": adaptive("adaptive_max_pool"),
    "leaky_relu": elementwise(F.leaky_relu, ["slope"]),
    "elu": elementwise(F.elu, ["alpha"]),
    "celu": elementwise(F.celu, ["alpha"]),
    "gelu": lambda x, *, approximate: F.gelu(x, approximate=approximate),
    "log_sigmoid": F.logsigmoid,
    "hardtanh": elementwise(F.hardtanh, ["low", "high"]),
    "hardshrink": elementwise(F.hardshrink, ["lambda"]),
    "softshrink": elementwise(F.softshrink, ["lambda"]),
    "softplus": elementwise(F.softplus, ["beta", "threshold"]),
    "threshold": elementwise(F.threshold, ["threshold", "value"]),
    "clamp": elementwise(torch.clamp, ["low", "high"]),
    "identity": torch.nn.Identity(),
    "cast": lambda x, *, dtype: x.to(getattr(torch, dtype)),
    "dropout": lambda x, *, p: F.dropout(x, p, training=False),
    "softmax": elementwise(F.softmax, ["axis"]),
    "log_softmax": elementwise(F.log_softmax, ["axis"]),
    "prelu": F.prelu,
    "glu": elementwise(F.glu, ["axis"]),
    "add": python_operator("+"),
    "sub": python_operator("-"),
    "mul": python_operator("*"),
    "div": python_operator("/"),
    "pow": python_operator("**"),
    "floor_div": python_operator("//"),
    "remainder": python_operator("%"),
    "eq": comparison("eq"),
    "maximum": two_tensors("maximum"),
    "minimum": two_tensors("minimum"),
    **{name: two_tensors(name) for name in "atan2 fmod copysign xlogy bitwise_and bitwise_or bitwise_xor bitwise_left_shift bitwise_right_shift".split()},
    **{name: two_tensors(name) for name in "ne lt le gt ge logical_and logical_or logical_xor".split()},
    "where": numbers(lambda c, a, b: torch.where(c, a, b)),
    "max": reduce("amax"),
    "min": reduce("amin"),
    "max_with_indices": lambda x, *, axis, keepdim: torch.max(x, dim=axis, keepdim=keepdim),
    "min_with_indices": lambda x, *, axis, keepdim: torch.min(x, dim=axis, keepdim=keepdim),
    **{name: reduce(name) for name in "mean sum var std prod argmax argmin any all norm".split()},
    "logsumexp": lambda x, *, axes, keepdim: torch.logsumexp(x, list(range(x.dim())) if axes is None else axes, keepdim),
    "topk": lambda x, *, k, axis: torch.topk(x, k, axis),
    "sort": elementwise(torch.sort, ["axis"]),
    "argsort": elementwise(torch.argsort, ["axis"]),
    "cumsum": elementwise(torch.cumsum, ["axis"]),
    "reshape": elementwise(torch.reshape, ["shape"]),
    "unflatten": elementwise(torch.unflatten, ["axis", "sizes"]),
    "flatten": elementwise(torch.flatten, ["start", "end"]),
    "permute": elementwise(torch.permute, ["axes"]),
    "transpose": elementwise(torch.transpose, ["a", "b"]),
    "squeeze": lambda x, *, axes: x.squeeze() if axes is None else x.squeeze(axes if isinstance(axes, int) else tuple(axes)),
    "unsqueeze": elementwise(torch.unsqueeze, ["axis"]),
    "expand": lambda x, *, shape: x.expand(shape),
    "repeat": lambda x, *, times: x.repeat(times),
    "repeat_interleave": elementwise(torch.repeat_interleave, ["repeats", "axis"]),
    "flip": elementwise(torch.flip, ["axes"]),
    "roll": elementwise(torch.roll, ["shifts", "axes"]),
    "concat": lambda *xs, axis: torch.cat(xs, axis),
    "stack": lambda *xs, axis: torch.stack(xs, axis),
    "split": lambda x, *, axis, sizes: torch.split(x, sizes, axis),
    "chunk": lambda x, *, axis, chunks: torch.chunk(x, chunks, axis),
    "unbind": elementwise(torch.unbind, ["axis"]),
    "slice": slices,
    "select": elementwise(torch.select, ["axis", "index"]),
    "gather_index": gather_index,
    "gather": lambda x, ids, *, axis: torch.gather(x, axis, ids),
    "scatter": lambda x, ids, source=None, *, axis, value=0: torch.scatter(x, axis, ids, value if source is None else source),
    "scatter_add": lambda x, ids, source, *, axis: torch.scatter_add(x, axis, ids, source),
    "index_add": lambda x, ids, source, *, axis: torch.index_add(x, axis, ids, source),
    "index_copy": lambda x, ids, source, *, axis: torch.index_copy(x, axis, ids, source),
    "masked_fill": lambda x, mask, *, value, in_place=False: getattr(x, "masked_fill_" if in_place else "masked_fill")(mask, value),
    "masked_select": lambda x, mask, *, count: torch.masked_select(x, mask),
    "nonzero": lambda x, *, count: torch.nonzero(x),
    "unique": lambda x, *, count, inverse=False, counts=False: torch.unique(x, return_inverse=inverse, return_counts=counts),
    "tril": elementwise(torch.tril, ["diagonal"]),
    "triu": elementwise(torch.triu, ["diagonal"]),
    "diagonal": elementwise(torch.diagonal, ["offset", "a", "b"]),
    "diag_embed": elementwise(torch.diag_embed, ["offset"]),
    "kthvalue": lambda x, *, axis, keepdim, k: torch.kthvalue(x, k, axis, keepdim),
    "mode": lambda x, *, axis, keepdim, k=None: torch.mode(x, axis, keepdim),
    "median_with_indices": lambda x, *, axis, keepdim, k=None: torch.median(x, axis, keepdim),
    **{name: elementwise(getattr(torch, name), ["axis"]) for name in "cummax cummin cumprod logcumsumexp".split()},
    "bucketize": torch.bucketize,
    "histc": elementwise(torch.histc, ["bins"]),
    "inverse": torch.linalg.inv,
    "matrix_exp": torch.linalg.matrix_exp,
    "det": torch.linalg.det,
    "complex": torch.complex,
    "polar": torch.polar,
    "view_as_complex": torch.view_as_complex,
    "view_as_real": torch.view_as_real,
    "fft": lambda x, *, axes, lengths: torch.fft.fftn(x, lengths, axes),
    "rfft": lambda x, *, axes, lengths: torch.fft.rfftn(x, lengths, axes),
    "irfft": lambda x, *, axes, lengths: torch.fft.irfftn(x, lengths, axes),
    "fftshift": lambda x, *, axes, inverse=False: torch.fft.fftshift(x, axes),
    "grid_sample": lambda x, grid: F.grid_sample(x, grid, align_corners=False),
    "affine_grid": lambda theta, *, size: F.affine_grid(theta, size, align_corners=False),
    "fold": elementwise(F.fold, ["output", "kernel", "dilation", "padding", "stride"]),
    "cdist": lambda a, b, *, p: torch.cdist(a, b, p),
    "deform_conv": deform_conv,
    "roi_align": lambda x, boxes, *, output, scale: torchvision.ops.roi_align(x, boxes, output, scale),
    "roi_pool": lambda x, boxes, *, output, scale: torchvision.ops.roi_pool(x, boxes, output, scale),
    "ps_roi_align": lambda x, boxes, *, output, scale: torchvision.ops.ps_roi_align(x, boxes, output, scale),
    "ps_roi_pool": lambda x, boxes, *, output, scale: torchvision.ops.ps_roi_pool(x, boxes, output, scale),
    "nms": lambda boxes, scores, *, count, threshold: torchvision.ops.nms(boxes, scores, threshold),
    "index": index,
    "assign": assign,
    "pad": pad,
    "interpolate": interpolate,
    "pixel_shuffle": elementwise(F.pixel_shuffle, ["factor"]),
    "pixel_unshuffle": elementwise(F.pixel_unshuffle, ["factor"]),
    "unfold": elementwise(F.unfold, ["kernel", "dilation", "padding", "stride"]),
    "unfold_axis": lambda x, *, axis, size, step: x.unfold(axis, size, step),
    "constant": constant,
    "arange": lambda *, start, end, step: torch.arange(start, end, step),
    "one_hot": lambda x, *, classes: F.one_hot(x, classes),
    "embedding": embedding,
    "cross_entropy": lambda x, y, *, reduction: F.cross_entropy(x, y, reduction=reduction),
    "mse_loss": lambda x, y, *, reduction: F.mse_loss(x, y, reduction=reduction),
    "l1_loss": lambda x, y, *, reduction: F.l1_loss(x, y, reduction=reduction),
    "smooth_l1_loss": lambda x, y, *, reduction: F.smooth_l1_loss(x, y, reduction=reduction),
    "attention": lambda q, k, v, mask=None, *, causal: F.scaled_dot_product_attention(q, k, v, mask, is_causal=causal),
    "einsum": lambda *xs, equation: torch.einsum(equation, *xs),
    **LAYER_OPERATORS,
}


def find(name):
    if name in OPERATORS:
        return OPERATORS[name]
    run = getattr(F, name, None) or getattr(torch, name)
    return lambda x, **args: run(x)


def record(case):
    run = find(case["op"])
    types = case.get("dtypes") or []

    def apply():
        inputs = [tensor(shape, (types + ["float32"] * 9)[i]) for i, shape in enumerate(case["inputs"])]
        with torch.no_grad():
            return run(*inputs, **case["args"])

    try:
        out = apply()
    except Exception as error:
        return {"refused": f"{type(error).__name__}: {error}".replace("\n", " ")[:400]}
    outputs = [out] if isinstance(out, torch.Tensor) else list(out)
    result = {"out": [list(o.shape) for o in outputs]}
    kinds = [str(o.dtype).removeprefix("torch.") for o in outputs]
    if set(kinds) - {"float32"}:
        result["types"] = kinds
    # A run of its own: the counter decomposes operators, and some of them then take what the kernels refuse.
    with FlopCounterMode(display=False) as counter:
        apply()
    flops = counter.get_total_flops()
    return {**result, "madds": flops // 2} if flops else result


def main():
    source, target = sys.argv[1:]
    with open(source, "rb") as file:
        text = file.read()
    lines = [json.dumps(record(case), separators=(",", ":")) for case in json.loads(text)]
    head = {"torch": torch.__version__.split("+")[0], "sha256": hashlib.sha256(text).hexdigest()}
    with open(target, "w") as file:
        file.write(json.dumps(head)[:-1] + ', "results": [\n' + ",\n".join(lines) + "\n]}\n")


main()

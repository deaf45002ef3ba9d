"""How `record_ops.py` runs the operators that stand for whole layers of `torch.nn`."""

import torch
import torch.nn.functional as F


def recurrent(name):
    def run(x, *given, input_size, hidden_size, layers, bidirectional, batch_first, proj_size, states=0):
        sizes = {"proj_size": proj_size} if name == "LSTM" else {}
        layer = getattr(torch.nn, name)(
            input_size, hidden_size, layers, batch_first=batch_first, bidirectional=bidirectional, **sizes
        )
        out = layer.eval()(x, *([given] if len(given) == 2 else given))
        return [out[0], *(out[1] if name == "LSTM" else out[1:])]

    return run


def spatial(name, count):
    return getattr(F, f"{name}{count}d")


def max_pool_with_indices(x, *, kernel, stride, padding, dilation=1, ceil_mode):
    return spatial("max_pool", len(kernel))(x, kernel, stride, padding, dilation, ceil_mode, return_indices=True)


def adaptive_max_pool_with_indices(x, *, output, single=False):
    size = output[0] if single or len(output) == 1 else output
    return spatial("adaptive_max_pool", len(output))(x, size, return_indices=True)


def max_unpool(x, indices, *, kernel, stride, padding, output):
    places = indices.zero_() if indices.dtype == torch.int64 else indices
    return spatial("max_unpool", len(kernel))(x, places, kernel, stride, padding, output)


def fractional_max_pool(x, *, kernel, output, ratio):
    return spatial("fractional_max_pool", len(kernel))(x, kernel, output, ratio, return_indices=True)


def fold(x, *, output, kernel, dilation, padding, stride):
    return F.fold(x, output, kernel, dilation, padding, stride)


def embedding_bag(ids, weight, starts=None):
    zero = [t.zero_() if t is not None and not t.dtype.is_floating_point else t for t in (ids, starts)]
    return F.embedding_bag(zero[0], weight, zero[1])


LAYER_OPERATORS = {
    "max_pool_with_indices": max_pool_with_indices,
    "adaptive_max_pool_with_indices": adaptive_max_pool_with_indices,
    "max_unpool": max_unpool,
    "fractional_max_pool": fractional_max_pool,
    "fold": fold,
    "embedding_bag": embedding_bag,
    "rms_norm": lambda x, weight=None, *, normalized: F.rms_norm(x, normalized, weight),
    "nll_loss": lambda x, y, *, reduction: F.nll_loss(x, y, reduction=reduction),
    "multi_margin_loss": lambda x, y, *, reduction: F.multi_margin_loss(x, y, reduction=reduction),
    **{name: recurrent(name.upper()) for name in ("rnn", "gru", "lstm")},
}

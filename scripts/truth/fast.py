"""Building a model without filling its weights.

Values of large weights decide no shape. Inside `unfilled()` the in-place operators that initializers use leave a tensor
of more than `LARGE` elements as it was allocated, so that a model of billions of parameters is built in seconds and,
its pages never touched, without the memory. Small tensors, which designs are computed from, keep their values.
"""

from __future__ import annotations

import contextlib

import torch
from torch.utils._python_dispatch import TorchDispatchMode

LARGE = 1 << 12

_FILLS = {
    name
    for name in (
        "uniform_ normal_ random_ bernoulli_ exponential_ log_normal_ erfinv_ mul_ add_ sub_ div_ clamp_ clamp_min_ "
        "clamp_max_ fill_ zero_ trunc_normal_ sign_ sqrt_ pow_ neg_ floor_ abs_ exp_ tanh_"
    ).split()
}


class _Unfilled(TorchDispatchMode):
    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        if function.overloadpacket.__name__ in _FILLS and args[0].numel() >= LARGE:
            return args[0]
        if function.overloadpacket.__name__ == "linalg_qr" and args[0].numel() >= LARGE:
            rows, columns = args[0].shape
            return args[0].new_empty(rows, min(rows, columns)), args[0].new_empty(min(rows, columns), columns)
        return function(*args, **(kwargs or {}))


@contextlib.contextmanager
def unfilled():
    """Initializers leave large tensors alone while this is entered."""
    with _Unfilled():
        yield

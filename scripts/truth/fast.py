"""Building a model without filling its weights.

Values of large weights decide no shape. Inside `unfilled()` the initializers, and the in-place operators that others
are written with, leave a tensor of at least `LARGE` elements as it was allocated, so that a model of billions of
parameters is built in seconds and, its pages never touched, without the memory. Small tensors, which designs are
computed from, keep their values. Import this before the packages that are recorded.
"""

from __future__ import annotations

import contextlib
import functools

import torch
from torch.nn import init
from torch.utils._python_dispatch import TorchDispatchMode

LARGE = 1 << 12

_FILLS = set(
    "uniform_ normal_ random_ bernoulli_ exponential_ log_normal_ erfinv_ mul_ add_ sub_ div_ clamp_ clamp_min_ "
    "clamp_max_ fill_ zero_ sign_ sqrt_ pow_ neg_ floor_ abs_ exp_ tanh_ copy_".split()
)
_INITIALIZERS = (
    "uniform_ normal_ trunc_normal_ constant_ ones_ zeros_ eye_ dirac_ xavier_uniform_ xavier_normal_ kaiming_uniform_ "
    "kaiming_normal_ orthogonal_ sparse_"
).split()

_entered = False


class _Unfilled(TorchDispatchMode):
    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        if function.overloadpacket.__name__ in _FILLS and args[0].numel() >= LARGE:
            return args[0]
        return function(*args, **(kwargs or {}))


def _skipping(initializer):
    @functools.wraps(initializer)
    def skip(tensor, *args, **kwargs):
        return tensor if _entered and tensor.numel() >= LARGE else initializer(tensor, *args, **kwargs)

    return skip


for _name in _INITIALIZERS:
    setattr(init, _name, _skipping(getattr(init, _name)))


@contextlib.contextmanager
def unfilled():
    """Initializers leave large tensors alone while this is entered."""
    global _entered
    _entered = True
    try:
        with _Unfilled():
            yield
    finally:
        _entered = False

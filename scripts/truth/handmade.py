"""Models of packages without a registry, written down by hand, and inputs that no registry tells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

# Set → package.
PACKAGES: dict[str, str] = {}

# pytorchcv's file → inputs, where a picture alone will not do.
PYTORCHCV: dict[str, list[Any]] = {
    "raft": [[1, 3, 128, 160], [1, 3, 128, 160]],
}


def models(name: str) -> Iterator[tuple[str, str, list[Any]]]:
    yield from ()

"""A backbone that returns a dict, a head that returns a tuple, a model that returns a dataclass."""
from dataclasses import dataclass
from typing import Dict, NamedTuple, Optional, Tuple

import torch
from torch import Tensor, nn


class Pyramid(NamedTuple):
    fine: Tensor
    coarse: Tensor


@dataclass
class Output:
    logits: Tensor
    features: Dict[str, Tensor]
    aux: Optional[Tensor] = None


class Backbone(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.c2 = nn.Conv2d(3, width, 3, 2, 1)
        self.c3 = nn.Conv2d(width, width * 2, 3, 2, 1)

    def forward(self, x: Tensor) -> Dict[str, Tensor]:
        out = {}
        x = out["c2"] = self.c2(x).relu_()
        out["c3"] = self.c3(x).relu_()
        return out


class Neck(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.lateral = nn.ModuleDict({"c2": nn.Conv2d(width, 8, 1), "c3": nn.Conv2d(width * 2, 8, 1)})
        self.up = nn.Upsample(scale_factor=2)

    def forward(self, features: Dict[str, Tensor]) -> Pyramid:
        maps = {k: self.lateral[k](v) for k, v in features.items()}
        return Pyramid(fine=maps["c2"] + self.up(maps["c3"]), coarse=maps["c3"])


class Detector(nn.Module):
    def __init__(self, width: int = 12, classes: int = 6, aux: bool = False) -> None:
        super().__init__()
        self.backbone = Backbone(width)
        self.neck = Neck(width)
        self.cls = nn.Linear(16, classes)
        self.aux = nn.Linear(8, classes) if aux else None

    def _pool(self, p: Pyramid) -> Tuple[Tensor, Tensor]:
        return p.fine.amax((2, 3)), p[1].amax(dim=(2, 3))

    def forward(self, images: Tensor) -> Output:
        features = self.backbone(images)
        pyramid = self.neck(features)
        a, b = self._pool(pyramid)
        logits = self.cls(torch.cat((a, b), -1))
        aux = self.aux(b) if self.aux is not None else None
        return Output(logits, features, aux)

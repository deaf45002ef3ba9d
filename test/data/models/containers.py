"""Lists and dicts of layers and parameters, taken apart and put together again."""
import copy

import torch
import torch.nn as nn


class Surgery(nn.Module):
    def __init__(self):
        super().__init__()
        net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Conv2d(8, 8, 3), nn.ReLU())
        net.append(nn.Conv2d(8, 4, 1))
        net.insert(1, nn.BatchNorm2d(8))
        del net[-2]
        self.front, self.rest = net[:2], net[2:] + nn.Sequential(nn.Sigmoid())
        blocks = nn.ModuleList([nn.Conv2d(4, 4, 1) for _ in range(3)])
        blocks.insert(0, nn.Conv2d(4, 4, 3))
        blocks.extend(nn.ModuleList([nn.Tanh()]))
        blocks += [nn.Identity()]
        self.blocks = blocks[1:]
        self.blocks.pop(0)
        self.heads = nn.ModuleDict({"a": nn.Conv2d(4, 2, 1), "b": nn.Conv2d(4, 3, 1)})
        self.heads.update([("c", nn.Conv2d(4, 5, 1))])
        self.heads.pop("b")
        self.scales = nn.ParameterList([nn.Parameter(torch.ones(4, 1, 1)) for _ in range(2)])
        self.scales.append(torch.zeros(4, 1, 1))
        self.pairs = nn.ParameterList([])
        for _ in range(2):
            self.pairs.append(nn.ParameterList([torch.ones(4, 1, 1), torch.ones(4, 1, 1)]))
        self.shifts = nn.ParameterDict({"s": torch.ones(1), "t": nn.Parameter(torch.randn(4, 1, 1))})
        self.add_module("last", nn.Conv2d(7, 2, 1))
        self.register_buffer("mean", torch.zeros(1, 3, 1, 1), persistent=False)
        self.register_buffer("nothing", None)
        self._modules["extra"] = nn.Conv2d(2, 2, 1)
        self.twin = copy.deepcopy(self.last)
        self.factor = nn.Buffer(torch.ones(2))
        self.tied = nn.ModuleList([self.last, self.last])
        missing, unexpected = self.last.load_state_dict({"weight": torch.zeros(2, 7, 1, 1)}, strict=False)
        self.count = nn.Linear(len(missing), len(self.state_dict()))
        self.shared = self.get_submodule("heads.a")

    def forward(self, x):
        x = self.rest(self.front(x - self.mean))
        for block in self.blocks:
            x = block(x)
        for scale in self.scales:
            x = x * scale
        for factor, shift in self.pairs:
            x = x * factor + shift
        x = x * self.shifts["s"] + self.shifts["t"]
        both = torch.cat([head(x) for _, head in self.heads.items()], dim=1)
        out = self.extra(self.tied[1](both)) * self.factor[:, None, None]
        return out, self.twin(both), self.shared(x)

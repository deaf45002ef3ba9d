"""Writes small checkpoints in every form that torch.save has had, and what torch.load makes of each tensor."""

import argparse
import base64
import collections
import hashlib
import io
import json
import os
import pathlib
import zipfile

import numpy as np
import torch
from torch import nn

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "test" / "data" / "run" / "checkpoints"


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 3, 3, bias=False)
        self.bn = nn.BatchNorm2d(3)
        self.register_buffer("scale", torch.tensor([0.5, 2.0]))
        self.register_buffer("cache", torch.zeros(4), persistent=False)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(Block(), nn.ReLU())
        self.fc = nn.Linear(3, 5)
        self.tied = self.fc


class Runs:
    """Unpickled by a reader that executes, this writes a file."""

    def __reduce__(self):
        return os.system, ("touch executed-by-a-checkpoint",)


def digests(state):
    return {
        key: {
            "shape": list(tensor.shape),
            "sha256": hashlib.sha256(tensor.detach().to(torch.float32).contiguous().numpy().tobytes()).hexdigest(),
        }
        for key, tensor in state.items()
    }


def saved(value, **options):
    out = io.BytesIO()
    torch.save(value, out, **options)
    return out.getvalue()


def deflated(data):
    """The same archive with every entry deflated, as a careless tool repacks it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            # A fixed date, so that the bytes are the same each time.
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            target.writestr(entry, source.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def views():
    base = torch.arange(24, dtype=torch.float32)
    return {
        "whole": base,
        "offset": base[5:9],
        "transposed": base.reshape(4, 6).t(),
        "stepped": base[::3],
        "expanded": base[:3].reshape(3, 1).expand(3, 4),
        "empty": base[:0],
        "scalar": base[7],
        "permuted": base.reshape(2, 3, 4).permute(2, 0, 1),
    }


def main():
    torch.manual_seed(0)
    net = Net()
    state = net.state_dict()
    types = {
        name: torch.tensor([0, 1, -2, 3]).to(getattr(torch, name))
        for name in ("float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool")
    }
    training = {
        "epoch": 3,
        "best": np.float64(0.5),
        "arch": "net",
        "args": argparse.Namespace(lr=0.1, sizes=[1, 2]),
        "counts": collections.defaultdict(int, a=1),
        "state_dict": collections.OrderedDict(("module." + key, value) for key, value in state.items()),
        "optimizer": torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9).state_dict(),
    }
    parameters = collections.OrderedDict((key, nn.Parameter(value, requires_grad=False)) for key, value in state.items() if value.is_floating_point())
    # name, bytes, the tensors that are to be found
    files = [
        ("zip.pth", saved(state), state),
        ("legacy.pth", saved(state, _use_new_zipfile_serialization=False), state),
        ("protocol4.pt", saved(state, pickle_protocol=4), state),
        ("deflated.pth", deflated(saved(state)), state),
        ("training.ckpt", saved(training), state),
        ("lightning.ckpt", saved({"state_dict": {"model." + k: v for k, v in state.items()}, "hyper_parameters": {"lr": 0.1}}), state),
        ("parameters.bin", saved(parameters), parameters),
        ("module.pt", saved(net), state),
        ("module-legacy.pt", saved(net, _use_new_zipfile_serialization=False), state),
        ("views.pth", saved(views()), views()),
        ("views-legacy.pth", saved(views(), _use_new_zipfile_serialization=False), views()),
        ("types.pth", saved(types), types),
        ("types-legacy.pth", saved(types, _use_new_zipfile_serialization=False), types),
    ]
    hostile = [
        ("calls.pth", saved({"state_dict": state, "extra": Runs()})),
        ("calls-legacy.pth", saved({"state_dict": state, "extra": Runs()}, _use_new_zipfile_serialization=False)),
    ]
    truth = {"files": {}, "hostile": {}}
    for name, data, tensors in files:
        if not name.startswith("module"):
            # What was meant is what torch.load gives.
            torch.load(io.BytesIO(data), weights_only=False)
        truth["files"][name] = {"bytes": base64.b64encode(data).decode(), "tensors": digests(tensors)}
    for name, data in hostile:
        truth["hostile"][name] = base64.b64encode(data).decode()
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "checkpoints.json").write_text(json.dumps(truth, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()

"""What real PyTorch does on one forward pass, in the words of the contracts' `shapes --json`.

The model is in eval mode, under `torch.no_grad()`, float32, on the CPU's own kernels.
"""

from __future__ import annotations

import builtins
import dataclasses
import gzip
import hashlib
import json
import platform
import sys
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

import bindings

RECORDER = hashlib.sha256(
    b"".join((Path(__file__).parent / name).read_bytes() for name in ("recorder.py", "bindings.py"))
).hexdigest()[:16]

_vars: dict[tuple[str, int, str], list[Any]] | None = None


def _probe(file: str, line: int, name: str, value: Any) -> Any:
    if _vars is not None:
        shape = shape_of(value)
        if has_tensor(shape):
            shapes = _vars.setdefault((file, line, name), [])
            if shape not in shapes:
                shapes.append(shape)
    return value


setattr(builtins, bindings.PROBE, _probe)


def shape_of(value: Any) -> Any:
    """A SHAPE of the contracts, or None for what is not a tensor."""
    if isinstance(value, torch.Tensor):
        return list(value.shape)
    if isinstance(value, (tuple, list)):
        return {"seq": [shape_of(item) for item in value]}
    if isinstance(value, dict):
        return {"dict": {str(key): shape_of(item) for key, item in value.items()}}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {"dict": {f.name: shape_of(getattr(value, f.name)) for f in dataclasses.fields(value)}}
    return None


def has_tensor(shape: Any) -> bool:
    if isinstance(shape, list):
        return True
    if isinstance(shape, dict):
        items = shape["seq"] if "seq" in shape else shape["dict"].values()
        return any(has_tensor(item) for item in items)
    return False


def tensor_of(spec: Any) -> Any:
    """A value for an input of the contracts (concrete sizes)."""
    if isinstance(spec, list):
        return torch.randn(spec)
    if "seq" in spec:
        return [tensor_of(item) for item in spec["seq"]]
    if "dict" in spec:
        return {key: tensor_of(item) for key, item in spec["dict"].items()}
    dtype = getattr(torch, spec.get("dtype", "float32"))
    return torch.randn(spec["shape"]).to(dtype) if dtype.is_floating_point else torch.zeros(spec["shape"], dtype=dtype)


def parameters(module: nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())


def record(model: nn.Module, inputs: list[Any]) -> dict[str, Any]:
    """Runs `model` and returns `input`, `output`, `params`, `modules`, `vars`."""
    global _vars
    model.eval()
    names: dict[int, list[str]] = {}
    modules: dict[int, nn.Module] = {}
    for path, module in model.named_modules(remove_duplicate=False):
        modules[id(module)] = module
        names.setdefault(id(module), []).append(path)

    outputs: dict[int, list[Any]] = {}
    found: dict[tuple[str, int, str], list[Any]] = {}
    flops: dict[int, int] = {}
    counter = FlopCounterMode(display=False)
    started: list[int] = []

    def begin(module: nn.Module, _args: Any) -> None:
        outputs.setdefault(id(module), [])

    def end(module: nn.Module, _args: Any, output: Any) -> None:
        outputs[id(module)].append(shape_of(output))

    def begin_count(_module: nn.Module, _args: Any) -> None:
        started.append(counter.get_total_flops())

    def end_count(module: nn.Module, _args: Any, _output: Any) -> None:
        flops[id(module)] = flops.get(id(module), 0) + counter.get_total_flops() - started.pop()

    def run(before: Any, after: Any) -> Any:
        torch.manual_seed(0)
        tensors = [tensor_of(spec) for spec in inputs]
        handles = [module.register_forward_pre_hook(before) for module in modules.values()]
        handles += [module.register_forward_hook(after) for module in modules.values()]
        try:
            return model(*tensors)
        finally:
            for handle in handles:
                handle.remove()

    with torch.no_grad():
        _vars = found
        try:
            output = run(begin, end)
        finally:
            _vars = None
        # A run of its own: the counter decomposes operators, and some of them then take what the kernels refuse.
        with counter:
            run(begin_count, end_count)

    rows = []
    for key, shapes in outputs.items():
        module, paths = modules[key], names[key]
        assert flops[key] % 2 == 0
        row = {
            "path": paths[0],
            "type": type(module).__name__,
            "outputs": shapes,
            "params": parameters(module),
            "madds": flops[key] // 2,
        }
        if len(paths) > 1:
            row["aliases"] = paths[1:]
        rows.append(row)
    return {
        "input": inputs,
        "output": shape_of(output),
        "params": parameters(model),
        "modules": rows,
        "vars": [
            {"file": file, "line": line, "variable": name, "shapes": shapes}
            for (file, line, name), shapes in sorted(found.items())
        ],
    }


def stamp(*sources: Path, extra: Any = None) -> dict[str, Any]:
    """What a record depends on: a record with an equal stamp is current."""
    digest = hashlib.sha256()
    for source in sources:
        digest.update(source.read_bytes())
    digest.update(json.dumps(extra).encode())
    return {
        "recorder": RECORDER,
        "torch": torch.__version__.partition("+")[0],
        "source": digest.hexdigest()[:16],
    }


def read(file: Path) -> dict[str, Any] | None:
    if not file.exists():
        return None
    data = file.read_bytes()
    return json.loads(gzip.decompress(data) if file.suffix == ".gz" else data)


def write(file: Path, data: dict[str, Any]) -> None:
    """One module or variable a line; a `.gz` is the same bytes each time."""
    file.parent.mkdir(parents=True, exist_ok=True)
    text = dump(data) + "\n"
    scratch = file.with_name(file.name + ".part")
    scratch.write_bytes(gzip.compress(text.encode(), 9, mtime=0) if file.suffix == ".gz" else text.encode())
    scratch.replace(file)


def dump(value: Any, depth: int = 0) -> str:
    """JSON with objects and lists of objects broken into lines down to the rows."""
    pad = "\n" + " " * (depth + 1)
    end = "\n" + " " * depth
    if isinstance(value, dict) and depth < 4 and any(isinstance(v, list) and v and isinstance(v[0], dict) for v in value.values()):
        return "{" + ",".join(f"{pad}{json.dumps(k)}: {dump(v, depth + 1)}" for k, v in value.items()) + end + "}"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[" + ",".join(f"{pad}{dump(item, depth + 1)}" for item in value) + end + "]"
    return json.dumps(value)


def current(file: Path, wanted: dict[str, Any]) -> bool:
    """Whether the record in `file` was made from just these inputs."""
    if "--force" in sys.argv:
        return False
    old = read(file)
    return old is not None and old.get("stamp") == wanted


def say(text: str) -> None:
    print(text, flush=True)


def about() -> str:
    return f"torch {torch.__version__}, Python {platform.python_version()}"

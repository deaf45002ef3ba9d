"""Records what real PyTorch computes for whole models, for `npm run parity`.

The list is test/data/truth/parity/models.json, the records go to truth.json.gz beside it: for each model its output and
what its modules give, in float32, with the largest difference that float32 itself makes against float64. Weights and
inputs are made from an integer hash of key and index on both sides, so that none is stored; of a module's output, which
may be large, so many elements are kept, evenly spread.
"""

import base64
import gzip
import importlib
import importlib.util
import json
import math
import pathlib
import sys
import zlib

import numpy as np
import torch
from torch import nn

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "test" / "data" / "truth" / "parity"
KEPT = 24
"""Elements of a module's output."""
LOGITS = 250
"""Elements of the model's own output."""
DEPTH = 2
"""Modules whose path has at most so many names: stages and blocks."""


def uniform(shape, seed):
    """In [-1, 1): the same integer hash as test/parity/weights.ts."""
    count = math.prod(shape)
    h = np.arange(count, dtype=np.uint64) + np.uint64(1) + np.uint64(seed)
    mask = np.uint64(0xFFFFFFFF)
    h = (h * np.uint64(2654435761)) & mask
    h ^= h >> np.uint64(15)
    h = (h * np.uint64(2246822519)) & mask
    h ^= h >> np.uint64(13)
    return (h.astype(np.float64) / 2147483648.0 - 1.0).reshape(shape)


def value(key, shape):
    u = uniform(shape, zlib.crc32(key.encode()))
    if key.endswith("running_var"):
        made = 1.0 + 0.3 * u
    elif key.endswith(("running_mean", "bias")):
        made = 0.1 * u
    elif 1 < len(shape):
        # Keeps the variance through a layer of any kind followed by a relu.
        made = math.sqrt(6.0 / max(1, math.prod(shape[1:]))) * u
    else:
        made = 1.0 + 0.2 * u
    return torch.from_numpy(made.astype(np.float32))


def fill(model):
    """Every parameter, and the statistics of every batch normalization; the keys of the buffers that stay."""
    kept = []
    with torch.no_grad():
        for key, tensor in [*model.named_parameters(), *model.named_buffers()]:
            if isinstance(tensor, nn.Parameter) or key.endswith(("running_mean", "running_var")):
                tensor.copy_(value(key, tuple(tensor.shape)))
            else:
                kept.append(key)
    return kept


def load(entry):
    if "package" in entry:
        name = entry["file"][:-3].replace("/", ".")
        return importlib.import_module(name)
    path = ROOT / entry["file"]
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def spread(tensor, limit):
    flat = tensor.detach().flatten()
    step = max(1, -(-flat.numel() // limit))
    return flat[::step]


def encoded(tensor):
    return base64.b64encode(tensor.numpy().astype("<f4").tobytes()).decode()


def first(output):
    if isinstance(output, torch.Tensor):
        return output
    items = output.values() if isinstance(output, dict) else output if isinstance(output, (list, tuple)) else ()
    return next((one for item in items if (one := first(item)) is not None), None)


def taps(model, inputs):
    """Each module's outputs at its only call, the model's own under ''."""
    found = {}

    def hook(name):
        def keep(_module, _args, output):
            found.setdefault(name, []).append(output.detach().clone() if isinstance(output, torch.Tensor) else None)

        return keep

    handles = [module.register_forward_hook(hook(name)) for name, module in model.named_modules() if name != ""]
    with torch.no_grad():
        found[""] = [first(model(inputs))]
    for handle in handles:
        handle.remove()
    return {name: outputs[0] for name, outputs in found.items() if len(outputs) == 1 and outputs[0] is not None}


def record(entry):
    torch.manual_seed(0)
    model = eval(entry["model"], vars(load(entry))).eval()
    kept = fill(model)
    x = torch.from_numpy(uniform(entry["input"], 7).astype(np.float32))
    single = taps(model, x)
    double = taps(model.double(), x.double())
    modules = {}
    for name, tensor in single.items():
        if DEPTH < len(name.split(".")):
            continue
        reference = double[name]
        if not tensor.is_floating_point() or tensor.numel() == 0:
            continue
        largest = reference.abs().max().item()
        own = (tensor.double() - reference).abs().max().item() / largest if largest else 0.0
        limit = LOGITS if name == "" else KEPT
        modules[name] = {
            "shape": list(tensor.shape),
            "largest": largest,
            "own": own,
            "exact": encoded(spread(reference, limit)),
            **({"values": encoded(spread(tensor, limit))} if name == "" else {}),
        }
    return {**entry, "kept": kept, "modules": modules}


def main():
    torch.set_num_threads(1)
    entries = json.loads((FOLDER / "models.json").read_text())
    sys.path.insert(0, str(ROOT / "test" / "data" / "models"))
    records = []
    for entry in entries:
        try:
            made = record(entry)
        except Exception as error:  # noqa: BLE001
            sys.exit(f"{entry['file']} {entry['model']}: {error!r}")
        print(entry["model"], len(made["modules"]), f"own {made['modules']['']['own']:.1e}", flush=True)
        records.append(made)
    text = json.dumps(records, separators=(",", ":"))
    with gzip.GzipFile(FOLDER / "truth.json.gz", "wb", mtime=0) as out:
        out.write(text.encode())


if __name__ == "__main__":
    main()

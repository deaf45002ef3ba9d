"""Records every model of a published package: one line of JSON a model, resumable.

`record_packages.py --stamp` prints what tells current records. `record_packages.py SET OUT.jsonl` goes through the list of the set (`catalogue.py` makes it) and appends what is not in
OUT yet. A line is `{"key", "stamp", "mode", "runs"}`, a run as `recorder.record` gives it, or `{"key", "stamp",
"skipped"}` with the reason. Weights are never filled. A model runs on the meta device if it lets itself and calls no
attention (whose kernels, and so its multiply-adds, are others there), else on fake tensors (shapes, counts and the
kernels chosen are those of the CPU), else really.

Every model is run on its listed input; every fifth, and each file's first, also at a size next to it. What depends on the
values of the weights (how many boxes a detector keeps) is found by more builds with other weights and marked: such a dim
is `"*"`.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import importlib
import importlib.util
import io
import json
import random
import re
import signal
import sys
import time
import warnings
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import bindings  # noqa: E402
import fast  # noqa: E402
import recorder  # noqa: E402
import torch  # noqa: E402
from torch._subclasses.fake_tensor import FakeTensorMode  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
LISTS = ROOT / "test/data/truth/packages"
HERE = ("recorder.py", "bindings.py", "fast.py")
FORMAT = 1
"""To be raised when this file records something else."""
SOURCES = b"".join((Path(__file__).parent / name).read_bytes() for name in HERE)
STAMP = hashlib.sha256(SOURCES + f"{FORMAT} {torch.__version__.partition('+')[0]}".encode()).hexdigest()[:16]
PATIENCE = 150
"""Seconds one model may take."""
OTHER_SIZES = [(1, 33), (32, 64)]
"""What is added to height and width for the second run; the first that the model takes."""


class TooSlow(Exception):
    pass


def stop(*_: Any) -> None:
    raise TooSlow(f"more than {PATIENCE} s")


def build(module: Any, expression: str, seed: int = 0) -> torch.nn.Module:
    random.seed(seed)
    torch.manual_seed(seed)
    with contextlib.redirect_stdout(io.StringIO()):
        # A parameter that is a module's input upsets the counter if it wants gradients.
        return eval(expression, dict(vars(module))).requires_grad_(False)  # noqa: S307 our own lists


ATTENTION = (torch.nn.MultiheadAttention, torch.nn.TransformerEncoderLayer, torch.nn.RNNBase)
_attended = False
_attention = torch.nn.functional.scaled_dot_product_attention


def attention(*args: Any, **kwargs: Any) -> Any:
    global _attended
    _attended = True
    return _attention(*args, **kwargs)


torch.nn.functional.scaled_dot_product_attention = attention
_native_attention = torch._native_multi_head_attention


def native_attention(*args: Any, **kwargs: Any) -> Any:
    """The kernel gives no second tensor without weights; on fake tensors it gives an empty one."""
    out, weights = _native_attention(*args, **kwargs)
    return out, None if weights is not None and weights.numel() == 0 else weights


torch._native_multi_head_attention = native_attention


class Attends(Exception):
    pass


def meta_run(module: Any, expression: str, inputs: list[list[Any]]) -> list[dict[str, Any]]:
    global _attended
    with fast.unfilled():
        model = build(module, expression)
    if any(isinstance(each, ATTENTION) for each in model.modules()):
        raise Attends
    model.to("meta")
    runs = []
    _attended = False
    for spec in inputs:
        with torch.device("meta"):
            runs.append(recorder.record(model, spec))
    if _attended:
        raise Attends
    return runs


def fake_run(module: Any, expression: str, inputs: list[list[Any]]) -> list[dict[str, Any]]:
    with fast.unfilled():
        model = build(module, expression)
    runs = []
    for spec in inputs:
        with FakeTensorMode(allow_non_fake_inputs=True):
            runs.append(recorder.record(model, spec))
    return runs


OTHER_WEIGHTS = [(1, 0), (1, 1), (2, 0.1), (2, 1)]
"""Of the further builds: what weights are multiplied with, and how much noise vectors (biases, norms) get. Freshly
initialized, a detector keeps all boxes or none, whatever the seed."""


def driven(model: torch.nn.Module, factor: float, noise: float) -> torch.nn.Module:
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() > 1:
                parameter.mul_(factor)
            else:
                parameter.add_(torch.randn(parameter.shape, generator=generator) * noise)
    return model


def real_run(module: Any, expression: str, inputs: list[list[Any]]) -> list[dict[str, Any]]:
    runs = [recorder.record(build(module, expression), spec) for spec in inputs]
    for factor, noise in OTHER_WEIGHTS:
        other = driven(build(module, expression, 1), factor, noise)
        runs = [merged(run, recorder.record(other, spec)) for run, spec in zip(runs, inputs)]
    return runs


def merged(a: Any, b: Any) -> Any:
    """`a` with `"*"` for each number or list in which `b` differs; rows of modules and variables are matched by name."""
    if isinstance(a, dict) and isinstance(b, dict) and a.keys() == b.keys():
        rows = {"modules": ("path", "outputs"), "vars": ("file", "line", "variable", "shapes")}
        return {key: by_name(value, b[key], *rows[key]) if key in rows else merged(value, b[key]) for key, value in a.items()}
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        return [merged(x, y) for x, y in zip(a, b)]
    return a if a == b else "*"


def by_name(a: list[Any], b: list[Any], *names: str) -> list[Any]:
    *names, facts = names
    others = {tuple(row[name] for name in names): row for row in b}
    rows = []
    for row in a:
        other = others.pop(tuple(row[name] for name in names), None)
        rows.append({**row, facts: "*"} if other is None else merged(row, other))
    return rows + [{**row, facts: "*"} for row in others.values()]


def others(spec: list[Any]) -> list[list[Any]]:
    """The listed input at other heights and widths; none for an input that is no list of pictures."""
    if not all(isinstance(one, list) and len(one) >= 4 for one in spec):
        return []
    return [[[*one[:-2], one[-2] + h, one[-1] + w] for one in spec] for h, w in OTHER_SIZES]


ASKS_FOR_META = re.compile(r"""["']meta["']""")
"""Code that goes another way on the meta device."""


def record(module: Any, expression: str, spec: list[Any], more: bool) -> dict[str, Any]:
    failed = ""
    for mode, run in (("meta", meta_run), ("fake", fake_run), ("real", real_run)):
        if mode == "meta" and ASKS_FOR_META.search(Path(module.__file__).read_text("utf8")):
            continue
        try:
            runs = run(module, expression, [spec])
            break
        except TooSlow:
            raise
        except Exception as error:  # noqa: BLE001 what does not run that way runs another way
            if mode == "real":
                raise
            failed = f"{type(error).__name__}: {str(error).splitlines()[0][:100] if str(error) else ''}"
    for other in others(spec) if more and mode != "real" else []:
        try:
            second = run(module, expression, [other])[0]
        except TooSlow:
            break
        except Exception:  # noqa: BLE001 a model for one size only
            continue
        del second["vars"]
        runs.append(second)
        break
    return {"mode": f"real: {failed}" if mode == "real" else mode, "runs": runs}


def main() -> int:
    warnings.simplefilter("ignore")
    if sys.argv[1] == "--stamp":
        print(STAMP)
        return 0
    name, out = sys.argv[1], Path(sys.argv[2])
    listed = json.loads((LISTS / f"{name}.json").read_text())
    for package in listed["versions"]:
        folder = Path(importlib.util.find_spec(package).submodule_search_locations[0])
        sys.meta_path.insert(0, bindings.Importer(folder, folder.parent))
    signal.signal(signal.SIGALRM, stop)
    todo = [
        (group["file"], model, group["input"], at % 5 == 0)
        for group in listed["files"]
        for at, model in enumerate(group["models"])
    ]
    done = set()
    if out.exists():
        for line in out.read_text().splitlines():
            row = json.loads(line)
            if row["stamp"] == STAMP:
                done.add(row["key"])
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("a") as sink:
        for at, (file, expression, spec, more) in enumerate(todo, 1):
            key = json.dumps([file, expression, spec])
            if key in done:
                continue
            start = time.monotonic()
            row: dict[str, Any] = {"key": key, "stamp": STAMP}
            signal.alarm(PATIENCE)
            try:
                module = importlib.import_module(file.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
                row |= record(module, expression, spec, more)
            except Exception as error:  # noqa: BLE001 the rest goes on; the reason is kept
                row["skipped"] = f"{type(error).__name__}: {str(error).splitlines()[0][:200] if str(error) else ''}"
            finally:
                signal.alarm(0)
            sink.write(json.dumps(row, separators=(",", ":")) + "\n")
            sink.flush()
            gc.collect()
            what = row.get("skipped") or f"{row['mode']}, {len(row['runs'][0]['modules'])} modules, {len(row['runs'])} runs"
            recorder.say(f"[{name} {at}/{len(todo)}] {expression}: {what}, {time.monotonic() - start:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())

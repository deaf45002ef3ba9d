"""Records what a checkpoint of our own model files holds: `test/data/truth/states.json.gz`, skipped when current.

One entry a root of `test/data/models/index.json`: each key of `state_dict()` after one forward pass, with its shape.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parent))
import bindings  # noqa: E402
import recorder  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "test/data/models"
OUT = ROOT / "test/data/truth/states.json.gz"


def state(file: Path, model: str, inputs: list) -> list:
    with contextlib.redirect_stdout(io.StringIO()), torch.no_grad():
        module = bindings.load(file, f"lens_{file.stem}", MODELS)
        built = eval(model, vars(module)).eval()  # noqa: S307 our own index
        built(*[recorder.tensor_of(spec) for spec in inputs])
    return [[key, list(value.shape)] for key, value in built.state_dict().items()]


def main() -> int:
    index = json.loads((MODELS / "index.json").read_text())
    stamp = recorder.stamp(*sorted(MODELS.glob("*.py")), extra=index)
    if recorder.current(OUT, stamp):
        recorder.say("states: current")
        return 0
    roots = [
        {"file": one["file"], "model": one["model"], "input": one["inputs"][0],
         "state": state(MODELS / one["file"], one["model"], one["inputs"][0])}
        for one in index
    ]
    recorder.write(OUT, {"stamp": stamp, "roots": roots})
    recorder.say(f"states: {len(roots)} roots")
    return 0


if __name__ == "__main__":
    sys.exit(main())

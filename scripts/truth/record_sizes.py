"""Records at which input sizes each of `size_designs.py` runs in real PyTorch: `test/data/truth/sizes.json.gz`.

A design runs at every size 1 to 300 of one axis, the other one fixed to a size that something fits; `square` varies both
together. `runs` is what happens, as [first size, "ok" | "small" | "no", failing line]: up to the next entry it is the
same. `small` is an input that is only too small for a kernel, a padding or a reflection.
"""

from __future__ import annotations

import re
import sys
import time
import traceback
import warnings
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parent))
import recorder  # noqa: E402
import size_designs  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "test/data/truth/sizes.json.gz"
LIMIT = 300
#: Tried for the axis that stays: one that divides by much, odd ones, such that windows and linears are built for.
OTHERS = [64, 63, 65, 32, 28, 24, 48, 56, 96, 50, 49]
AXES = ["H", "H", "W", "H", "square"]

SMALL = re.compile(
    r"Kernel size can't be greater than actual input size|Output size is too small|Padding size should be less than"
    r"|Padding value causes wrapping|Input and output sizes should be greater than 0|resulted in a negative output size"
    r"|with optional 0 dim batch size|non-empty|expected output size to be greater than|is too small"
    r"|Expected input to have non-zero|maximum size for tensor at dimension"
    r"|calculated shape of the array of sliding blocks|not enough values to unpack"
    r"|Trying to create tensor with negative dimension|non-zero size for non-batch dimensions"
)


def happens(model: torch.nn.Module, file: str, height: int, width: int) -> list:
    try:
        model(torch.zeros(2, 3, height, width))
    except Exception as error:  # noqa: BLE001 that it raises is what is recorded
        line = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file][-1]
        return ["small" if SMALL.search(str(error)) else "no", line]
    return ["ok", 0]


def sizes(axis: str, other: int, size: int) -> tuple[int, int]:
    return (size, other) if axis == "H" else (other, size) if axis == "W" else (size, size)


def record(index: int, name: str, source: str) -> dict:
    file = f"<{name}>"
    scope: dict = {"__name__": name}
    exec(compile(source, file, "exec"), scope)  # noqa: S102 our own source
    model = scope["Net"]().eval()
    axis = AXES[index % len(AXES)]

    def run(other: int, size: int) -> list:
        return happens(model, file, *sizes(axis, other, size))

    other = next((one for one in OTHERS if any(run(one, size)[0] == "ok" for size in (*OTHERS, 225, 224, 300))), OTHERS[0])
    runs: list = []
    for size in range(1, LIMIT + 1):
        what = run(other, size)
        if not runs or runs[-1][1:] != what:
            runs.append([size, *what])
    return {"name": name, "axis": axis, "other": other, "source": source, "runs": runs}


def main() -> int:
    stamp = recorder.stamp(Path(size_designs.__file__), Path(__file__))
    if recorder.current(OUT, stamp):
        recorder.say("sizes: current")
        return 0
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    torch.manual_seed(0)
    started = time.monotonic()
    with torch.inference_mode():
        rows = [record(i, name, source) for i, (name, source) in enumerate(size_designs.designs())]
    recorder.write(OUT, {"stamp": stamp, "limit": LIMIT, "designs": rows})
    recorder.say(f"sizes: {len(rows)} designs at {LIMIT} sizes each in {time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())

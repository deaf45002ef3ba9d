"""Records what real PyTorch makes of `test/data/faults`: `faults.json` there, skipped when current.

A file with classes that take a `stride` is run with a stride of 1 and of 2, on maps of 8 channels; every other file is run
as a script. Kept are, of what is raised, the type, the message and the innermost line of the folder's files.
"""

from __future__ import annotations

import inspect
import runpy
import sys
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parent))
import recorder  # noqa: E402

FOLDER = Path(__file__).resolve().parents[2] / "test/data/faults"
OUT = FOLDER / "faults.json"


def raised(file: Path, work: Callable[[], object]) -> dict:
    try:
        with torch.no_grad():
            work()
    except Exception as error:  # noqa: BLE001 what it raises is what is recorded
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).parent == FOLDER]
        at = Path(frames[-1].filename).name
        return {**({} if at == file.name else {"at": at}), "line": frames[-1].lineno, "type": type(error).__name__, "message": str(error)}
    return {}


def record(file: Path) -> list[dict]:
    sys.path.insert(0, str(file.parent))
    names = runpy.run_path(str(file), run_name="faults")
    forms = [
        value
        for value in names.values()
        if inspect.isclass(value) and value.__module__ == "faults" and list(inspect.signature(value).parameters) == ["stride"]
    ]
    if "Net" in names:
        return [{"file": file.name, "model": "", **raised(file, lambda: runpy.run_path(str(file), run_name="__main__"))}]
    return [
        {
            "file": file.name,
            "model": f"{form.__name__}({stride})",
            **raised(file, lambda: form(stride).eval()(torch.randn(2, 8, 16, 16))),  # noqa: B023
        }
        for form in forms
        for stride in (1, 2)
    ]


def main() -> int:
    files = sorted(FOLDER.glob("*.py"))
    stamp = recorder.stamp(*files, Path(__file__))
    if recorder.current(OUT, stamp):
        recorder.say("faults: current")
        return 0
    warnings.simplefilter("ignore")
    torch.manual_seed(0)
    cases = [case for file in files for case in record(file)]
    recorder.write(OUT, {"stamp": stamp, "cases": cases})
    recorder.say(f"faults: {len(cases)} cases")
    return 0


if __name__ == "__main__":
    sys.exit(main())

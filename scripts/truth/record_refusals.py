"""Records what real PyTorch says to each case of `test/data/torch/refusals.py`: `refusals.json` beside it."""

from __future__ import annotations

import json
import sys
import types
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import bindings  # noqa: E402
import recorder  # noqa: E402

FOLDER = Path(__file__).resolve().parents[2] / "test/data/torch"
SOURCE, OUT = FOLDER / "refusals.py", FOLDER / "refusals.json"


def said(scope: dict, expression: str) -> str:
    try:
        eval(expression, scope)  # noqa: S307 our own file
    except Exception as error:  # noqa: BLE001 what it says is what is recorded
        return f"{type(error).__name__}: {error}"
    raise AssertionError(f"{expression} does not raise")


def main() -> int:
    stamp = recorder.stamp(SOURCE)
    if recorder.current(OUT, stamp):
        recorder.say("refusals: current")
        return 0
    scope = vars(bindings.load(SOURCE, "lens_refusals", FOLDER))
    cases = [
        f"module({name})" if isinstance(value, types.FunctionType) else f"{name}()"
        for name, value in scope.items()
        if getattr(value, "__module__", None) == "lens_refusals" and name != "module"
    ]
    recorder.write(OUT, {"stamp": stamp, "cases": [{"model": case, "says": said(scope, case)} for case in cases]})
    recorder.say(f"refusals: {len(cases)} cases")
    return 0


if __name__ == "__main__":
    sys.exit(main())

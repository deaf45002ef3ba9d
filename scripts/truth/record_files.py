"""Records our own model files: `test/data/truth/files/<file>.json.gz`, all their roots in one, skipped when current.

Without arguments: every root of `test/data/models/index.json`. Otherwise `FILE MODEL INPUT…` (an input as in the
contracts, JSON) prints the record of one root of any file.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import bindings  # noqa: E402
import recorder  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "test/data/models"
OUT = ROOT / "test/data/truth/files"


def root(file: Path, model: str, runs: list[list[Any]], base: Path) -> dict[str, Any]:
    """The facts of one root; the file runs anew, so that no root sees another's state."""
    with contextlib.redirect_stdout(io.StringIO()):
        module = bindings.load(file, f"lens_{file.stem}", base)
        built = eval(model, vars(module))  # noqa: S307 our own index
        return {"model": model, "runs": [recorder.record(built, inputs) for inputs in runs]}


def main() -> int:
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    if arguments:
        file, model, *inputs = arguments
        path = Path(file).resolve()
        sys.path.insert(0, str(path.parent))
        print(recorder.dump(root(path, model, [[json.loads(text) for text in inputs]], path.parent)))
        return 0
    # Files may import each other.
    sys.path.insert(0, str(MODELS))
    sys.meta_path.insert(0, bindings.Importer(MODELS, MODELS))
    groups: dict[str, list[dict[str, Any]]] = {}
    for entry in json.loads((MODELS / "index.json").read_text()):
        groups.setdefault(entry["file"], []).append(entry)
    failed = 0
    for at, (name, entries) in enumerate(groups.items(), 1):
        out = OUT / (Path(name).stem + ".json.gz")
        stamp = recorder.stamp(MODELS / name, extra=entries)
        if recorder.current(out, stamp):
            recorder.say(f"[{at}/{len(groups)}] {name}: current")
            continue
        start = time.monotonic()
        try:
            roots = [root(MODELS / name, entry["model"], entry["inputs"], MODELS) for entry in entries]
        except Exception as error:  # noqa: BLE001 a file that does not run is a mistake of ours; the rest goes on
            recorder.say(f"[{at}/{len(groups)}] {name}: FAILED, {type(error).__name__}: {error}")
            failed += 1
            continue
        recorder.write(out, {"stamp": stamp, "file": name, "roots": roots})
        recorder.say(f"[{at}/{len(groups)}] {name}: {len(roots)} roots, {time.monotonic() - start:.1f} s")
    kept = {Path(name).stem + ".json.gz" for name in groups}
    for old in OUT.glob("*"):
        if old.name not in kept:
            old.unlink()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

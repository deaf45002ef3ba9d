"""Records what real PyTorch says to code with faults as people post it: `test/data/truth/posted.json`.

Each file of `test/data/posted` was written for this project after the structure of a question in a forum or an issue. Its
first line is `# MODEL @ SHAPE`; `# cause` ends the line that the answers changed. `raises`, `says`, `line`: the exception
and the innermost line of the file in its traceback. `offered`: the title of the first fix that `resnet-lens check` offers,
and what becomes of the fixed file (only where `dist/cli.js` is built; else the last record stands).
"""

from __future__ import annotations

import json
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import recorder  # noqa: E402
import torch  # noqa: E402
from record_sample import apply  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "test/data/posted"
OUT = ROOT / "test/data/truth/posted.json"
CLI = ROOT / "dist/cli.js"


def run(text: str, model: str, shape: list[int]) -> dict[str, Any]:
    space: dict[str, Any] = {"__name__": "posted"}
    torch.manual_seed(0)
    try:
        exec(compile(text, "posted", "exec"), space)  # noqa: S102 our own files
        net = eval(model, space).eval()  # noqa: S307
        with torch.no_grad():
            return {"output": recorder.shape_of(net(torch.randn(shape)))}
    except Exception as error:  # noqa: BLE001 the exception is the fact
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "posted"]
        return {"raises": type(error).__name__, "says": str(error).splitlines()[0], "line": lines[-1]}


def offered(file: Path, model: str, shape: list[int]) -> dict[str, Any] | None:
    given = ",".join(map(str, shape))
    command = ["node", CLI, "check", "--json", "--model", model, "--input", given, file]
    answer = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    errors = [diagnostic for diagnostic in answer["diagnostics"] if diagnostic["severity"] == "error"]
    fixes = [fix for error in errors[:1] for fix in error["fixes"]]
    if not fixes:
        return None
    text = apply(file.read_text(), fixes[0]["edits"])
    return {"title": fixes[0]["title"], **run(text, model, shape)}


def main() -> int:
    files = sorted(FOLDER.glob("*.py"))
    stamp = recorder.stamp(Path(__file__), *files, *([CLI] if CLI.exists() else []))
    if recorder.current(OUT, stamp):
        recorder.say("posted: current")
        return 0
    old = {entry["file"]: entry for entry in (recorder.read(OUT) or {"files": []})["files"]}
    entries, bad = [], 0
    for file in files:
        text = file.read_text()
        model, shape = text.splitlines()[0][2:].split(" @ ")
        given = [int(size) for size in shape.split(",")]
        cause = next(i for i, line in enumerate(text.splitlines(), 1) if line.endswith("# cause"))
        entry = {"file": file.name, "model": model, "input": given, "cause": cause, **run(text, model, given)}
        fix = offered(file, model, given) if CLI.exists() else old.get(file.name, {}).get("offered")
        entry["offered"] = fix
        entries.append(entry)
        bad += "raises" not in entry or (fix is not None and "raises" in fix)
        recorder.say(f"posted {file.name}: {entry.get('raises')} at {entry.get('line')}; {fix}")
    recorder.write(OUT, {"stamp": stamp, "files": entries})
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

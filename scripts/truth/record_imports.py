"""Runs the projects of test/data/imports/cases.json in CPython and records what each evaluates to.

Each case has `files` (path -> text), `run` (a file), `expression` (evaluated in that file's names after it ran as a
script) and gets `expect`: the value's repr, or the exception's type.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

CASES = Path(__file__).parents[2] / "test" / "data" / "imports" / "cases.json"

CHILD = """
import runpy, sys
names = runpy.run_path(sys.argv[1], run_name=sys.argv[3])
print(repr(eval(sys.argv[2], names)))
"""


def record(case):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in case["files"].items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        script = Path(folder, case["run"])
        # A script's own folder comes first; a package's file is imported from its top.
        paths = [str(script.parent), *(str(Path(folder, path)) for path in case.get("paths", []))]
        done = subprocess.run(
            [sys.executable, "-c", CHILD, str(script), case["expression"], "script"],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1"},
            cwd=folder,
        )
    lines = (done.stdout if done.returncode == 0 else done.stderr).strip().splitlines()
    return lines[-1] if done.returncode == 0 else lines[-1].split(":")[0].split(".")[-1]


def main():
    cases = json.loads(CASES.read_text())
    for case in cases:
        case["expect"] = record(case)
        print(f"{case['name']}: {case['expect']}")
    CASES.write_text(json.dumps(cases, indent=2) + "\n")


if __name__ == "__main__":
    main()

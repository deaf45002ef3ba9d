"""Runs the examples of docs/rules with real PyTorch: what the wrong ones raise, and that the right ones raise nothing.

    python record_rules.py
"""

import json
import re
import runpy
import tempfile
from pathlib import Path

import torch

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "docs" / "rules"
TARGET = ROOT / "test" / "data" / "truth" / "rules.json"


def raised_by(source):
    """The exception of a run as a script, in PyTorch's own words; None if there is none."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "example.py"
        file.write_text(source)
        torch.manual_seed(0)
        try:
            runpy.run_path(str(file), run_name="__main__")
        except Exception as error:
            return f"{type(error).__name__}: {error}"
    return None


def examples(page):
    return re.findall(r"```python\n(.*?)```", page.read_text(), re.S)


facts = {
    page.stem: dict(zip(("wrong", "right"), map(raised_by, examples(page))))
    for page in sorted(RULES.glob("*.md"))
    if page.stem != "README"
}
TARGET.write_text(json.dumps({"torch": torch.__version__.partition("+")[0], "rules": facts}, indent=2) + "\n")

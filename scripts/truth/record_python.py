"""Records what CPython makes of the snippets in `test/lang/snippets`: `test/data/truth/python.json`.

A file holds many snippets, each under a line `# --- title`. A snippet runs in a module of its own and either binds
`result`, whose `repr` is recorded, or raises, and the exception's type and message are recorded. All run twice, with
different string hashes: what then differs is no fact about Python. A snippet whose text has not changed is not run again
(`--force` runs all).
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import subprocess
import sys
import types
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SNIPPETS = ROOT / "test/lang/snippets"
OUT = ROOT / "test/data/truth/python.json"
RECORDER = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:16]
TITLE = re.compile(r"^# --- (.+)\n", re.M)


def snippets() -> dict[str, str]:
    """Text by `file: title`."""
    found: dict[str, str] = {}
    for path in sorted(SNIPPETS.glob("*.py")):
        head, *parts = TITLE.split(path.read_text("utf8"))
        assert head.strip() == "" or head.lstrip().startswith('"""'), f"{path.name}: code before the first title"
        for title, text in zip(parts[::2], parts[1::2]):
            key = f"{path.stem}: {title.strip()}"
            assert key not in found, f"{key} twice"
            found[key] = text
    return found


def outcome(text: str) -> dict[str, str]:
    module = types.ModuleType("snippet")
    sys.modules["snippet"] = module
    stdout, sys.stdout = sys.stdout, open(os.devnull, "w")
    try:
        exec(compile(text, "snippet.py", "exec", dont_inherit=True), module.__dict__)
        if "result" not in module.__dict__:
            return {"error": "none", "message": "binds no result"}
        return {"result": repr(module.__dict__["result"])}
    except Exception as error:
        return {"error": type(error).__name__, "message": str(error)}
    finally:
        sys.stdout.close()
        sys.stdout = stdout


def run_all(texts: dict[str, str]) -> dict[str, dict[str, str]]:
    runs = []
    for seed in ("1", "2"):
        made = subprocess.run(
            [sys.executable, "-W", "ignore", __file__, "--child"],
            input=json.dumps(texts),
            env={**os.environ, "PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        runs.append(json.loads(made.stdout))
    first, second = runs
    for key in texts:
        assert first[key] == second[key], f"{key} is not the same twice: {first[key]} and {second[key]}"
        assert not re.search(r" at 0x[0-9a-f]{6}", json.dumps(first[key])), f"{key} shows an address"
    return first


def main() -> None:
    texts = snippets()
    old = json.loads(OUT.read_text("utf8")) if OUT.exists() and "--force" not in sys.argv else {}
    version = platform.python_version()
    known = old.get("snippets", {}) if (old.get("recorder"), old.get("python")) == (RECORDER, version) else {}
    hashes = {key: hashlib.sha256(text.encode()).hexdigest()[:12] for key, text in texts.items()}
    stale = {key: text for key, text in texts.items() if known.get(key, {}).get("sha256") != hashes[key]}
    if not stale and known.keys() == texts.keys():
        print(f"python: {len(texts)} snippets current")
        return
    fresh = run_all(stale)
    facts = {key: {"sha256": hashes[key], **fresh[key]} if key in fresh else known[key] for key in texts}
    lines = ",\n".join(f"    {json.dumps(key)}: {json.dumps(fact, ensure_ascii=False)}" for key, fact in facts.items())
    OUT.write_text(
        f'{{\n  "python": {json.dumps(version)},\n  "recorder": {json.dumps(RECORDER)},\n  "snippets": {{\n{lines}\n  }}\n}}\n',
        "utf8",
    )
    print(f"python: {len(stale)} of {len(texts)} snippets run")


if "--child" in sys.argv:
    print(json.dumps({key: outcome(text) for key, text in json.load(sys.stdin).items()}))
else:
    main()

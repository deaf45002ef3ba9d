"""Records what real PyTorch makes of each mutant: one edit in a file of published code, or of our own.

`record_mutants.py BASES.json OUT.jsonl [PART PARTS]` goes through the programs of BASES, draws the edits of each, runs
it unchanged and with each edit, and appends one line of JSON a program to OUT; those that stand there already are left
out. PART of PARTS takes each so-manieth.
`record_mutants.py --texts IN.jsonl OUT.jsonl` runs given texts: `{key, base, texts: file → text}` a line.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import sys
import time
import warnings
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import recorder  # noqa: E402
import torch  # noqa: E402

from mutants.choose import choose  # noqa: E402
from mutants.programs import Program, outcome, reached  # noqa: E402

HERE = Path(__file__).parent
def digest(*names: str) -> str:
    sources = b"".join((HERE / "mutants" / name).read_bytes() for name in names)
    return hashlib.sha256(sources + torch.__version__.partition("+")[0].encode()).hexdigest()[:16]


RUNNER = digest("source.py", "programs.py")
"""What a label depends on."""
STAMP = digest("source.py", "programs.py", "kinds.py", "choose.py")
"""What a program's row depends on."""


def program_of(base: dict[str, Any]) -> Program:
    return Program(base["file"], base["model"], base["input"], base["set"] == "own")


def warm(program: Program) -> None:
    """What the program imports, so that its children need not."""
    if program.own:
        sys.path.insert(0, str(program.folder))
    else:
        importlib.import_module(program.module)


def difference(base: dict[str, Any], label: dict[str, Any]) -> dict[str, Any]:
    """The label of a run, its modules only where they are not the base's; `null` for one that is not called any more."""
    if "modules" not in label:
        return label
    old, new = base["modules"], label["modules"]
    changed = {path: row for path, row in new.items() if old.get(path) != row}
    return {**label, "modules": {**changed, **{path: None for path in old if path not in new}}}


def edited(text: str, edit: tuple[str, int, int, str]) -> str:
    _, start, end, replacement = edit
    raw = text.encode("utf-16-le")
    return (raw[: 2 * start] + replacement.encode("utf-16-le") + raw[2 * end :]).decode("utf-16-le")


def key_of(base: dict[str, Any], edit: tuple[str, int, int, str]) -> str:
    """What tells a mutant, however its edit came about."""
    return json.dumps([base["file"], base["model"], base["input"], *edit[1:4]])


def labels_of(folder: Path) -> dict[str, Any]:
    """Labels of earlier runs, which other edits may have been drawn in."""
    labels = {}
    for file in folder.glob("*.jsonl"):
        for line in file.read_text().splitlines():
            row = json.loads(line)
            if row.get("runner") == RUNNER:
                labels.update({key_of(row["base"], mutant): mutant[4] for mutant in row["mutants"]})
    return labels


def record(base: dict[str, Any], seen: dict[str, set[str]], known: dict[str, Any]) -> dict[str, Any]:
    program = program_of(base)
    warm(program)
    text = program.text(program.file)
    label = outcome(program, {program.file: text})
    row: dict[str, Any] = {"base": base, "sha256": hashlib.sha256(text.encode()).hexdigest()[:16], "label": label}
    if "output" not in label:
        return {**row, "mutants": []}
    lines = outcome(program, {program.file: text}, reached)
    if "skipped" in lines:
        return {**row, "label": lines, "mutants": []}
    edits = choose(text, f"{base['file']} {base['model']}", lines, base["count"], seen.setdefault(base["file"], set()))
    mutants = []
    for edit in edits:
        found = known.get(key_of(base, edit))
        if found is None:
            found = difference(label, outcome(program, {program.file: edited(text, edit)}))
        mutants.append([*edit, found])
    return {**row, "mutants": mutants}


def main() -> int:
    warnings.simplefilter("ignore")
    if sys.argv[1] == "--stamp":
        print(STAMP)
        return 0
    if sys.argv[1] == "--texts":
        return texts(Path(sys.argv[2]), Path(sys.argv[3]))
    bases = json.loads(Path(sys.argv[1]).read_text())
    out = Path(sys.argv[2])
    part, parts = (int(one) for one in sys.argv[3:5]) if len(sys.argv) == 5 else (0, 1)
    done = {}
    if out.exists():
        for line in out.read_text().splitlines():
            row = json.loads(line)
            if row.get("stamp") == STAMP:
                done[json.dumps(row["base"])] = row["mutants"]
    out.parent.mkdir(parents=True, exist_ok=True)
    seen: dict[str, set[str]] = {}
    known = labels_of(out.parent)
    files = list(dict.fromkeys(base["file"] for base in bases))
    with out.open("a") as sink:
        for base in bases:
            # Roots of one file go to one process: no two have the same edit.
            if files.index(base["file"]) % parts != part:
                continue
            if json.dumps(base) in done:
                text = program_of(base).text(base["file"])
                seen.setdefault(base["file"], set()).update(edited(text, one[:4]) for one in done[json.dumps(base)])
                continue
            start = time.monotonic()
            try:
                row = record(base, seen, known)
            except Exception as error:  # noqa: BLE001 the rest goes on
                row = {"base": base, "label": {"skipped": f"{type(error).__name__}: {error}"}, "mutants": []}
            sink.write(json.dumps({"stamp": STAMP, "runner": RUNNER, **row}, separators=(",", ":")) + "\n")
            sink.flush()
            kinds = [("ok" if "output" in one[-1] else "skipped" if "skipped" in one[-1] else "error") for one in row["mutants"]]
            counts = ", ".join(f"{kinds.count(kind)} {kind}" for kind in ("ok", "error", "skipped"))
            why = "" if "output" in row["label"] else json.dumps(row["label"])[:200]
            recorder.say(f"{base['file']} {base['model']}: {counts} {why}, {time.monotonic() - start:.1f} s")
    return 0


def texts(given: Path, out: Path) -> int:
    """A label a text: `{output, params, restores}`, or what is raised; `restores` as the program has it unmodified."""
    done = {json.loads(line)["key"] for line in out.read_text().splitlines()} if out.exists() else set()
    originals: dict[str, dict[str, Any]] = {}
    with out.open("a") as sink:
        for line in given.read_text().splitlines():
            row = json.loads(line)
            if row["key"] in done:
                continue
            program = program_of(row["base"])
            warm(program)
            name = json.dumps(row["base"])
            if name not in originals:
                originals[name] = outcome(program, {program.file: program.text(program.file)})
            label = outcome(program, row["texts"])
            if "modules" in label:
                same = label["modules"] == originals[name].get("modules")
                label = {"output": label["output"], "restores": same and label["params"] == originals[name]["params"]}
            else:
                label = {key: label[key] for key in ("error", "message", "at", "skipped") if key in label}
            sink.write(json.dumps({"key": row["key"], "label": label}, separators=(",", ":")) + "\n")
            sink.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())

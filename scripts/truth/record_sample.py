"""Records what real PyTorch says to the tutorial samples: `test/data/truth/sample.json`.

`errors`: the exception with the mistakes above it mended by hand, one after the other. `failing`: the blocks that refuse
the input they would get in the mended network, each called alone. `mended`: the network with all five mended by hand.
`offered`: the network after the fixes that `resnet-lens check` offers, first fix of the first diagnostic that has one,
again and again (only where `dist/cli.js` is built; else the last record stands).
"""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import recorder  # noqa: E402
import torch  # noqa: E402
from torch import nn  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "test/data/truth/sample.json"
CLI = ROOT / "dist/cli.js"
INPUT = [2, 3, 224, 224]
MOST_STEPS = 30

VARIANTS = [
    (file, f"ResNet({block}, {depths})")
    for file, block in (("tutorial_resnet.py", "BasicBlock"), ("tutorial_bottleneck.py", "Bottleneck"))
    for depths in ([2, 2, 2, 2], [3, 4, 6, 3])
]
# Mistake → (as printed, as it should be), in the order in which PyTorch comes upon them. The last raises nothing.
MENDED = {
    "blocks[0]": ("block(self.inplanes, blocks[0], ", "block(self.inplanes, planes, "),
    "self.expansion": ("self.inplanes = planes * self.expansion", "self.inplanes = planes * block.expansion"),
    "stride=stride": ("block(self.inplanes, planes, stride=stride)", "block(self.inplanes, planes)"),
    "nn.Flatten(out)": ("nn.Flatten(out)", "nn.Flatten()(out)"),
    "self.relu": ("out = self.bn1(out)\n        out = self.maxpool", "out = self.bn1(out)\n        out = self.relu(out)\n        out = self.maxpool"),
}


def mend(text: str, *mistakes: str) -> str:
    for mistake in mistakes:
        old, new = MENDED[mistake]
        assert text.count(old) == 1, (mistake, text.count(old))
        text = text.replace(old, new)
    return text


def build(text: str, model: str) -> nn.Module:
    space: dict[str, Any] = {"__name__": "sample"}
    exec(compile(text, "sample", "exec"), space)  # noqa: S102 our own sample
    return eval(model, space).eval()  # noqa: S307


def run(text: str, model: str) -> dict[str, Any]:
    torch.manual_seed(0)
    with torch.no_grad():
        try:
            output = build(text, model)(torch.randn(INPUT))
        except Exception as error:  # noqa: BLE001 the exception is the fact
            return {"raises": type(error).__name__, "says": str(error).splitlines()[0]}
    return {"output": recorder.shape_of(output)}


def failing(text: str, model: str) -> dict[str, str]:
    mistakes = list(MENDED)
    right = build(mend(text, *mistakes), model)
    wrong = build(mend(text, *(m for m in mistakes if m != "stride=stride")), model)
    inputs: dict[str, list[int]] = {}
    for path, module in right.named_modules():
        if path.count(".") == 1 and path.startswith("layer"):
            module.register_forward_pre_hook(lambda _m, args, path=path: inputs.update({path: list(args[0].shape)}))
    found = {}
    with torch.no_grad():
        right(torch.randn(INPUT))
        for path, shape in inputs.items():
            try:
                wrong.get_submodule(path)(torch.randn(shape))
            except RuntimeError as error:
                found[path] = str(error)
    return found


def offered(file: str, text: str, model: str) -> dict[str, Any]:
    steps = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / file
        path.write_text(text)
        while len(steps) < MOST_STEPS:
            command = ["node", CLI, "check", "--json", "--model", model, "--input", ",".join(map(str, INPUT)), path]
            answer = subprocess.run(command, capture_output=True, text=True, check=False)
            if answer.returncode not in (0, 1):
                return {"steps": steps, "raises": "resnet-lens", "says": answer.stderr.strip()[:200]}
            diagnostic = next((d for d in json.loads(answer.stdout)["diagnostics"] if d["fixes"]), None)
            if diagnostic is None:
                break
            fix = diagnostic["fixes"][0]
            text = apply(text, fix["edits"])
            path.write_text(text)
            steps.append([diagnostic["code"], diagnostic["line"], fix["title"]])
    return {"steps": steps, **run(text, model)}


def apply(text: str, edits: list[dict[str, Any]]) -> str:
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for edit in sorted(edits, key=lambda e: (e["line"], e["column"]), reverse=True):
        start = starts[edit["line"] - 1] + edit["column"] - 1
        end = starts[edit["endLine"] - 1] + edit["endColumn"] - 1
        text = text[:start] + edit["text"] + text[end:]
    return text


def main() -> int:
    sources = [ROOT / "sample" / file for file in sorted({file for file, _ in VARIANTS})]
    stamp = recorder.stamp(Path(__file__), *sources, *([CLI] if CLI.exists() else []))
    if recorder.current(OUT, stamp):
        recorder.say("sample: current")
        return 0
    old = {(v["file"], v["model"]): v for v in (recorder.read(OUT) or {"variants": []})["variants"]}
    variants, bad = [], 0
    for file, model in VARIANTS:
        text = (ROOT / "sample" / file).read_text()
        mistakes = list(MENDED)
        with contextlib.redirect_stdout(io.StringIO()):
            entry: dict[str, Any] = {
                "file": file,
                "model": model,
                "input": INPUT,
                "errors": {m: run(mend(text, *mistakes[:at]), model) for at, m in enumerate(mistakes)},
                "failing": failing(text, model),
                "mended": run(mend(text, *mistakes), model),
            }
        if CLI.exists():
            entry["offered"] = offered(file, text, model)
        elif "offered" in old.get((file, model), {}):
            entry["offered"] = old[file, model]["offered"]
        variants.append(entry)
        end = entry.get("offered")
        verdict = "no command line built" if end is None else f"{len(end['steps'])} fixes, then {end.get('output') or end}"
        recorder.say(f"sample {file} {model}: {len(entry['failing'])} blocks fail; mended {entry['mended']}; {verdict}")
        bad += "output" not in entry["mended"] or (end is not None and "output" not in end)
    recorder.write(OUT, {"stamp": stamp, "variants": variants})
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

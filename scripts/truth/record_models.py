"""Records the published models that are required in full: `test/data/truth/models/<package>-<factory>.json.gz`, one a factory, skipped when current."""

from __future__ import annotations

import importlib
import importlib.metadata
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import bindings  # noqa: E402
import recorder  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "test/data/truth/models"

SIZES = [(224, 224), (225, 225), (64, 96)]

# Factory call → module.
REQUIRED = {
    name + "()": "torchvision.models.resnet"
    for name in (
        "resnet18 resnet34 resnet50 resnet101 resnet152 resnext50_32x4d resnext101_32x8d resnext101_64x4d "
        "wide_resnet50_2 wide_resnet101_2"
    ).split()
}


def main() -> int:
    package = Path(importlib.util.find_spec("torchvision").submodule_search_locations[0])
    version = importlib.metadata.version("torchvision").partition("+")[0]
    sys.meta_path.insert(0, bindings.Importer(package, package.parent))
    todo = list(REQUIRED.items())
    sizes = [[[2, 3, *size]] for size in SIZES]
    for at, (call, module) in enumerate(todo, 1):
        source = package.parent / (module.replace(".", "/") + ".py")
        out = OUT / f"torchvision-{call.partition('(')[0]}.json.gz"
        stamp = {**recorder.stamp(source, extra=[call, sizes, True]), "torchvision": version}
        if recorder.current(out, stamp):
            recorder.say(f"[{at}/{len(todo)}] {call}: current")
            continue
        start = time.monotonic()
        factory = importlib.import_module(module)
        model = eval(call, vars(factory))  # noqa: S307 our own text, above
        data = {
            "stamp": stamp,
            "package": "torchvision",
            "version": version,
            "file": source.relative_to(package.parent).as_posix(),
            "model": call,
            "required": True,
            "runs": [recorder.record(model, inputs) for inputs in sizes],
        }
        recorder.write(out, data)
        seconds = time.monotonic() - start
        recorder.say(f"[{at}/{len(todo)}] {call}: {len(data['runs'][0]['modules'])} modules, {seconds:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())

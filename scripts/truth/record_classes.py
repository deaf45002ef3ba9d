"""Writes the names of ImageNet's 1,000 classes, as torchvision ships them, to src/preview/imagenet/names.json.

torchvision's license, which asks to be kept with them, goes beside them and into the notices of what is shipped.
"""

import importlib.metadata
import json
import sys
from pathlib import Path

from torchvision.models._meta import _IMAGENET_CATEGORIES

FOLDER = Path(__file__).resolve().parents[2] / "src" / "preview" / "imagenet"


def main():
    package = importlib.metadata.distribution("torchvision")
    license_file = next(file for file in package.files or [] if file.name == "LICENSE")
    names = list(_IMAGENET_CATEGORIES)
    assert len(names) == 1000
    FOLDER.mkdir(parents=True, exist_ok=True)
    of = f"torchvision {package.version.partition('+')[0]} (torchvision/models/_meta.py), BSD-3-Clause"
    (FOLDER / "names.json").write_text(json.dumps({"of": of, "names": names}, ensure_ascii=False, indent=0) + "\n")
    (FOLDER / "LICENSE").write_text(license_file.read_text())
    return 0


if __name__ == "__main__":
    sys.exit(main())

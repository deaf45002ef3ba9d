"""Records what PyTorch makes of the narrow ResNet's recorded stages, for the tests of what the preview shows of a run.

Writes test/data/run/seen.json: the spread of each stage's elements (torch.histc), its channels that are 0 everywhere,
two class activation maps, enlarged as F.interpolate does, and the shares of the classes.
"""

import base64
import json
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file

sys.path.insert(0, str(Path(__file__).parent))
import recorder  # noqa: E402

FOLDER = Path(__file__).resolve().parents[2] / "test" / "data" / "run"
STAGES = FOLDER / "narrow_resnet.stages.json"
WEIGHTS = FOLDER / "narrow_resnet.safetensors"
OUT = FOLDER / "seen.json"
BINS = 12
CLASSES = (3, 7)
LARGE = (10, 14)
"""Height and width that a map is enlarged to: not square, and no multiple of its own."""


def decode(entry):
    values = np.frombuffer(base64.b64decode(entry["data"]), dtype="<f4").reshape(entry["shape"])
    return torch.from_numpy(values.copy())


def encode(tensor):
    return base64.b64encode(tensor.to(torch.float32).contiguous().numpy().tobytes()).decode()


def spread(values):
    exact = values.double()
    counts = torch.histc(exact, bins=BINS, min=exact.min().item(), max=exact.max().item())
    dead = (values.transpose(0, 1).flatten(1) == 0).all(1).nonzero().flatten()
    return {
        "low": values.min().item(),
        "high": values.max().item(),
        "counts": [int(n) for n in counts],
        "zeros": int((values == 0).sum()),
        "dead": dead.tolist(),
    }


def main():
    stamp = recorder.stamp(Path(__file__), STAGES, WEIGHTS)
    if recorder.current(OUT, stamp):
        recorder.say("seen: current")
        return 0
    stages = {path: decode(entry) for path, entry in json.loads(STAGES.read_text()).items()}
    weights = load_file(WEIGHTS)
    features, logits = stages["layer4"], stages[""]
    maps = {}
    for label in CLASSES:
        # Zhou et al. 2016: the last maps weighted by the class's row of the linear layer.
        cam = torch.einsum("c,chw->hw", weights["fc.weight"][label], features[0])
        large = F.interpolate(cam[None, None], LARGE, mode="bilinear", align_corners=False)[0, 0]
        maps[label] = {"map": encode(cam), "large": encode(large), "bias": weights["fc.bias"][label].item()}
    # What every other channel is 0 of: the recorded stages have no dead channel of their own.
    half = stages["layer2"].clone()
    half[:, ::2] = 0
    recorder.write(
        OUT,
        {
            "stamp": stamp,
            "bins": BINS,
            "large": LARGE,
            "spread": {path: spread(values) for path, values in stages.items()},
            "half": spread(half),
            "maps": maps,
            "shares": encode(logits.softmax(1)),
        },
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())

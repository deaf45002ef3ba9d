"""Trains test/data/run/digits/digits_resnet.py on scikit-learn's digits, and records what it computes of some of them.

Writes beside the model: digits_resnet.pth, its state dict; digit-<label>.png, pictures that it was not trained on; and
truth.json, for each picture the logits, the most likely classes, what its modules give, the class activation map, and
the gradients of the cross-entropy against the picture's own label with respect to what its blocks take and give.

A digit of 8×8 is enlarged and laid somewhere on an empty picture of 32×32, so that a class activation map has a place
to find. Everything is seeded; on one machine the same bytes come out each time.

The digits are E. Alpaydin's and C. Kaynak's, of the UCI Machine Learning Repository, CC BY 4.0.
"""

import base64
import importlib.util
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from sklearn.datasets import load_digits
from torchvision.transforms.functional import normalize, to_tensor

sys.path.insert(0, str(Path(__file__).parent))
import recorder  # noqa: E402

FOLDER = Path(__file__).resolve().parents[2] / "test" / "data" / "run" / "digits"
SOURCE = FOLDER / "digits_resnet.py"
OUT = FOLDER / "truth.json"
CANVAS, ENLARGED = 32, 20
EPOCHS, BATCH, PEAK = 40, 64, 0.02
HELD_OUT = 360
LEAST_ACCURACY = 0.95
PICTURES = (2, 3, 7, 8)
"""One picture of each of these labels."""
MOST = 200
"""Elements kept of a larger tensor, evenly spread."""
MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
STEM_AND_HEAD = ("conv1", "avgpool", "fc")
"""No `bn1`: the relu behind it writes over what it gives."""


def model_of():
    spec = importlib.util.spec_from_file_location("digits_resnet", SOURCE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.digits_resnet()


def picture(image, random):
    """8×8 of 0 to 16, as a grey picture with the digit somewhere."""
    grey = Image.fromarray((image * 255 / 16).round().astype(np.uint8), "L")
    canvas = Image.new("L", (CANVAS, CANVAS))
    x, y = random.integers(0, CANVAS - ENLARGED + 1, 2)
    canvas.paste(grey.resize((ENLARGED, ENLARGED), Image.Resampling.BICUBIC), (int(x), int(y)))
    return canvas


def tensor(image):
    """As the preview reads a picture: three channels, normalized as torchvision's ImageNet presets do."""
    return normalize(to_tensor(image.convert("RGB")), MEAN, STD)


def train(model, images, labels, random):
    # Each picture stands at another place in every epoch.
    optimizer = torch.optim.SGD(model.parameters(), lr=PEAK, momentum=0.9, weight_decay=5e-4, nesterov=True)
    steps = EPOCHS * -(-len(images) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, PEAK, total_steps=steps)
    model.train()
    for epoch in range(EPOCHS):
        x = torch.stack([tensor(picture(image, random)) for image in images])
        total = 0.0
        for rows in torch.randperm(len(images)).split(BATCH):
            loss = F.cross_entropy(model(x[rows]), labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item() * len(rows)
        if epoch % 10 == 9:
            recorder.say(f"digits: epoch {epoch + 1}, loss {total / len(images):.4f}")
    model.eval()


def accuracy(model, x, labels):
    with torch.no_grad():
        return (model(x).argmax(1) == labels).float().mean().item()


def kept(value):
    """Shape, deviation and mean of all elements, and some of them: every `step`-th of the flattened ones."""
    flat = value.detach().flatten()
    step = -(-flat.numel() // MOST)
    data = flat[::step].contiguous().numpy().astype("<f4").tobytes()
    return {
        "shape": list(value.shape),
        "mean": flat.double().mean().item(),
        "std": flat.double().std(unbiased=False).item(),
        "largest": flat.abs().max().item(),
        "step": step,
        "data": base64.b64encode(data).decode(),
    }


def record(model, image, label):
    x = tensor(image)[None].requires_grad_()
    paths = [p for p, _ in model.named_modules() if p in STEM_AND_HEAD or (p.startswith("layer") and p.count(".") < 2)]
    taken, given, handles = {}, {}, []

    def hook(path):
        def keep(_module, args, output):
            for tensors, value in ((taken, args[0]), (given, output)):
                if value.requires_grad:
                    value.retain_grad()
                tensors[path] = value

        return keep

    for path in paths:
        handles.append(model.get_submodule(path).register_forward_hook(hook(path)))
    logits = model(x)
    for handle in handles:
        handle.remove()
    loss = F.cross_entropy(logits, torch.tensor([label]))
    loss.backward()
    shares = logits.detach().softmax(1)[0]
    # Zhou et al. 2016: the last map's channels weighted by the class's row of the linear layer.
    maps = given["layer3"].detach()[0]
    cam = torch.einsum("c,chw->hw", model.fc.weight.detach()[label], maps)
    order = shares.argsort(descending=True)
    return {
        "loss": loss.item(),
        "logits": kept(logits),
        "top": [[int(k), float(shares[k])] for k in order[:5]],
        "modules": {path: kept(given[path]) for path in paths},
        "cam": {"class": label, **kept(cam)},
        "gradients": {path: {"input": kept(taken[path].grad), "output": kept(given[path].grad)} for path in paths},
    }


def main():
    stamp = recorder.stamp(Path(__file__), SOURCE)
    if recorder.current(OUT, stamp):
        recorder.say("digits: current")
        return 0
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(0)
    random = np.random.default_rng(0)
    digits = load_digits()
    order = random.permutation(len(digits.images))
    held, trained = order[:HELD_OUT], order[HELD_OUT:]
    labels = torch.from_numpy(digits.target).long()
    model = model_of()
    train(model, digits.images[trained], labels[trained], random)
    pictures = {int(i): picture(digits.images[i], random) for i in held}
    x = torch.stack([tensor(pictures[int(i)]) for i in held])
    found = accuracy(model, x, labels[held])
    recorder.say(f"digits: {found:.2%} of {HELD_OUT} held-out pictures, {recorder.parameters(model)} parameters")
    if found < LEAST_ACCURACY:
        return 1
    torch.save(model.state_dict(), FOLDER / "digits_resnet.pth")
    entries = []
    for label in PICTURES:
        index = next(int(i) for i in held if digits.target[i] == label)
        name = f"digit-{label}.png"
        pictures[index].save(FOLDER / name, optimize=True)
        entries.append({"picture": name, "label": label, **record(model, Image.open(FOLDER / name), label)})
    recorder.write(OUT, {"stamp": stamp, "heldOut": {"pictures": HELD_OUT, "accuracy": found}, "pictures": entries})
    return 0


if __name__ == "__main__":
    sys.exit(main())

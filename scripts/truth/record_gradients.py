"""Records PyTorch's own gradients, for the tests of the preview's reverse pass.

Writes below test/data/run:
  gradients.json         of every operator case of record_run.py, the gradient of Σ (first output · noise) with respect
                         to each real-valued data input
  model_gradients.json   of whole models of test/data, with weights made from a hash, the gradients of their modules' inputs
"""

import base64
import copy
import json
import sys
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parent))
import record_parity  # noqa: E402
import record_run  # noqa: E402
from record_run import DATA, formula  # noqa: E402

NOISE = 50
"""The noise's seed, between -1 and 1."""
KEPT = 100
"""Elements of a module's gradient."""
MODELS = [
    # file, model, input, batch statistics
    ("run/narrow_resnet.py", "narrow_resnet18()", [2, 3, 64, 64], False),
    ("run/narrow_resnet.py", "narrow_resnet18()", [2, 3, 64, 64], True),
    ("run/digits/digits_resnet.py", "digits_resnet()", [4, 3, 32, 32], True),
    ("models/preact.py", "preact18()", [2, 3, 32, 32], False),
    ("models/scaled_mobile.py", "Mobile()", [2, 3, 64, 64], False),
    ("models/resnet_d.py", "ResNetD([1, 1, 1, 1], output_stride=8, cardinality=32, base_width=4)", [1, 3, 64, 64], False),
    ("models/unet.py", "UNet(1, 4, bilinear=True, base=8)", [2, 1, 64, 48], False),
    ("models/vit_encoder.py", "PatchTransformer()", [2, 3, 32, 32], False),
]


def real(value):
    return isinstance(value, torch.Tensor) and value.is_floating_point()


def encode(tensor):
    return base64.b64encode(tensor.detach().contiguous().numpy().astype("<f4").tobytes()).decode()


def relative(single, double):
    largest = double.abs().max().item()
    return (single.double() - double).abs().max().item() / largest if largest else 0.0


def gradients_of(function, inputs, exact):
    """Gradients by input; None for what has none."""
    tensors = [spec.tensor(i) for i, spec in enumerate(inputs)]
    if exact:
        tensors = [t.double() if real(t) else t for t in tensors]
    data = [real(t) and spec.kind == "x" for t, spec in zip(tensors, inputs)]
    # A leaf may not be written to in place, what is computed of it may.
    leaves = [t.requires_grad_() if isdata else t for t, isdata in zip(tensors, data)]
    results = function([t * 1 if isdata else t for t, isdata in zip(leaves, data)])
    first = results[0] if isinstance(results, (tuple, list)) else results
    if not real(first) or not first.requires_grad:
        return None
    noise = formula(list(first.shape), NOISE, -1.0, 1.0)
    try:
        (first * (noise.double() if exact else noise)).sum().backward()
    except RuntimeError as error:
        if "is not implemented" in str(error):
            return None
        raise
    return [leaf.grad if isdata else None for leaf, isdata in zip(leaves, data)]


def record_operators():
    entries = []
    for index, (op, inputs, _args, function) in enumerate(record_run.cases()):
        single = gradients_of(function, inputs, False)
        if single is None:
            continue
        double = gradients_of(function, inputs, True)
        pairs = [(s, d) for s, d in zip(single, double) if s is not None]
        entries.append({
            "case": index,
            "op": op,
            "own": float(f"{max((relative(s, d) for s, d in pairs), default=0.0):.2g}"),
            "gradients": [None if s is None else encode(s) for s in single],
        })
    text = "[\n" + ",\n".join(json.dumps(e, separators=(",", ":")) for e in entries) + "\n]\n"
    (DATA / "gradients.json").write_text(text)
    print(f"{len(entries)} operator cases, {len({e['op'] for e in entries})} operators")


def through(model, x, batch):
    """Of each module that is called once with one tensor: the gradient with respect to that tensor, wherever it goes."""
    model.eval()
    if batch:
        for module in model.modules():
            if isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
                module.train()
    calls = {}

    def hook(path):
        def keep(_module, args):
            if len(args) == 1 and real(args[0]) and args[0].requires_grad:
                # A hook, unlike `retain_grad`, stays with the values that the module may write over.
                found = []
                calls.setdefault(path, []).append(found)
                args[0].register_hook(found.append)

        return keep

    for path, module in model.named_modules():
        if path and len(path.split(".")) <= 2:
            module.register_forward_pre_hook(hook(path))
    output = record_parity.first(model(x.requires_grad_()))
    noise = formula(list(output.shape), NOISE, -1.0, 1.0).to(output.dtype)
    (output * noise).sum().backward()
    found = {path: taken[0][0] for path, taken in calls.items() if len(taken) == 1 and len(taken[0]) == 1}
    return {"": x.grad, **found}


def record_models():
    entries = []
    for file, name, shape, batch in MODELS:
        model = eval(name, vars(record_parity.load({"file": f"test/data/{file}"})))  # noqa: S307
        record_parity.fill(model)
        x = torch.from_numpy(record_parity.uniform(shape, 7).astype(np.float32))
        double = through(copy.deepcopy(model).double(), x.double(), batch)
        single = through(model, x, batch)
        modules = {
            path: {
                "shape": list(gradient.shape),
                "mean": gradient.double().mean().item(),
                "std": gradient.double().std(unbiased=False).item(),
                "largest": gradient.abs().max().item(),
                "own": float(f"{relative(gradient, double[path]):.2g}"),
                "step": -(-gradient.numel() // KEPT),
                "data": encode(gradient.flatten()[:: -(-gradient.numel() // KEPT)]),
            }
            for path, gradient in single.items()
        }
        print(file, name, len(modules), f"own {max(m['own'] for m in modules.values()):.1e}", flush=True)
        entries.append({"file": file, "model": name, "input": shape, "batchStatistics": batch, "modules": modules})
    text = "[\n" + ",\n".join(json.dumps(e, separators=(",", ":")) for e in entries) + "\n]\n"
    (DATA / "model_gradients.json").write_text(text)


def main():
    torch.set_num_threads(1)
    record_operators()
    record_models()


if __name__ == "__main__":
    main()

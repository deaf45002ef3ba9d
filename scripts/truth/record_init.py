"""Records how real PyTorch's weights start: moments of each weight of test/data/run/initialized.py, over many seeds.

Writes test/data/run/init.json: by network and key, the number of elements, mean, standard deviation, least and greatest;
of weights that every seed gives alike, their elements; of matrices whose rows or columns are at right angles, the
squares of their lengths; of those that have equally many zeros in each column, how many.
"""

import json
import pathlib
import sys

import torch

DATA = pathlib.Path(__file__).resolve().parents[2] / "test" / "data" / "run"
NETWORKS = {"Residual()": (1, 3, 32, 32), "Transformer()": (1, 3, 32, 32), "Defaults()": (1, 3, 16, 16), "Others()": (1, 3, 12, 12),
            "Structured()": (1, 4, 9, 9)}
SEEDS = 20


def structure(parts):
    first = parts[0]
    if first.dim() < 2:
        return {}
    if all(torch.equal(first, part) for part in parts):
        return {"values": first.flatten().tolist()}
    matrix = first.flatten(1)
    matrix = matrix.T if matrix.shape[1] < matrix.shape[0] else matrix
    gram = matrix @ matrix.T
    lengths = gram.diagonal()
    if (gram - torch.diag(lengths)).abs().max() < 1e-5:
        return {"squares": [float(f"{square:.5g}") for square in lengths.tolist()]}
    zeros = {(column == 0).sum().item() for part in parts for column in part.flatten(1).T}
    return {"zeros": zeros.pop()} if len(zeros) == 1 else {}


def main():
    sys.path.insert(0, str(DATA))
    import initialized

    recorded = {}
    for name, shape in NETWORKS.items():
        values = {}
        for seed in range(SEEDS):
            torch.manual_seed(seed)
            model = getattr(initialized, name.rstrip("()"))()
            model(torch.zeros(shape))
            for key, value in model.named_parameters():
                values.setdefault(key, []).append(value.detach().double())
        structured = {key: structure(parts) for key, parts in values.items()} if name == "Structured()" else {}
        values = {key: [part.flatten() for part in parts] for key, parts in values.items()}
        recorded[name] = {"input": shape, "weights": {
            key: {
                "count": parts[0].numel(), "mean": float(f"{torch.cat(parts).mean().item():.6g}"),
                "std": float(f"{torch.cat(parts).std(correction=0).item():.6g}"),
                **structured.get(key, {}),
                "min": float(f"{torch.cat(parts).min().item():.6g}"), "max": float(f"{torch.cat(parts).max().item():.6g}"),
            }
            for key, parts in values.items()
        }}
    (DATA / "init.json").write_text(json.dumps(recorded, indent=1) + "\n")
    print(sum(len(one["weights"]) for one in recorded.values()), "weights of", len(recorded), "networks")


if __name__ == "__main__":
    main()

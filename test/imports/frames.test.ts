import { expect, test } from "vitest";
import { analyzerOf, pathOf } from "../roots/files.ts";

const REGISTRY = `import inspect
import sys


class Registry:
    def __init__(self, name):
        self.scope = self.infer_scope()

    @staticmethod
    def infer_scope():
        module = inspect.getmodule(sys._getframe(2))
        return module.__name__.split(".")[0]
`;

const NET = `import torch.nn as nn
from models import MODELS
from engine import Registry

OWN = Registry("own")


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, len(MODELS.scope) * len(OWN.scope), 1)

    def forward(self, x):
        return self.conv(x)
`;

test("a registry that looks for the package that makes it finds it", () => {
  const analyzer = analyzerOf({
    "engine.py": REGISTRY,
    "models.py": "from engine import Registry\n\nMODELS = Registry('models')\n",
    "net.py": NET,
  });
  const root = analyzer.analyzeModel(pathOf("net.py"), "Net()", [{ kind: "tensor", shape: [2, 3, 8, 8] }]);
  expect(root.gaps.map(({ reason }) => reason)).toEqual([]);
  const output = root.concrete?.graph.output;
  // "models" has 6 letters, "net" has 3.
  expect(output?.kind === "tensor" && output.type.shape?.map(({ size }) => size)).toEqual([2, 18, 8, 8]);
});

import { expect, test } from "vitest";
import { render } from "../../src/text/text.ts";
import { analyzerOf, pathOf } from "./files.ts";

function report(code: string): { readonly diagnostics: readonly string[]; readonly gaps: readonly string[] } {
  const analyzer = analyzerOf({ "net.py": code });
  const analyses = analyzer.roots(pathOf("net.py")).map((root) => analyzer.analyze(root));
  const { diagnostics } = analyzer.report(pathOf("net.py"), analyses);
  return {
    diagnostics: diagnostics.map(({ severity, message }) => `${severity} ${render(message)}`),
    gaps: analyses.flatMap(({ gaps }) => gaps.map(({ reason }) => render(reason))),
  };
}

const NET = `class Net(nn.Module):
    def __init__(self, half=True):
        super().__init__()
        self.fc = nn.Linear(3, 4)
        if half:
            self.fc = mixed.initialize(self.fc)

    def forward(self, x):
        return self.fc(x)

Net()(torch.randn(2, 3))
`;

// It runs where the package is installed.
test("a name that a handled import did not bind is no mistake", () => {
  const code = `import torch\nfrom torch import nn\ntry:\n    from .nowhere import mixed\nexcept ImportError:\n    pass\n\n${NET}`;
  expect(report(code)).toEqual({ diagnostics: [], gaps: expect.arrayContaining(["the import of .nowhere failed"]) });
});

test("a name that nothing imports is one", () => {
  expect(report(`import torch\nfrom torch import nn\n\n${NET}`).diagnostics).toEqual([
    "error NameError: name 'mixed' is not defined",
  ]);
});

// It runs on a machine with a GPU.
test("code that insists on a GPU is not wrong", () => {
  const code = `import torch\nfrom torch import nn\nassert torch.cuda.is_available(), "needs a GPU"\namp = None\n\n${NET.replace("half=True", "half=False")}`;
  expect(report(code)).toEqual({
    diagnostics: [],
    gaps: expect.arrayContaining(["this asks for a device that an analysis has not"]),
  });
});

test("members of an enumeration whose base is not known are not the strings that its body writes", () => {
  const code = `import torch
from torch import nn
from nowhere import StrEnum


class Mode(StrEnum):
    NEAREST = "nearest"


class Up(nn.Module):
    scale = Mode.NEAREST.value

    def __init__(self, mode=Mode.NEAREST.value):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3)

    def forward(self, x):
        return self.c(x)
`;
  expect(report(code).diagnostics).toEqual([]);
});

function fileReport(files: Readonly<Record<string, string>>, name: string): readonly string[] {
  const analyzer = analyzerOf(files);
  const analyses = analyzer.roots(pathOf(name)).map((root) => analyzer.analyze(root));
  return analyzer.report(pathOf(name), analyses).diagnostics.map(({ message }) => render(message));
}

const USES_HELPER = `
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, ifnone(None, 8), 3)

    def forward(self, x):
        return self.c(x)
`;

test("a star import of a module that star-imports what was not found may bind any name", () => {
  const files = {
    "imports.py": "import torch\nfrom torch import nn\nfrom nowhere.basics import *\n",
    "basics.py": "from imports import *\n",
    "net.py": `from basics import *\n${USES_HELPER}`,
  };
  expect(fileReport(files, "net.py")).toEqual([]);
  const all = { ...files, "imports.py": `import torch\nfrom torch import nn\n` };
  expect(fileReport(all, "net.py")).toEqual(["NameError: name 'ifnone' is not defined"]);
});

test("a module that says what has to be installed is not wrong", () => {
  const code = `import torch
from torch import nn
try:
    from .missing import thing
except ImportError:
    raise ImportError("please install thing")

${USES_HELPER.replace("ifnone(None, 8)", "8")}`;
  expect(report(code).diagnostics).toEqual([]);
});

// Called without arguments, PyTorch's own words would be a TypeError; nobody calls them so.
test("what a factory needs that its defaults do not give is not asked of its author", () => {
  const code = `import torch
from torch import nn


def conv(*args, **kwargs):
    return nn.Sequential(nn.Conv2d(*args, **kwargs), nn.ReLU())


class Net(nn.Module):
    def __init__(self, neuron):
        super().__init__()
        self.c = conv(3, 8, 3)
        self.n = neuron()

    def forward(self, x):
        return self.n(self.c(x))


def net(neuron=None):
    return Net(neuron)
`;
  expect(report(code).diagnostics).toEqual([]);
  const wrong = code.replace("return Net(neuron)", "return Net(neuron, 3)");
  expect(report(wrong).diagnostics).toEqual([
    "error TypeError: Net.__init__() takes 2 positional arguments but 3 were given",
  ]);
});

test("an attribute that another method sets may be there", () => {
  const code = `import torch
from torch import nn


class Tracker(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3)

    def set_target(self, target):
        self.before, (self.target, *_) = None, target

    def forward(self, x):
        return self.c(x) + self.target
`;
  expect(report(code).diagnostics).toEqual([]);
  expect(report(`${code}\n\nTracker()(torch.randn(1, 3, 8, 8))\n`).diagnostics).toEqual([
    "error AttributeError: 'Tracker' object has no attribute 'target'",
  ]);
});

test("a layer whose base was not found may be a module", () => {
  const code = `import torch
from torch import nn
from nowhere.model import BaseModule


class Layer(BaseModule):
    def __init__(self, channels):
        super().__init__(init_cfg=None)
        self.c = nn.Conv2d(channels, channels, 1)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3)
        self.body = nn.Sequential(Layer(8), Layer(8))
        self.add_module("tail", Layer(8))

    def forward(self, x):
        return self.tail(self.body(self.stem(x)))
`;
  expect(report(code).diagnostics).toEqual([]);
});

test("what a loop would have appended may be there, even if one of its turns raises", () => {
  const code = `import torch
from torch import nn


class Frames(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3, padding=1)

    def forward(self, clip):
        b, t, c, h, w = clip.size()
        frames = []
        for i in range(t):
            frames.append(self.c(clip[:, i, :, :, :]).view(b, 8, h, w)[:, :, 0, 0, 0])
        return torch.stack(frames, dim=1)
`;
  expect(report(code).diagnostics).toEqual([]);
});

// It runs where the package is installed.
test("what a try has after a failed import was not bound by that either", () => {
  const code = `import torch\nfrom torch import nn\ntry:\n    from .nowhere import other\n    from .fast import mixed\nexcept ImportError:\n    other = None\n\n${NET}`;
  expect(report(code)).toEqual({ diagnostics: [], gaps: expect.arrayContaining(["the import of .nowhere failed"]) });
});

// Its \`forward\` runs on 64×64 pictures, as PyTorch does: the mask is made for those.
test("a mask that fits some size of the input is no mistake at another", () => {
  const code = `import torch
from torch import nn


class Masked(nn.Module):
    def __init__(self, tokens=256):
        super().__init__()
        self.patch = nn.Conv2d(3, 8, 4, 4)
        self.register_buffer("mask", torch.zeros(tokens, dtype=torch.bool))

    def forward(self, x):
        return self.patch(x).flatten(2)[:, :, self.mask]


def masked():
    return Masked()
`;
  expect(report(code).diagnostics).toEqual([]);
});

test("a mask that fits no size is one", () => {
  const code = `import torch
from torch import nn


class Masked(nn.Module):
    def __init__(self):
        super().__init__()
        self.patch = nn.Conv2d(3, 8, 4, 4)
        self.register_buffer("mask", torch.zeros(9, dtype=torch.bool))

    def forward(self, x):
        return self.patch(x)[:, self.mask]


def masked():
    return Masked()
`;
  expect(report(code).diagnostics).toEqual([
    "error IndexError: The shape of the mask [9] at index 0 does not match the shape of the indexed tensor [?, 8…",
  ]);
});

const UNUSED = `import torch
from torch import nn


class Base(nn.Module):
    def __init__(self, count=0):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3)
        self.blocks = nn.ModuleList([nn.Conv2d(8, 8, 1) for _ in range(count)])
        self.left = nn.ReLU()

    def forward(self, x):
        x = self.stem(x)
        for block in self.blocks:
            x = block(x)
        return x


class Derived(Base):
    def __init__(self, count=0):
        super().__init__(count)
        self.spare = nn.ReLU()


class Layer(nn.Sequential):
    def __init__(self):
        super().__init__()
        self.add_module("conv", nn.Conv2d(3, 3, 3, padding=1))
        self.act = nn.ReLU()

    def forward(self, x):
        for layer in list(self)[:1]:
            x = layer(x)
        return x
`;

test("layers that code of a base class goes through are used, and so are those of a container", () => {
  expect(report(UNUSED).diagnostics).toEqual([
    "info self.left is built and never called",
    "info self.spare is built and never called",
  ]);
});

test("a base that is not known may take the keywords of a class, also by another base's hand", () => {
  const code = `import torch
from torch import nn
from nowhere import Mixin


class Own(Mixin):
    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(tag=cls.__name__, **kwargs)


class Net(Own, nn.Module, license="mit"):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(3, 4)

    def forward(self, x):
        return self.fc(x)


class Other(Mixin, license="mit"):
    pass
`;
  expect(report(code).diagnostics).toEqual([]);
});

const EFFECTS = `import torch
from torch import nn
from nowhere import store, build, Meta


class Module(nn.Module, metaclass=Meta):
    pass


class Chain(Module):
    def __init__(self, *layers):
        self.layers = nn.ModuleList(layers)

    def forward(self, x):
        for layer in self.layers:
            x.first = x
            x = layer(x)
        return x


class Merge(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 1)

    def forward(self, x):
        return self.conv(x) + x.first


class Stored(nn.Module):
    def __init__(self, width=8):
        super().__init__()
        store("width")
        self.conv = nn.Conv2d(3, self.width, 1)

    def forward(self, x):
        return self.conv(x)


class Built(nn.Module):
    def __init__(self):
        super().__init__()
        build(self)

    def forward(self, x):
        return self.head(x)


Chain(nn.Conv2d(3, 4, 1))(torch.randn(1, 3, 8, 8))
Stored()(torch.randn(1, 3, 8, 8))
Built()(torch.randn(1, 3, 8, 8))
`;

test("what code that is not known may have set is not missing", () => {
  expect(report(EFFECTS).diagnostics).toEqual([]);
});

test("what a known function cannot have set is missing", () => {
  const code = EFFECTS.replace(
    "from nowhere import store, build, Meta",
    "from nowhere import build, Meta\nstore = print",
  );
  expect(report(code).diagnostics).toEqual(["error AttributeError: 'Stored' object has no attribute 'width'"]);
});

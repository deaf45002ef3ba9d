import { describe, expect, test } from "vitest";
import type { Observation } from "../../src/analysis.ts";
import type { ShapeTree } from "../../src/graph/graph.ts";
import { analyzerOf, pathOf } from "../roots/files.ts";

const HEAD = "import torch\nimport torch.nn as nn\nimport elsewhere\n\n\n";

/** Every name that forward binds, with its shape as text, and what is said of the whole. */
function run(init: string, forward: string) {
  const indent = (code: string) => code.replace(/^(?=.)/gm, "        ");
  const code = `${HEAD}class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n${indent(init)}\n\n    def forward(self, x):\n${indent(forward)}\n`;
  const analyzer = analyzerOf({ "net.py": code });
  const root = analyzer.analyzeModel(pathOf("net.py"), "Net()", [{ kind: "tensor", shape: [2, 3, 8, 8] }]);
  const seen = root.concrete?.observations.get(pathOf("net.py")) ?? [];
  const names = seen.filter(({ role }) => role === "bind");
  return {
    shapes: Object.fromEntries(names.map((one) => [one.name, shapesOf(one)])),
    params: root.concrete?.graph.params,
    errors: root.diagnostics.filter(({ severity }) => severity === "error").length,
  };
}

function shapesOf({ instances }: Observation): string {
  return [...new Set(instances.map(({ value }) => shapeOf(value)))].join(" ");
}

function shapeOf(value: ShapeTree): string {
  if (value.kind !== "tensor") return value.kind === "unknown" ? "?" : value.kind;
  return value.type.shape?.map(({ size }) => size ?? "?").join(",") ?? "?";
}

const CONV = "nn.Conv2d(3, 6, 3)";

// Whatever `elsewhere` holds: the same code with one, two or no turns gives other results, so none may be claimed.
describe("a loop whose turns are not known", () => {
  test.each([
    ["appended to a list of modules", `self.l = nn.ModuleList()\nfor i in elsewhere.n():\n    self.l.append(${CONV})`],
    ["added to a list of modules", `self.l = nn.ModuleList()\nfor i in elsewhere.n():\n    self.l += [${CONV}]`],
    [
      "put into a sequence",
      `self.l = nn.Sequential()\nfor i in elsewhere.n():\n    self.l.add_module(f"a{i}", ${CONV})`,
    ],
    [
      "set under a computed name",
      `self.l = nn.Sequential()\nfor i in elsewhere.n():\n    setattr(self.l, f"a{i}", ${CONV})`,
    ],
    ["a list, then a sequence", `l = []\nfor i in elsewhere.n():\n    l.append(${CONV})\nself.l = nn.Sequential(*l)`],
    ["a while loop", `l = []\nwhile elsewhere.more():\n    l.append(${CONV})\nself.l = nn.Sequential(*l)`],
    [
      "only in a later turn",
      `l = []\nfirst = True\nfor i in elsewhere.n():\n    if not first:\n        l.append(${CONV})\n    first = False\nself.l = nn.Sequential(*l)`,
    ],
    [
      "a turn that raises for what it is given",
      `self.l = nn.Sequential()\nsizes = (6,)\nfor i in elsewhere.n():\n    c = sizes[5]\n    self.l.add_module("a", ${CONV})`,
    ],
    ["a comprehension", `self.l = nn.Sequential(*[${CONV} for i in elsewhere.n()])`],
  ])("%s", (_, init) => {
    const { shapes, params, errors } = run(init, "for layer in list(self.l):\n    x = layer(x)\ny = x");
    expect(shapes.y).toBe("?");
    expect(params).toBeUndefined();
    expect(errors).toBe(0);
  });

  test.each(['self.add_module(f"a{i}", layer)', 'setattr(self, f"a{i}", layer)'])(
    "a module of the loop, by name: %s",
    (register) => {
      const init = `self.n = 1\nfor i in elsewhere.n():\n    layer = ${CONV}\n    ${register}`;
      const { shapes, errors } = run(init, 'y = self.a1(x)\nz = self.a2(x) if hasattr(self, "a2") else x');
      expect(shapes).toEqual({ y: "?", z: "?" });
      expect(errors).toBe(0);
    },
  );

  test("what it does not write stays known", () => {
    const { shapes } = run(
      `self.c = ${CONV}\nself.l = []\nfor i in elsewhere.n():\n    self.l.append(i)`,
      "y = self.c(x)",
    );
    expect(shapes.y).toBe("2,6,6,6");
  });

  test("a dict filled in it, its keys, a lookup and an item of a list", () => {
    const init = "self.d = {'a': 3}\nself.k = [1, 2]\nfor i in elsewhere.n():\n    self.d[i] = 4\n    self.k[i] = 5";
    const forward = `y = x[:, :self.d["a"]]\nz = x[:, :, :self.k[0]]\nw = x.new_zeros(len(self.d))\nself.k[7] = 1`;
    const { shapes, errors } = run(init, forward);
    expect(shapes).toMatchObject({ y: "2,?,8,8", z: "2,3,?,8", w: "?" });
    expect(errors).toBe(0);
  });

  test("an iterator that it may have moved", () => {
    const { shapes } = run(
      "it = iter([1, 2, 3])\nfor i in elsewhere.n():\n    next(it)\nself.n = next(it)",
      "y = x[:, :, :self.n]",
    );
    expect(shapes.y).toBe("2,3,?,8");
  });
});

describe("a condition that is not known", () => {
  test("a module that is there in one way only", () => {
    const init = `self.l = nn.ModuleDict()\nif elsewhere.flag:\n    self.l["a"] = ${CONV}`;
    const { shapes, params, errors } = run(init, "for layer in self.l.values():\n    x = layer(x)\ny = x");
    expect(shapes.y).toBe("?");
    expect(params).toBeUndefined();
    expect(errors).toBe(0);
  });

  test("an attribute, an argument and a return that differ", () => {
    const init = `self.c = ${CONV} if elsewhere.flag else nn.Identity()\nself.n = 2\nif elsewhere.flag:\n    self.n = 3`;
    const { shapes } = run(init, "y = self.c(x)\nz = x[:, :self.n]\nw = x[:, :1]");
    expect(shapes).toEqual({ y: "?", z: "2,?,8,8", w: "2,1,8,8" });
  });
});

describe("arguments whose number is not known", () => {
  // With `*elsewhere.s` spliced in, each call may mean another shape.
  test.each([
    "x.view(x.shape[0], 3, *elsewhere.s)",
    "x.reshape(2, *elsewhere.s, 4)",
    "x.permute(*elsewhere.s)",
    "x.expand(2, *elsewhere.s)",
    "torch.zeros(2, *elsewhere.s)",
    "x.new_zeros(2, *elsewhere.s)",
    "nn.functional.pad(x, (1, 1, *elsewhere.s))",
    "torch.cat([x, *elsewhere.s], 1)",
    "x.mean(*elsewhere.s)",
    "x.mean(**elsewhere.s)",
  ])("%s", (call) => {
    const { shapes, errors } = run("self.n = 1", `y = ${call}`);
    expect(shapes.y ?? "?").toBe("?");
    expect(errors).toBe(0);
  });
});

// As torchvision keeps boxes: whatever is kept, the axes behind stay.
test("a loop over what the data decides leaves what each turn agrees on", () => {
  const forward = `s = x.reshape(-1)
b = x.reshape(-1, 4)
found = torch.where(s > 0.5)[0]
k, l = b[found], s[found]
m = torch.zeros_like(l, dtype=torch.bool)
total = x[0, :2]
n = 0
for c in torch.unique(l):
    at = torch.where(l == c)[0]
    m[at] = True
    total = total + c
    n = n + 1
keep = torch.where(m)[0]
y = k[keep[:100]]
z = total
w = x[:, :, :n]`;
  const { shapes, errors } = run("self.n = 1", forward);
  expect(shapes).toMatchObject({ found: "?", k: "?,4", m: "?", y: "?,4", z: "2,8,8", w: "2,3,?,8" });
  expect(errors).toBe(0);
});

// What each of zero, one, two … turns leaves, by hand.
test("a loop that the data ends early", () => {
  const init = `self.same = nn.Conv2d(3, 3, 3, padding=1)\nself.less = ${CONV}`;
  const forward = `a, b = x, x
h = [x, x]
s = {"k": x}
n = 0
for i in range(5):
    b = self.same(b)
    h[0] = self.same(h[0])
    h[1] = h[1][:, :, 1:]
    s["k"] = self.same(s["k"])
    n = n + 1
    if b.sum() < 3:
        break
else:
    a = x[:, :2]
while b.sum() < 3:
    c = self.same(b)
    if c.sum() < 3:
        break
p = b
q, r = h
t = s["k"]
u = x[:, :, :n]
v = a
w = c`;
  const { shapes, errors } = run(init, forward);
  expect(shapes).toMatchObject({
    p: "2,3,8,8",
    q: "2,3,8,8",
    r: "2,3,?,8",
    t: "2,3,8,8",
    u: "2,3,?,8",
    v: "2,?,8,8",
    w: "2,3,8,8",
  });
  expect(errors).toBe(0);
});

test("a loop over layers that may stop at any of them", () => {
  const init = "self.l = nn.ModuleList([nn.Conv2d(3, 3, 3, padding=1), nn.Conv2d(3, 3, 3)])";
  const { shapes } = run(init, "for layer in self.l:\n    x = layer(x)\n    if x.mean() > 0:\n        break\ny = x");
  expect(shapes.y).toBe("2,3,?,?");
});

// Two loops of 3,000 turns, one in the other: nine million turns, beyond what one model may take.
test("a loop that would take too long is given up, not the whole model", () => {
  const table =
    "self.table = {}\nfor a in list(range(3000)):\n    for b in range(3000):\n        self.table[a - b] = a";
  const { shapes, params, errors } = run(
    `self.conv = ${CONV}\nself.kept = 5\n${table}`,
    "y = self.conv(x)\nz = y[:, :self.kept]\nv = x.new_zeros(len(self.table))",
  );
  // 6·3·3·3 + 6; what the loop fills has a length that nobody knows.
  expect({ shapes, params, errors }).toEqual({
    shapes: { y: "2,6,6,6", z: "2,5,6,6", v: "?" },
    params: 168,
    errors: 0,
  });
});

import { expect, test } from "vitest";
import { observe } from "./observe.ts";

const DOUBLE = `self.a = nn.Linear(8, 4, dtype=torch.float64)
self.b = nn.BatchNorm2d(3).double()
self.t = nn.TransformerEncoderLayer(4, 2, 8, dtype=torch.float64, batch_first=True)
self.m = nn.MultiheadAttention(4, 2, dtype=torch.double)
self.c = nn.LSTMCell(4, 5, dtype=torch.double)
self.r = nn.LSTM(4, 5).to("cpu", torch.double)
self.register_buffer("n", torch.arange(4))
self.e = nn.Embedding(4, 4).type(torch.float64)
self.double()`;
const FORWARD = `x = self.a(self.b(x)).mean(1)
x = self.t(x)
x = self.m(x, x, x)[0]
h, c = self.c(x[:, 0])
y = self.r(x)[0] + self.e(self.n).sum()`;

// PyTorch runs both ways of each pair; only the types tell them apart.
test("a module of another element type takes that type", () => {
  const { shapes, gaps, errors } = observe(DOUBLE, FORWARD, { kind: "tensor", shape: [2, 3, 8, 8], dtype: "float64" });
  expect(shapes).toMatchObject({ y: "[2, 8, 5]", h: "[2, 5]" });
  expect([...gaps, ...errors]).toEqual([]);
});

test("and refuses another", () => {
  const { errors } = observe("self.a = nn.Linear(8, 4).half()", "y = self.a(x)");
  expect(errors).toHaveLength(1);
});

test("a type that is not known refuses nothing", () => {
  const init = "self.a = nn.Linear(8, 4).to(elsewhere.dtype)\nself.b = nn.Conv2d(3, 3, 1).to(elsewhere.device)";
  const { shapes, errors } = observe(init, "y = self.a(x)\nz = self.b(x.double())", undefined, "import elsewhere");
  expect(shapes).toMatchObject({ y: "[2, 3, 8, 4]", z: "[2, 3, 8, 8]" });
  expect(errors).toEqual([]);
});

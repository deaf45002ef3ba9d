import { expect, test } from "vitest";
import { observe } from "./observe.ts";

const HEAD =
  "from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pack_sequence, pad_packed_sequence, pad_sequence";

// The shapes are those that PyTorch 2.14 gives.
test("padded and packed sequences through a recurrent layer", () => {
  const { shapes, gaps, errors } = observe(
    "self.r = nn.LSTM(5, 7, 2, batch_first=True, bidirectional=True)",
    `s = pad_sequence([torch.zeros(3, 5), torch.zeros(6, 5), torch.zeros(2, 5)], batch_first=True)
p = pack_padded_sequence(s, [6, 3, 2], batch_first=True)
o, hc = self.r(p)
u, l = pad_packed_sequence(o, batch_first=True)
v, _ = pad_packed_sequence(o, total_length=9)
w, _ = self.r(pack_sequence([torch.zeros(4, 5), torch.zeros(2, 5)]))
k, _ = self.r(PackedSequence(p.data * 2, p.batch_sizes), hc)
q = pack_padded_sequence(s, torch.tensor([2, 6, 3]), batch_first=True, enforce_sorted=False)
z, _ = pad_packed_sequence(self.r(q)[0], batch_first=True)`,
    undefined,
    HEAD,
  );
  expect(shapes).toMatchObject({
    s: "[3, 6, 5]",
    p: "([11, 5], [6], -, -)",
    o: "([11, 14], [6], -, -)",
    hc: "([4, 3, 7], [4, 3, 7])",
    u: "[3, 6, 14]",
    l: "[3]",
    v: "[9, 3, 14]",
    w: "([6, 14], [4], -, -)",
    k: "([11, 14], [6], -, -)",
    q: "([11, 5], [6], [3], [3])",
    z: "[3, 6, 14]",
  });
  expect([...gaps, ...errors]).toEqual([]);
});

test("lengths that depend on the data leave the time and the total open", () => {
  const { shapes, errors } = observe(
    "self.r = nn.GRU(8, 7)",
    `x = x[:, 0]
p = pack_padded_sequence(x, x[0, :, 0].long(), enforce_sorted=False)
o, h = self.r(p)
y, _ = pad_packed_sequence(o)`,
    { kind: "tensor", shape: [4, 1, 3, 8] },
    HEAD,
  );
  expect(shapes).toMatchObject({ p: "([?, 8], [?], [3], [3])", y: "[?, 3, 7]" });
  expect(errors).toEqual([]);
});

test("lengths out of order are PyTorch's refusal", () => {
  const { errors } = observe("self.n = 1", "y = pack_padded_sequence(torch.zeros(6, 2, 5), [3, 6])", undefined, HEAD);
  expect(errors).toHaveLength(1);
});

test("the loss of sequences", () => {
  const { shapes } = observe(
    "self.loss = nn.CTCLoss()",
    `logits = torch.zeros(50, 3, 20).log_softmax(2)
targets = torch.zeros(3, 10, dtype=torch.long)
y = self.loss(logits, targets, torch.full((3,), 50), torch.full((3,), 10))
z = nn.functional.ctc_loss(logits, targets, (50,) * 3, (10,) * 3, reduction="none")`,
  );
  expect(shapes).toMatchObject({ y: "[]", z: "[3]" });
});

"""Small tensors of known values, in torch's arithmetic."""
# --- stochastic depth rates
import torch
result = [[x.item() for x in torch.linspace(0, 0.1, 5)], torch.linspace(0, 0.3, 12).tolist(), [x.tolist() for x in torch.linspace(0, 0.2, 8).split([2, 2, 4])], torch.linspace(0, 1, 1).tolist(), torch.linspace(3, 7, 5, dtype=torch.int64).tolist()]
# --- regnet's widths
import math, torch
def widths(slope, initial, mult, depth, q=8):
    cont = torch.arange(depth, dtype=torch.float32) * slope + initial
    exps = torch.round(torch.log(cont / initial) / math.log(mult))
    ws = torch.round((initial * torch.pow(mult, exps)) / q) * q
    return ws.int().tolist(), len(torch.unique(ws)), int(exps.max().item()) + 1
result = [widths(36.44, 49, 2.28, 13), widths(2.54, 24, 2.54, 22), widths(69.86, 320, 2.53, 23), widths(160.23, 456, 2.52, 17)]
# --- distinct values and how often each occurs
import torch
t = torch.tensor([3, 1, 3, 3, 2, 1])
values, counts = torch.unique(t, return_counts=True)
result = [values.tolist(), counts.tolist(), [x.tolist() for x in torch.unique(t, return_inverse=True)], [x.tolist() for x in t.reshape(2, 3).unique(return_inverse=True, return_counts=True)], torch.unique(torch.tensor([True, False, True])).tolist(), [range(c) for c in counts.tolist()]]
# --- consecutive values
import torch
t = torch.tensor([1, 1, 2, 2, 2, 1])
result = [torch.unique_consecutive(t).tolist(), [x.tolist() for x in torch.unique_consecutive(t, return_inverse=True, return_counts=True)]]
# --- arange
import torch
result = [torch.arange(4).tolist(), torch.arange(2, 8, 3).tolist(), torch.arange(0.0, 1.0, 0.25).tolist(), torch.arange(3, dtype=torch.float32).tolist(), torch.arange(5, 0, -2).tolist(), torch.arange(3.0).dtype == torch.float32]
# --- from lists
import torch
result = [str(torch.tensor(x).dtype) for x in (1, 1.0, True, [1, 2], [1, 2.0], [True], [True, 1], [[1], [2]], [])], torch.tensor([[1, 2], [3, 4]]).shape, torch.tensor([0.1]).tolist(), torch.tensor(3).item()
# --- element types of results
import torch
a, f, h, b, d = torch.arange(3), torch.ones(3), torch.ones(3).half(), torch.tensor([True, False, True]), torch.ones(3).double()
result = [str(x.dtype) for x in (a / 2, a // 2, a * 2.0, a + f, h + f, h * 2.0, f + d, a + b, a > 1, b & b, a.sum(), b.sum(), f.mean(), a.sqrt(), f.long(), a.float().argmax(), f * torch.tensor(2.0, dtype=torch.float64), a.true_divide(2), b + 1, b * 1.0)]
# --- scalars
import torch
t = torch.tensor([2, 3, 4])
result = (t.prod().item(), int(t.sum()), float(t[0]), bool(t.max() > 3), t[-1].item(), len(t), [int(x) for x in t], int(torch.tensor(3.9)), list(range(t[0])), [10, 20, 30][t[0]])
# --- cumulative
import torch
result = [torch.tensor([1, 2, 3]).cumsum(0).tolist(), torch.tensor([[1, 2], [3, 4]]).cumsum(1).tolist(), torch.cumprod(torch.tensor([1, 2, 3]), 0).tolist(), torch.tensor([0.1, 0.2, 0.3]).cumsum(0).tolist()]
# --- float32 rounds
import torch
a = torch.tensor([0.1, 0.2, 0.3])
result = [a.tolist(), (a * 3).tolist(), (a + 0.1).tolist(), (a / 3).tolist(), a.double().tolist(), (a ** 2).tolist(), torch.tensor(0.1, dtype=torch.float64).item(), a.half().tolist(), a.bfloat16().tolist(), (a - 0.3).tolist(), torch.sqrt(torch.tensor([4.0, 9.0])).tolist()]
# --- whole numbers divide and round
import torch
t = torch.tensor([-7, 7])
result = [(t // 2).tolist(), (t % 3).tolist(), (t / 2).tolist(), torch.div(t, 2, rounding_mode="trunc").tolist(), torch.div(t, 2, rounding_mode="floor").tolist(), torch.fmod(t, 3).tolist(), torch.round(torch.tensor([0.5, 1.5, 2.5])).tolist(), torch.floor(torch.tensor([-1.5])).tolist(), torch.tensor([2.7, -2.7]).int().tolist(), torch.remainder(torch.tensor([-5.5]), 2).tolist(), (torch.tensor([5.5, -5.5]) // 2).tolist()]
# --- indexing
import torch
a = torch.arange(12).reshape(3, 4)
result = [a[1].tolist(), a[1, 2].item(), a[:, 1].tolist(), a[[0, 2]].tolist(), a[[0, 2], [1, 3]].tolist(), a[a > 8].tolist(), a[..., None].shape, a[1:, ::2].tolist(), a[None, :, 0].tolist(), a[torch.tensor([2, 0])].tolist(), a[:, torch.tensor([[0, 1], [2, 3]])].shape, a[torch.tensor([0, 1]), :, None].shape, a[True].shape, a[torch.tensor([True, False, True])].tolist(), a[-1, -1].item()]
# --- separated indices go in front
import torch
a = torch.zeros(2, 3, 4, 5)
i = torch.tensor([0, 1, 1])
result = [tuple(a[i, :, i].shape), tuple(a[:, i, i].shape), tuple(a[:, i, :, i].shape), tuple(a[0, :, i].shape), tuple(a[i, 0].shape), tuple(a[..., i].shape), tuple(a[i, ..., i, None].shape), tuple(a[[[0, 1], [1, 0]], [0, 1]].shape)]
# --- assignment
import torch
a = torch.zeros(2, 3)
a[0] = 1
a[1, 1:] = torch.tensor([5.0, 6.0])
a[:, 0] += 2
a[a == 0] = 9
result = a.tolist()
# --- a view is not a copy
import torch
a = torch.arange(4)
b = a.view(2, 2)
c = a.clone()
a += 1
result = (a.tolist(), c.tolist())
# --- windows' relative positions
import torch
w = 3
coords = torch.stack(torch.meshgrid([torch.arange(w), torch.arange(w)], indexing="ij"))
flat = torch.flatten(coords, 1)
rel = (flat[:, :, None] - flat[:, None, :]).permute(1, 2, 0).contiguous()
rel[:, :, 0] += w - 1
rel[:, :, 1] += w - 1
rel[:, :, 0] *= 2 * w - 1
index = rel.sum(-1)
result = (index.shape, index[0].tolist(), int(index.max()))
# --- windows' attention mask
import torch
img = torch.zeros((1, 4, 4, 1))
n = 0
for h in (slice(0, -2), slice(-2, -1), slice(-1, None)):
    for w in (slice(0, -2), slice(-2, -1), slice(-1, None)):
        img[:, h, w, :] = n
        n += 1
win = img.view(1, 2, 2, 2, 2, 1).permute(0, 1, 3, 2, 4, 5).reshape(-1, 4)
mask = win.unsqueeze(1) - win.unsqueeze(2)
mask = mask.masked_fill(mask != 0, float(-100.0)).masked_fill(mask == 0, float(0.0))
result = (win.tolist(), tuple(mask.shape))
# --- joining and splitting
import torch
a, b = torch.tensor([1, 2]), torch.tensor([3, 4])
result = [torch.cat([a, b]).tolist(), torch.stack([a, b], 1).tolist(), [x.tolist() for x in torch.arange(5).chunk(2)], [x.tolist() for x in torch.arange(5).split(2)], [x.tolist() for x in torch.arange(7).tensor_split(3)], torch.arange(3).repeat(2).tolist(), torch.arange(3).repeat_interleave(2).tolist(), torch.arange(2).expand(2, 2).tolist(), torch.hstack([a, b]).tolist(), torch.vstack([a, b]).tolist(), torch.cartesian_prod(a, b).tolist(), [x.tolist() for x in torch.unbind(torch.stack([a, b]))]]
# --- moving
import torch
a = torch.arange(6).reshape(2, 3)
result = [a.t().tolist(), a.T.tolist(), a.flip(1).tolist(), a.roll(1).tolist(), a.roll(1, 1).tolist(), a.permute(1, 0).tolist(), a.rot90().tolist(), a.tril().tolist(), a.triu(1).tolist(), torch.diag(torch.tensor([1, 2])).tolist(), a.diagonal().tolist(), a.movedim(0, 1).tolist(), a.narrow(1, 1, 2).tolist(), a.select(0, 1).tolist()]
# --- order
import torch
a = torch.tensor([3, 1, 2])
v, i = a.sort()
s = a.sort(descending=True)
t = a.topk(2)
m = torch.tensor([[1, 5], [7, 2]]).max(dim=1)
result = [v.tolist(), i.tolist(), s.values.tolist(), s.indices.tolist(), t.values.tolist(), t[1].tolist(), m.values.tolist(), m.indices.tolist(), a.argsort().tolist(), a.argmax().item(), a.min().item(), torch.unique(torch.tensor([2, 1, 2])).tolist(), torch.maximum(a, torch.tensor(2)).tolist()]
# --- creation
import torch
result = [torch.zeros(2).tolist(), torch.ones(1, 2).tolist(), torch.full((2,), 7).tolist(), torch.full((2,), 0.5).dtype == torch.float32, torch.eye(2).tolist(), torch.zeros(size=(1, 2)).shape, torch.zeros_like(torch.tensor([1, 2])).dtype == torch.int64, torch.ones(2, dtype=torch.bool).tolist(), torch.tensor([1.0]).new_zeros(2).tolist(), torch.tensor([1]).new_full((2,), 3).tolist(), torch.empty(0).shape, torch.rand(2, 3).shape, torch.randint(0, 5, (2,)).dtype == torch.int64, torch.randperm(4).shape]
# --- numpy and back
import numpy as np, torch
t = torch.tensor([1.5, 2.5])
result = [t.numpy().tolist(), t.numpy().dtype.name, torch.from_numpy(np.arange(3)).tolist(), torch.tensor(np.array([1.5])).dtype == torch.float64, torch.as_tensor([1, 2]).numpy().sum().item(), torch.tensor(np.float32(0.1)).item(), (torch.from_numpy(np.ones(2)) * 2).tolist()]
# --- logic
import torch
a, b = torch.tensor([True, False]), torch.tensor([True, True])
result = [(a & b).tolist(), (a | b).tolist(), (~a).tolist(), (a ^ b).tolist(), a.any().item(), a.all().item(), bool(b.all()), torch.where(a, 1, 2).tolist(), torch.where(a, torch.tensor(1.5), torch.tensor(2.5)).tolist(), (torch.tensor([5, 6]) & 3).tolist(), torch.logical_not(torch.tensor([0, 2])).tolist(), torch.equal(a, a.clone()), (torch.tensor([1]) << 3).tolist()]
# --- facts about types
import torch
x = torch.zeros(2, dtype=torch.float16)
result = [torch.finfo(torch.float32).eps, torch.finfo(torch.float16).max, torch.finfo(torch.bfloat16).min, torch.iinfo(torch.int32).max, x.dtype == torch.half, x.is_floating_point(), x.device.type, x.is_cuda, torch.get_default_dtype() == torch.float32, torch.promote_types(torch.int32, torch.float16) == torch.float16, torch.result_type(torch.tensor([1]), 1.0) == torch.float32, torch.can_cast(torch.float32, torch.int64), torch.float32.is_floating_point, torch.int64.itemsize, x.element_size(), x.numel(), x.dim(), torch.is_tensor(x), torch.device("cuda:1").index, torch.zeros(1).requires_grad]
# --- named tuples
import torch
m = torch.zeros(2, 3).max(1)
result = [type(m).__name__, len(m), isinstance(m, tuple), m[0] is m.values]
# --- wrong index
import torch
torch.zeros(3)[torch.tensor([0.5])]
# --- too many indices
import torch
torch.zeros(3)[0, 0]
# --- length of a scalar
import torch
len(torch.tensor(1))

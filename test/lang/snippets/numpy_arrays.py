"""numpy where designs are computed with it: values, element types, shapes, indices."""
# --- regnet's widths
import numpy as np
def widths(slope, initial, mult, depth, q=8):
    cont = np.arange(depth) * slope + initial
    ks = np.round(np.log(cont / initial) / np.log(mult))
    ws = np.round(np.divide(initial * np.power(mult, ks), q)) * q
    return ws.astype(int).tolist(), len(np.unique(ws)), int(ks.max() + 1)
result = [widths(36.44, 49, 2.28, 13), widths(2.54, 24, 2.54, 22), widths(69.86, 320, 2.53, 23), widths(160.23, 456, 2.52, 17)]
# --- regnet's groups
import numpy as np
ws, gs = [48, 112, 256, 608], [8, 16, 24, 40]
gs = [min(g, w) for g, w in zip(gs, ws)]
result = [int(round(w / g) * g) for w, g in zip(ws, gs)]
# --- linspace
import numpy as np
result = [np.linspace(0, 0.3, 7).tolist(), np.linspace(0, 1, 1).tolist(), np.linspace(2, 10, 5, dtype=int).tolist(), np.linspace(0, 1, 4, endpoint=False).tolist()]
# --- arange
import numpy as np
result = [np.arange(5).tolist(), np.arange(2, 9, 3).tolist(), np.arange(0, 1, 0.25).tolist(), np.arange(3.0).tolist(), np.arange(5, 0, -2).tolist(), np.arange(0.1, 0.75, 0.1).tolist()]
# --- element types of results
import numpy as np
a, f, b = np.arange(3), np.ones(3, dtype=np.float32), np.array([True, False, True])
result = [x.dtype.name for x in (a, f, b, a / 2, a // 2, a * 2.0, f * 2, f * 2.0, f + a, a + b, a > 1, b & b, np.sqrt(a), a.mean(), f.mean(), f.sum(), b.sum(), np.array([1, 2.5]), np.zeros(2), np.float32(3) * 2, np.int64(3) / 2)]
# --- scalars are numbers
import numpy as np
x = np.prod([2, 3, 4])
result = (int(x), isinstance(np.float64(1.5), float), isinstance(np.int64(3), int), float(np.float32(0.1)), list(range(np.int64(3))), [1, 2, 3][np.int64(1)], (np.int64(7) // 2).item(), (2 ** np.int64(5)).item(), np.float64(2.5).item(), [0] * np.int64(2))
# --- rounding
import numpy as np
result = [np.round([0.5, 1.5, 2.5, -0.5, 2.675]).tolist(), np.round(2.675, 2).item(), np.around([1.25, 1.35], 1).tolist(), np.floor([-1.5, 1.5]).tolist(), np.ceil([-1.5, 1.5]).tolist(), np.trunc([-1.5, 1.5]).tolist(), np.round([15, 25], -1).tolist(), int(np.round(3.7))]
# --- reductions along axes
import numpy as np
a = np.arange(6).reshape(2, 3)
result = [a.sum().item(), a.sum(0).tolist(), a.sum(axis=1, keepdims=True).tolist(), a.max(1).tolist(), a.min().item(), a.mean(axis=0).tolist(), a.prod(1).tolist(), a.argmax(1).tolist(), bool(a.any()), bool((a > 0).all()), a.std().item() > 1.7, np.sum([1, 2]).item(), np.max([3, 9, 2]).item(), np.cumsum(a).tolist(), np.cumsum(a, axis=1).tolist(), np.cumprod([1, 2, 3]).tolist()]
# --- indexing
import numpy as np
a = np.arange(12).reshape(3, 4)
result = [a[1].tolist(), a[1, 2].item(), a[-1, ::2].tolist(), a[:, 1].tolist(), a[[0, 2]].tolist(), a[[0, 2], [1, 3]].tolist(), a[a > 8].tolist(), a[..., None].shape, a[::-1].tolist(), a[1:, :2].tolist(), a[np.array([True, False, True])].tolist(), a[None].shape, a[:, [3, 0]].tolist()]
# --- assignment
import numpy as np
a = np.zeros((2, 3), dtype=int)
a[0] = 5
a[1, 1:] = [7, 8]
a[a == 0] = 9
a[:, 0] += 1
view = a[0]
a += 1
result = (a.tolist(), a.dtype.name)
# --- where and nonzero
import numpy as np
a = np.array([3, 0, 2, 0])
result = [np.where(a > 0, a, -1).tolist(), np.where(a == 0)[0].tolist(), np.nonzero(a)[0].tolist(), len(np.where(a > 9)[0]), np.where(a > 2, 1.5, 0).tolist()]
# --- joining
import numpy as np
a, b = np.array([1, 2]), np.array([3.5, 4])
result = [np.concatenate([a, b]).tolist(), np.concatenate(([0], a)).tolist(), np.stack([a, b]).tolist(), np.vstack([a, b]).shape, np.hstack([a, b]).tolist(), np.append(a, 9).tolist(), np.append([1], [2, 3]).tolist(), np.tile([1, 2], 2).tolist(), np.repeat([1, 2], 2).tolist(), np.split(np.arange(6), 3)[1].tolist(), [x.tolist() for x in np.array_split(np.arange(5), 3)]]
# --- shapes
import numpy as np
a = np.arange(24).reshape(2, 3, -1)
result = [a.shape, a.T.shape, a.ndim, a.size, len(a), a.transpose(1, 0, 2).shape, np.transpose(a, (2, 0, 1)).shape, a.reshape(6, 4).shape, a.ravel().shape, a.flatten().shape, np.expand_dims(a, 0).shape, np.squeeze(a[:1]).shape, a.swapaxes(0, 2).shape, np.zeros((2, 3)).shape, np.zeros(4).shape, np.ones_like(a).shape, np.broadcast_to(np.arange(3), (2, 3)).tolist(), a.T[1, 2, 0].item()]
# --- sorting and counting
import numpy as np
a = np.array([3, 1, 2, 3])
u, inverse, counts = np.unique(a, return_inverse=True, return_counts=True)
result = [np.sort(a).tolist(), np.argsort([3, 1, 2]).tolist(), np.argsort(a, kind="stable").tolist(), u.tolist(), inverse.tolist(), counts.tolist(), np.unique([2, 2, 1], return_index=True)[1].tolist(), np.diff(a).tolist(), np.flip(a).tolist(), np.clip(a, 2, 2).tolist(), a.clip(max=2).tolist()]
# --- logarithms and powers
import numpy as np
result = [int(np.log2(64)), np.log2([1, 2, 8]).tolist(), np.log10([1, 10, 100]).tolist(), np.exp(0).item(), np.sqrt([4, 9]).tolist(), np.power(2, [0, 1, 10]).tolist(), np.power([2.0, 3.0], 2).tolist(), np.square(3).item(), np.abs([-1, 2]).tolist(), np.sign([-2, 0, 3]).tolist(), np.exp2([0, 3]).tolist()]
# --- minimum and maximum
import numpy as np
result = [np.minimum([1, 5], 3).tolist(), np.maximum([1.5, 2], [2, 1]).tolist(), np.mod([5, -5], 3).tolist(), np.floor_divide([5, -5], 3).tolist(), np.fmod([5, -5], 3).tolist(), np.logical_and([True, False], True).tolist(), (~np.array([True, False])).tolist(), (np.array([6, 3]) & 2).tolist(), np.bitwise_or(4, 1).item()]
# --- meshgrid
import numpy as np
x, y = np.meshgrid(np.arange(3), np.arange(2))
i, j = np.meshgrid([1, 2], [3, 4, 5], indexing="ij")
result = [x.tolist(), y.tolist(), i.tolist(), j.shape]
# --- products
import numpy as np
a = np.arange(4).reshape(2, 2)
result = [(a @ a).tolist(), np.dot([1, 2], [3, 4]).item(), a.dot(a).tolist(), np.matmul(a, [1, 1]).tolist(), np.eye(2).tolist(), np.full((2, 2), 7).tolist(), np.full(2, 0.5).tolist(), np.identity(2, dtype=int).tolist()]
# --- iteration and membership
import numpy as np
result = [[int(x) for x in np.arange(3)], [r.tolist() for r in np.eye(2)], 2 in np.arange(3), sum(np.arange(4)).item(), max(np.array([1, 5, 2])).item(), list(zip(np.arange(2), "ab"))[1][1], [x.item() for x in map(np.int64, [1, 2])]]
# --- comparisons
import numpy as np
a = np.arange(3)
result = [(a == 1).tolist(), (a != [0, 1, 5]).tolist(), bool((a >= 0).all()), bool(np.any(a > 5)), np.array_equal(a, [0, 1, 2]), (1 < a).tolist(), np.isnan([1.0, np.nan]).tolist()]
# --- constants and dtypes
import numpy as np
result = [np.pi, np.inf, np.newaxis, np.float32 == np.dtype("float32"), np.zeros(1).dtype == np.float64, np.array([1]).astype(np.float32).dtype == np.float32, np.array([1.7, -1.7]).astype(int).tolist(), np.array([300]).astype(np.uint8).tolist(), np.array([0, 2]).astype(bool).tolist()]
# --- float32 rounds
import numpy as np
a = np.array([0.1, 0.2, 0.3], dtype=np.float32)
result = [a.tolist(), (a * 3).tolist(), (a + a).dtype.name, (a.astype(np.float64) * 3).tolist(), np.float32(0.1).item(), (a / 3).tolist()]
# --- in place keeps the type
import numpy as np
a = np.array([1, 2, 3])
a *= 2
a -= 1
b = a
b += 1
result = (a.tolist(), a is b, a.dtype.name)

/** Functions of tensors that torch composes of others. Source: torch/functional.py and the documentation's formulas. */
export const TENSORS_PART = `
def as_tuple(tensors):
    return tensors[0] if len(tensors) == 1 and isinstance(tensors[0], (list, tuple)) else tensors


def each(rule, tensors):
    if len(tensors) == 1 and isinstance(tensors[0], torch.Tensor):
        return rule(tensors[0])
    return tuple(rule(one) for one in as_tuple(tensors))


def atleast_1d(*tensors):
    return each(lambda x: x.reshape(1) if x.dim() == 0 else x, tensors)


def atleast_2d(*tensors):
    return each(lambda x: x.reshape(1, 1) if x.dim() == 0 else x.unsqueeze(0) if x.dim() == 1 else x, tensors)


def atleast_3d(*tensors):
    def rule(x):
        if x.dim() == 0:
            return x.reshape(1, 1, 1)
        if x.dim() == 1:
            return x.unsqueeze(0).unsqueeze(-1)
        return x.unsqueeze(-1) if x.dim() == 2 else x
    return each(rule, tensors)


def hstack(tensors, *, out=None):
    lifted = [atleast_1d(x) for x in tensors]
    return torch.cat(lifted, 0 if lifted[0].dim() == 1 else 1)


def vstack(tensors, *, out=None):
    return torch.cat([atleast_2d(x) for x in tensors], 0)


def dstack(tensors, *, out=None):
    return torch.cat([atleast_3d(x) for x in tensors], 2)


def column_stack(tensors, *, out=None):
    return torch.cat([x.reshape(-1, 1) if x.dim() <= 1 else x for x in tensors], 1)


def hsplit(input, indices_or_sections):
    return torch.tensor_split(input, indices_or_sections, 0 if input.dim() == 1 else 1)


def vsplit(input, indices_or_sections):
    return torch.tensor_split(input, indices_or_sections, 0)


def dsplit(input, indices_or_sections):
    return torch.tensor_split(input, indices_or_sections, 2)


def rot90(input, k=1, dims=(0, 1)):
    k = k % 4
    if k == 0:
        return input.clone()
    if k == 1:
        return input.flip(dims[1]).transpose(dims[0], dims[1])
    if k == 2:
        return input.flip(dims)
    return input.flip(dims[0]).transpose(dims[0], dims[1])


def meshgrid(*tensors, indexing=None):
    tensors = list(as_tuple(tensors))
    swap = indexing == "xy" and 1 < len(tensors)
    if swap:
        tensors[0], tensors[1] = tensors[1], tensors[0]
    shape = [x.numel() for x in tensors]
    grids = []
    for at, x in enumerate(tensors):
        lengths = [1] * len(tensors)
        lengths[at] = -1
        grids.append(x.reshape(lengths).expand(shape))
    if swap:
        grids = [x.transpose(0, 1) for x in grids]
        grids[0], grids[1] = grids[1], grids[0]
    return tuple(grids)


def cartesian_prod(*tensors):
    tensors = as_tuple(tensors)
    if len(tensors) == 1:
        return tensors[0]
    return torch.stack([x.reshape(-1) for x in meshgrid(*tensors, indexing="ij")], 1)


def block_diag(*tensors):
    blocks = [atleast_2d(x) for x in tensors]
    width = sum(x.size(1) for x in blocks)
    rows, before = [], 0
    for x in blocks:
        rows.append(F.pad(x, (before, width - before - x.size(1))))
        before = before + x.size(1)
    return torch.cat(rows, 0)


def take_along_dim(input, indices, dim=None, *, out=None):
    if dim is None:
        return input.flatten().gather(0, indices.flatten())
    dim = dim % input.dim()
    shape = list(torch.broadcast_shapes(
        [1 if i == dim else n for i, n in enumerate(input.shape)],
        [1 if i == dim else n for i, n in enumerate(indices.shape)]))
    there, here = list(shape), list(shape)
    there[dim], here[dim] = input.size(dim), indices.size(dim)
    return input.expand(there).gather(dim, indices.expand(here))


def outer(input, vec2, *, out=None):
    return input.unsqueeze(1) * vec2


def dot(input, tensor, *, out=None):
    return (input * tensor).sum()


def vdot(input, other, *, out=None):
    return (input * other).sum()


def inner(input, other, *, out=None):
    if input.dim() == 0 or other.dim() == 0:
        return input * other
    return tensordot(input, other, ([-1], [-1]))


def tensordot(a, b, dims=2, out=None):
    if isinstance(dims, int):
        left, right = list(range(a.dim() - dims, a.dim())), list(range(dims))
    else:
        left, right = dims
        left, right = ([left], [right]) if isinstance(left, int) else (list(left), list(right))
    left, right = [d % a.dim() for d in left], [d % b.dim() for d in right]
    kept = [d for d in range(a.dim()) if d not in left]
    rest = [d for d in range(b.dim()) if d not in right]
    shape = [a.size(d) for d in kept] + [b.size(d) for d in rest]
    inside = 1
    for d in left:
        inside = inside * a.size(d)
    rows = a.permute(kept + left).reshape(-1, inside)
    columns = b.permute(right + rest).reshape(inside, -1)
    return torch.mm(rows, columns).reshape(shape)


def kron(input, other, *, out=None):
    rank = max(input.dim(), other.dim())
    a = input.reshape([1] * (rank - input.dim()) + list(input.shape))
    b = other.reshape([1] * (rank - other.dim()) + list(other.shape))
    left, right = [], []
    for n, m in zip(a.shape, b.shape):
        left += [n, 1]
        right += [1, m]
    return (a.reshape(left) * b.reshape(right)).reshape([n * m for n, m in zip(a.shape, b.shape)])


def cross(input, other, dim=None, *, out=None):
    if dim is None:
        dim = [i for i, n in enumerate(input.shape) if n == 3][0]
    a, b = torch.broadcast_tensors(input, other)
    return a.roll(-1, dim) * b.roll(-2, dim) - a.roll(-2, dim) * b.roll(-1, dim)


def chain_matmul(*matrices, out=None):
    product = as_tuple(matrices)[0]
    for one in as_tuple(matrices)[1:]:
        product = torch.matmul(product, one)
    return product


def addr(input, vec1, vec2, *, beta=1, alpha=1, out=None):
    return beta * input + alpha * outer(vec1, vec2)


def lerp(input, end, weight, *, out=None):
    return input + weight * (end - input)


def addcmul(input, tensor1, tensor2, *, value=1, out=None):
    return input + value * tensor1 * tensor2


def addcdiv(input, tensor1, tensor2, *, value=1, out=None):
    return input + value * tensor1 / tensor2


def trace(input):
    return input.diagonal().sum()


def diff(input, n=1, dim=-1, prepend=None, append=None, *, out=None):
    parts = [x for x in (prepend, input, append) if x is not None]
    x = torch.cat(parts, dim) if 1 < len(parts) else input
    for _ in range(n):
        later = [slice(None)] * x.dim()
        earlier = [slice(None)] * x.dim()
        later[dim], earlier[dim] = slice(1, None), slice(None, -1)
        x = x[tuple(later)] != x[tuple(earlier)] if x.dtype == torch.bool else x[tuple(later)] - x[tuple(earlier)]
    return x


def hypot(input, other, *, out=None):
    return torch.sqrt(input * input + other * other)


def logaddexp(input, other, *, out=None):
    top = torch.maximum(input, other)
    return top + torch.log1p(torch.exp(-torch.abs(input - other)))


def dist(input, other, p=2):
    return torch.norm(input - other, p)


def channel_shuffle(input, groups):
    n, c = input.size(0), input.size(1)
    rest = list(input.shape[2:])
    return input.reshape([n, groups, c // groups] + rest).transpose(1, 2).reshape([n, c] + rest)


def gumbel_softmax(logits, tau=1, hard=False, eps=1e-10, dim=-1):
    noise = -torch.empty_like(logits).exponential_().log()
    return F.softmax((logits + noise) / tau, dim)


def pdist(input, p=2.0):
    n = input.size(0)
    full = torch.cdist(input, input, p)
    return full.reshape(-1)[: n * (n - 1) // 2]


def matrix_power(input, n, *, out=None):
    result = input
    for _ in range(n - 1):
        result = torch.matmul(result, input)
    return result


def _assert(condition, message):
    assert condition, message


def _check(cond, message=None):
    if cond is False:
        raise RuntimeError("Expected cond to be True, but got False")


def stft(input, n_fft, hop_length=None, win_length=None, window=None, center=True, pad_mode="reflect",
         normalized=False, onesided=None, return_complex=None, align_to_window=None):
    hop = n_fft // 4 if hop_length is None else hop_length
    if center:
        padding = (n_fft // 2, n_fft // 2)
        x = F.pad(input.unsqueeze(0) if input.dim() == 1 else input, padding, mode=pad_mode)
        input = x.squeeze(0) if input.dim() == 1 else x
    frames = input.unfold(-1, n_fft, hop)
    if window is not None and (win_length is None or win_length == n_fft):
        frames = frames * window
    spectrum = torch.fft.rfft(frames) if onesided is not False else torch.fft.fft(frames)
    spectrum = spectrum.transpose(-2, -1)
    return spectrum if return_complex else torch.view_as_real(spectrum)
`;

const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== "");

/** Which of them are functions of torch, methods of a tensor (with `_` written back), functions of `torch.nn.functional`. */
export const TENSORS_NAMES: Readonly<Record<"torch" | "methods" | "inPlace" | "functional", readonly string[]>> = {
  torch: words(
    `atleast_1d atleast_2d atleast_3d hstack vstack row_stack=vstack dstack column_stack hsplit vsplit dsplit rot90
     meshgrid cartesian_prod block_diag take_along_dim outer ger=outer dot vdot inner tensordot kron cross chain_matmul
     addr lerp addcmul addcdiv trace diff hypot logaddexp dist channel_shuffle native_channel_shuffle=channel_shuffle
     pdist matrix_power stft _assert _check`,
  ),
  methods: words(
    `hsplit vsplit dsplit rot90 take_along_dim outer ger=outer dot vdot inner kron cross addr lerp addcmul addcdiv trace
     diff hypot logaddexp dist matrix_power stft`,
  ),
  inPlace: words("lerp addcmul addcdiv hypot"),
  functional: words("channel_shuffle native_channel_shuffle=channel_shuffle gumbel_softmax pdist"),
};

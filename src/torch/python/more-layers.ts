/**
 * Layers that torch composes of few operators: cells of recurrent layers, pools by power or by place, norms, folds.
 * Source: torch/nn/modules/{rnn,pooling,normalization,fold,sparse,adaptive,activation}.py.
 */
export const MORE_LAYERS_PART = `
def as_list(value, n):
    return list(value) if isinstance(value, (tuple, list)) else [value] * n


def _ntuple(n, name="parse"):
    def parse(x):
        return tuple(x) if isinstance(x, (tuple, list)) else (x,) * n

    return parse


_single, _pair, _triple, _quadruple = _ntuple(1), _ntuple(2), _ntuple(3), _ntuple(4)


def _reverse_repeat_tuple(t, n):
    return tuple(x for x in reversed(t) for _ in range(n))


def lp_pool(input, norm_type, kernel_size, stride, ceil_mode, n):
    pool = (F.avg_pool1d, F.avg_pool2d, F.avg_pool3d)[n - 1]
    if stride is not None:
        out = pool(input.pow(norm_type), kernel_size, stride, 0, ceil_mode)
    else:
        out = pool(input.pow(norm_type), kernel_size, padding=0, ceil_mode=ceil_mode)
    size = 1
    for k in as_list(kernel_size, n):
        size = size * k
    return (torch.sign(out) * F.relu(torch.abs(out)) * size).pow(1.0 / norm_type)


def lp_pool1d(input, norm_type, kernel_size, stride=None, ceil_mode=False):
    return lp_pool(input, norm_type, kernel_size, stride, ceil_mode, 1)


def lp_pool2d(input, norm_type, kernel_size, stride=None, ceil_mode=False):
    return lp_pool(input, norm_type, kernel_size, stride, ceil_mode, 2)


def lp_pool3d(input, norm_type, kernel_size, stride=None, ceil_mode=False):
    return lp_pool(input, norm_type, kernel_size, stride, ceil_mode, 3)


class _LPPoolNd(nn.Module):
    def __init__(self, norm_type, kernel_size, stride=None, ceil_mode=False):
        super().__init__()
        self.norm_type = norm_type
        self.kernel_size = kernel_size
        self.stride = stride
        self.ceil_mode = ceil_mode


class LPPool1d(_LPPoolNd):
    def forward(self, input):
        return lp_pool(input, float(self.norm_type), self.kernel_size, self.stride, self.ceil_mode, 1)


class LPPool2d(_LPPoolNd):
    def forward(self, input):
        return lp_pool(input, float(self.norm_type), self.kernel_size, self.stride, self.ceil_mode, 2)


class LPPool3d(_LPPoolNd):
    def forward(self, input):
        return lp_pool(input, float(self.norm_type), self.kernel_size, self.stride, self.ceil_mode, 3)


def max_unpool(input, indices, kernel_size, stride, padding, output_size, n):
    kernel = as_list(kernel_size, n)
    steps = kernel if stride is None else as_list(stride, n)
    if output_size is not None:
        output_size = list(output_size)
        if len(output_size) == n + 2:
            output_size = output_size[2:]
        if len(output_size) != n:
            refuse("ValueError", f"output_size should be a sequence containing {n} or {n + 2} elements, but it has a length of '{len(output_size)}'")
            output_size = None
    return operator("max_unpool", input, indices, kernel=kernel, stride=steps, padding=as_list(padding, n),
                    output=output_size)


def max_unpool1d(input, indices, kernel_size, stride=None, padding=0, output_size=None):
    return max_unpool(input, indices, kernel_size, stride, padding, output_size, 1)


def max_unpool2d(input, indices, kernel_size, stride=None, padding=0, output_size=None):
    return max_unpool(input, indices, kernel_size, stride, padding, output_size, 2)


def max_unpool3d(input, indices, kernel_size, stride=None, padding=0, output_size=None):
    return max_unpool(input, indices, kernel_size, stride, padding, output_size, 3)


class _MaxUnpoolNd(nn.Module):
    def __init__(self, kernel_size, stride=None, padding=0):
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = stride if stride is not None else kernel_size
        self.padding = padding


class MaxUnpool1d(_MaxUnpoolNd):
    def forward(self, input, indices, output_size=None):
        return max_unpool(input, indices, self.kernel_size, self.stride, self.padding, output_size, 1)


class MaxUnpool2d(_MaxUnpoolNd):
    def forward(self, input, indices, output_size=None):
        return max_unpool(input, indices, self.kernel_size, self.stride, self.padding, output_size, 2)


class MaxUnpool3d(_MaxUnpoolNd):
    def forward(self, input, indices, output_size=None):
        return max_unpool(input, indices, self.kernel_size, self.stride, self.padding, output_size, 3)


def fractional(input, kernel_size, output_size, output_ratio, n):
    if output_size is not None:
        output_size = as_list(output_size, n)
    if output_ratio is not None:
        output_ratio = [float(ratio) for ratio in as_list(output_ratio, n)]
    return operators("fractional_max_pool", input, kernel=as_list(kernel_size, n), output=output_size,
                     ratio=None if output_size is not None else output_ratio)


def fractional_max_pool(name, input, kernel_size, output_size, output_ratio, return_indices, n):
    if output_size is None and output_ratio is None:
        refuse("ValueError", f"{name} requires specifying either an output_size or an output_ratio")
    both = fractional(input, kernel_size, output_size, output_ratio, n)
    return both if return_indices else both[0]


def fractional_max_pool2d(input, kernel_size, output_size=None, output_ratio=None, return_indices=False,
                          _random_samples=None):
    return fractional_max_pool("fractional_max_pool2d", input, kernel_size, output_size, output_ratio, return_indices, 2)


def fractional_max_pool3d(input, kernel_size, output_size=None, output_ratio=None, return_indices=False,
                          _random_samples=None):
    return fractional_max_pool("fractional_max_pool3d", input, kernel_size, output_size, output_ratio, return_indices, 3)


class _FractionalMaxPoolNd(nn.Module):
    def __init__(self, kernel_size, output_size=None, output_ratio=None, return_indices=False, _random_samples=None):
        super().__init__()
        self.kernel_size = kernel_size
        self.return_indices = return_indices
        self.output_size = output_size
        self.output_ratio = output_ratio
        name = type(self).__name__
        if output_size is None and output_ratio is None:
            refuse("ValueError", f"{name} requires specifying either an output size, or a pooling ratio")
        if output_size is not None and output_ratio is not None:
            refuse("ValueError", "only one of output_size and output_ratio may be specified")
        if output_ratio is not None:
            for ratio in as_list(output_ratio, 1):
                if not 0 < ratio < 1:
                    refuse("ValueError", f"output_ratio must be between 0 and 1 (got {output_ratio})")


class FractionalMaxPool2d(_FractionalMaxPoolNd):
    def forward(self, input):
        both = fractional(input, self.kernel_size, self.output_size, self.output_ratio, 2)
        return both if self.return_indices else both[0]


class FractionalMaxPool3d(_FractionalMaxPoolNd):
    def forward(self, input):
        both = fractional(input, self.kernel_size, self.output_size, self.output_ratio, 3)
        return both if self.return_indices else both[0]


def fold(input, output_size, kernel_size, dilation=1, padding=0, stride=1):
    return operator("fold", input, output=as_list(output_size, 2), kernel=as_list(kernel_size, 2),
                    dilation=as_list(dilation, 2), padding=as_list(padding, 2), stride=as_list(stride, 2))


def unfold(input, kernel_size, dilation=1, padding=0, stride=1):
    return operator("unfold", input, kernel=as_list(kernel_size, 2), dilation=as_list(dilation, 2),
                    padding=as_list(padding, 2), stride=as_list(stride, 2))


class Fold(nn.Module):
    def __init__(self, output_size, kernel_size, dilation=1, padding=0, stride=1):
        super().__init__()
        self.output_size = output_size
        self.kernel_size = kernel_size
        self.dilation = dilation
        self.padding = padding
        self.stride = stride

    def forward(self, input):
        return fold(input, self.output_size, self.kernel_size, self.dilation, self.padding, self.stride)


class Unfold(nn.Module):
    def __init__(self, kernel_size, dilation=1, padding=0, stride=1):
        super().__init__()
        self.kernel_size = kernel_size
        self.dilation = dilation
        self.padding = padding
        self.stride = stride

    def forward(self, input):
        return unfold(input, self.kernel_size, self.dilation, self.padding, self.stride)


def rms_norm(input, normalized_shape, weight=None, eps=None):
    tensors = (input,) if weight is None else (input, weight)
    return operator("rms_norm", *tensors, normalized=list(normalized_shape), eps=None if eps is None else float(eps))


class RMSNorm(nn.Module):
    def __init__(self, normalized_shape, eps=None, elementwise_affine=True, device=None, dtype=None):
        super().__init__()
        self.normalized_shape = tuple(as_list(normalized_shape, 1))
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        if elementwise_affine:
            self.weight = nn.Parameter(torch.ones(self.normalized_shape, dtype=dtype))
        else:
            self.register_parameter("weight", None)

    def forward(self, x):
        return rms_norm(x, self.normalized_shape, self.weight, self.eps)


class CrossMapLRN2d(nn.Module):
    def __init__(self, size, alpha=1e-4, beta=0.75, k=1):
        super().__init__()
        self.size = size
        self.alpha = alpha
        self.beta = beta
        self.k = k

    def forward(self, input):
        return operator("local_response_norm", input, size=self.size, alpha=float(self.alpha), beta=float(self.beta),
                        k=float(self.k))


class Softmin(nn.Module):
    def __init__(self, dim=None):
        super().__init__()
        self.dim = dim

    def forward(self, input):
        return F.softmax(-input, self.dim)


def softmin(input, dim=None, _stacklevel=3, dtype=None):
    return F.softmax(-input, dim)


def rrelu(input, lower=1.0 / 8, upper=1.0 / 3, training=False, inplace=False):
    return F.leaky_relu(input, (lower + upper) / 2)


class RReLU(nn.Module):
    def __init__(self, lower=1.0 / 8, upper=1.0 / 3, inplace=False):
        super().__init__()
        self.lower = lower
        self.upper = upper
        self.inplace = inplace

    def forward(self, input):
        return rrelu(input, self.lower, self.upper)


def hardshrink(input, lambd=0.5):
    return operator("hardshrink", input, **{"lambda": float(lambd)})


def softshrink(input, lambd=0.5):
    return operator("softshrink", input, **{"lambda": float(lambd)})


def tanhshrink(input):
    return operator("tanhshrink", input)


def threshold(input, threshold, value, inplace=False):
    return operator("threshold", input, threshold=float(threshold), value=float(value))


def embedding_bag(input, weight, offsets=None, max_norm=None, norm_type=2, scale_grad_by_freq=False, mode="mean",
                  sparse=False, per_sample_weights=None, include_last_offset=False, padding_idx=None):
    tensors = (input, weight) if offsets is None else (input, weight, offsets)
    return operator("embedding_bag", *tensors, last=include_last_offset)


class EmbeddingBag(nn.Module):
    def __init__(self, num_embeddings, embedding_dim, max_norm=None, norm_type=2.0, scale_grad_by_freq=False,
                 mode="mean", sparse=False, _weight=None, include_last_offset=False, padding_idx=None, device=None,
                 dtype=None):
        super().__init__()
        self.num_embeddings = num_embeddings
        self.embedding_dim = embedding_dim
        self.mode = mode
        self.include_last_offset = include_last_offset
        self.padding_idx = padding_idx
        if _weight is None:
            self.weight = nn.Parameter(torch.empty((num_embeddings, embedding_dim), dtype=dtype))
            nn.init.normal_(self.weight)
        else:
            self.weight = nn.Parameter(_weight)

    def forward(self, input, offsets=None, per_sample_weights=None):
        return embedding_bag(input, self.weight, offsets, include_last_offset=self.include_last_offset)

    @classmethod
    def from_pretrained(cls, embeddings, freeze=True, max_norm=None, norm_type=2.0, scale_grad_by_freq=False,
                        mode="mean", sparse=False, include_last_offset=False, padding_idx=None):
        return cls(embeddings.shape[0], embeddings.shape[1], _weight=embeddings, mode=mode,
                   include_last_offset=include_last_offset, padding_idx=padding_idx)


class RNNCellBase(nn.Module):
    def __init__(self, input_size, hidden_size, bias, num_chunks, device=None, dtype=None):
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.bias = bias
        self.weight_ih = nn.Parameter(torch.empty((num_chunks * hidden_size, input_size)))
        self.weight_hh = nn.Parameter(torch.empty((num_chunks * hidden_size, hidden_size)))
        if bias:
            self.bias_ih = nn.Parameter(torch.empty(num_chunks * hidden_size))
            self.bias_hh = nn.Parameter(torch.empty(num_chunks * hidden_size))
        else:
            self.register_parameter("bias_ih", None)
            self.register_parameter("bias_hh", None)
        bound = 1.0 / math.sqrt(hidden_size) if hidden_size > 0 else 0
        for weight in self.parameters():
            nn.init.uniform_(weight, -bound, bound)
        if dtype is not None:
            self.to(dtype)

    def _gates(self, input, hx):
        return F.linear(input, self.weight_ih, self.bias_ih), F.linear(hx, self.weight_hh, self.bias_hh)

    def _zeros(self, input):
        sizes = (input.size(0), self.hidden_size) if input.dim() == 2 else (self.hidden_size,)
        return torch.zeros(sizes, dtype=input.dtype)


class RNNCell(RNNCellBase):
    def __init__(self, input_size, hidden_size, bias=True, nonlinearity="tanh", device=None, dtype=None):
        super().__init__(input_size, hidden_size, bias, 1, device, dtype)
        self.nonlinearity = nonlinearity

    def forward(self, input, hx=None):
        taken, kept = self._gates(input, self._zeros(input) if hx is None else hx)
        return torch.tanh(taken + kept) if self.nonlinearity == "tanh" else torch.relu(taken + kept)


class LSTMCell(RNNCellBase):
    def __init__(self, input_size, hidden_size, bias=True, device=None, dtype=None):
        super().__init__(input_size, hidden_size, bias, 4, device, dtype)

    def forward(self, input, hx=None):
        h, c = (self._zeros(input), self._zeros(input)) if hx is None else hx
        taken, kept = self._gates(input, h)
        i, f, g, o = (taken + kept).chunk(4, -1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c


class GRUCell(RNNCellBase):
    def __init__(self, input_size, hidden_size, bias=True, device=None, dtype=None):
        super().__init__(input_size, hidden_size, bias, 3, device, dtype)

    def forward(self, input, hx=None):
        h = self._zeros(input) if hx is None else hx
        taken, kept = self._gates(input, h)
        r1, z1, n1 = taken.chunk(3, -1)
        r2, z2, n2 = kept.chunk(3, -1)
        z = torch.sigmoid(z1 + z2)
        n = torch.tanh(n1 + torch.sigmoid(r1 + r2) * n2)
        return n + z * (h - n)


class AdaptiveLogSoftmaxWithLoss(nn.Module):
    def __init__(self, in_features, n_classes, cutoffs, div_value=4.0, head_bias=False, device=None, dtype=None):
        super().__init__()
        cutoffs = list(cutoffs)
        self.in_features = in_features
        self.n_classes = n_classes
        self.cutoffs = cutoffs + [n_classes]
        self.div_value = div_value
        self.head_bias = head_bias
        self.shortlist_size = self.cutoffs[0]
        self.n_clusters = len(self.cutoffs) - 1
        self.head_size = self.shortlist_size + self.n_clusters
        self.head = nn.Linear(in_features, self.head_size, bias=head_bias)
        self.tail = nn.ModuleList()
        for i in range(self.n_clusters):
            hsz = int(in_features // (div_value ** (i + 1)))
            osz = self.cutoffs[i + 1] - self.cutoffs[i]
            self.tail.append(
                nn.Sequential(nn.Linear(in_features, hsz, bias=False), nn.Linear(hsz, osz, bias=False))
            )
        if dtype is not None:
            self.to(dtype)

    def forward(self, input_, target_):
        return not_followed("nn.AdaptiveLogSoftmaxWithLoss")

    def log_prob(self, input):
        head = F.log_softmax(self.head(input), dim=1)
        parts = [head[:, : self.shortlist_size]]
        for i in range(self.n_clusters):
            cluster = F.log_softmax(self.tail[i](input), dim=1)
            at = self.shortlist_size + i
            parts.append(cluster + head[:, at : at + 1])
        return torch.cat(parts, 1)

    def predict(self, input):
        return torch.argmax(self.log_prob(input), dim=1)


class DataParallel(nn.Module):
    def __init__(self, module, device_ids=None, output_device=None, dim=0):
        super().__init__()
        self.module = module
        self.device_ids = []

    def forward(self, *inputs, **kwargs):
        return self.module(*inputs, **kwargs)


class Container(nn.Module):
    def __init__(self, **kwargs):
        super().__init__()
        for key, value in kwargs.items():
            self.add_module(key, value)
`;

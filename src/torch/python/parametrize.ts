/**
 * Parametrizations of weights and other helpers on modules. Source: torch/nn/utils/{parametrize,parametrizations,
 * weight_norm,spectral_norm,fusion,convert_parameters}.py.
 */
export const PARAMETRIZE_PART = `
class ParametrizationList(nn.ModuleList):
    def __init__(self, modules, original, unsafe=False):
        super().__init__(modules)
        self.unsafe = unsafe
        new = original
        for module in reversed(list(self)):
            if hasattr(module, "right_inverse"):
                new = module.right_inverse(new)
        self.is_tensor = isinstance(new, torch.Tensor)
        self.ntensors = 1 if self.is_tensor else len(new)
        if self.is_tensor:
            hold(self, "original", original)
        else:
            for i, part in enumerate(new):
                if isinstance(original, nn.Parameter):
                    part = nn.Parameter(part)
                hold(self, f"original{i}", part)

    def forward(self):
        if self.is_tensor:
            x = self[0](self.original)
        else:
            x = self[0](*[getattr(self, f"original{i}") for i in range(self.ntensors)])
        for i in range(1, len(self)):
            x = self[i](x)
        return x


def hold(module, name, tensor):
    if isinstance(tensor, nn.Parameter):
        module.register_parameter(name, tensor)
    else:
        module.register_buffer(name, tensor)


def is_parametrized(module, tensor_name=None):
    parametrizations = getattr(module, "parametrizations", None)
    if parametrizations is None or not isinstance(parametrizations, nn.ModuleDict):
        return False
    if tensor_name is None:
        return len(parametrizations) > 0
    return tensor_name in parametrizations


def register_parametrization(module, tensor_name, parametrization, *, unsafe=False):
    parametrization.train(module.training)
    if is_parametrized(module, tensor_name):
        module.parametrizations[tensor_name].append(parametrization)
    elif tensor_name in module._buffers or tensor_name in module._parameters:
        original = getattr(module, tensor_name)
        parametrizations = ParametrizationList([parametrization], original, unsafe=unsafe)
        delattr(module, tensor_name)
        if not is_parametrized(module):
            module.parametrizations = nn.ModuleDict()
        parametrized(module, tensor_name)
        module.parametrizations[tensor_name] = parametrizations
    else:
        refuse("ValueError", f"Module '{module}' does not have a parameter, a buffer, or a parametrized element with name '{tensor_name}'")
    return module


class cached:
    def __enter__(self):
        return None

    def __exit__(self, *args):
        return None


def remove_parametrizations(module, tensor_name, leave_parametrized=True):
    parametrizations = module.parametrizations[tensor_name]
    value = getattr(module, tensor_name) if leave_parametrized or not parametrizations.is_tensor else parametrizations.original
    trained = isinstance(parametrizations.original if parametrizations.is_tensor else parametrizations.original0, nn.Parameter)
    del module.parametrizations[tensor_name]
    plain(module, tensor_name)
    if len(module.parametrizations) == 0:
        delattr(module, "parametrizations")
    hold(module, tensor_name, nn.Parameter(value) if trained else value)
    return module


class _WeightNorm(nn.Module):
    def __init__(self, dim=0):
        super().__init__()
        self.dim = -1 if dim is None else dim

    def forward(self, weight_g, weight_v):
        return weight_v * (weight_g / norm_except(weight_v, self.dim))

    def right_inverse(self, weight):
        return norm_except(weight, self.dim), weight


def norm_except(v, dim):
    if dim == -1:
        return torch.norm(v)
    return torch.norm(v, 2, [d for d in range(v.dim()) if d != dim % v.dim()], True)


def parametrized_weight_norm(module, name="weight", dim=0):
    register_parametrization(module, name, _WeightNorm(dim), unsafe=True)
    return module


def as_matrix(weight, dim):
    if dim != 0:
        weight = weight.permute(dim, *[d for d in range(weight.dim()) if d != dim])
    return weight.reshape(weight.size(0), -1)


class _SpectralNorm(nn.Module):
    def __init__(self, weight, n_power_iterations=1, dim=0, eps=1e-12):
        super().__init__()
        self.dim = dim if dim >= 0 else dim + weight.dim()
        self.eps = eps
        if weight.dim() > 1:
            self.n_power_iterations = n_power_iterations
            h, w = as_matrix(weight, self.dim).size()
            self.register_buffer("_u", torch.randn(h))
            self.register_buffer("_v", torch.randn(w))

    def forward(self, weight):
        if weight.dim() == 1:
            return F.normalize(weight, dim=0, eps=self.eps)
        sigma = (self._u * torch.matmul(as_matrix(weight, self.dim), self._v)).sum()
        return weight / sigma

    def right_inverse(self, value):
        return value


def parametrized_spectral_norm(module, name="weight", n_power_iterations=1, eps=1e-12, dim=None):
    weight = getattr(module, name, None)
    if dim is None:
        dim = 1 if isinstance(module, (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)) else 0
    register_parametrization(module, name, _SpectralNorm(weight, n_power_iterations, dim, eps))
    return module


class WeightNorm:
    def __init__(self, name, dim):
        self.name = name
        self.dim = -1 if dim is None else dim

    def compute_weight(self, module):
        g, v = getattr(module, self.name + "_g"), getattr(module, self.name + "_v")
        return v * (g / norm_except(v, self.dim))

    def __call__(self, module, inputs):
        setattr(module, self.name, self.compute_weight(module))


def weight_norm(module, name="weight", dim=0):
    fn = WeightNorm(name, dim)
    weight = getattr(module, name)
    del module._parameters[name]
    module.register_parameter(name + "_g", nn.Parameter(norm_except(weight, fn.dim).detach()))
    module.register_parameter(name + "_v", nn.Parameter(weight.detach()))
    setattr(module, name, fn.compute_weight(module))
    module.register_forward_pre_hook(fn)
    return module


def drop_hook(module, kind, name):
    for key, hook in list(module._forward_pre_hooks.items()):
        if isinstance(hook, kind) and hook.name == name:
            del module._forward_pre_hooks[key]
            return hook
    refuse("ValueError", f"{kind.__name__} of '{name}' not found in {module}")


def remove_weight_norm(module, name="weight"):
    fn = drop_hook(module, WeightNorm, name)
    weight = fn.compute_weight(module)
    delattr(module, name)
    del module._parameters[name + "_g"]
    del module._parameters[name + "_v"]
    setattr(module, name, nn.Parameter(weight))
    return module


class SpectralNorm:
    def __init__(self, name, dim, eps):
        self.name = name
        self.dim = dim
        self.eps = eps

    def compute_weight(self, module):
        weight = getattr(module, self.name + "_orig")
        u, v = getattr(module, self.name + "_u"), getattr(module, self.name + "_v")
        sigma = (u * torch.matmul(as_matrix(weight, self.dim), v)).sum()
        return weight / sigma

    def __call__(self, module, inputs):
        setattr(module, self.name, self.compute_weight(module))


def spectral_norm(module, name="weight", n_power_iterations=1, eps=1e-12, dim=None):
    if dim is None:
        dim = 1 if isinstance(module, (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)) else 0
    fn = SpectralNorm(name, dim, eps)
    weight = module._parameters[name]
    h, w = as_matrix(weight, dim).size()
    delattr(module, name)
    module.register_parameter(name + "_orig", weight)
    setattr(module, name, weight.detach())
    module.register_buffer(name + "_u", torch.randn(h))
    module.register_buffer(name + "_v", torch.randn(w))
    module.register_forward_pre_hook(fn)
    return module


def remove_spectral_norm(module, name="weight"):
    fn = drop_hook(module, SpectralNorm, name)
    weight = fn.compute_weight(module)
    delattr(module, name)
    delattr(module, name + "_u")
    delattr(module, name + "_v")
    delattr(module, name + "_orig")
    module.register_parameter(name, nn.Parameter(weight.detach()))
    return module


def fuse_conv_bn_weights(conv_w, conv_b, bn_rm, bn_rv, bn_eps, bn_w, bn_b, transpose=False):
    if conv_b is None:
        conv_b = torch.zeros_like(bn_rm)
    if bn_w is None:
        bn_w = torch.ones_like(bn_rm)
    if bn_b is None:
        bn_b = torch.zeros_like(bn_rm)
    scale = torch.rsqrt(bn_rv + bn_eps)
    rest = [1] * (conv_w.dim() - 2)
    shape = [1, -1] + rest if transpose else [-1, 1] + rest
    return (
        nn.Parameter(conv_w * (bn_w * scale).reshape(shape)),
        nn.Parameter((conv_b - bn_rm) * scale * bn_w + bn_b),
    )


def fuse_conv_bn_eval(conv, bn, transpose=False):
    if conv.training or bn.training:
        refuse("AssertionError", "Fusion only for eval!")
    fused = copy.deepcopy(conv)
    fused.weight, fused.bias = fuse_conv_bn_weights(
        fused.weight, fused.bias, bn.running_mean, bn.running_var, bn.eps, bn.weight, bn.bias, transpose
    )
    return fused


def fuse_linear_bn_weights(linear_w, linear_b, bn_rm, bn_rv, bn_eps, bn_w, bn_b):
    scale = bn_w * torch.rsqrt(bn_rv + bn_eps)
    return nn.Parameter(linear_w * scale.unsqueeze(-1)), nn.Parameter((linear_b - bn_rm) * scale + bn_b)


def fuse_linear_bn_eval(linear, bn):
    if linear.training or bn.training:
        refuse("AssertionError", "Fusion only for eval!")
    fused = copy.deepcopy(linear)
    bias = linear.bias if linear.bias is not None else torch.zeros_like(bn.running_mean)
    fused.weight, fused.bias = fuse_linear_bn_weights(
        fused.weight, bias, bn.running_mean, bn.running_var, bn.eps, bn.weight, bn.bias
    )
    return fused


def parameters_to_vector(parameters):
    return torch.cat([param.reshape(-1) for param in parameters])


def vector_to_parameters(vec, parameters):
    pass


def skip_init(module_cls, *args, **kwargs):
    kwargs.pop("device", None)
    return module_cls(*args, **kwargs)
`;

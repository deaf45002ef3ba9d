"""Everything is looked up in registries and built from nested dicts."""
import copy
import inspect

import torch.nn as nn


class Registry:
    def __init__(self, name):
        self._name = name
        self._module_dict = dict()

    def get(self, key):
        return self._module_dict.get(key, None)

    def register_module(self, name=None, force=False, module=None):
        if module is not None:
            self._register(module, name)
            return module

        def _register(cls):
            self._register(cls, name)
            return cls

        return _register

    def _register(self, cls, name):
        if not inspect.isclass(cls):
            raise TypeError(f'module must be a class, but got {type(cls)}')
        key = name or cls.__name__
        if key in self._module_dict:
            raise KeyError(f'{key} is already registered in {self._name}')
        self._module_dict[key] = cls

    def build(self, cfg, **default_args):
        args = copy.deepcopy(cfg)
        for name, value in default_args.items():
            args.setdefault(name, value)
        kind = args.pop('type')
        obj_cls = self.get(kind) if isinstance(kind, str) else kind
        if obj_cls is None:
            raise KeyError(f'{kind} is not in the {self._name} registry')
        return obj_cls(**args)


NORM, BLOCKS, MODELS = Registry('norm'), Registry('block'), Registry('model')
NORM.register_module('BN', module=nn.BatchNorm2d)
NORM.register_module('GN', module=nn.GroupNorm)


def build_norm_layer(cfg, num_features, postfix=''):
    cfg_ = cfg.copy()
    layer_type = cfg_.pop('type')
    norm = NORM.get(layer_type)
    requires_grad = cfg_.pop('requires_grad', True)
    cfg_.setdefault('eps', 1e-5)
    layer = norm(num_features, **cfg_) if layer_type != 'GN' else norm(num_channels=num_features, **cfg_)
    for param in layer.parameters():
        param.requires_grad = requires_grad
    return layer_type.lower() + str(postfix), layer


@BLOCKS.register_module()
class Basic(nn.Module):
    def __init__(self, inplanes, planes, stride=1, norm_cfg=dict(type='BN')):
        super().__init__()
        self.norm1_name, norm1 = build_norm_layer(norm_cfg, planes, postfix=1)
        self.norm2_name, norm2 = build_norm_layer(norm_cfg, planes, postfix=2)
        self.conv1 = nn.Conv2d(inplanes, planes, 3, stride, 1, bias=False)
        self.add_module(self.norm1_name, norm1)
        self.conv2 = nn.Conv2d(planes, planes, 3, padding=1, bias=False)
        self.add_module(self.norm2_name, norm2)
        self.downsample = None
        if stride != 1 or inplanes != planes:
            self.downsample = nn.Sequential(nn.Conv2d(inplanes, planes, 1, stride, bias=False), build_norm_layer(norm_cfg, planes)[1])
        self.relu = nn.ReLU(inplace=True)

    @property
    def norm1(self):
        return getattr(self, self.norm1_name)

    @property
    def norm2(self):
        return getattr(self, self.norm2_name)

    def forward(self, x):
        def _inner_forward(x):
            identity = x
            out = self.relu(self.norm1(self.conv1(x)))
            out = self.norm2(self.conv2(out))
            if self.downsample is not None:
                identity = self.downsample(x)
            out += identity
            return out

        return self.relu(_inner_forward(x))


@MODELS.register_module()
class Backbone(nn.Module):
    def __init__(self, depths, block, out_indices=(0, 1, 2), base=16, **kwargs):
        super().__init__()
        self.out_indices = out_indices
        self.stem = nn.Conv2d(3, base, 3, 2, 1)
        self.res_layers = []
        inplanes = base
        for i, depth in enumerate(depths):
            planes = base * 2**i
            layers = [BLOCKS.build(block, inplanes=inplanes if j == 0 else planes, planes=planes, stride=2 if j == 0 and i else 1) for j in range(depth)]
            name = f'layer{i + 1}'
            self.add_module(name, nn.Sequential(*layers))
            self.res_layers.append(name)
            inplanes = planes

    def forward(self, x):
        x = self.stem(x)
        outs = []
        for i, layer_name in enumerate(self.res_layers):
            x = getattr(self, layer_name)(x)
            if i in self.out_indices:
                outs.append(x)
        return tuple(outs)


config = dict(type='Backbone', depths=(1, 1, 2), block=dict(type='Basic', norm_cfg=dict(type='GN', num_groups=4, requires_grad=False)))


def build_model(cfg=config, **override):
    return MODELS.build({**cfg, **override})

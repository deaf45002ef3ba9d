"""A network described by a text, parsed line by line."""
import torch
import torch.nn as nn

CFG = """
[net]
channels=3

[convolutional]
batch_normalize=1
filters=16
size=3
stride=1
activation=leaky

[convolutional]
batch_normalize=1
filters=32
size=3
stride=1
activation=leaky

# the residual part
[convolutional]
batch_normalize=1
filters=32
size=1
stride=1
activation=leaky

[shortcut]
from=-2
activation=linear

[route]
layers=-1, 0

[upsample]
stride=2

[convolutional]
filters=18
size=1
stride=1
activation=linear
"""


def parse_cfg(text):
    blocks = []
    for line in text.split('\n'):
        line = line.strip()
        if not line or line.startswith('#'):
            continue
        if line[0] == '[':
            blocks.append({'type': line[1:-1].rstrip()})
        else:
            key, value = line.split('=')
            blocks[-1][key.rstrip()] = value.lstrip()
    return blocks


class Empty(nn.Module):
    def __init__(self):
        super(Empty, self).__init__()


def create_modules(blocks):
    net_info = blocks[0]
    module_list = nn.ModuleList()
    prev_filters = int(net_info['channels'])
    output_filters = []
    for index, x in enumerate(blocks[1:]):
        module = nn.Sequential()
        if x['type'] == 'convolutional':
            try:
                batch_normalize = int(x['batch_normalize'])
                bias = False
            except KeyError:
                batch_normalize = 0
                bias = True
            filters, kernel, stride = int(x['filters']), int(x['size']), int(x['stride'])
            module.add_module('conv_{0}'.format(index), nn.Conv2d(prev_filters, filters, kernel, stride, (kernel - 1) // 2, bias=bias))
            if batch_normalize:
                module.add_module('batch_norm_{0}'.format(index), nn.BatchNorm2d(filters))
            if x['activation'] == 'leaky':
                module.add_module('leaky_{0}'.format(index), nn.LeakyReLU(0.1, inplace=True))
        elif x['type'] == 'upsample':
            module.add_module('upsample_{}'.format(index), nn.Upsample(scale_factor=int(x['stride']), mode='nearest'))
        elif x['type'] == 'route':
            layers = [int(a) for a in x['layers'].split(',')]
            layers = [a if a >= 0 else index + a for a in layers]
            x['layers'] = layers
            filters = sum(output_filters[a] for a in layers)
            module.add_module('route_{0}'.format(index), Empty())
        elif x['type'] == 'shortcut':
            module.add_module('shortcut_{}'.format(index), Empty())
        module_list.append(module)
        prev_filters = filters
        output_filters.append(filters)
    return net_info, module_list


class Darknet(nn.Module):
    def __init__(self, cfg=CFG):
        super(Darknet, self).__init__()
        self.blocks = parse_cfg(cfg)
        self.net_info, self.module_list = create_modules(self.blocks)

    def forward(self, x):
        modules = self.blocks[1:]
        outputs = {}
        for i, module in enumerate(modules):
            module_type = module['type']
            if module_type in ('convolutional', 'upsample'):
                x = self.module_list[i](x)
            elif module_type == 'route':
                x = torch.cat([outputs[a] for a in module['layers']], 1)
            elif module_type == 'shortcut':
                from_ = int(module['from'])
                x = outputs[i - 1] + outputs[i + from_]
            outputs[i] = x
        return x

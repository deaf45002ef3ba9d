"""A finished model is gone through and its layers are replaced."""
import torch.nn as nn

from planes_counter import small


def replace_layers(model, old, new):
    for n, module in model.named_children():
        if len(list(module.children())) > 0:
            replace_layers(module, old, new)
        if isinstance(module, old):
            setattr(model, n, new(module))


def to_group_norm(bn):
    return nn.GroupNorm(8, bn.num_features)


def to_one_channel(conv, channels=1):
    new = nn.Conv2d(channels, conv.out_channels, conv.kernel_size, conv.stride, conv.padding, bias=conv.bias is not None)
    new.weight.data = conv.weight.data.sum(dim=1, keepdim=True)
    return new


def grey_net(num_classes=4):
    model = small()
    model.conv1 = to_one_channel(model.conv1)
    replace_layers(model, nn.BatchNorm2d, to_group_norm)
    replace_layers(model, nn.Sequential, lambda old: nn.Identity() if len(old) == 0 else old)
    for param in model.parameters():
        param.requires_grad = False
    num_ftrs = model.linear.in_features
    model.linear = nn.Sequential(nn.Linear(num_ftrs, 32), nn.ReLU(), nn.Dropout(0.4), nn.Linear(32, num_classes))
    return model


class Encoder(nn.Module):
    """Children of a finished network, cut before its head."""

    def __init__(self, encoded_image_size=7):
        super().__init__()
        resnet = small()
        modules = list(resnet.children())[:-1]
        self.resnet = nn.Sequential(*modules)
        self.adaptive_pool = nn.AdaptiveAvgPool2d((encoded_image_size, encoded_image_size))
        self.fine_tune()

    def forward(self, images):
        out = self.resnet(images)
        out = self.adaptive_pool(out)
        return out.permute(0, 2, 3, 1)

    def fine_tune(self, fine_tune=True):
        for p in self.resnet.parameters():
            p.requires_grad = False
        for c in list(self.resnet.children())[5:]:
            for p in c.parameters():
                p.requires_grad = fine_tune

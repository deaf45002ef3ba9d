"""A plain network of 34 weighted layers: the residual one's body without a single shortcut."""
from collections import OrderedDict

import torch.nn as nn


def conv_bn(cin, cout, stride=1):
    return nn.Sequential(
        OrderedDict(
            [
                ("conv", nn.Conv2d(cin, cout, 3, stride=stride, padding=1, bias=False)),
                ("norm", nn.BatchNorm2d(cout)),
                ("act", nn.ReLU(inplace=True)),
            ]
        )
    )


class Plain34(nn.Module):
    plan = {64: 6, 128: 8, 256: 12, 512: 6}

    def __init__(self, num_classes: int = 1000):
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False),
            nn.BatchNorm2d(64),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(3, 2, 1),
        )
        cin = 64
        for index, (width, count) in enumerate(self.plan.items()):
            stage = nn.Sequential()
            for i in range(count):
                stage.add_module(str(i), conv_bn(cin, width, stride=2 if (i == 0 and index > 0) else 1))
                cin = width
            self.add_module(f"stage{index + 1}", stage)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(cin, num_classes)

    def forward(self, x):
        x = self.stem(x)
        x = self.stage1(x)
        x = self.stage2(x)
        x = self.stage3(x)
        x = self.stage4(x)
        return self.fc(self.flatten(self.pool(x)))

"""A training script: arguments, data set, loop; the model in the middle."""
import argparse
import os

import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, Dataset

device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')


def get_args():
    parser = argparse.ArgumentParser(description='train')
    parser.add_argument('--lr', default=0.1, type=float)
    parser.add_argument('--depth', default=8, type=int, help='6n+2')
    parser.add_argument('--widen', default=1, type=int)
    parser.add_argument('--resume', '-r', action='store_true', help='resume from checkpoint')
    parser.add_argument('--out', default=os.path.join('.', 'runs'))
    return parser.parse_args([])


class Noise(Dataset):
    def __init__(self, n):
        self.x = torch.randn(n, 3, 32, 32)
        self.y = torch.randint(0, 10, (n,))

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


def conv_bn(i, o, s):
    return nn.Sequential(nn.Conv2d(i, o, 3, s, 1, bias=False), nn.BatchNorm2d(o), nn.ReLU(True))


class Unit(nn.Module):
    def __init__(self, i, o, s):
        super().__init__()
        self.body = nn.Sequential(conv_bn(i, o, s), nn.Conv2d(o, o, 3, 1, 1, bias=False), nn.BatchNorm2d(o))
        self.down = None if s == 1 and i == o else nn.Conv2d(i, o, 1, s, bias=False)

    def forward(self, x):
        y = self.body(x)
        y += x if self.down is None else self.down(x)
        return torch.relu(y)


class Model(nn.Module):
    def __init__(self, args):
        super().__init__()
        assert (args.depth - 2) % 6 == 0, 'depth should be 6n+2'
        n = (args.depth - 2) // 6
        w = [16, 16 * args.widen, 32 * args.widen, 64 * args.widen]
        self.stem = conv_bn(3, w[0], 1)
        stages = []
        for i in range(1, 4):
            for j in range(n):
                stages.append(Unit(w[i - 1] if j == 0 else w[i], w[i], 2 if j == 0 and i > 1 else 1))
        self.stages = nn.Sequential(*stages)
        self.head = nn.Linear(w[-1], 10)
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode='fan_out', nonlinearity='relu')
            elif isinstance(m, nn.BatchNorm2d):
                nn.init.constant_(m.weight, 1)
                nn.init.constant_(m.bias, 0)

    def forward(self, x):
        x = self.stages(self.stem(x))
        x = nn.functional.adaptive_avg_pool2d(x, 1).flatten(1)
        return self.head(x)


def train(model, loader, criterion, optimizer):
    model.train()
    for i, (images, target) in enumerate(loader):
        images, target = images.to(device), target.to(device)
        loss = criterion(model(images), target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def main():
    args = get_args()
    model = Model(args).to(device)
    loader = DataLoader(Noise(8), batch_size=4, shuffle=True)
    optimizer = optim.SGD(model.parameters(), lr=args.lr, momentum=0.9, weight_decay=5e-4)
    train(model, loader, nn.CrossEntropyLoss(), optimizer)


if __name__ == '__main__':
    main()

net = nn.Sequential(
    nn.Conv2d(3, 64, 3, padding=1), nn.ReLU(inplace=True),
    *[Block(64, 64) for _ in range(3)],
    nn.AdaptiveAvgPool2d((1, 1)),
    nn.Flatten(), nn.Linear(64, 1000),
)
layers = OrderedDict([(f'layer{i}', l) for i, l in enumerate(net)])
x = net(torch.randn(1, 3, 224, 224))[..., None].view(x.size(0), -1)

"""Every activation, dropout and loss of torch.nn once."""
import torch
import torch.nn as nn

NAMES = (
    "ReLU ReLU6 LeakyReLU ELU CELU SELU GELU SiLU Mish Sigmoid LogSigmoid Tanh Hardtanh Hardswish Hardsigmoid Softplus "
    "Softsign Tanhshrink Hardshrink Softshrink RReLU Softmin PReLU GLU Softmax2d Softmax LogSoftmax Identity"
)


class Activations(nn.Module):
    def __init__(self):
        super().__init__()
        self.each = nn.ModuleList(getattr(nn, name)() for name in NAMES.split())
        self.more = nn.Sequential(nn.Threshold(0.1, 20), nn.PReLU(4), nn.Dropout(0.3), nn.Dropout2d(), nn.AlphaDropout())

    def forward(self, x):
        outputs = []
        for layer in self.each:
            outputs.append(layer(x))
        return outputs, self.more(x)


class Losses(nn.Module):
    def __init__(self, classes=12):
        super().__init__()
        self.by_class = nn.ModuleList([nn.CrossEntropyLoss(weight=torch.ones(classes)), nn.NLLLoss(reduction="none"), nn.MultiMarginLoss()])
        self.pairs = nn.ModuleList(
            [nn.MSELoss(reduction="none"), nn.L1Loss(reduction="sum"), nn.SmoothL1Loss(beta=0.5), nn.HuberLoss(), nn.BCELoss(),
             nn.BCEWithLogitsLoss(pos_weight=torch.ones(classes)), nn.KLDivLoss(reduction="batchmean"), nn.PoissonNLLLoss(full=True),
             nn.SoftMarginLoss(), nn.HingeEmbeddingLoss(), nn.MultiLabelSoftMarginLoss(reduction="none")]
        )
        self.triplets = nn.ModuleList([nn.TripletMarginLoss(reduction="none"), nn.TripletMarginWithDistanceLoss(), nn.GaussianNLLLoss(), nn.MarginRankingLoss()])
        self.near = nn.ModuleList([nn.CosineSimilarity(dim=1), nn.PairwiseDistance(keepdim=True)])
        self.cosine = nn.CosineEmbeddingLoss(reduction="none")
        self.bilinear = nn.Bilinear(classes, classes, 3)
        self.bag = nn.EmbeddingBag(classes, 6)
        self.adaptive = nn.AdaptiveLogSoftmaxWithLoss(classes, 20, [5, 10])

    def forward(self, x):
        y, p = x.argmax(1), torch.sigmoid(x)
        a = [loss(x, y) for loss in self.by_class]
        b = [loss(p, p) for loss in self.pairs]
        c = [loss(x, p, p) for loss in self.triplets]
        d = [near(x, p) for near in self.near]
        return a, b, c, d, self.cosine(x, p, torch.ones(x.size(0))), self.bilinear(x, p), self.bag(y[:, None]), self.adaptive.log_prob(x)

"""Experts that are chosen and mixed, highway gates, maxout."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Maxout(nn.Module):
    def __init__(self, d_in, d_out, pool_size):
        super().__init__()
        self.d_in, self.d_out, self.pool_size = d_in, d_out, pool_size
        self.lin = nn.Linear(d_in, d_out * pool_size)

    def forward(self, inputs):
        shape = list(inputs.size())
        shape[-1] = self.d_out
        shape.append(self.pool_size)
        max_dim = len(shape) - 1
        out = self.lin(inputs)
        m, i = out.view(*shape).max(max_dim)
        return m


class Highway(nn.Module):
    def __init__(self, size, num_layers, f=F.relu):
        super(Highway, self).__init__()
        self.num_layers = num_layers
        self.nonlinear = nn.ModuleList([nn.Linear(size, size) for _ in range(num_layers)])
        self.linear = nn.ModuleList([nn.Linear(size, size) for _ in range(num_layers)])
        self.gate = nn.ModuleList([nn.Linear(size, size) for _ in range(num_layers)])
        self.f = f

    def forward(self, x):
        for layer in range(self.num_layers):
            gate = torch.sigmoid(self.gate[layer](x))
            nonlinear = self.f(self.nonlinear[layer](x))
            linear = self.linear[layer](x)
            x = gate * nonlinear + (1 - gate) * linear
        return x


class Experts(nn.Module):
    def __init__(self, dim=8, num_experts=4, top_k=2):
        super().__init__()
        self.top_k = top_k
        self.router = nn.Linear(dim, num_experts, bias=False)
        self.w1 = nn.Parameter(torch.randn(num_experts, dim, dim * 2))
        self.w2 = nn.Parameter(torch.randn(num_experts, dim * 2, dim))
        self.highway = Highway(dim, 2)
        self.out = Maxout(dim, 5, 3)

    def forward(self, x):
        b, n, d = x.shape
        logits = self.router(x)
        weights, chosen = logits.topk(self.top_k, dim=-1)
        weights = weights.softmax(dim=-1)
        h = torch.einsum("bnd,edh->bneh", x, self.w1).relu()
        y = torch.einsum("bneh,ehd->bned", h, self.w2)
        y = y.gather(2, chosen.unsqueeze(-1).expand(-1, -1, -1, d))
        x = x + (y * weights.unsqueeze(-1)).sum(dim=2)
        load = F.one_hot(chosen, logits.size(-1)).float().mean((0, 1, 2))
        return self.out(self.highway(x)), load

"""Patches, a class token and torch's own transformer layers, batch first and second."""
import torch
import torch.nn as nn


class PatchTransformer(nn.Module):
    def __init__(self, image=32, patch=8, dim=48, heads=4, depth=2, classes=10, norm_first=True):
        super().__init__()
        self.patch = nn.Conv2d(3, dim, kernel_size=patch, stride=patch)
        count = (image // patch) ** 2
        self.cls = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos = nn.Parameter(torch.randn(1, count + 1, dim) * 0.02)
        layer = nn.TransformerEncoderLayer(dim, heads, 4 * dim, activation="gelu", batch_first=True, norm_first=norm_first)
        self.encoder = nn.TransformerEncoder(layer, depth, norm=nn.LayerNorm(dim))
        self.pool = nn.MultiheadAttention(dim, heads, batch_first=True)
        self.query = nn.Parameter(torch.randn(1, 1, dim))
        self.head = nn.Linear(dim, classes)

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = torch.cat((self.cls.expand(x.shape[0], -1, -1), x), dim=1) + self.pos
        x = self.encoder(x)
        query = self.query.repeat(x.size(0), 1, 1)
        pooled, weights = self.pool(query, x, x)
        return self.head(pooled.squeeze(1) + x[:, 0]), weights


class Captioner(nn.Module):
    """Features of an image as memory, sequence first; masks; every form of attention."""

    def __init__(self, dim=32, vocabulary=50):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, dim, 3, 4, 1), nn.ReLU())
        self.words = nn.Embedding(vocabulary, dim, padding_idx=0)
        self.decoder = nn.TransformerDecoder(nn.TransformerDecoderLayer(dim, 4, 64), num_layers=2)
        self.cross = nn.MultiheadAttention(dim, 2, kdim=24, vdim=20, add_bias_kv=True, add_zero_attn=True)
        self.proj_k = nn.Linear(dim, 24, bias=False)
        self.proj_v = nn.Linear(dim, 20, bias=False)
        self.both = nn.Transformer(dim, 4, 1, 1, 48)
        self.out = nn.Linear(dim, vocabulary)

    def forward(self, image, tokens):
        memory = self.stem(image).flatten(2).permute(2, 0, 1)
        words = self.words(tokens).transpose(0, 1)
        out = self.decoder(words, memory)
        more, weights = self.cross(out, self.proj_k(memory), self.proj_v(memory), average_attn_weights=False)
        out = self.both(memory, out + more)
        return self.out(out), weights

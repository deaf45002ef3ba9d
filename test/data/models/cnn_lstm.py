"""A recurrent head over the rows of a feature map, and cells stepped by hand."""
import torch
from torch import nn


class RowReader(nn.Module):
    def __init__(self, hidden=24, layers=2, classes=11, kind="LSTM", proj=0):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(inplace=True), nn.MaxPool2d((2, 1))
        )
        more = {"proj_size": proj} if kind == "LSTM" else {}
        self.rnn = getattr(nn, kind)(16 * 16, hidden, num_layers=layers, bidirectional=True, dropout=0.1, **more)
        self.rnn.flatten_parameters()
        self.fc = nn.Linear(2 * (proj or hidden), classes)

    def forward(self, x):
        f = self.features(x)
        b, c, h, w = f.size()
        seq = f.reshape(b, c * h, w).permute(2, 0, 1)
        out, state = self.rnn(seq)
        if isinstance(state, tuple):
            h_n, c_n = state
        else:
            h_n = state
        return self.fc(out), h_n[-1]


class Glimpses(nn.Module):
    def __init__(self, steps=3):
        super().__init__()
        self.steps = steps
        self.look = nn.Conv2d(3, 8, 5, stride=4)
        self.lstm = nn.LSTMCell(8, 12)
        self.gru = nn.GRUCell(12, 10)
        self.rnn = nn.RNNCell(10, 6, nonlinearity="relu", bias=False)
        self.read = nn.LSTM(6, 7, batch_first=True)
        self.start = nn.Parameter(torch.zeros(1, 12))

    def forward(self, x):
        feature = self.look(x).mean(dim=(2, 3))
        h = self.start.repeat(x.size(0), 1)
        state = (h, torch.zeros_like(h))
        g, seen = None, []
        for _ in range(self.steps):
            state = self.lstm(feature, state)
            g = self.gru(state[0], g)
            seen.append(self.rnn(g))
        steps = torch.stack(seen, dim=1)
        first = (torch.zeros(1, x.size(0), 7), torch.zeros(1, x.size(0), 7))
        out, (h, c) = self.read(steps, first)
        return out, h, c

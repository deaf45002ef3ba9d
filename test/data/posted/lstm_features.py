# Tagger() @ 2,10,50
# Both directions of the recurrent layer come out.
import torch
import torch.nn as nn


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(50, 64, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(64, 5)  # cause

    def forward(self, x):
        out, _ = self.lstm(x)
        return self.fc(out)

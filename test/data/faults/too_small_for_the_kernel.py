import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Sequential(*[nn.Conv2d(3, 3, 3, stride=2) for _ in range(5)])
        #                                           ^ note: built here

    def forward(self, x):
        return self.down(x)
        #      ^^^^^^^^^^^^ error[output-empty]: down.4: a window of 3 does not fit into a padded length of 1, input [2, 3, 1, 1]


if __name__ == "__main__":
    Net()(torch.randn(2, 3, 32, 32))

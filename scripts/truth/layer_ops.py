"""How `record_ops.py` runs the operators that stand for whole layers of `torch.nn`."""

import torch


def recurrent(name):
    def run(x, *given, input_size, hidden_size, layers, bidirectional, batch_first, proj_size, states=0):
        sizes = {"proj_size": proj_size} if name == "LSTM" else {}
        layer = getattr(torch.nn, name)(
            input_size, hidden_size, layers, batch_first=batch_first, bidirectional=bidirectional, **sizes
        )
        out = layer.eval()(x, *([given] if len(given) == 2 else given))
        return [out[0], *(out[1] if name == "LSTM" else out[1:])]

    return run


LAYER_OPERATORS = {
    **{name: recurrent(name.upper()) for name in ("rnn", "gru", "lstm")},
}

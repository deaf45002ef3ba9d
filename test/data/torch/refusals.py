"""What `torch.nn` refuses: each function builds one thing that raises, on the module that it is given."""
import torch
import torch.nn as nn


def module(build):
    class M(nn.Module):
        def __init__(self):
            super().__init__()
            build(self)

        def forward(self, x):
            return x

    return M()


def number_for_module(model):
    model.conv = nn.Conv2d(3, 4, 3)
    model.conv = 5


def tensor_for_parameter(model):
    model.p = nn.Parameter(torch.ones(2))
    model.p = torch.ones(2)


def number_for_buffer(model):
    model.register_buffer("b", torch.ones(2))
    model.b = 3


def buffer_over_attribute(model):
    model.x = 1
    model.register_buffer("x", torch.ones(2))


def dot_in_name(model):
    model.add_module("a.b", nn.ReLU())


def number_as_module(model):
    model.add_module("a", 5)


def tensor_as_parameter(model):
    model.register_parameter("w", torch.ones(2))


def number_in_sequential(model):
    nn.Sequential(nn.ReLU(), 3)


def index_of_list(model):
    nn.ModuleList([nn.ReLU(), None])[5]


def dict_key_of_module(model):
    nn.ModuleDict({"type": nn.ReLU()})


def missing_key(model):
    nn.ModuleDict({"a": nn.ReLU()})["b"]


def groups(model):
    nn.Conv2d(3, 8, 3, groups=2)


def same_with_stride(model):
    nn.Conv2d(3, 8, 3, stride=2, padding="same")


def group_norm(model):
    nn.GroupNorm(3, 8)


def hidden_size(model):
    nn.LSTM(8, 0)


def heads(model):
    nn.MultiheadAttention(10, 3)


def fractional(model):
    nn.FractionalMaxPool2d(2)


def init_of_vector(model):
    nn.init.kaiming_normal_(nn.Linear(2, 2).bias)


def load(model):
    nn.Linear(2,3).load_state_dict({"weight": torch.ones(3, 4), "foo": torch.ones(1)})


def submodule(model):
    model.get_submodule("nope.x")


def insert(model):
    nn.Sequential(nn.ReLU()).insert(4, nn.ReLU())


def transposed_mode(model):
    nn.ConvTranspose2d(3, 8, 3, padding_mode="reflect")


def delete(model):
    del model.nothing


def projection(model):
    nn.GRU(3, 4, proj_size=2)


def activation(model):
    nn.TransformerEncoderLayer(8, 2, activation="tanh")


def mode(model):
    model.train(3)


def nonlinearity(model):
    nn.RNN(3, 4, nonlinearity="sigmoid")


class NoInit(nn.Module):
    def __init__(self):
        self.c = nn.Conv2d(3, 3, 1)


class NoInitParameter(nn.Module):
    def __init__(self):
        self.c = nn.Parameter(torch.ones(1))


def no_bias_to_fill(model):
    nn.init.constant_(nn.Linear(2, 2, bias=False).bias, 0)


def no_weight_for_xavier(model):
    nn.init.xavier_uniform_(None)


def number_to_truncate(model):
    nn.init.trunc_normal_(3, std=0.02)


def text_to_zero(model):
    nn.init.zeros_("weight")


def no_output_channels(model):
    nn.Conv2d(3, None, 3)


def word_for_input_channels(model):
    nn.Conv2d("3", 4, 3)


def pair_of_output_channels(model):
    nn.Conv2d(3, (4, 4), 3)


def half_an_output_channel(model):
    nn.Conv2d(3, 5 / 2, 3)


def divided_output_channels(model):
    nn.Conv2d(3, 8 / 2, 3)


def divided_input_channels(model):
    nn.Conv2d(8 / 2, 3, 3)


def divided_transposed_input_channels(model):
    nn.ConvTranspose2d(8 / 2, 3, 3)


def no_kernel(model):
    nn.Conv2d(3, 4, None)


def no_second_kernel(model):
    nn.Conv2d(3, 4, (3, None))


def no_groups(model):
    nn.Conv2d(3, 3, 3, groups=None)


def layer_for_output_channels(model):
    nn.Conv2d(3, nn.ReLU(), 3)


def class_for_output_channels(model):
    nn.Conv2d(3, nn.ReLU, 3)


def no_output_features(model):
    nn.Linear(3, None)


def divided_input_features(model):
    nn.Linear(8 / 2, 3)


def word_for_output_features(model):
    nn.Linear(3, "classes")


def no_features_to_normalize(model):
    nn.BatchNorm2d(None)


def no_features_to_count(model):
    nn.BatchNorm2d("a", affine=False)


def no_shape_to_normalize(model):
    nn.LayerNorm(None)


def no_channels_in_groups(model):
    nn.GroupNorm(1, None)


def divided_channels_in_groups(model):
    nn.GroupNorm(2, 8 / 2)


def no_words(model):
    nn.Embedding(None, 3)


def divided_embedding(model):
    nn.Embedding(3, 8 / 2)


def word_for_probability(model):
    nn.Dropout("a")


def probability_above_one(model):
    nn.Dropout(2)


def no_pool_size(model):
    nn.MaxPool2d(None)(torch.ones(1, 1, 4, 4))


def layer_for_pool_size(model):
    nn.MaxPool2d(nn.ReLU)(torch.ones(1, 1, 4, 4))


def no_adaptive_size(model):
    nn.AdaptiveAvgPool2d(None)(torch.ones(1, 1, 4, 4))


def no_adaptive_length(model):
    nn.AdaptiveAvgPool1d(None)(torch.ones(1, 1, 4))


def negative_output_channels(model):
    nn.Conv2d(96, -144, 1)


def negative_input_channels(model):
    nn.Conv2d(-8, 3, 3, groups=2)


def negative_output_features(model):
    nn.Linear(3, -1)


def number_for_data(model):
    nn.Linear(3, 4).weight.data = 3


def layer_for_tensor(model):
    nn.Linear(2, 2).chunk(3)


def identity_for_tensor(model):
    nn.Identity().shape


def layer_for_class(model):
    isinstance(nn.Conv2d, nn.Linear(2, 2))

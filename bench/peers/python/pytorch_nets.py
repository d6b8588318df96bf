"""The nets of the training workloads, written with PyTorch. Every loss takes the arrays of a batch in their order."""

import torch
from torch import nn
from torch.nn import functional as F

Loss = nn.Module


def linear(weight):
    """A layer with the given weight [in, out] and a bias of zeros."""
    layer = nn.Linear(*weight.shape)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(weight).T)
        layer.bias.zero_()
    return layer


def dense_layers(params, count, activation, last=None):
    layers = []
    for i in range(count):
        layers.append(linear(params[f"weight{i}"]))
        if i + 1 < count:
            layers.append(activation())
        elif last is not None:
            layers.append(last())
    return nn.Sequential(*layers)


class Classifier(Loss):
    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x, labels):
        return F.cross_entropy(self.net(x), labels.long())


class Regressor(Loss):
    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x, y):
        return F.mse_loss(self.net(x), y)


class Autoencoder(Loss):
    """Takes the target, and the input that noise was put on."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x, noisy):
        return F.mse_loss(self.net(noisy), x)


class ConvolutionalNet(nn.Module):
    def __init__(self, params):
        super().__init__()
        self.first = self.convolution(params["kernel0"])
        self.second = self.convolution(params["kernel1"])
        self.hidden = linear(params["weight2"])
        self.out = linear(params["weight3"])
        # the rows of the weight count channels last, PyTorch's features count them first
        with torch.no_grad():
            last = self.hidden.weight.view(256, 7, 7, 64)
            self.hidden.weight.copy_(last.permute(0, 3, 1, 2).reshape(256, 3136).clone())

    @staticmethod
    def convolution(kernel):
        height, width, channels, out = kernel.shape
        layer = nn.Conv2d(channels, out, (height, width), padding=height // 2)
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(kernel).permute(3, 2, 0, 1))
            layer.bias.zero_()
        return layer

    def forward(self, x):
        x = x.permute(0, 3, 1, 2)
        x = F.max_pool2d(F.relu(self.first(x)), 2)
        x = F.max_pool2d(F.relu(self.second(x)), 2)
        return self.out(F.relu(self.hidden(x.flatten(1))))


class Block(nn.Module):
    def __init__(self, params, name, spec):
        super().__init__()
        self.heads = spec["heads"]
        self.norm1 = nn.LayerNorm(spec["width"])
        self.norm2 = nn.LayerNorm(spec["width"])
        self.qkv = linear(params[f"{name}.qkv.weight"])
        self.join = linear(params[f"{name}.out.weight"])
        self.expand = linear(params[f"{name}.expand.weight"])
        self.contract = linear(params[f"{name}.contract.weight"])

    def forward(self, x):
        batch, length, width = x.shape
        part = width // self.heads
        parts = self.qkv(self.norm1(x)).view(batch, length, 3, self.heads, part)
        queries, keys, values = parts.permute(2, 0, 3, 1, 4)
        shares = torch.softmax(queries @ keys.transpose(-1, -2) * part**-0.5, -1)
        joined = (shares @ values).transpose(1, 2).reshape(batch, length, width)
        x = x + self.join(joined)
        opened = F.gelu(self.expand(self.norm2(x)), approximate="tanh")
        return x + self.contract(opened)


class Encoder(nn.Module):
    def __init__(self, params, spec):
        super().__init__()
        self.shape = (spec["batch"], spec["length"], spec["width"])
        names = [f"block{i}" for i in range(spec["layers"])]
        self.blocks = nn.Sequential(*(Block(params, name, spec) for name in names))
        self.norm = nn.LayerNorm(spec["width"])

    def forward(self, x):
        return self.norm(self.blocks(x.view(self.shape))).flatten(0, 1)


class Recurrent(nn.Module):
    def __init__(self, params, spec):
        super().__init__()
        self.rnn = nn.LSTM(spec["width"], spec["hidden"], batch_first=True)
        self.out = linear(params["weight"])
        with torch.no_grad():
            self.rnn.weight_ih_l0.copy_(torch.from_numpy(params["input"]).T)
            self.rnn.weight_hh_l0.copy_(torch.from_numpy(params["recurrent"]).T)
            self.rnn.bias_ih_l0.zero_()
            self.rnn.bias_hh_l0.zero_()
        # the layer adds two biases; everybody else has one
        self.rnn.bias_hh_l0.requires_grad_(False)

    def forward(self, x):
        return self.out(self.rnn(x)[0][:, -1])


class Multitask(Loss):
    def __init__(self, params, spec):
        super().__init__()
        self.trunk = dense_layers(params, len(spec["trunk"]) - 1, nn.ReLU, nn.ReLU)
        self.regressions = self.heads(params, "regression", spec["regressions"])
        self.classifications = self.heads(params, "classification", spec["classifications"])

    @staticmethod
    def heads(params, kind, count):
        return nn.ModuleList(linear(params[f"{kind}{i}.weight"]) for i in range(count))

    def forward(self, x, *labels):
        return self.losses(x, *labels).mean()

    def losses(self, x, *labels):
        features = self.trunk(x)
        numbers = labels[: len(self.regressions)]
        codes = labels[len(self.regressions) :]
        losses = [
            F.mse_loss(head(features)[:, 0], y) for head, y in zip(self.regressions, numbers)
        ] + [
            F.cross_entropy(head(features), y.long())
            for head, y in zip(self.classifications, codes)
        ]
        return torch.stack(losses)


class Losses(nn.Module):
    """The losses of a multitask net one by one."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, *batch):
        return self.net.losses(*batch)


def loss_of(problem):
    """The loss of a training workload as a module with its initial weights."""
    spec, params = problem.spec, problem.params
    kind = spec["kind"]
    if kind == "mlp":
        return Classifier(dense_layers(params, len(spec["sizes"]) - 1, nn.ReLU))
    if kind == "tiny":
        return Regressor(dense_layers(params, 2, nn.Tanh))
    if kind == "autoencoder":
        return Autoencoder(dense_layers(params, len(spec["sizes"]) - 1, nn.ReLU))
    if kind == "convolution":
        return Classifier(ConvolutionalNet(params))
    if kind == "transformer":
        return Regressor(Encoder(params, spec))
    if kind == "lstm":
        return Regressor(Recurrent(params, spec))
    return Multitask(params, spec)

"""PyTorch as a runner: `pytorch_runner.py <problem> <threads> eager|traced`.

eager: modules and optimisers as a user writes them. traced: the loss through torch.jit.trace, optimisers with foreach,
denormal numbers flushed to zero, and the widest vectors of the processor, which PyTorch does not use unasked.
"""

import os
import sys


def has_wide_vectors():
    try:
        with open("/proc/cpuinfo") as cpus:
            return " avx512f " in cpus.read()
    except OSError:
        return False


# read when the first operation runs
if sys.argv[3] == "traced" and has_wide_vectors():
    os.environ["ATEN_CPU_CAPABILITY"] = "avx512"

import torch
from torch import nn
from torch.nn import functional as F

from pytorch_nets import Losses, loss_of
from serve import COMPARED_ELEMENTS, Program, Unsupported, serve


def optimizer_of(spec, params, traced):
    kinds = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamW": torch.optim.AdamW}
    extra = {"weight_decay": spec["weightDecay"]} if spec["optimizer"] == "adamW" else {}
    return kinds[spec["optimizer"]](params, lr=spec["learningRate"], foreach=traced, **extra)


def factors_of(products):
    """PCGrad with the tasks in their order: the sum that is left, as factors of the gradients, from their products."""
    count = len(products)
    rows = [[float(i == j) for j in range(count)] for i in range(count)]
    for i, row in enumerate(rows):
        for j in range(count):
            along = sum(share * product[j] for share, product in zip(row, products))
            if i != j and along < 0:
                row[j] -= along / products[j][j]
    return [sum(column) for column in zip(*rows)]


def projected_descent(losses_of, net):
    """Sets gradients as PCGrad combines them: one way back through the trunk for each task."""
    trunk = list(net.trunk.parameters())
    heads = [*net.regressions.parameters(), *net.classifications.parameters()]

    def descend(*batch):
        losses = losses_of(*batch)
        parts = torch.unbind(losses / len(losses))
        gradients = torch.stack(
            [
                torch.cat([x.flatten() for x in torch.autograd.grad(part, trunk, retain_graph=True)])
                for part in parts
            ]
        )
        of_heads = torch.autograd.grad(losses.mean(), heads)
        factors = torch.tensor(factors_of((gradients @ gradients.T).tolist()))
        combined = torch.split(factors @ gradients, [x.numel() for x in trunk])
        for x, gradient in zip(trunk, combined):
            x.grad = gradient.view_as(x)
        for x, gradient in zip(heads, of_heads):
            x.grad = gradient

    return descend


def train(problem, traced):
    spec = problem.spec
    batches = [
        {name: torch.from_numpy(x) for name, x in batch.items()} for batch in problem.batches
    ]
    noisy = spec["kind"] == "autoencoder"
    loss = loss_of(problem)
    first = tuple(batches[0].values()) * (2 if noisy else 1)
    projected = spec.get("projected", False)
    net = Losses(loss) if projected else loss
    compute = torch.jit.trace(net, first) if traced else net
    descend = (
        projected_descent(compute, loss)
        if projected
        else lambda *batch: compute(*batch).backward()
    )
    trained = [param for param in loss.parameters() if param.requires_grad]
    optimizer = optimizer_of(spec, trained, traced)

    def step(i):
        inputs = list(batches[i % len(batches)].values())
        if noisy:
            inputs.append(inputs[0] * (torch.rand_like(inputs[0]) > spec["noise"]))
        optimizer.zero_grad(set_to_none=True)
        descend(*inputs)
        optimizer.step()

    def evaluate():
        with torch.no_grad():
            return float(loss(*first))

    return Program(step, loss=evaluate)


def calls(problem, compute, gradient=False):
    """Repeats a call on the arrays of the only batch."""
    inputs = [torch.from_numpy(x) for x in problem.batches[0].values()]
    result = []

    def step(_):
        if gradient:
            for x in inputs:
                x.requires_grad_(True)
                x.grad = None
            compute(*inputs).sum().backward()
            result[:] = [x.grad for x in inputs]
        else:
            with torch.no_grad():
                result[:] = [compute(*inputs)]

    def values():
        count = COMPARED_ELEMENTS // len(result)
        return torch.cat([x.detach().ravel()[:count] for x in result]).numpy()

    return Program(step, values=values)


def dispatch(problem):
    x, y = (torch.from_numpy(a) for a in problem.batches[0].values())

    def step(_):
        for _ in range(problem.spec["operations"]):
            x + y

    return Program(step, values=lambda: (x + y).numpy())


def inference(problem, traced):
    count = len(problem.spec["sizes"]) - 1
    layers = []
    for i in range(count):
        weight = torch.from_numpy(problem.params[f"weight{i}"])
        layer = nn.Linear(*weight.shape)
        with torch.no_grad():
            layer.weight.copy_(weight.T)
            layer.bias.zero_()
        layers += [layer] if i + 1 == count else [layer, nn.ReLU()]
    net = nn.Sequential(*layers).eval()
    inputs = [batch["x"] for batch in problem.batches]
    if traced:
        net = torch.jit.freeze(torch.jit.trace(net, torch.from_numpy(inputs[0])))

    def answer(i):
        with torch.inference_mode():
            return net(torch.from_numpy(inputs[i % len(inputs)])).numpy()

    return Program(answer, values=lambda: answer(0))


def chain(x, y, z):
    return F.gelu(x, approximate="tanh") * y + z


def contestant(problem, threads, arguments):
    traced = arguments[0] == "traced"
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    torch.set_flush_denormal(traced)
    kind = problem.spec["kind"]
    if kind == "dispatch":
        return dispatch(problem)
    if kind == "inference":
        return inference(problem, traced)
    if kind == "matmul":
        return calls(problem, torch.matmul)
    if kind == "sum":
        return calls(problem, torch.sum)
    if kind == "softmax":
        return calls(problem, lambda x: torch.softmax(x, -1))
    if kind == "layerNorm":
        return calls(problem, lambda x, scale, shift: F.layer_norm(x, scale.shape, scale, shift))
    if kind in ("chain", "chainGradient"):
        example = [torch.zeros(4)] * 3
        compute = torch.jit.trace(chain, example) if traced else chain
        return calls(problem, compute, gradient=kind == "chainGradient")
    if traced and kind == "lstm":
        raise Unsupported("a traced LSTM is the same single operation")
    return train(problem, traced)


serve(contestant)

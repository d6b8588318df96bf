"""scikit-learn as a runner. Its estimators know gradient descent and Adam and nothing inside a step. Losses are compared
through partial_fit(); steps are timed as fit() over whole epochs, its fastest way. The autoencoder has no noise."""

import warnings

import numpy
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier, MLPRegressor

from serve import Program, Unsupported, serve

warnings.filterwarnings("ignore")

TARGETS = {"mlp": "labels", "tiny": "y", "autoencoder": "x"}


def estimator_of(spec, batch):
    rate = spec["learningRate"]
    shared = dict(
        alpha=0.0,
        batch_size=batch,
        n_iter_no_change=10**9,
        shuffle=False,
        tol=0.0,
        warm_start=True,
    )
    if spec["kind"] == "tiny":
        # its squared error has a factor 1/2
        sgd = dict(solver="sgd", momentum=0.0, learning_rate_init=2 * rate)
        return MLPRegressor((3,), activation="tanh", **sgd, **shared)
    make = MLPClassifier if spec["kind"] == "mlp" else MLPRegressor
    return make(tuple(spec["sizes"][1:-1]), learning_rate_init=rate, **shared)


def contestant(problem, _threads, _arguments):
    spec, batches = problem.spec, problem.batches
    kind = spec["kind"]
    if kind not in TARGETS:
        raise Unsupported("has no such estimator")
    inputs = [batch["x"] for batch in batches]
    targets = [batch[TARGETS[kind]] for batch in batches]
    if kind == "tiny":
        targets = [y[:, 0] for y in targets]
    estimator = estimator_of(spec, len(inputs[0]))
    codes = {"classes": numpy.arange(spec["sizes"][-1])} if kind == "mlp" else {}

    def step(i):
        at = i % len(batches)
        estimator.partial_fit(inputs[at], targets[at], **codes)

    # the first step allocates the weights; then they are replaced and the optimiser starts anew
    step(0)
    for i, (weight, bias) in enumerate(zip(estimator.coefs_, estimator.intercepts_)):
        weight[...] = problem.params[f"weight{i}"]
        bias[...] = 0
    del estimator._optimizer

    def loss():
        if kind == "mlp":
            shares = estimator.predict_proba(inputs[0]).astype(numpy.float64)
            return float(log_loss(targets[0], shares, labels=codes["classes"]))
        return float(numpy.mean((estimator.predict(inputs[0]) - targets[0]) ** 2))

    everything = numpy.concatenate(inputs), numpy.concatenate(targets)

    def run(steps):
        estimator.max_iter = max(1, round(steps / len(batches)))
        estimator.n_iter_ = 0
        estimator.fit(*everything)
        return estimator.max_iter * len(batches)

    return Program(step, loss=loss, run=run)


serve(contestant)

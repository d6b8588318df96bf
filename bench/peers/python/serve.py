"""The side of a runner in Python: reads a problem, prepares itself and measures on demand, as src/runner/protocol.ts says."""

import json
import resource
import sys
import time

import numpy

COMPARED_ELEMENTS = 48
COMPARED_STEPS = 5
WARM_UP_MS = 500


class Unsupported(Exception):
    """The library has no way to express the workload."""


class Problem:
    """The spec, the initial parameters and the batches of a workload; arrays by name."""

    def __init__(self, file):
        with open(file, "rb") as source:
            length = int.from_bytes(source.read(8), "little")
            header = json.loads(source.read(length))
            elements = source.read()
        metadata = header.pop("__metadata__")
        self.spec = json.loads(metadata["spec"])
        self.params = {}
        self.batches = [{} for _ in range(int(metadata["batches"]))]
        for name, entry in header.items():
            start, end = entry["data_offsets"]
            dtype = {"F32": numpy.float32, "I32": numpy.int32}[entry["dtype"]]
            array = numpy.frombuffer(elements[start:end], dtype).reshape(entry["shape"]).copy()
            kind, rest = name.split(".", 1)
            if kind == "params":
                self.params[rest] = array
            else:
                position, rest = rest.split(".", 1)
                self.batches[int(position)][rest] = array


class Program:
    """step(i) runs step i; loss() or values() say what must agree with others. run(count), where given, runs about that
    many steps in a faster way and says how many they were."""

    def __init__(self, step, loss=None, values=None, run=None):
        self.step = step
        self.loss = loss
        self.values = values
        self.run = run


def say(**message):
    print(json.dumps(message), flush=True)


def first_step(program):
    start = time.perf_counter()
    program.step(0)
    say(kind="metric", metric="first_step_ms", value=1e3 * (time.perf_counter() - start))


def compare(program):
    """Announces what must agree with other runners; the number of steps it took."""
    if program.loss is None:
        first_step(program)
        found = numpy.asarray(program.values(), dtype=float).ravel()[:COMPARED_ELEMENTS]
        say(kind="values", metric="values", values=found.tolist())
        return 1
    say(kind="values", metric="loss_init", values=[program.loss()])
    first_step(program)
    for i in range(1, COMPARED_STEPS):
        program.step(i)
    say(kind="values", metric="loss_after_5", values=[program.loss()])
    return COMPARED_STEPS


def measure(program, first, steps):
    cpu, start = time.process_time(), time.perf_counter()
    if program.run is not None:
        steps = program.run(steps)
    else:
        for i in range(first, first + steps):
            program.step(i)
    wall = time.perf_counter() - start
    return dict(steps=steps, wallMs=1e3 * wall, cpuMs=1e3 * (time.process_time() - cpu))


def measure_calls(program, first, steps):
    microseconds = []
    cpu, start = time.process_time(), time.perf_counter()
    for i in range(first, first + steps):
        before = time.perf_counter()
        program.step(i)
        microseconds.append(1e6 * (time.perf_counter() - before))
    wall = time.perf_counter() - start
    microseconds.sort()
    return dict(
        steps=steps,
        wallMs=1e3 * wall,
        cpuMs=1e3 * (time.process_time() - cpu),
        p50Us=microseconds[steps // 2],
        p99Us=microseconds[int(steps * 0.99)],
    )


def obey(program, trial, done):
    made, pace = done, None

    def once(milliseconds):
        nonlocal made, pace
        steps = 1 if pace is None else max(1, round(milliseconds / pace))
        result = trial(program, made, steps)
        made += result["steps"]
        pace = result["wallMs"] / result["steps"]
        return result

    spent, length = 0, 1
    while spent < WARM_UP_MS:
        spent += once(length)["wallMs"]
        length *= 2
    say(kind="ready")
    for line in sys.stdin:
        command, *arguments = line.split()
        if command == "end":
            break
        say(kind="trial", trial=once(float(arguments[0])))
    if program.loss is not None:
        say(kind="metric", metric="loss_final", value=program.loss())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(kind="metric", metric="peak_rss_mb", value=peak)


def serve(contestant):
    """Serves `contestant(problem, threads, arguments) -> Program` until it is told to end."""
    problem = Problem(sys.argv[1])
    start = time.perf_counter()
    try:
        program = contestant(problem, int(sys.argv[2]), sys.argv[3:])
    except Unsupported as error:
        say(kind="unsupported", because=str(error))
        return
    done = compare(program)
    say(kind="metric", metric="prepare_ms", value=1e3 * (time.perf_counter() - start))
    obey(program, measure_calls if problem.spec["kind"] == "inference" else measure, done)

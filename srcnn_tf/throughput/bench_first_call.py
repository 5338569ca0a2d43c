"""Cases: what the first `upscale` of a new process takes, and what that is made of."""

import collections
import json
import subprocess
import sys

from srcnn_tf.throughput.targets import Seconds
from srcnn_tf.throughput.timing import Case, Contender

_NETWORK, _SCALE = "slim-10x16", 2
_LIMIT = 1.0
_ALL = "first call in a new process, after Python's own start"
# What a program does that imports the package and enlarges one picture, step by step.
_PROGRAM = f"""
import json, time
moments = [time.perf_counter()]
def passed(): moments.append(time.perf_counter())
import numpy; passed()
import srcnn_tf; srcnn_tf.upscale; passed()
network = srcnn_tf.load_network({_NETWORK!r}, {_SCALE}); passed()
import llvmlite.binding
from srcnn_tf.engines.cpu.chain import inference; passed()
run = srcnn_tf.runner(network, device="cpu"); passed()
picture = numpy.random.default_rng(0).integers(0, 256, (96, 128, 3), numpy.uint8)
srcnn_tf.upscale(picture, {_SCALE}, network); passed()
srcnn_tf.upscale(picture, {_SCALE}, network); passed()
print(json.dumps([after - before for before, after in zip(moments, moments[1:])]))
"""
_STEPS = (
    "importing NumPy",
    "importing the package and Pillow",
    "reading the weights",
    "importing llvmlite and the CPU engine",
    "planning and compiling the kernels",
    "the first picture, 128 x 96",
    "the second picture (not a part of it)",
)


def first_call_cases() -> list[Case]:
    """One case: all of it, then step by step; the processes are the same for all."""
    return [
        Case(
            "startup",
            f"first upscale by {_NETWORK}, x{_SCALE}",
            1,
            "calls",
            _contenders,
            [Seconds(_ALL, _LIMIT)],
            warm_up=False,
        )
    ]


def _contenders():
    waiting = {label: collections.deque() for label in (_ALL, *_STEPS)}

    def seconds_of(label):
        if not waiting[label]:
            steps = _run()
            waiting[_ALL].append(sum(steps[:-1]))
            for step, seconds in zip(_STEPS, steps, strict=True):
                waiting[step].append(seconds)
        return waiting[label].popleft()

    return [
        Contender(label, lambda label=label: seconds_of(label), measures_itself=True, kind="ours")
        for label in waiting
    ]


def _run() -> list[float]:
    """Returns the seconds of each step, in a process of its own."""
    process = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True)
    if process.returncode:
        raise RuntimeError(process.stderr.strip().splitlines()[-1])
    return json.loads(process.stdout.splitlines()[-1])

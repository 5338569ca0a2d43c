"""Cases on one device, a GPU or the processor: whole pictures; and all cases of the group.

They work on made-up pictures and drawn weights: time does not depend on them. Every contender runs
on the device that TensorFlow takes; peers that see no GPU there are left out.
"""

import functools

import numpy as np

from srcnn_tf.engines.runners import runner
from srcnn_tf.networks.network import initial_network
from srcnn_tf.throughput import device_peers
from srcnn_tf.throughput.bench_device_input import input_cases, whole_case
from srcnn_tf.throughput.bench_device_steps import step_cases
from srcnn_tf.throughput.targets import Ratio
from srcnn_tf.throughput.timing import Case, Contender
from srcnn_tf.training.environment import automatic_precision

_OURS = "our runner"


def device_cases(quick: bool = False) -> list[Case]:
    """All of them; `quick` takes tiny sizes."""
    return [
        *step_cases(quick),
        *input_cases(quick),
        *plane_cases(quick),
        whole_case(quick),
    ]


def plane_cases(quick: bool = False) -> list[Case]:
    """1080p and 4K: the 9-5-5 on the enlarged plane, slim-10x16 from half of it."""
    sizes = ((60, 40),) if quick else ((1920, 1080), (3840, 2160))
    return [
        _plane_case(name, width, height)
        for width, height in sizes
        for name in ("srcnn-9-5-5", "slim-4x8" if quick else "slim-10x16")
    ]


def _plane_case(name, width, height) -> Case:
    network = initial_network(name, 2, "he", 1)
    precision, missing = automatic_precision(), device_peers.missing()
    factor = network.architecture.upscale
    halo = network.architecture.halo

    def contenders():
        random = np.random.default_rng(0)
        plane = random.random((height // factor, width // factor), np.float32)
        runs = {_OURS: runner(network, "tensorflow")}
        if precision != "float32":
            runs[f"{_OURS}, {precision}"] = runner(network, "tensorflow", precision)
        for label, make in device_peers.PLANES.items():
            if label not in missing:
                runs[label] = make(network, "float32")
        inside = slice(halo * factor, -halo * factor)
        return [
            Contender(
                label,
                functools.partial(run, plane),
                lambda run=run: run(plane)[inside, inside],
                kind="ours" if label.startswith(_OURS) else "peer",
            )
            for label, run in runs.items()
        ]

    return Case(
        "device",
        f"{name} on a picture's luminance of {width} x {height}, float32",
        1,
        "pictures",
        contenders,
        [Ratio(_OURS, label, 1) for label in device_peers.PLANES],
        missing,
        headline=height == 1080,
        operations=2 * network.architecture.multiply_adds * width * height,
    )

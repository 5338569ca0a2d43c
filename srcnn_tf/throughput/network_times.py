"""How long networks of the package take to enlarge a plane, measured side by side."""

from collections.abc import Sequence

import numpy as np

from srcnn_tf.engines.runners import runner
from srcnn_tf.imaging.resize import imresize
from srcnn_tf.networks.architecture import BICUBIC_GRID
from srcnn_tf.networks.pretrained_list import PretrainedNetwork
from srcnn_tf.networks.weight_files import read_network
from srcnn_tf.throughput.timing import Case, Contender, measure

# Of the enlarged plane.
WIDTH, HEIGHT = 1920, 1080


def milliseconds(
    networks: Sequence[PretrainedNetwork], rounds: int = 7, size: tuple[int, int] = (WIDTH, HEIGHT)
) -> dict[str, float]:
    """Times networks of one scale on the engine that `runner` chooses, with all its threads.

    Each goes from the same small plane to the enlarged one, so that bicubic is part of the work of
    those that start from it.

    Args:
      networks: of one scale.
      rounds: how often each is timed, in turns; the median counts.
      size: width and height of the enlarged plane.

    Returns:
      The median by name.

    Raises:
      RuntimeError: a network fails; the message says how.
      ValueError: the networks are of several scales, or there are none.
    """
    scales = {each.scale for each in networks}
    if len(scales) != 1:
        raise ValueError(f"Networks of one scale can be timed together, not of {sorted(scales)}.")
    (scale,) = scales
    width, height = (side // scale for side in size)
    small = np.random.default_rng(0).random((height, width), np.float32)
    contenders = [Contender(each.name, _work(each, small)) for each in networks]
    case = Case("pictures", f"x{scale}", 1, "planes", lambda: contenders)
    measured = measure(case, rounds)
    for name, reason in measured.missing.items():
        raise RuntimeError(f"{name} could not be timed: {reason}")
    return {timing.label: 1000 * timing.median for timing in measured.timings}


def _work(listed: PretrainedNetwork, small: np.ndarray):
    network = read_network(listed.path)
    run = runner(network)
    if network.architecture.grid == BICUBIC_GRID:
        return lambda: run(imresize(small, listed.scale))
    return lambda: run(small)

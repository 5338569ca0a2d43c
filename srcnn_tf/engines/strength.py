"""`with_strength`: a network's result between what it started from and all that it does."""

import numpy as np

from srcnn_tf.engines.runners import Runner
from srcnn_tf.imaging.resize import imresize
from srcnn_tf.networks.architecture import LOW_GRID

# Bicubic's kernel reaches two pixels to each side; one more for the rounding of its coordinates.
_BICUBIC_MARGIN = 3


def with_strength(runner: Runner, strength: float) -> Runner:
    """Returns a runner that takes this share of the way from bicubic's plane to the network's.

    On the low grid the plane that it sees is enlarged by bicubic; at scale 1 it is the picture as
    it is.

    Args:
      runner: any.
      strength: 0, the network does nothing, to 1, all.

    Raises:
      ValueError: another strength.
    """
    if not 0 <= strength <= 1:
        raise ValueError(f"The strength is from 0 to 1, not {strength:g}.")
    if strength == 1:
        return runner
    upscale = runner.architecture.upscale
    enlarges = runner.grid == LOW_GRID and upscale > 1

    def enhance(plane: np.ndarray) -> np.ndarray:
        untouched = imresize(plane, upscale) if enlarges else plane
        return (untouched + np.float32(strength) * (runner(plane) - untouched)).astype(np.float32)

    halo = max(runner.halo, _BICUBIC_MARGIN if enlarges else 0)
    return Runner(runner.architecture, runner.engine, enhance, halo)

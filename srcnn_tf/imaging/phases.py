"""Bicubic enlargement by an integer, as weights that repeat from pixel to pixel."""

import functools

import numpy as np

# How many pixels to each side a new pixel depends on.
REACH = 2


@functools.cache
def bicubic_phases(scale: int) -> np.ndarray:
    """Returns the weights by which MATLAB's imresize enlarges.

    The new pixels that one old pixel becomes lie at (p + 0.5) / scale - 0.5 from it, p counting
    them; each is a sum over old neighbors, weighed by Keys' kernel with a = -0.5.

    Args:
      scale: an integer, at least 1.

    Returns:
      float32 (scale, 5), read-only: for each new pixel p the weights of the old pixels -2 to 2.
    """
    offsets = (np.arange(scale) + 0.5) / scale - 0.5
    distances = np.abs(offsets[:, None] - np.arange(-REACH, REACH + 1))
    near = (1.5 * distances - 2.5) * distances**2 + 1
    far = ((-0.5 * distances + 2.5) * distances - 4) * distances + 2
    weights = np.where(distances <= 1, near, np.where(distances < 2, far, 0))
    weights = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    weights.flags.writeable = False
    return weights

"""`Lanczos`: what people enlarge photographs by, as a baseline beside bicubic."""

import numpy as np
from PIL import Image

from srcnn_tf.networks.architecture import LOW_GRID


class Lanczos:
    """Enlarges as Pillow's LANCZOS does, in float: a runner like those of networks.

    Attributes:
      grid: it takes the small plane.
    """

    TITLE = "Lanczos"
    grid = LOW_GRID

    def __init__(self, scale: int):
        """Takes how many times longer each side becomes."""
        self._scale = scale

    def __call__(self, plane: np.ndarray) -> np.ndarray:
        """Returns float32 (s H, s W) of float32 (H, W), 1.0 = 255."""
        rows, columns = plane.shape
        size = columns * self._scale, rows * self._scale
        small = Image.fromarray(np.ascontiguousarray(plane, np.float32))
        return np.asarray(small.resize(size, Image.Resampling.LANCZOS))

"""`network_input`: which plane of a picture a network is given."""

from collections.abc import Callable
from typing import Any

import numpy as np

from srcnn_tf.networks.architecture import BICUBIC_GRID, LOW_GRID

_PLANES = {BICUBIC_GRID: "bicubic_y", LOW_GRID: "lr_y"}


def network_input(runner: Callable[[np.ndarray], np.ndarray], picture: Any) -> np.ndarray:
    """Returns the plane that a network starts from.

    A network on the `bicubic` grid sees the picture already enlarged and keeps its size; one on the
    `low` grid sees the small picture and enlarges it.

    Args:
      runner: what runs the network; its attribute `grid` says which it is, `bicubic` without one.
      picture: with planes `bicubic_y` (H, W) and `lr_y` (H/s, W/s), float32, 1.0 = 255, such as
        `EvaluationPicture` or `SrPair`; a last axis of one channel is dropped.

    Returns:
      float32 (H, W) or (H/s, W/s): a view.

    Raises:
      ValueError: no such grid, or the picture lacks the plane.
    """
    grid = getattr(runner, "grid", BICUBIC_GRID)
    if grid not in _PLANES:
        raise ValueError(f"A network's grid is {' or '.join(_PLANES)}, not {grid!r}.")
    plane = getattr(picture, _PLANES[grid], None)
    if plane is None:
        raise ValueError(
            f"This network works on the {grid} grid, and the picture has no {_PLANES[grid]}; make "
            "it by `degrade`, or read it by `read_pictures`."
        )
    return plane[..., 0] if plane.ndim == 3 else plane

"""`network_input` and `restored`: what a network is given of a picture, and what comes back."""

from collections.abc import Callable
from typing import Any

import numpy as np

from srcnn_tf.data.network_planes import STORED_PLANES, input_planes
from srcnn_tf.imaging.color_modes import LUMINANCE
from srcnn_tf.imaging.luma import is_gray
from srcnn_tf.networks.architecture import BICUBIC_GRID


def network_input(runner: Callable[[np.ndarray], np.ndarray], picture: Any) -> np.ndarray:
    """Returns the plane that a network starts from.

    A network on the `bicubic` grid sees the picture already enlarged and keeps its size; one on the
    `low` grid sees the small picture and enlarges it. A network in color sees three planes.

    Args:
      runner: what runs the network; its attribute `grid` says which it is, `bicubic` without one,
        and `color_mode` which planes, luminance without one.
      picture: with planes `bicubic_y` (H, W) and `lr_y` (H/s, W/s), float32, 1.0 = 255, such as
        `EvaluationPicture` or `SrPair`; a last axis of one channel is dropped. For a network in
        color with the original's colors, `hr`.

    Returns:
      float32 (H, W) or (H/s, W/s), with a third axis of 3 in color; it may be a view.

    Raises:
      ValueError: no such grid, or the picture lacks the plane, or colors that the network needs.
    """
    grid = getattr(runner, "grid", BICUBIC_GRID)
    if grid not in STORED_PLANES:
        raise ValueError(f"A network's grid is {' or '.join(STORED_PLANES)}, not {grid!r}.")
    planes = input_planes(picture, getattr(runner, "color_mode", LUMINANCE), grid)
    if planes is None:
        raise ValueError(
            f"This network works on the {grid} grid, and the picture has no {STORED_PLANES[grid]}; "
            "make it by `degrade`, or read it by `read_pictures`."
        )
    return planes


def restored(
    runner: Callable[[np.ndarray], np.ndarray],
    picture: Any,
    run: Callable[[np.ndarray], np.ndarray] | None = None,
) -> np.ndarray:
    """Returns what a network makes of a picture, as `scoring.score` and `LumaToRgb` take it.

    Args:
      runner: see `network_input`.
      picture: likewise.
      run: what to call instead of the runner.

    Returns:
      float32, 1.0 = 255, not clipped: Y (H, W), which is all that a network on luminance restores,
      and all that there is of a gray picture; of others RGB (H, W, 3), whatever the network's
      planes are.

    Raises:
      ValueError: as `network_input` does.
    """
    result = (run or runner)(network_input(runner, picture))
    mode = getattr(runner, "color_mode", LUMINANCE)
    if mode.channels == 1:
        return result
    hr_y = picture.hr_y[..., 0] if picture.hr_y.ndim == 3 else picture.hr_y
    gray = is_gray(picture.hr, hr_y)
    made = mode.picture_of(result, gray)
    return made[..., 0] if gray else made

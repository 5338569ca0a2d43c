"""What a network sees of a picture, and what it should give: the planes of its color and grid."""

from typing import Any

import numpy as np

from srcnn_tf.imaging.color_modes import ColorMode
from srcnn_tf.imaging.degradation import degrade_y
from srcnn_tf.imaging.resize import imresize
from srcnn_tf.networks.architecture import BICUBIC_GRID, LOW_GRID

# Of luminance, which records hold.
STORED_PLANES = {BICUBIC_GRID: "bicubic_y", LOW_GRID: "lr_y"}


def original_planes(picture: Any, color: ColorMode) -> np.ndarray:
    """Returns what a network should give for a picture.

    Args:
      picture: `EvaluationPicture` or `SrPair`.
      color: of the network.

    Returns:
      uint8 (H, W), or (H, W, 3) in color; not to be written to.

    Raises:
      ValueError: the network is in color, and the picture's colors were not read.
    """
    if color.channels == 1:
        return _plane(picture.hr_y)
    return color.planes_of(_colors(picture))


def input_planes(picture: Any, color: ColorMode, grid: str) -> np.ndarray | None:
    """Returns what a network starts from for a picture.

    Luminance is stored. Other planes are made of the original's as luminance was: shrunk and
    enlarged by MATLAB's bicubic without rounding; or of the small picture's, if that was given or
    has 8 bits (`EvaluationPicture.small`).

    Args:
      picture: `EvaluationPicture` or `SrPair`, with `lr_y` if the network is in color.
      color: of the network.
      grid: of the network.

    Returns:
      float32, 1.0 = 255: (H, W), or on the low grid (H/s, W/s), with a third axis of 3 in color;
      not to be written to. None if luminance was not stored for this grid.

    Raises:
      ValueError: the network is in color, and the picture's colors were not read, or are not known
        of its small picture.
    """
    if color.channels == 1:
        plane = getattr(picture, STORED_PLANES[grid], None)
        return None if plane is None else _plane(plane)
    if getattr(picture, "luminance_alone", False):
        raise ValueError(
            f"Of the small picture of {picture.filename} there is luminance alone; choose networks "
            "on luminance, or another protocol."
        )
    scale = picture.hr_y.shape[0] // picture.lr_y.shape[0]
    small = getattr(picture, "small", None)
    if small is None:
        low, enlarged = degrade_y(original_planes(picture, color), scale)
        return low if grid == LOW_GRID else enlarged
    planes = color.planes_of(np.atleast_3d(small) / 255.0)
    return (planes if grid == LOW_GRID else imresize(planes, scale)).astype(np.float32)


def _plane(array):
    return array[..., 0] if array.ndim == 3 else array


def _colors(picture):
    if picture.hr is None:
        raise ValueError(
            f"{picture.filename} has no colors, which networks in color need; read it with "
            "`color=True`."
        )
    return np.atleast_3d(picture.hr)

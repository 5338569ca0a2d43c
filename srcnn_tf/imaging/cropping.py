"""Cropping pictures to what a scale needs: `modcrop` and `shave`."""

import numpy as np


def modcrop(image: np.ndarray, scale: int) -> np.ndarray:
    """Crops an (H, W, ...) image from the bottom and right to multiples of `scale`; returns a view.

    Raises:
      ValueError: a side is shorter than `scale`, so that nothing would be left, or `scale` is not
        positive.
    """
    if scale < 1:
        raise ValueError(f"The scale must be a positive integer, not {scale}.")
    rows, columns = (side - side % scale for side in image.shape[:2])
    if rows == 0 or columns == 0:
        raise ValueError(
            f"{image.shape[1]} x {image.shape[0]} pixels are too few for scale {scale}."
        )
    return image[:rows, :columns]


def shave(image: np.ndarray, border: int) -> np.ndarray:
    """Cuts `border` pixels off each of the four sides of an (H, W, ...) image; returns a view.

    Raises:
      ValueError: nothing would be left, or `border` is negative.
    """
    rows, columns = image.shape[:2]
    if border < 0 or min(rows, columns) <= 2 * border:
        raise ValueError(f"Cannot shave {border} pixels off {columns} x {rows} pixels.")
    return image[border : rows - border, border : columns - border]

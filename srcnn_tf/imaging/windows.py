"""Choosing a window of a plane: where the most happens (NumPy only)."""

from typing import NamedTuple

import numpy as np


class Window(NamedTuple):
    """A rectangle of pixels; `x` and `y` are its left and top, from 0."""

    x: int
    y: int
    width: int
    height: int

    def cut(self, image: np.ndarray) -> np.ndarray:
        """Returns a view of the rectangle of an (H, W, ...) image."""
        return image[self.y : self.y + self.height, self.x : self.x + self.width]


def window_with_max_sum(plane: np.ndarray, width: int, height: int, border: int = 0) -> Window:
    """Finds the window in which a plane adds up to the most; the first of several.

    Args:
      plane: real (H, W).
      width: of the window, at most W; a wider one is cut down to fit.
      height: likewise, at most H.
      border: pixels at each edge that the window should not touch, as far as there is room.

    Returns:
      The window, inside the plane.
    """
    rows, columns = plane.shape
    width, height = min(width, columns), min(height, rows)
    left, top = min(border, (columns - width) // 2), min(border, (rows - height) // 2)
    inner = plane[top : rows - top, left : columns - left].astype(np.float64)
    total = np.pad(inner, ((1, 0), (1, 0))).cumsum(0).cumsum(1)
    sums = (
        total[height:, width:]
        - total[:-height, width:]
        - total[height:, :-width]
        + total[:-height, :-width]
    )
    y, x = np.unravel_index(np.argmax(sums), sums.shape)
    return Window(int(x) + left, int(y) + top, width, height)

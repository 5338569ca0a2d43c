"""What is inside a network: its first layer's filters, and the maps that its layers give."""

import math
import os
from collections.abc import Mapping

import numpy as np

from srcnn_tf.plotting import style


def draw_filters(kernel: np.ndarray, path: str | os.PathLike, title: str = "") -> None:
    """Writes a PNG of all filters, those of the largest variance first, each on its own gray scale.

    The middle gray is zero, and the strongest weight of a filter is black or white. Filters of R, G
    and B are colored by their weights.

    Args:
      kernel: (rows, columns, 1, filters), or (rows, columns, 3, filters) on R, G and B: of the
        first layer.
      path: of the PNG.
      title: what stands above.

    Raises:
      style.MissingPackageError: matplotlib is not installed.
    """
    order = np.argsort(-kernel.var(axis=(0, 1, 2)))
    count = kernel.shape[-1]
    columns = math.ceil(math.sqrt(count))
    rows = math.ceil(count / columns)
    with style.drawing(path, 0.75 * columns, 0.75 * rows + 0.4) as figure:
        figure.suptitle(title, x=0.01, ha="left", fontsize=10)
        grid = figure.subplots(rows, columns, squeeze=False)
        for axes in grid.flat:
            axes.set_axis_off()
        for axes, place in zip(grid.flat, order, strict=False):
            weights = kernel[..., place]
            peak = float(np.abs(weights).max()) or 1.0
            # One plane takes the scale; three are colors, which know none.
            shown = weights[..., 0] if weights.shape[2] == 1 else 0.5 + weights / (2 * peak)
            axes.imshow(shown, cmap="gray", vmin=-peak, vmax=peak, interpolation="nearest")


def draw_maps(maps: Mapping[str, np.ndarray], path: str | os.PathLike, title: str = "") -> None:
    """Writes a PNG of some feature maps of each layer, a row for each, on gray scales.

    Args:
      maps: float (H, W, filters) by what a layer is called; those of `distinct_maps` are drawn.
      path: of the PNG.
      title: what stands above.

    Raises:
      style.MissingPackageError: matplotlib is not installed.
    """
    height, width = next(iter(maps.values())).shape[:2]
    tall = 1.5 * min(height / width, 1.5) + 0.3
    with style.drawing(path, 1.5 * _MAPS, tall * len(maps) + 0.4) as figure:
        figure.suptitle(title, x=0.01, ha="left", fontsize=10)
        grid = figure.subplots(len(maps), _MAPS, squeeze=False)
        for axes in grid.flat:
            axes.set_axis_off()
        for row, (name, values) in zip(grid, maps.items(), strict=True):
            row[0].set_title(name, fontsize=8)
            for axes, place in zip(row, distinct_maps(values, _MAPS), strict=False):
                axes.imshow(values[..., place], cmap="gray")


def distinct_maps(values: np.ndarray, count: int) -> list[int]:
    """Returns which maps show the most: first the strongest, then what those before lack most.

    The strongest of a layer of SRCNN all are the picture, blurred. So each next one is that of the
    largest variance once all that is a multiple of those before is taken away.

    Args:
      values: float (H, W, filters).
      count: how many at most; maps that show nothing new are left out.
    """
    rest = values.reshape(-1, values.shape[-1]).astype(np.float64)
    rest = rest - rest.mean(axis=0)
    least = 1e-6 * np.square(rest).sum(axis=0).max()
    found: list[int] = []
    while len(found) < count:
        strength = np.square(rest).sum(axis=0)
        place = int(np.argmax(strength))
        if strength[place] <= least:
            break
        found.append(place)
        direction = rest[:, place] / np.sqrt(strength[place])
        rest -= np.outer(direction, direction @ rest)
    return found


_MAPS = 6  # Of each layer.

"""Drawing comparison figures: pictures beside each other, and the libraries' resize kernels."""

import math
import os
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from srcnn_tf.imaging.windows import Window
from srcnn_tf.plotting import style

# One row holds up to four pictures; more are spread evenly over rows.
_COLUMNS = 4
_CELL = 2.9  # Inches.
_TALLEST = 1.5  # As a multiple of the width.


class Panel(NamedTuple):
    """One picture of a comparison, and what is written below it."""

    title: str
    pixels: np.ndarray  # uint8 (H, W, 3), or (H, W) if gray
    caption: str
    error: np.ndarray | None  # float32 (H, W): of Y, in levels of 8 bits


def draw_comparison(
    panels: Sequence[Panel],
    window: Window,
    path: str | os.PathLike,
    title: str = "",
    errors: bool = False,
) -> None:
    """Writes a PNG: each picture, below it the window enlarged, and its caption.

    Args:
      panels: pictures of one size, at least one.
      window: what is shown enlarged.
      path: of the PNG.
      title: what stands above.
      errors: whether maps of the error of Y follow, all on one color scale.

    Raises:
      style.MissingPackageError: matplotlib is not installed.
    """
    rows = math.ceil(len(panels) / _COLUMNS)
    columns = math.ceil(len(panels) / rows)
    height, width = panels[0].pixels.shape[:2]
    # Long and narrow ones are drawn narrower than their column instead of ever taller.
    whole_height = _CELL * min(height / width, _TALLEST)
    zoom_height = _CELL * min(window.height / window.width, _TALLEST)
    heights = [whole_height, zoom_height, whole_height][: 3 if errors else 2]
    kinds = len(heights)
    scale = _error_scale(panels)
    with style.drawing(path, columns * _CELL, rows * (sum(heights) + 0.65) + 0.4) as figure:
        figure.suptitle(title, x=0.01, ha="left", fontsize=11)
        figure.set_layout_engine("compressed", w_pad=0.03, h_pad=0.03, wspace=0, hspace=0)
        grid = figure.subplots(kinds * rows, columns, squeeze=False, height_ratios=heights * rows)
        for axes in grid.flat:
            axes.set_axis_off()
        maps = []
        for index, panel in enumerate(panels):
            row, column = divmod(index, columns)
            whole, zoom, *rest = grid[kinds * row : kinds * (row + 1), column]
            _show(whole, panel.pixels)
            whole.set_title(("\n" if row else "") + panel.title, fontsize=9)
            _mark(whole, window)
            _show(zoom, window.cut(panel.pixels), interpolation="nearest")
            zoom.set_xlabel(panel.caption, loc="left")
            if errors and panel.error is not None:
                _show(rest[0], panel.error, cmap="magma", vmin=0, vmax=scale)
                maps.append(rest[0])
        if maps:
            figure.colorbar(
                maps[0].images[0],
                ax=maps,
                location="bottom",
                shrink=0.5,
                aspect=50,
                pad=0.02,
                label=f"error of Y, levels of 8 bits (the brightest: {scale:.0f} and more)",
            )


def draw_kernels(
    title: str,
    weights: dict[str, tuple[np.ndarray, np.ndarray]],
    captions: dict[str, str],
    crops: dict[str, np.ndarray],
    path: str | os.PathLike,
) -> None:
    """Writes a PNG that compares what libraries call bicubic.

    Args:
      title: what stands above.
      weights: each library's kernel: distances in old pixels, and weights.
      captions: the scores of the picture, shrunk and enlarged by each, in words.
      crops: a window of that, uint8 (H, W, 3) or (H, W).
      path: of the PNG.

    Raises:
      style.MissingPackageError: matplotlib is not installed.
    """
    columns = len(weights)
    low = min(values.min() for _, values in weights.values())
    high = max(values.max() for _, values in weights.values())
    reach = max(np.abs(distances[values != 0]).max() for distances, values in weights.values())
    height, width = next(iter(crops.values())).shape[:2]
    crop_height = 2.5 * min(height / width, _TALLEST)
    with style.drawing(path, columns * 2.6, 3.1 + crop_height) as figure:
        figure.suptitle(title, x=0.01, ha="left", fontsize=11)
        grid = figure.subplots(2, columns, squeeze=False, height_ratios=[2.2, crop_height])
        for column, (name, (distances, values)) in enumerate(weights.items()):
            axes, picture = grid[:, column]
            touched = np.abs(values) > 1e-6
            axes.axhline(0, color=style.BICUBIC, linewidth=0.8)
            axes.vlines(distances, 0, values, color=style.NETWORK, linewidth=1.2)
            axes.plot(distances[touched], values[touched], "o", color=style.NETWORK, markersize=4)
            axes.set(xlim=(-reach - 1, reach + 1), ylim=(low - 0.05, 1.08 * high))
            axes.set_title(f"{name}\n{captions[name]}", fontsize=9)
            axes.set_xlabel(f"old pixels that count: {touched.sum()}")
            if column:
                axes.tick_params(labelleft=False)
            else:
                axes.set_ylabel("weight in one new pixel")
            _show(picture, crops[name], interpolation="nearest")


def _show(axes, pixels, **options):
    gray = {"cmap": "gray", "vmin": 0, "vmax": 255} if pixels.ndim == 2 else {}
    axes.set_axis_on()
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    axes.imshow(pixels, **{**gray, **options})
    height, width = pixels.shape[:2]
    # All axes of a column must be equally wide, or the layout cannot place them closely.
    axes.set_xlim(-0.5, max(width, height / _TALLEST) - 0.5)


def _mark(axes, window: Window):
    from matplotlib.patches import Rectangle

    corner = (window.x - 0.5, window.y - 0.5)
    axes.add_patch(
        Rectangle(corner, window.width, window.height, fill=False, color=style.MARK, linewidth=1.5)
    )


def _error_scale(panels) -> float:
    """The error that 99.5 % of all pixels stay below: one bright dot should not darken the rest."""
    errors = [panel.error.ravel() for panel in panels if panel.error is not None]
    return float(max(1, np.percentile(np.concatenate(errors), 99.5))) if errors else 1.0

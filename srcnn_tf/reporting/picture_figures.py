"""A picture in memory to a figure on disk: what bin/figure does, for use from Python too."""

import os
from collections.abc import Iterable

import numpy as np

from srcnn_tf.evaluation.benchmarking import contender_runners
from srcnn_tf.imaging.windows import Window
from srcnn_tf.networks.weight_arguments import Contender
from srcnn_tf.plotting import comparison_figures
from srcnn_tf.reporting.comparison import View, compare
from srcnn_tf.reporting.library_bicubic import MATLAB, OPENCV, PILLOW, libraries, shrinking_weights


def draw_picture_figure(
    image: np.ndarray,
    scale: int,
    path: str | os.PathLike,
    title: str,
    contenders: Iterable[Contender],
    window: Window | None = None,
    errors: bool = False,
) -> None:
    """Writes a PNG: original, bicubic by MATLAB, Pillow and (if installed) OpenCV, and networks.

    Args:
      image: uint8 (H, W) or (H, W, 3).
      scale: the enlargement.
      path: of the PNG.
      title: what stands above.
      contenders: networks with weights for this scale, from `weight_arguments.read_contenders`.
      window: what is shown enlarged; None chooses it, see `comparison.compare`.
      errors: whether error maps follow.

    Raises:
      ValueError: the picture is too small, or the window is not inside it.
      style.MissingPackageError: matplotlib is not installed.
    """
    installed = libraries(tensorflow=False)
    bicubics = {name: installed[name] for name in (MATLAB, PILLOW, OPENCV) if name in installed}
    runners = contender_runners(contenders, scale)
    comparison = compare(image, scale, bicubics, runners, window)
    panels = [
        comparison_figures.Panel(view.title, view.pixels, _caption(view), view.error)
        for view in comparison.views
    ]
    comparison_figures.draw_comparison(panels, comparison.window, path, title, errors)


def draw_kernel_figure(
    image: np.ndarray,
    scale: int,
    path: str | os.PathLike,
    title: str,
    window: Window | None = None,
) -> None:
    """Writes a PNG: by which kernel each library shrinks, and what that does to a picture.

    Args and errors are those of `draw_picture_figure`; the window by default is where MATLAB's
    bicubic is worst.
    """
    resizes = libraries()
    comparison = compare(image, scale, resizes, {}, window)
    views = dict(zip(resizes, comparison.views[1:], strict=True))
    comparison_figures.draw_kernels(
        f"{title}: shrunk and enlarged by what each library calls bicubic",
        {name: shrinking_weights(resize, scale) for name, resize in resizes.items()},
        {name: _caption(view) for name, view in views.items()},
        {name: comparison.window.cut(view.pixels) for name, view in views.items()},
        path,
    )


def _caption(view: View) -> str:
    return view.quality.in_words() if view.quality else ""

"""One picture by several methods: their planes and scores, and the window worth looking at."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from srcnn_tf.engines.runners import PlaneFunction
from srcnn_tf.evaluation.inputs import restored
from srcnn_tf.evaluation.metrics.catalog import DEFAULT_METRICS
from srcnn_tf.evaluation.quality import Quality
from srcnn_tf.evaluation.scoring import score
from srcnn_tf.imaging.degradation import degrade
from srcnn_tf.imaging.luma import LumaToRgb, luminance_of
from srcnn_tf.imaging.windows import Window, window_with_max_sum
from srcnn_tf.reporting.library_bicubic import MATLAB, Resize, baselines

# The window's share of each side, and its least side in pixels.
_SHARE = 0.22
_LEAST_SIDE = 24


class View(NamedTuple):
    """What one method makes of the picture; the original has no quality and no error."""

    title: str
    pixels: np.ndarray  # uint8 (H, W, 3), or (H, W) if gray
    quality: Quality | None
    error: np.ndarray | None  # float32 (H, W): of Y, in levels of 8 bits


class Comparison(NamedTuple):
    """The original first, then bicubics, then networks."""

    views: list[View]
    window: Window


def compare(
    image: np.ndarray,
    scale: int,
    bicubics: Mapping[str, Resize],
    runners: Mapping[str, PlaneFunction],
    window: Window | None = None,
    metrics: Sequence[str] = DEFAULT_METRICS,
) -> Comparison:
    """Shrinks a picture, enlarges it by every method, and scores each under the paper's protocol.

    Args:
      image: uint8 (H, W) or (H, W, 3); cut to multiples of the scale.
      scale: the enlargement.
      bicubics: of `library_bicubic.libraries`; each shrinks and enlarges by itself.
      runners: networks by title; each starts from the plane of its grid.
      window: where to look; None chooses where the last network gains most over MATLAB's bicubic,
        or, without a network, where that is worst.
      metrics: what each is scored by, names in `metrics.catalog`.

    Raises:
      ValueError: the picture is smaller than the scale needs, or the window is not inside it.
    """
    pair = degrade(image, scale)
    hr_y, input_y = pair.hr_y[..., 0], pair.bicubic_y[..., 0]
    if min(hr_y.shape) <= 2 * scale:
        raise ValueError(
            f"{hr_y.shape[1]} x {hr_y.shape[0]} pixels are too few to compare at scale {scale}."
        )
    others = {name: resize for name, resize in bicubics.items() if name != MATLAB}
    planes = {f"bicubic, {MATLAB}": input_y} if MATLAB in bicubics else {}
    for name, plane in baselines(hr_y, scale, others).items():
        planes[f"bicubic, {name}"] = plane
    for title, run in runners.items():
        planes[title] = restored(run, pair)
    reference = hr_y / np.float32(255)
    if window is None:
        gain = (input_y - reference) ** 2
        if runners:
            gain = gain - (luminance_of(planes[list(runners)[-1]]) - reference) ** 2
        window = _window_of(gain, scale)
    elif window.cut(hr_y).shape != (window.height, window.width) or min(window) < 0:
        raise ValueError(
            f"The window {window.x},{window.y},{window.width},{window.height} is not inside the "
            f"picture of {hr_y.shape[1]} x {hr_y.shape[0]} pixels."
        )
    original = pair.hr if image.ndim == 3 else hr_y
    color = LumaToRgb(original, hr_y, scale)
    views = [View("original", color.original, None, None)]
    for title, plane in planes.items():
        error = np.abs(luminance_of(plane) - reference) * 255
        quality = score(plane, hr_y, scale, metrics, original)
        views.append(View(title, color(plane), quality, error))
    return Comparison(views, window)


def _window_of(gain, scale):
    """A window of the picture's shape; edges are left out, since they are not scored."""
    height, width = (max(_LEAST_SIDE, round(side * _SHARE)) for side in gain.shape)
    return window_with_max_sum(gain, width, height, border=scale)

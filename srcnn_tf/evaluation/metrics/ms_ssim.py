"""`ms_ssim`: structural similarity over five scales."""

import math

import numpy as np

from srcnn_tf.evaluation.metrics.metric import Metric
from srcnn_tf.evaluation.metrics.operands import checked_operands
from srcnn_tf.evaluation.metrics.ssim import similarity_maps

_WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
# The coarsest scale is smaller by 16, and SSIM's window has 11 pixels.
_SMALLEST = 11 * 2 ** (len(_WEIGHTS) - 1)


def ms_ssim(reference: np.ndarray, image: np.ndarray, peak: float | None = None) -> float:
    """Multi-scale structural similarity.

    Z. Wang, E. P. Simoncelli and A. C. Bovik, "Multiscale structural similarity for image quality
    assessment", 2003: contrast and structure at five scales, each half of the one before (means of
    2 x 2 pixels, an odd last row or column left out), luminance at the last, to the paper's powers.
    Windows are those of `ssim`; a negative mean of a scale counts as 0.

    Args:
      reference: (H, W) array of real dtype, both sides at least 176; computed in float64.
      image: array of the same shape, in the same range.
      peak: the largest possible value, as for `psnr`.

    Raises:
      ValueError: as `ssim`, or the planes are too small.
    """
    reference, image, peak = checked_operands(reference, image, peak)
    if reference.ndim != 2 or min(reference.shape) < _SMALLEST:
        raise ValueError(
            f"MS-SSIM takes planes of at least {_SMALLEST} x {_SMALLEST}, not {reference.shape}."
        )
    result = 1.0
    for number, weight in enumerate(_WEIGHTS, start=1):
        luminance, contrast = similarity_maps(reference, image, peak)
        last = number == len(_WEIGHTS)
        mean = float((luminance * contrast if last else contrast).mean())
        result *= max(mean, 0.0) ** weight
        reference, image = _halved(reference), _halved(image)
    return result


def _halved(plane):
    rows, columns = (side // 2 for side in plane.shape)
    return plane[: 2 * rows, : 2 * columns].reshape(rows, 2, columns, 2).mean(axis=(1, 3))


METRIC = Metric(
    name="ms_ssim",
    title="MS-SSIM",
    compute=lambda picture: (
        ms_ssim(picture.hr_y, picture.y) if min(picture.y.shape) >= _SMALLEST else math.nan
    ),
    decimals=4,
    description="MS-SSIM of Y",
)

"""`ssim`: structural similarity."""

import math

import numpy as np

from srcnn_tf.evaluation.metrics.metric import Metric
from srcnn_tf.evaluation.metrics.operands import checked_operands

_WINDOW = 11
_SIGMA = 1.5


def ssim(reference: np.ndarray, image: np.ndarray, peak: float | None = None) -> float:
    """Structural similarity, averaged over all windows that lie wholly inside the picture.

    Z. Wang et al., "Image quality assessment: from error visibility to structural similarity",
    2004; as in the authors' `ssim_index.m`, without its optional shrinking of large pictures:
    11 x 11 Gaussian window of sigma 1.5, K = (0.01, 0.03), population variances.

    Args:
      reference: (H, W) array of real dtype, both sides at least 11; computed in float64.
      image: array of the same shape, in the same range: integers beside floats are refused.
      peak: the largest possible value, as for `psnr`.

    Raises:
      ValueError: the shapes differ, are not two-dimensional, or are smaller than the window, or
        the ranges differ as far as dtypes tell.
    """
    reference, image, peak = checked_operands(reference, image, peak)
    if reference.ndim != 2 or not fits_window(reference):
        raise ValueError(
            f"SSIM takes planes of at least {_WINDOW} x {_WINDOW}, not {reference.shape}."
        )
    luminance, contrast = similarity_maps(reference, image, peak)
    return float((luminance * contrast).mean())


def similarity_maps(
    reference: np.ndarray, image: np.ndarray, peak: float
) -> tuple[np.ndarray, np.ndarray]:
    """Returns SSIM's two factors for every window: luminance, and contrast with structure.

    Args:
      reference: float64 (H, W), both sides at least 11.
      image: likewise.
      peak: the largest possible value.

    Returns:
      Two float64 arrays (H - 10, W - 10).
    """
    c1, c2 = (0.01 * peak) ** 2, (0.03 * peak) ** 2
    mean_r, mean_i = _window_mean(reference), _window_mean(image)
    variance_r = _window_mean(reference**2) - mean_r**2
    variance_i = _window_mean(image**2) - mean_i**2
    covariance = _window_mean(reference * image) - mean_r * mean_i
    luminance = (2 * mean_r * mean_i + c1) / (mean_r**2 + mean_i**2 + c1)
    return luminance, (2 * covariance + c2) / (variance_r + variance_i + c2)


def fits_window(plane: np.ndarray) -> bool:
    """Whether a plane is large enough for SSIM's window."""
    return min(plane.shape[:2]) >= _WINDOW


def _window_mean(plane):
    """Gaussian-weighted mean around every pixel whose window fits ('valid'), one axis at a time."""
    offsets = np.arange(_WINDOW) - _WINDOW // 2
    weights = np.exp(-(offsets**2) / (2 * _SIGMA**2))
    weights /= weights.sum()
    rows = plane.shape[0] - _WINDOW + 1
    plane = sum(weight * plane[k : k + rows] for k, weight in enumerate(weights))
    columns = plane.shape[1] - _WINDOW + 1
    return sum(weight * plane[:, k : k + columns] for k, weight in enumerate(weights))


METRIC = Metric(
    name="ssim",
    title="SSIM",
    compute=lambda picture: (
        ssim(picture.hr_y, picture.y) if fits_window(picture.hr_y) else math.nan
    ),
    decimals=4,
)

"""Full-reference quality of one picture: PSNR and SSIM."""

import math

import numpy as np

_SSIM_WINDOW = 11
_SSIM_SIGMA = 1.5


def psnr(reference: np.ndarray, image: np.ndarray, peak: float = 255.0) -> float:
    """Peak signal-to-noise ratio in dB: 20 log10(peak / rmse), over all pixels and channels.

    Args:
      reference: array of any shape and real dtype; computed in float64.
      image: array of the same shape.
      peak: the largest possible value; 255 for 8 bits, 1.0 for unit-range floats.

    Returns:
      Decibels; `inf` if the two are identical.

    Raises:
      ValueError: the shapes differ or are empty.
    """
    reference, image = _as_float64(reference, image)
    mean_squared_error = np.mean((reference - image) ** 2)
    if mean_squared_error == 0:
        return math.inf
    return float(20 * np.log10(peak / np.sqrt(mean_squared_error)))


def ssim(reference: np.ndarray, image: np.ndarray, peak: float = 255.0) -> float:
    """Structural similarity, averaged over all windows that lie wholly inside the picture.

    Z. Wang et al., "Image quality assessment: from error visibility to structural similarity",
    2004; as in the authors' `ssim_index.m`, without its optional shrinking of large pictures:
    11 x 11 Gaussian window of sigma 1.5, K = (0.01, 0.03), population variances.

    Args:
      reference: (H, W) array of real dtype, both sides at least 11; computed in float64.
      image: array of the same shape.
      peak: the largest possible value.

    Raises:
      ValueError: the shapes differ, are not two-dimensional, or are smaller than the window.
    """
    reference, image = _as_float64(reference, image)
    if reference.ndim != 2 or min(reference.shape) < _SSIM_WINDOW:
        raise ValueError(
            f"SSIM takes planes of at least {_SSIM_WINDOW} x {_SSIM_WINDOW}, not {reference.shape}."
        )
    c1, c2 = (0.01 * peak) ** 2, (0.03 * peak) ** 2
    mean_r, mean_i = _window_mean(reference), _window_mean(image)
    variance_r = _window_mean(reference**2) - mean_r**2
    variance_i = _window_mean(image**2) - mean_i**2
    covariance = _window_mean(reference * image) - mean_r * mean_i
    similarity = ((2 * mean_r * mean_i + c1) * (2 * covariance + c2)) / (
        (mean_r**2 + mean_i**2 + c1) * (variance_r + variance_i + c2)
    )
    return float(similarity.mean())


def _as_float64(reference, image):
    reference, image = np.asarray(reference, np.float64), np.asarray(image, np.float64)
    if reference.shape != image.shape:
        raise ValueError(
            f"Pictures of different shapes cannot be compared: {reference.shape} and {image.shape}."
        )
    if reference.size == 0:
        raise ValueError("Pictures without pixels cannot be compared.")
    return reference, image


def _window_mean(plane):
    """Gaussian-weighted mean around every pixel whose window fits ('valid'), one axis at a time."""
    offsets = np.arange(_SSIM_WINDOW) - _SSIM_WINDOW // 2
    weights = np.exp(-(offsets**2) / (2 * _SSIM_SIGMA**2))
    weights /= weights.sum()
    rows = plane.shape[0] - _SSIM_WINDOW + 1
    plane = sum(weight * plane[k : k + rows] for k, weight in enumerate(weights))
    columns = plane.shape[1] - _SSIM_WINDOW + 1
    return sum(weight * plane[:, k : k + columns] for k, weight in enumerate(weights))

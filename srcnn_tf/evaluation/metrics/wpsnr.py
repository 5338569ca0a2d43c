"""`wpsnr`: PSNR of an error that is weighted by the eye's sensitivity to its frequencies."""

import functools
import math

import numpy as np

from srcnn_tf.evaluation.metrics.metric import Metric
from srcnn_tf.evaluation.metrics.operands import checked_operands

_HIGHEST = 20  # Cycles a degree, at which the sensitivity is sampled in both directions.


def wpsnr(reference: np.ndarray, image: np.ndarray, peak: float | None = None) -> float:
    """Weighted peak signal-to-noise ratio in dB: PSNR after the error is filtered.

    The filter is the contrast sensitivity of M. Miyahara, K. Kotani and V. R. Algazi, "Objective
    picture quality scale (PQS) for image coding", 1998, made by frequency sampling as in Ruizhen
    Liu's MATLAB function WPSNR: 41 x 41, zeros around the picture.

    Args:
      reference: (H, W) array of real dtype; computed in float64.
      image: array of the same shape, in the same range: integers beside floats are refused.
      peak: the largest possible value, as for `psnr`.

    Returns:
      Decibels; `inf` if the two are identical.

    Raises:
      ValueError: as `psnr`, or the pictures are not planes.
    """
    reference, image, peak = checked_operands(reference, image, peak)
    if reference.ndim != 2:
        raise ValueError(f"WPSNR takes planes, not pictures of shape {reference.shape}.")
    error = _filtered(reference - image)
    mean_squared_error = np.mean(error**2)
    if mean_squared_error == 0:
        return math.inf
    return float(20 * np.log10(peak / np.sqrt(mean_squared_error)))


def sensitivity() -> np.ndarray:
    """Returns the eye's sensitivity to -20..20 cycles a degree: float64 (41, 41), 0 in the middle.

    A band-pass of two Gaussians, less sensitive to high frequencies along diagonals.
    """
    frequency = np.arange(-_HIGHEST, _HIGHEST + 1.0)
    rows, columns = np.meshgrid(frequency, frequency, indexing="ij")
    squared = rows**2 + columns**2
    omega = 2 * np.pi * np.sqrt(squared) / 60
    radial = 1.5 * np.exp(-2 * omega**2) - np.exp(-4 * omega**2)
    # cos(2 theta)^4, which the reference takes as 1 in the middle.
    diagonal = ((rows**2 - columns**2) / np.where(squared > 0, squared, 1)) ** 4
    diagonal[_HIGHEST, _HIGHEST] = 1
    high = np.exp(8 * (omega - 2 * np.pi * 11.13 / 60))
    return radial * (1 + high * diagonal) / (1 + high)


@functools.cache
def _filter():
    kernel = np.fft.fftshift(np.fft.ifft2(np.fft.ifftshift(sensitivity())).real)
    kernel.setflags(write=False)
    return kernel


def _filtered(error):
    kernel = _filter()
    sides = [side + kernel.shape[0] - 1 for side in error.shape]
    product = np.fft.rfft2(error, sides) * np.fft.rfft2(kernel, sides)
    rows, columns = error.shape
    middle = slice(_HIGHEST, _HIGHEST + rows), slice(_HIGHEST, _HIGHEST + columns)
    return np.fft.irfft2(product, sides)[middle]


METRIC = Metric(
    name="wpsnr",
    title="WPSNR",
    compute=lambda picture: wpsnr(picture.hr_y, picture.y),
    unit="dB",
    description="WPSNR of Y in dB",
)

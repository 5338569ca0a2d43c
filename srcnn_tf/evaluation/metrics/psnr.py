"""`psnr`: peak signal-to-noise ratio."""

import math

import numpy as np

from srcnn_tf.evaluation.metrics.metric import Metric
from srcnn_tf.evaluation.metrics.operands import checked_operands


def psnr(reference: np.ndarray, image: np.ndarray, peak: float | None = None) -> float:
    """Peak signal-to-noise ratio in dB: 20 log10(peak / rmse), over all pixels and channels.

    Args:
      reference: array of any shape and real dtype; computed in float64.
      image: array of the same shape, in the same range: integers beside floats are refused.
      peak: the largest possible value: 1.0 for unit-range floats. By default 65535 for uint16, and
        255 for everything else, floats too.

    Returns:
      Decibels; `inf` if the two are identical.

    Raises:
      ValueError: the shapes differ or are empty, or the ranges differ as far as dtypes tell.
    """
    reference, image, peak = checked_operands(reference, image, peak)
    mean_squared_error = np.mean((reference - image) ** 2)
    if mean_squared_error == 0:
        return math.inf
    return float(20 * np.log10(peak / np.sqrt(mean_squared_error)))


METRIC = Metric(
    name="psnr",
    title="PSNR",
    compute=lambda picture: psnr(picture.hr_y, picture.y),
    unit="dB",
    description="PSNR of Y in dB",
    phrase="{} dB",
)

"""`psnr_b`: PSNR that also counts how visible the blocks of a compressed picture are."""

import math

import numpy as np

from srcnn_tf.evaluation.metrics.metric import Metric
from srcnn_tf.evaluation.metrics.operands import checked_operands

_BLOCK = 8  # JPEG's.


def psnr_b(reference: np.ndarray, image: np.ndarray, block: int = _BLOCK, offset: int = 0) -> float:
    """PSNR whose squared error is increased by the blocking effect factor, in dB.

    C. Yim and A. C. Bovik, "Quality assessment of deblocked images", 2011: the mean squared step
    between neighbors across blocks, less that between all other neighbors, times
    log2(block) / log2(shorter side), where that is positive.

    Args:
      reference: (H, W) array of real dtype, 0..255; computed in float64.
      image: array of the same shape and range: the blocks are looked for in this one.
      block: side of the blocks.
      offset: how many rows and columns of the first blocks were cut off.

    Returns:
      Decibels; `inf` if the two are identical and without blocks.

    Raises:
      ValueError: as `psnr`, or a side is no longer than a block.
    """
    reference, image, peak = checked_operands(reference, image, None)
    if image.ndim != 2 or min(image.shape) <= block:
        raise ValueError(f"PSNR-B takes planes larger than {block} x {block}, not {image.shape}.")
    error = np.mean((reference - image) ** 2) + _blocking_effect(image, block, offset)
    return float(20 * math.log10(peak / math.sqrt(error))) if error else math.inf


def _blocking_effect(image, block, offset):
    sums, counts = np.zeros(2), np.zeros(2)  # Within blocks, and across.
    for plane in (image, image.T):
        steps = np.diff(plane, axis=1) ** 2
        across = (np.arange(1, plane.shape[1]) + offset) % block == 0
        for kind, chosen in enumerate((~across, across)):
            sums[kind] += steps[:, chosen].sum()
            counts[kind] += plane.shape[0] * chosen.sum()
    within, across = sums / np.maximum(counts, 1)
    weight = math.log2(block) / math.log2(min(image.shape))
    return max(weight * (across - within), 0.0)


def _compute(picture):
    # A block of the small picture is larger by the scale once that is enlarged.
    block = _BLOCK * picture.scale
    if min(picture.y.shape) <= block:
        return math.nan
    border = picture.protocol.border(picture.scale)
    return psnr_b(picture.hr_y, picture.y, block, border)


METRIC = Metric(
    name="psnr_b",
    title="PSNR-B",
    compute=_compute,
    unit="dB",
    description="PSNR-B of Y in dB",
)

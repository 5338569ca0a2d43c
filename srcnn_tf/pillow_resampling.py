"""Resampling of float32 by Pillow: the same kernel, on mirrored borders, band by band."""

import functools
import math
from typing import NamedTuple

import numpy as np
from PIL import Image

from srcnn_tf.exact_resampling import KERNEL_RADIUS

# Of the result, in pixels. What lies between is small enough to stay in cache and to be
# allocated without asking the system for fresh memory, which takes as long as the work itself.
_BAND_PIXELS = 1 << 17


class _Band(NamedTuple):
    """Rows of the result that are made in one go, and what of the picture they are made from."""

    rows: slice
    first: int  # row of the picture, mirrored below 0
    last: int  # mirrored from its height on
    left: int  # mirrored columns before the picture's
    right: int  # and after them
    size: tuple[int, int]  # (columns, rows) of the result, as Pillow has it
    box: tuple[float, float, float, float]  # what they span within the mirrored pixels


def suits_pillow(scales: tuple[float, float], size: tuple[int, int], antialias: bool) -> bool:
    """Whether Pillow computes the same: it always widens the kernel, and its box is float32.

    A box that ends inside a pixel, as of scale 0.37, would be rounded and shift the far pixels.
    """
    if not antialias and min(scales) < 1:
        return False
    extents = [new_side / scale for new_side, scale in zip(size, scales, strict=True)]
    return all(abs(extent - round(extent)) <= 1e-7 for extent in extents)


def resample(image: np.ndarray, scales: tuple[float, float], size: tuple[int, int]) -> np.ndarray:
    """Resizes as `resize.imresize` says; Pillow sums in double and keeps float32 between passes.

    Args:
      image: float32 (H, W) or (H, W, C), checked.
      scales: of rows and columns, that `suits_pillow` agrees to.
      size: (rows, columns) of the result.
    """
    bands = _bands(image.shape[:2], size, scales)
    result = np.empty(size + image.shape[2:], np.float32)
    if image.ndim == 2:
        _resample_plane(image, bands, result)
    else:
        for channel in range(image.shape[2]):
            _resample_plane(image[..., channel], bands, result[..., channel])
    return result


def _resample_plane(plane, bands, result):
    for band in bands:
        padded = _mirrored(plane, band)
        # `fromarray` and `asarray` do the same, and half as long again on a small picture.
        source = Image.frombuffer("F", padded.shape[::-1], padded, "raw", "F", 0, 1)
        resized = source.resize(band.size, Image.Resampling.BICUBIC, band.box)
        result[band.rows] = np.frombuffer(resized.tobytes(), np.float32).reshape(band.size[::-1])


def _mirrored(plane, band):
    """The rows and columns that a band is made from; beyond the edges, mirrored."""
    height, width = plane.shape
    first, last, left, right = band[1:5]
    padded = np.empty((last - first, left + width + right), np.float32)
    inside = padded[:, left : left + width]
    low, high = max(first, 0), min(last, height)
    inside[low - first : high - first] = plane[low:high]
    if low > first:
        inside[: low - first] = _before(plane, low - first)
    if high < last:
        inside[high - first :] = _before(plane[::-1], last - high)[::-1]
    lines = inside.T
    padded[:, :left] = _before(lines, left).T
    padded[:, left + width :] = _before(lines[::-1], right)[::-1].T
    return padded


def _before(lines, count):
    """What mirroring, half-sample symmetrically, puts before the first of `lines`."""
    if count <= len(lines):
        return lines[count - 1 :: -1] if count else lines[:0]
    # The mirror image is shorter than what is wanted, and mirrored in turn.
    position = np.arange(-count, 0) % (2 * len(lines))
    return lines[np.minimum(position, 2 * len(lines) - 1 - position)]


@functools.lru_cache(maxsize=64)
def _bands(shape, size, scales) -> tuple[_Band, ...]:
    """Plans the work: bands that begin where a new pixel begins with an old one."""
    extents = [new_side / scale for new_side, scale in zip(size, scales, strict=True)]
    margins = [math.ceil(KERNEL_RADIUS / min(scale, 1.0)) + 1 for scale in scales]
    # A size from a scale is rounded up, and may span more than there is.
    right = margins[1] + math.ceil(max(extents[1] - shape[1], 0))
    common = math.gcd(size[0], round(extents[0]))
    new, old = size[0] // common, round(extents[0]) // common
    step = max(1, _BAND_PIXELS // (size[1] * new)) * new
    bands = []
    for start in range(0, size[0], step):
        stop = min(start + step, size[0])
        top = start // new * old
        extent = extents[0] - top if stop == size[0] else step // new * old
        bands.append(
            _Band(
                slice(start, stop),
                top - margins[0],
                top + math.ceil(extent) + margins[0],
                margins[1],
                right,
                (size[1], stop - start),
                (margins[1], margins[0], margins[1] + extents[1], margins[0] + extent),
            )
        )
    return tuple(bands)

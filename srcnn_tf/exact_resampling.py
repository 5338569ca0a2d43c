"""Resampling in float64, exact: a gather of weighted rows, in blocks that stay in cache."""

import functools
import math
from typing import NamedTuple

import numpy as np

KERNEL_RADIUS = 2.0
# Weighted sums are made in blocks whose working set stays in the second-level cache.
_BLOCK_ELEMENTS = 1 << 15
# Rows that go through both passes at once. Columns are resampled as rows of the transposed band.
_BAND_ROWS = 128


class _Taps(NamedTuple):
    """Along one side, (taps, new_side) each."""

    source: np.ndarray  # int64, the old pixel
    weight: np.ndarray  # float64


def resample(
    image: np.ndarray,
    scales: tuple[float, float],
    size: tuple[int, int],
    antialias: bool,
) -> np.ndarray:
    """Resizes as `resize.imresize` says, in float64.

    Args:
      image: (H, W) or (H, W, C), checked.
      scales: of rows and columns.
      size: (rows, columns) of the result.
      antialias: whether the kernel widens when shrinking.

    Returns:
      The result in the image's dtype; uint8 is rounded and clipped after each pass.
    """
    if scales[1] < scales[0]:
        # The side with the smaller scale comes first.
        turned = resample(np.swapaxes(image, 0, 1), scales[::-1], size[::-1], antialias)
        return np.ascontiguousarray(np.swapaxes(turned, 0, 1))
    rows, columns = (
        _taps(*sides, antialias) for sides in zip(image.shape, size, scales, strict=False)
    )
    width, channels = image.shape[1], math.prod(image.shape[2:])
    lines = np.ascontiguousarray(image).reshape(len(image), -1)
    between = np.uint8 if image.dtype == np.uint8 else np.float64
    result = np.empty((*size, channels), image.dtype)
    for start in range(0, size[0], _BAND_ROWS):
        count = min(_BAND_ROWS, size[0] - start)
        band = _resample_rows(lines, rows, start, start + count, between)
        across = np.ascontiguousarray(band.reshape(count, width, channels).swapaxes(0, 1))
        across = across.reshape(width, -1)
        # Sub-blocks keep what is transposed back in cache as well.
        step = max(1, _BLOCK_ELEMENTS // across.shape[1])
        for left in range(0, size[1], step):
            right = min(left + step, size[1])
            part = _resample_rows(across, columns, left, right, between)
            part = part.reshape(right - left, count, channels)
            result[start : start + count, left:right] = part.swapaxes(0, 1)
    return result.reshape(size + image.shape[2:])


def _resample_rows(lines, taps, start, stop, dtype):
    """Returns rows `start` to `stop` of the result; each is a weighted sum of rows of `lines`."""
    result = np.empty((stop - start, lines.shape[1]), dtype)
    block = max(1, _BLOCK_ELEMENTS // lines.shape[1])
    for begin in range(start, stop, block):
        end = min(begin + block, stop)
        source, weight = taps.source[:, begin:end], taps.weight[:, begin:end, None]
        total = lines[source[0]] * weight[0]
        product = np.empty_like(total)
        for pixels, weights in zip(source[1:], weight[1:], strict=True):
            total += np.multiply(lines[pixels], weights, out=product)
        if dtype == np.uint8:
            # MATLAB rounds halves away from zero; NumPy's rint would round them to even.
            np.clip(np.floor(total + 0.5, out=total), 0, 255, out=total)
        result[begin - start : end - start] = total
    return result


@functools.lru_cache(maxsize=32)
def _taps(side: int, new_side: int, scale: float, antialias: bool) -> _Taps:
    """Source pixel and weight of every tap."""
    stretch = min(scale, 1.0) if antialias else 1.0
    radius = KERNEL_RADIUS / stretch
    # Centres of the new pixels in the source's coordinates, pixel 0 spanning [-0.5, 0.5].
    centre = (np.arange(new_side) + 0.5) / scale - 0.5
    first = np.floor(centre - radius).astype(np.int64)
    source = first + np.arange(math.ceil(2 * radius) + 2)[:, None]
    weight = _cubic((centre - source) * stretch)
    weight /= weight.sum(axis=0)
    used = weight.any(axis=1)
    source = np.mod(source[used], 2 * side)
    return _Taps(np.minimum(source, 2 * side - 1 - source), weight[used])


def _cubic(x: np.ndarray) -> np.ndarray:
    """Keys' cubic kernel with a = -0.5, which is zero from |x| = 2 on."""
    x = np.abs(x)
    near = (1.5 * x - 2.5) * x**2 + 1
    far = ((-0.5 * x + 2.5) * x - 4) * x + 2
    return np.where(x <= 1, near, np.where(x <= 2, far, 0.0))

"""Resampling in float64, exact: sums of weighted rows, in blocks that stay in cache, on all cores.

Every new pixel is one sum, whose terms are added in the order of the old pixels. So the result does
not depend, in any bit, on bands, blocks or the number of threads.
"""

import functools
import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from srcnn_tf.imaging.threads import share, usable_cores
from srcnn_tf.imaging.tiling import Tile

KERNEL_RADIUS = 2.0
# Weighted sums are made in blocks whose working set stays in the second-level cache.
_BLOCK_ELEMENTS = 1 << 15
# Rows that go through both passes at once. Columns are resampled as rows of the transposed band.
_BAND_ROWS = 128
# With fewer weighted pixels, threads take longer to start than they save.
_THREADED_FROM = 1 << 20


class _Taps(NamedTuple):
    """Along one side, (taps, new_side) each."""

    source: np.ndarray  # int64, the old pixel
    weight: np.ndarray  # float64
    # int64 (new_side - 1,): how far all taps move on from one new pixel to the next; 0 where they
    # differ, as at the borders.
    advance: np.ndarray


def resample(
    image: np.ndarray,
    scales: tuple[float, float],
    size: tuple[int, int],
    antialias: bool,
    threads: int | None = None,
    shifts: tuple[float, float] = (0.0, 0.0),
) -> np.ndarray:
    """Resizes as `resize.imresize` says, in float64.

    Args:
      image: (H, W) or (H, W, C), checked.
      scales: of rows and columns.
      size: (rows, columns) of the result.
      antialias: whether the kernel widens when shrinking.
      threads: how many to use at most, by default one for each core that this process may use; the
        result does not depend on it.
      shifts: how many old pixels further down, and right, the result is taken from than MATLAB
        takes it, as a film's chroma planes need it, whose grids do not begin at the corner.

    Returns:
      The result in the image's dtype; uint8 is rounded and clipped after each pass.
    """
    if scales[1] < scales[0]:
        # The side with the smaller scale comes first.
        turned = np.swapaxes(image, 0, 1)
        turned = resample(turned, scales[::-1], size[::-1], antialias, threads, shifts[::-1])
        return np.ascontiguousarray(np.swapaxes(turned, 0, 1))
    rows, columns = (
        _taps(*sides, antialias, shift)
        for *sides, shift in zip(image.shape, size, scales, shifts, strict=False)
    )
    width, channels = image.shape[1], math.prod(image.shape[2:])
    lines = np.ascontiguousarray(image).reshape(len(image), -1)
    between = np.uint8 if image.dtype == np.uint8 else np.float64
    result = np.empty((*size, channels), image.dtype)

    def make(band):
        start, stop = band
        between_passes = _resample_rows(lines, rows, start, stop, between)
        across = between_passes.reshape(stop - start, width, channels).swapaxes(0, 1)
        across = np.ascontiguousarray(across).reshape(width, -1)
        # Sub-blocks keep what is transposed back in cache as well.
        step = max(1, _BLOCK_ELEMENTS // across.shape[1])
        for left in range(0, size[1], step):
            right = min(left + step, size[1])
            part = _resample_rows(across, columns, left, right, between)
            part = part.reshape(right - left, stop - start, channels)
            result[start:stop, left:right] = part.swapaxes(0, 1)

    weighted = size[0] * channels * (len(rows.weight) * width + len(columns.weight) * size[1])
    threads = 1 if weighted < _THREADED_FROM else threads or usable_cores()
    share(make, _bands(size[0], threads), threads)
    return result.reshape(size + image.shape[2:])


def resample_tile(
    read: Callable[[Tile], np.ndarray], shape: tuple[int, int], size: tuple[int, int], tile: Tile
) -> np.ndarray:
    """Returns a rectangle of a resized picture, computed from those pixels alone that it needs.

    Args:
      read: gives a rectangle of the old picture, float (h, w, C).
      shape: (rows, columns) of the old picture.
      size: (rows, columns) of the new one; each side has a scale of its own.
      tile: the rectangle of the new picture.

    Returns:
      float64 (h, w, C): what `imresize(picture, size=size)` has there, but for rounding.
    """
    parts, window = [], []
    edges = ((tile.top, tile.bottom), (tile.left, tile.right))
    for side, new_side, (start, stop) in zip(shape, size, edges, strict=True):
        taps = _taps(side, new_side, new_side / side, True)
        source = taps.source[:, start:stop]
        low, high = int(source.min()), int(source.max()) + 1
        window += [low, high]
        parts.append(_Taps(source - low, taps.weight[:, start:stop], taps.advance[start:]))
    pixels = read(Tile(*window))
    height, width = tile.bottom - tile.top, tile.right - tile.left
    lines = np.ascontiguousarray(pixels).reshape(len(pixels), -1)
    lines = _resample_rows(lines, parts[0], 0, height, np.float64)
    across = lines.reshape(height, -1, pixels.shape[2]).swapaxes(0, 1)
    across = np.ascontiguousarray(across).reshape(across.shape[0], -1)
    result = _resample_rows(across, parts[1], 0, width, np.float64)
    return result.reshape(width, height, -1).swapaxes(0, 1)


def reach(side: int, new_side: int) -> int:
    """Returns over how many old pixels the kernel of a new pixel extends, along one side."""
    return math.ceil(2 * KERNEL_RADIUS / min(new_side / side, 1.0)) + 1


def _bands(rows, threads):
    """Returns the first row, and the one after the last, of bands that threads share evenly."""
    shares = -(-rows // (_BAND_ROWS * threads))
    each = -(-rows // (shares * threads))
    return [(start, min(start + each, rows)) for start in range(0, rows, each)]


def _resample_rows(lines, taps, start, stop, dtype):
    """Returns rows `start` to `stop` of the result; each is a weighted sum of rows of `lines`."""
    result = np.empty((stop - start, lines.shape[1]), dtype)
    block = max(1, _BLOCK_ELEMENTS // lines.shape[1])
    for begin in range(start, stop, block):
        end = min(begin + block, stop)
        source, weight = taps.source[:, begin:end], taps.weight[:, begin:end, None]
        advance = _common(taps.advance[begin : end - 1])
        total = _rows(lines, source[0], advance) * weight[0]
        product = np.empty_like(total)
        for pixels, weights in zip(source[1:], weight[1:], strict=True):
            total += np.multiply(_rows(lines, pixels, advance), weights, out=product)
        if dtype == np.uint8:
            # MATLAB rounds halves away from zero; NumPy's rint would round them to even.
            np.clip(np.floor(total + 0.5, out=total), 0, 255, out=total)
        result[begin - start : end - start] = total
    return result


def _rows(lines, pixels, advance):
    """Returns lines by number: a view if they are evenly spaced, else a copy."""
    if advance > 0:
        return lines[pixels[0] : pixels[-1] + 1 : advance]
    return lines.take(pixels, axis=0)


def _common(numbers):
    """Returns the value that all of these have, or 0 if they differ."""
    return int(numbers[0]) if numbers.size and (numbers == numbers[0]).all() else 0


@functools.lru_cache(maxsize=32)
def _taps(side: int, new_side: int, scale: float, antialias: bool, shift: float = 0.0) -> _Taps:
    """Source pixel and weight of every tap."""
    stretch = min(scale, 1.0) if antialias else 1.0
    radius = KERNEL_RADIUS / stretch
    # Centers of the new pixels in the source's coordinates, pixel 0 spanning [-0.5, 0.5].
    center = (np.arange(new_side) + 0.5) / scale - 0.5 + shift
    first = np.floor(center - radius).astype(np.int64)
    source = first + np.arange(math.ceil(2 * radius) + 2)[:, None]
    weight = _cubic((center - source) * stretch)
    weight /= weight.sum(axis=0)
    used = weight.any(axis=1)
    source = np.mod(source[used], 2 * side)
    source = np.minimum(source, 2 * side - 1 - source)
    moved = np.diff(source)
    advance = np.where((moved == moved[0]).all(axis=0), moved[0], 0)
    return _Taps(source, weight[used], advance)


def _cubic(x: np.ndarray) -> np.ndarray:
    """Keys' cubic kernel with a = -0.5, which is zero for |x| >= 2."""
    x = np.abs(x)
    near = (1.5 * x - 2.5) * x**2 + 1
    far = ((-0.5 * x + 2.5) * x - 4) * x + 2
    return np.where(x <= 1, near, np.where(x <= 2, far, 0.0))

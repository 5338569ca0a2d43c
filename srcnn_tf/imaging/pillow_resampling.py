"""Resampling of float32 by Pillow: the same kernel, on mirrored borders, in bands on all cores."""

import functools
import math
from typing import NamedTuple

import numpy as np
from PIL import Image

from srcnn_tf.imaging.exact_resampling import KERNEL_RADIUS
from srcnn_tf.imaging.threads import share, usable_cores

# Of the result, in pixels. What lies between is small enough to stay in cache and to be
# allocated without asking the system for fresh memory, which takes as long as the work itself.
_BAND_PIXELS = 1 << 17
# With fewer bands, threads take longer to start than they save.
_THREADED_FROM = 4


class _Band(NamedTuple):
    """Rows of the result that are made in one go, and what of the picture they are made from."""

    rows: slice
    shape: tuple[int, int]  # of the mirrored pixels that they are made from
    inside: slice  # those of their columns that are the picture's
    from_picture: tuple  # which of their rows are which of the picture's
    from_inside: tuple  # which of their columns repeat which of those inside
    size: tuple[int, int]  # (columns, rows) of the result, as Pillow has it
    box: tuple[float, float, float, float]  # what they span within the mirrored pixels


def suits_pillow(scales: tuple[float, float], size: tuple[int, int], antialias: bool) -> bool:
    """Whether Pillow computes the same: it always widens the kernel, and its box is float32.

    A box that ends inside a pixel, as for scale 0.37, would be rounded and shift the far pixels.
    """
    if not antialias and min(scales) < 1:
        return False
    extents = [new_side / scale for new_side, scale in zip(size, scales, strict=True)]
    return all(abs(extent - round(extent)) <= 1e-7 for extent in extents)


def resample(
    image: np.ndarray,
    scales: tuple[float, float],
    size: tuple[int, int],
    threads: int | None = None,
) -> np.ndarray:
    """Resizes as `resize.imresize` says; Pillow sums in double and keeps float32 between passes.

    Args:
      image: float32 (H, W) or (H, W, C), checked.
      scales: of rows and columns, that `suits_pillow` agrees to.
      size: (rows, columns) of the result.
      threads: how many to use at most, by default one for each core that this process may use; the
        result does not depend on it.
    """
    bands = _bands(image.shape[:2], size, scales)
    result = np.empty(size + image.shape[2:], np.float32)

    def make(band):
        if image.ndim == 2:
            result[band.rows] = _resampled(image, band)
        else:
            for channel in range(image.shape[2]):
                result[band.rows, :, channel] = _resampled(image[..., channel], band)

    # Pillow releases Python's lock while it resamples.
    share(make, bands, 1 if len(bands) < _THREADED_FROM else threads or usable_cores())
    return result


def _resampled(plane, band):
    padded = _mirrored(plane, band)
    # `fromarray` and `asarray` do the same but take longer, which small pictures notice.
    source = Image.frombuffer("F", padded.shape[::-1], padded, "raw", "F", 0, 1)
    resized = source.resize(band.size, Image.Resampling.BICUBIC, band.box)
    return np.frombuffer(resized.tobytes(), np.float32).reshape(band.size[::-1])


def _mirrored(plane, band):
    """The pixels that a band is made from; beyond the edges, mirrored."""
    padded = np.empty(band.shape, np.float32)
    inside = padded[:, band.inside]
    for to, of in band.from_picture:
        inside[to] = plane[of]
    for to, of in band.from_inside:
        padded[:, to] = inside[:, of]
    return padded


def _mirroring(length, first, last):
    """Plans lines `first` to `last` of `length`, mirrored half-sample symmetrically beyond these.

    Returns pairs: where to, counted from `first`, and which lines. The first pair is what is not
    mirrored.
    """
    low, high = max(first, 0), min(last, length)
    plan = [(slice(low - first, high - first), slice(low, high))]
    for begin, end in ((first, low), (high, last)):
        if begin < end:
            # The mirror image may be shorter than what is wanted, and is mirrored in turn.
            position = np.arange(begin, end) % (2 * length)
            lines = np.minimum(position, 2 * length - 1 - position)
            if len(lines) <= length:
                # The same as a slice, which is copied several times faster.
                lines = slice(int(lines[0]), int(lines[-1]) - 1 if lines[-1] else None, -1)
            plan.append((slice(begin - first, end - first), lines))
    return tuple(plan)


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
    width = margins[1] + shape[1] + right
    (inside, _), *from_inside = _mirroring(shape[1], -margins[1], shape[1] + right)
    bands = []
    for start in range(0, size[0], step):
        stop = min(start + step, size[0])
        top = start // new * old
        extent = extents[0] - top if stop == size[0] else step // new * old
        first, last = top - margins[0], top + math.ceil(extent) + margins[0]
        bands.append(
            _Band(
                slice(start, stop),
                (last - first, width),
                inside,
                _mirroring(shape[0], first, last),
                tuple(from_inside),
                (size[1], stop - start),
                (margins[1], margins[0], margins[1] + extents[1], margins[0] + extent),
            )
        )
    return tuple(bands)

"""A frame's planes, enlarged: luminance by the network, chroma by bicubic on its own grid."""

import numpy as np

from srcnn_tf.imaging import exact_resampling
from srcnn_tf.upscaling.clips.planes import GRAY, RGB, Layout
from srcnn_tf.upscaling.enlarging import Enlarging

# Where black and the range from black to white are in 8 bits of a limited range (BT.601, BT.709).
_BLACK, _SPAN, _WHITE = 16, 219, 255


def enlarge_planes(
    method: Enlarging, planes: list[np.ndarray], layout: Layout, siting: tuple[float, float]
) -> list[np.ndarray]:
    """Enlarges a frame as `bin/upscale` does a picture.

    The network sees luminance as it sees that of a color picture, with black at 16 and white at 235
    of 255, however the film stores it. RGB is enlarged as a picture is.

    Args:
      method: enlarges pictures of this size.
      planes: of the layout.
      layout: what they are.
      siting: of the result's chroma, as of `Layout`.

    Returns:
      The planes of the result, of the same depth and range.
    """
    if layout.kind == RGB:
        return [method.enlarge(planes[0])]
    luminance, *chroma = planes
    size = method.size_of(*luminance.shape)
    result = [_luminance(method, luminance, layout)]
    down, across = (
        _along_side(*each)
        for each in zip(luminance.shape, size, layout.steps, layout.siting, siting, strict=True)
    )
    (rows, tall, lower), (columns, wide, further) = down, across
    for plane in chroma:
        values = exact_resampling.resample(
            plane.astype(np.float32), (tall, wide), (rows, columns), True, shifts=(lower, further)
        )
        result.append(_rounded(values, layout))
    return result


def _along_side(
    side: int, new: int, step: int, place: float, new_place: float
) -> tuple[int, float, float]:
    """Returns how chroma is resized along one side: samples of the result, scale, and shift.

    MATLAB's resize would take both grids to begin at the corner, and the shift is from where it
    would take a sample to where that is.
    """
    scale = new / side
    taken = 0.5 / scale - 0.5
    return -(-new // step), scale, (new_place / scale - place) / step - taken


def _luminance(method: Enlarging, plane: np.ndarray, layout: Layout) -> np.ndarray:
    """Enlarges Y, which is told the network in its own range."""
    if layout.depth == 8 and not _is_stretched(layout):
        return method.enlarge(plane)
    highest = _highest(layout)
    if _is_stretched(layout):
        values = plane * np.float32(_SPAN / _WHITE / highest) + np.float32(_BLACK / _WHITE)
        values = (method.enlarge(values) * _WHITE - _BLACK) * np.float32(highest / _SPAN)
    else:
        white = np.float32(highest if layout.kind == GRAY else _WHITE << (layout.depth - 8))
        values = method.enlarge(plane / white) * white
    return _rounded(values, layout)


def _is_stretched(layout: Layout) -> bool:
    """Whether it has full range, though in color; a gray picture's always has, for the network."""
    return layout.full and layout.kind != GRAY


def _highest(layout: Layout) -> int:
    return (1 << layout.depth) - 1


def _rounded(values: np.ndarray, layout: Layout) -> np.ndarray:
    return np.clip(np.floor(values + 0.5), 0, _highest(layout)).astype(layout.dtype)

"""`compare`: an exported file in its own runtime beside `upscale`, on drawn pictures."""

import dataclasses
import statistics
import time
from collections.abc import Callable, Sequence

import numpy as np

from srcnn_tf.exporting.contents import Contents
from srcnn_tf.exporting.formats.export_format import SIZES, Run
from srcnn_tf.upscaling.enlargers import make_enlarger

_BATCH = (2, 17, 20)
_TIMED = 3


@dataclasses.dataclass(frozen=True)
class Parity:
    """How far a file is from `upscale`.

    Attributes:
      difference: the largest: of color in levels, of luminance with 1.0 = 255, or in parts of a
        picture's largest value where a network goes beyond that.
      share: of the values that differ at all, 0 to 1.
      pictures: how many were compared.
      size: (height, width) of the picture that was timed.
      seconds: that the file took for it, the median of three.
      our_seconds: that `upscale` took.
    """

    difference: float
    share: float
    pictures: int
    size: tuple[int, int]
    seconds: float
    our_seconds: float


def drawn_picture(height: int, width: int, channels: int, seed: int = 0) -> np.ndarray:
    """Returns uint8 (H, W, channels): shading, edges, fine texture and noise, up to both ends."""
    rows, columns = np.mgrid[:height, :width]
    shading = 128 + 90 * np.sin(columns / 9) * np.cos(rows / 7)
    edge = 70 * ((rows + 2 * columns) % 23 < 9)
    random = np.random.default_rng(seed)
    planes = [
        shading * gain + edge * turn + random.normal(0, 12, (height, width))
        for gain, turn in zip((1, 0.7, 1.2), (1, -1, 0.5), strict=True)
    ]
    picture = np.clip(np.rint(np.stack(planes[:channels], axis=-1)), 0, 255)
    return picture.astype(np.uint8)


def upscaled(contents: Contents) -> Run:
    """Returns `upscale` by the network, as a function of the arrays that the file takes."""
    enlarger = make_enlarger(contents.network, contents.scale)
    return lambda arrays: np.stack([enlarger.enlarge(each) for each in arrays])


def compare(
    contents: Contents,
    run: Run,
    sizes: Sequence[tuple[int, int]] = SIZES,
    clips: bool = False,
) -> Parity:
    """Runs a file and `upscale` on drawn pictures of several sizes, and a batch of two.

    Args:
      contents: what the file holds.
      run: what runs it.
      sizes: height and width of each picture; the last is timed.
      clips: whether the file clips to 0..1, as `upscale` does not.

    Raises:
      ValueError: the file gives another shape or dtype.
    """
    ours = upscaled(contents)
    shapes = [*((1, *size) for size in sizes), _BATCH]
    differences = []
    for seed, shape in enumerate(shapes):
        arrays = _inputs(contents, shape, seed)
        expected = ours(arrays)
        expected = np.clip(expected, 0, 1) if clips else expected
        differences.append(_differences(run(arrays), expected))
    timed = _inputs(contents, (1, *sizes[-1]), 0)
    return Parity(
        max(float(each.max()) for each in differences),
        float(np.mean([(each > 0).mean() for each in differences])),
        sum(shape[0] for shape in shapes),
        sizes[-1],
        *(_seconds(each, timed) for each in (run, ours)),
    )


def _inputs(contents: Contents, shape: Sequence[int], seed: int) -> np.ndarray:
    number, height, width = shape
    pictures = np.stack(
        [drawn_picture(height, width, contents.channels, seed + each) for each in range(number)]
    )
    return pictures if contents.color else pictures.astype(np.float32) / 255


def _differences(found: np.ndarray, expected: np.ndarray) -> np.ndarray:
    found = np.asarray(found)
    if found.shape != expected.shape or found.dtype != expected.dtype:
        raise ValueError(
            f"gives {found.dtype} {found.shape} where upscale gives {expected.dtype} "
            f"{expected.shape}"
        )
    # float32 rounds in proportion to what it holds.
    unit = 1.0 if expected.dtype == np.uint8 else max(1.0, float(np.abs(expected).max()))
    # A file that gives no numbers differs by as much as can be.
    return np.nan_to_num(np.abs(found.astype(np.float64) - expected) / unit, nan=np.inf)


def _seconds(run: Callable, arrays: np.ndarray) -> float:
    taken = []
    for _ in range(_TIMED):
        before = time.perf_counter()
        run(arrays)
        taken.append(time.perf_counter() - before)
    return statistics.median(taken)

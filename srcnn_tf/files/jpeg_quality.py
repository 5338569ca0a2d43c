"""How strongly a JPEG file is compressed: its quantization tables, and their quality."""

import dataclasses
import functools
from collections.abc import Sequence

import numpy as np
from PIL import Image, JpegImagePlugin

from srcnn_tf.imaging.compression import luminance_table


@dataclasses.dataclass(frozen=True)
class JpegSettings:
    """How a JPEG file was written, so that another can be written likewise.

    Attributes:
      quality: 1 to 100 on libjpeg's scale; see `estimate_quality`.
      tables: the quantization tables, 64 numbers each, row by row; empty if they are not for Y, or
        Y, Cb and Cr (CMYK), and so of no use to another picture.
      subsampling: of Cb and Cr: `4:4:4`, `4:2:2` or `4:2:0`; None for gray and for other kinds.
    """

    quality: int
    tables: tuple[tuple[int, ...], ...] = ()
    subsampling: str | None = None


def read_settings(image: Image.Image) -> JpegSettings | None:
    """Returns how the JPEG file (or MPO) was written that Pillow opened; None for other formats."""
    tables = getattr(image, "quantization", None)
    if image.format not in ("JPEG", "MPO") or not tables:
        return None
    ordered = tuple(tuple(tables[number]) for number in sorted(tables))
    quality = estimate_quality(ordered[0])
    if image.mode not in ("L", "RGB"):
        return JpegSettings(quality)
    sampling = JpegImagePlugin.get_sampling(image)
    return JpegSettings(quality, ordered, {0: "4:4:4", 1: "4:2:2", 2: "4:2:0"}.get(sampling))


def estimate_quality(table: Sequence[int]) -> int:
    """Returns the quality, 1 to 100 on libjpeg's scale, whose luminance table is the nearest.

    Exact for what libjpeg and all that follow it (Pillow, most programs and phones) write. Of
    other tables, such as Photoshop's, it is the quality that compresses about as strongly: the
    distance is the mean of the logarithms' differences.

    Args:
      table: the quantization table of Y, 64 positive numbers.

    Raises:
      ValueError: there are not 64 of them.
    """
    values = np.maximum(np.asarray(table, np.float64), 1)
    if values.shape != (64,):
        raise ValueError(f"A quantization table has 64 numbers, not {values.size}.")
    distances = np.abs(np.log(_tables()) - np.log(values)).mean(axis=1)
    return int(distances.argmin()) + 1


@functools.cache
def _tables() -> np.ndarray:
    """Returns libjpeg's luminance tables of the qualities 1 to 100."""
    return np.stack([luminance_table(quality).ravel() for quality in range(1, 101)])

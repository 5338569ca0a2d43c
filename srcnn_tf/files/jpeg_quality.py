"""How strongly a JPEG file is compressed: its quantization tables, and their quality."""

import dataclasses
import functools
from collections.abc import Sequence

import numpy as np
from PIL import Image, JpegImagePlugin

# Annex K.1 of the JPEG standard (ITU-T T.81): luminance, for quality 50, row by row.
_LUMINANCE = np.array(
    [
        *(16, 11, 10, 16, 24, 40, 51, 61),
        *(12, 12, 14, 19, 26, 58, 60, 55),
        *(14, 13, 16, 24, 40, 57, 69, 56),
        *(14, 17, 22, 29, 51, 87, 80, 62),
        *(18, 22, 37, 56, 68, 109, 103, 77),
        *(24, 35, 55, 64, 81, 104, 113, 92),
        *(49, 64, 78, 87, 103, 121, 120, 101),
        *(72, 92, 95, 98, 112, 100, 103, 99),
    ]
)


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
    """Returns libjpeg's luminance tables of the qualities 1 to 100 (`jpeg_set_quality`)."""
    quality = np.arange(1, 101)[:, None]
    percent = np.where(quality < 50, 5000 // quality, 200 - 2 * quality)
    return np.clip((_LUMINANCE * percent + 50) // 100, 1, 255).astype(np.float64)

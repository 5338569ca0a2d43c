"""A picture as JPEGs of several qualities, enlarged by Lanczos and by networks: a contact sheet."""

import io
from collections.abc import Mapping, Sequence

import numpy as np
from PIL import Image

from srcnn_tf.evaluation.metrics.psnr import psnr
from srcnn_tf.imaging.color import rgb_to_y
from srcnn_tf.imaging.compression import jpeg_round_trip
from srcnn_tf.imaging.cropping import shave
from srcnn_tf.imaging.degradation import degrade
from srcnn_tf.imaging.windows import window_with_max_sum
from srcnn_tf.plotting import style
from srcnn_tf.plotting.contact_sheet import Cell, Row, contact_sheet
from srcnn_tf.upscaling.enlarging import Enlarger

# Of the crops that are shown, in pixels of the original.
_WIDTH, _HEIGHT = 208, 144
QUALITIES = (None, 90, 70, 40, 15)


def photo_sheet(
    pictures: Mapping[str, np.ndarray],
    scale: int,
    enlargers: Mapping[str, Enlarger],
    qualities: Sequence[int | None] = QUALITIES,
) -> np.ndarray:
    """Shrinks pictures, compresses them in color (4:2:0), enlarges them, and shows it at 1:1.

    A row is a picture at a quality: the original, Lanczos's result, and each network's, with the
    PSNR of Y over the whole picture. It shows where the last two of them differ most.

    Args:
      pictures: uint8 (H, W, 3) or (H, W) by title.
      scale: what they are shrunk and enlarged by; at 1 they are compressed alone, and stand in
        place of Lanczos's result.
      enlargers: networks at work by title, of that scale; at least one.
      qualities: of the JPEGs; None is a lossless file.

    Returns:
      uint8 (H, W, 3).

    Raises:
      ValueError: a picture is smaller than the scale.
    """
    baseline = "Lanczos" if scale > 1 else "as it is"
    rows = []
    for title, picture in pictures.items():
        pair = degrade(picture if picture.ndim == 2 else picture[..., :3], scale)
        original = pair.hr if picture.ndim == 3 else pair.hr_y[..., 0]
        small = pair.lr if picture.ndim == 3 else pair.lr[..., 0]
        for quality in qualities:
            seen = small if quality is None else jpeg_round_trip(small, quality)
            results = {baseline: lanczos(seen, scale)}
            results |= {name: enlarger.enlarge(seen) for name, enlarger in enlargers.items()}
            what = "lossless" if quality is None else f"JPEG of quality {quality}"
            rows.append(_row(f"{title}, x{scale}, {what}", original, results, scale))
    return contact_sheet(["original", baseline, *enlargers], rows)


def encoded(sheet: np.ndarray, suffix: str) -> bytes:
    """Returns the file of a sheet: a JPEG if its suffix is one of those, else a PNG."""
    file = io.BytesIO()
    if suffix.lower() in style.JPEG_SUFFIXES:
        Image.fromarray(sheet).save(file, "JPEG", quality=95, subsampling="4:4:4")
    else:
        Image.fromarray(sheet).save(file, "PNG", optimize=True)
    return file.getvalue()


def lanczos(pixels: np.ndarray, scale: int) -> np.ndarray:
    """Enlarges uint8 (H, W) or (H, W, 3) as Pillow's Lanczos does, which most programs offer."""
    height, width = pixels.shape[:2]
    size = (width * scale, height * scale)
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS))


def luminance_psnr(original: np.ndarray, result: np.ndarray, border: int) -> float:
    """PSNR in dB of Y between two pictures, uint8 (H, W, 3) or (H, W), without the border."""
    planes = (rgb_to_y(each) if each.ndim == 3 else each for each in (original, result))
    return psnr(*(shave(plane, border) for plane in planes))


def _row(title, original, results, scale):
    earlier, last = (each.astype(np.float32) for each in list(results.values())[-2:])
    difference = (earlier - last) ** 2
    if difference.ndim == 3:
        difference = difference.mean(axis=2)
    window = window_with_max_sum(difference, _WIDTH, _HEIGHT, border=scale)
    cells = [Cell(window.cut(original), "")]
    for result in results.values():
        cells.append(Cell(window.cut(result), f"{luminance_psnr(original, result, scale):.2f} dB"))
    return Row(title, cells)

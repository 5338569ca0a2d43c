"""Lossy compression, there and back, by Pillow; and JPEG's own tables."""

import io

import numpy as np
from PIL import Image

from srcnn_tf.imaging.color import rgb_to_y

# ITU-T T.81, table K.1: what libjpeg scales for luminance, row by row of increasing frequency.
LUMINANCE_TABLE = np.array(
    [
        [16, 11, 10, 16, 24, 40, 51, 61],
        [12, 12, 14, 19, 26, 58, 60, 55],
        [14, 13, 16, 24, 40, 57, 69, 56],
        [14, 17, 22, 29, 51, 87, 80, 62],
        [18, 22, 37, 56, 68, 109, 103, 77],
        [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101],
        [72, 92, 95, 98, 112, 100, 103, 99],
    ]
)


def luminance_table(quality: int) -> np.ndarray:
    """Returns what libjpeg divides luminance's coefficients by: int64 (8, 8), 1..255.

    Args:
      quality: 1 to 100, as libjpeg, and with it Pillow, counts it (`jpeg_set_quality`).

    Raises:
      ValueError: another quality.
    """
    if not 1 <= quality <= 100:
        raise ValueError(f"JPEG's quality is from 1 to 100, not {quality}.")
    percent = 5000 // quality if quality < 50 else 200 - 2 * quality
    return np.clip((LUMINANCE_TABLE * percent + 50) // 100, 1, 255)


def jpeg_round_trip(pixels: np.ndarray, quality: int, subsampling: str = "4:2:0") -> np.ndarray:
    """Compresses a picture as a JPEG with libjpeg's default tables, and reads it back.

    Args:
      pixels: uint8 (H, W) gray or (H, W, 3) RGB.
      quality: 1 to 100.
      subsampling: of a color picture: `4:2:0`, `4:2:2` or `4:4:4`.

    Returns:
      uint8 of the same shape.
    """
    options = {"subsampling": subsampling} if pixels.ndim == 3 else {}
    return np.asarray(_round_trip(Image.fromarray(pixels), "JPEG", quality=quality, **options))


def webp_round_trip(plane: np.ndarray, quality: int) -> np.ndarray:
    """Compresses a Y plane of 16..235 as a colorless WebP picture with that Y, and reads it back.

    WebP computes on BT.601's Y in studio range, so nothing but its own loss is added.

    Args:
      plane: uint8 (H, W), 16..235; values beyond are clipped.
      quality: 0 to 100.

    Returns:
      uint8 (H, W), 16..235.
    """
    gray = np.clip((plane.astype(np.float32) - 16) * np.float32(255 / 219), 0, 255)
    picture = _round_trip(Image.fromarray(np.rint(gray).astype(np.uint8)), "WEBP", quality=quality)
    return rgb_to_y(np.asarray(picture.convert("RGB")))


def _round_trip(picture: Image.Image, file_format: str, **options) -> Image.Image:
    file = io.BytesIO()
    picture.save(file, file_format, **options)
    with Image.open(file) as compressed:
        compressed.load()
        return compressed

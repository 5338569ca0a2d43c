"""Results and tiles that no memory holds are refused before anything is computed."""

import numpy as np

from srcnn_tf.files.image_files import ImageFileError
from srcnn_tf.memory import MemoryCheck, available_memory

# What a pixel of a tile takes at the least: of a gray picture on the CPU engine, measured in tiles
# of 4000 x 4000. In color it is 75.
_TILE_BYTES = 20


def check_memory(name: object, width: int, height: int, channels: int, dtype: np.dtype) -> None:
    """Raises ImageFileError if a result of this size takes more memory than there is.

    Args:
      name: what the error calls the picture.
      width: of the result, in pixels.
      height: of the result, in pixels.
      channels: 1 to 4.
      dtype: of the result: uint8, which is held as Pillow holds it, or uint16.
    """
    if np.dtype(dtype) == np.uint8:
        pixel = 1 if channels == 1 else 4
    else:
        pixel = channels * np.dtype(dtype).itemsize
    subject = f"{name}, enlarged to {width} x {height} pixels, needs"
    result = MemoryCheck(width * height * pixel, available_memory(), subject)
    if not result.fits:
        raise ImageFileError(f"{result}; ask for less, or cut it into smaller pictures.")


def check_tile(side: int | None, jobs: int = 1) -> None:
    """Raises ValueError if tiles of this side take more memory than there is.

    Args:
      side: in pixels of the result; None for the default, which is small.
      jobs: how many are worked on at a time.
    """
    if side is None:
        return
    each = "" if jobs == 1 else f" in {jobs:,} jobs"
    subject = f"tiles of {side:,} x {side:,} pixels{each} need at least"
    tiles = MemoryCheck(_TILE_BYTES * side**2 * jobs, available_memory(), subject)
    if not tiles.fits:
        raise ValueError(f"{tiles}; choose smaller tiles, such as 512.")

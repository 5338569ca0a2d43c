"""Results that no memory holds are refused before anything is computed."""

import contextlib
import os
import pathlib

import numpy as np

from srcnn_tf.files.image_files import ImageFileError

# The limits of containers: control groups of version 2 and 1.
_CGROUP_LIMITS = (
    "/sys/fs/cgroup/memory.max",
    "/sys/fs/cgroup/memory/memory.limit_in_bytes",
)


def check_memory(name: object, width: int, height: int, channels: int, dtype: np.dtype) -> None:
    """Raises ImageFileError if a result of this size takes more memory than the machine has.

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
    needed, there = width * height * pixel, installed_memory()
    if needed > there:
        raise ImageFileError(
            f"{name}, enlarged to {width} x {height} pixels, would take {needed / 1e9:,.0f} GB of "
            f"memory, and there are {there / 1e9:.0f}; ask for less, or cut it into smaller "
            "pictures."
        )


def installed_memory() -> int:
    """Returns how many bytes of memory the machine, or its container, has in all."""
    sizes = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for path in _CGROUP_LIMITS:
        with contextlib.suppress(OSError, ValueError):  # There is none, or it is "max".
            sizes.append(int(pathlib.Path(path).read_text()))
    return min(sizes)

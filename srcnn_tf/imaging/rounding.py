"""Floats to the integers of a picture, in one way for everything that is written or scored."""

import numpy as np
import numpy.typing as npt

# What 1.0 becomes.
WHITE = {np.dtype(np.uint8): 255, np.dtype(np.uint16): 65535}
# Values that are rounded at a time, which stay in a core's cache.
_BLOCK = 1 << 16


def quantize(values: np.ndarray, dtype: npt.DTypeLike) -> np.ndarray:
    """Rounds and clips floats with white at 1.0 to uint8 or uint16, or passes floats on.

    Halves go up, as MATLAB's `uint8(255 * x)` has them; NumPy's `rint` takes them to even.
    Computed in float64.

    Args:
      values: real, of any shape.
      dtype: uint8 or uint16; any other is taken for a float, and values are only converted.
    """
    white = WHITE.get(np.dtype(dtype))
    if white is None:
        return values.astype(dtype)
    values = np.asarray(values)
    result = np.empty(values.shape, dtype)
    flat, rounded = values.reshape(-1), result.reshape(-1)
    for begin in range(0, len(flat), _BLOCK):
        block = slice(begin, begin + _BLOCK)
        levels = flat[block].astype(np.float64)
        levels *= white
        levels += 0.5
        np.clip(np.floor(levels, out=levels), 0, white, out=levels)
        rounded[block] = levels
    return result

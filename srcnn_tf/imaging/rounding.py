"""Floats to the integers of a picture, in one way for everything that is written or scored."""

import numpy as np
import numpy.typing as npt

# What 1.0 becomes.
WHITE = {np.dtype(np.uint8): 255, np.dtype(np.uint16): 65535}


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
    return np.clip(np.floor(values.astype(np.float64) * white + 0.5), 0, white).astype(dtype)

"""Arrays of any range of values, by name (`0..255`), as the pixels that enlarging takes."""

import math

import numpy as np

from srcnn_tf.imaging.rounding import WHITE

# What is black and what is white.
RANGES = {
    "0..1": (0.0, 1.0),
    "0..255": (0.0, 255.0),
    "0..65535": (0.0, 65535.0),
    "-1..1": (-1.0, 1.0),
}
# Resampling overshoots, and highlights may be brighter than white, but not by as much as this.
_PLAUSIBLE = (-0.5, 2.0)


def to_pixels(array: np.ndarray, name: str | None) -> np.ndarray:
    """Returns an array's values as uint8, uint16, float32 or float64 with white at 1.0.

    Args:
      array: of any shape.
      name: one of `RANGES`; None for the whole range of uint8 and uint16, and 0..1 of floats.

    Raises:
      TypeError: without a range, a dtype other than uint8, uint16 and floats.
      ValueError: there is no such range, it makes no sense for the dtype, or the values of floats
        show that they are not 0..1, or are not all finite.
    """
    if name is not None and name not in RANGES:
        raise ValueError(f"The range must be one of {', '.join(RANGES)}, not {name!r}.")
    kind = array.dtype.kind
    if name is None:
        if array.dtype in WHITE:
            return array
        if kind != "f" and not _is_bfloat16(array.dtype):
            raise TypeError(
                f"Pictures must be uint8, uint16 or floats, not {array.dtype}; or say which range "
                "the values are of, such as range='0..255'."
            )
        _check_plausible(*_extremes(array))
        return _as_float(array)
    low, high = RANGES[name]
    if WHITE.get(array.dtype) == high:
        return array
    if kind in "iu" and high <= 1:
        raise ValueError(f"An array of {array.dtype} cannot hold the shades of the range {name}.")
    _extremes(array)
    return (_as_float(array) - low) / (high - low)


def from_pixels(result: np.ndarray, dtype: np.dtype, name: str | None) -> np.ndarray:
    """Returns what `to_pixels` made pixels of, in its dtype and range; integers are rounded."""
    if result.dtype == dtype and (name is None or dtype in WHITE):
        return result
    if name is not None:
        low, high = RANGES[name]
        result = result * (high - low) + low
        if dtype.kind in "iu":
            result = np.clip(np.floor(result + 0.5), low, high)
    return result.astype(dtype)


def _as_float(array: np.ndarray) -> np.ndarray:
    return array if array.dtype in (np.float32, np.float64) else array.astype(np.float32)


def _is_bfloat16(dtype: np.dtype) -> bool:
    """TensorFlow's own; NumPy takes it for bytes without a meaning."""
    return dtype.name == "bfloat16"


def _extremes(array: np.ndarray) -> tuple[float, float]:
    """Returns the least and the largest value; ValueError if any is no finite number."""
    if array.size == 0:
        return 0.0, 0.0
    low, high = float(array.min()), float(array.max())
    if not (math.isfinite(low) and math.isfinite(high)):
        raise ValueError(
            "The array holds values that are no finite numbers (NaN or infinity); replace them "
            "first, such as by numpy.nan_to_num."
        )
    return low, high


def _check_plausible(low: float, high: float) -> None:
    if low < _PLAUSIBLE[0] or high > _PLAUSIBLE[1]:
        raise ValueError(
            f"The values go from {low:g} to {high:g}, and floats are taken for 0..1, black to "
            f"white; say which range they are of, range='0..255' or another of {', '.join(RANGES)}"
            " (range='0..1' if they are meant as they are)."
        )

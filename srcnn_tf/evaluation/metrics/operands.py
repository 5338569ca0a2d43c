"""The two pictures that a metric compares: of one shape, and in one range of values."""

import numpy as np


def checked_operands(
    reference: np.ndarray, image: np.ndarray, peak: float | None
) -> tuple[np.ndarray, np.ndarray, float]:
    """Returns both pictures in float64, and the largest value that they can have.

    Args:
      reference: array of any shape and real dtype.
      image: array of the same shape, in the same range.
      peak: the largest possible value; None for 65535 of uint16 and 255 of all else.

    Raises:
      ValueError: the shapes differ or are empty, the ranges differ as far as dtypes tell, or
        `peak` cannot be the integers'.
    """
    reference, image = np.asarray(reference), np.asarray(image)
    if reference.shape != image.shape:
        raise ValueError(
            f"Pictures of different shapes cannot be compared: {reference.shape} and {image.shape}."
        )
    if reference.size == 0:
        raise ValueError("Pictures without pixels cannot be compared.")
    dtypes = {reference.dtype, image.dtype}
    floats = {dtype for dtype in dtypes if dtype.kind == "f"}
    integers = dtypes - floats
    if floats and integers:
        raise ValueError(
            f"A picture of {integers.pop()} cannot be compared with one of {floats.pop()}, whose "
            "range is unknown: round the floats to the same integers, or divide the integers by "
            "their white (255 for uint8), and give peak=1."
        )
    if dtypes == {np.dtype(np.uint8), np.dtype(np.uint16)}:
        raise ValueError(
            "A picture of uint8 cannot be compared with one of uint16: multiply the first by 257, "
            "or round the second to 8 bits."
        )
    if peak is None:
        peak = 65535.0 if np.dtype(np.uint16) in dtypes else 255.0
    if not peak > 0 or (integers and peak <= 1):
        raise ValueError(
            f"peak is the largest value that a pixel can have, and it cannot be {peak:g} for "
            f"pictures of {reference.dtype}; give 255 for 8 bits, 1 for floats with white at 1.0."
        )
    return reference.astype(np.float64), image.astype(np.float64), peak

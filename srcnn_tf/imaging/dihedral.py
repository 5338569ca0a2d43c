"""The eight flips and rotations of a square: its dihedral group, and their one numbering."""

import numpy as np

COUNT = 8


def transform(code: int, array: np.ndarray) -> np.ndarray:
    """Flips or rotates the first two axes of an array; a view.

    Args:
      code: 0 to 7. Bit 0 flips top to bottom, bit 1 left to right, and bit 2 then swaps rows and
        columns; 0 changes nothing. `data.augment` does the same in a graph.
      array: (H, W, ...).
    """
    if code & 1:
        array = array[::-1]
    if code & 2:
        array = array[:, ::-1]
    return np.swapaxes(array, 0, 1) if code & 4 else array


_PROBE = np.arange(4).reshape(2, 2)
_CODES = {transform(code, _PROBE).tobytes(): code for code in range(COUNT)}


def code_of(change) -> int:
    """Returns the code of a function from a square array to a flipped or rotated one."""
    return _CODES[np.ascontiguousarray(change(_PROBE)).tobytes()]


def product(second: int, first: int) -> int:
    """Returns the code of doing `first`, and then `second`."""
    return code_of(lambda square: transform(second, transform(first, square)))


def inverse(code: int) -> int:
    """Returns the code that undoes another."""
    return next(other for other in range(COUNT) if product(other, code) == 0)

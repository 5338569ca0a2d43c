"""Winograd's minimal filtering: several outputs of a filter from fewer products, by matrices.

S. Winograd, "Arithmetic Complexity of Computations", SIAM 1980; for convolutional networks:
A. Lavin and S. Gray, arXiv:1509.09308. F(m, r) gives m outputs of a filter with r taps from
m + r - 1 products instead of m r:

    output = outputs @ ((kernel @ taps) * (inputs @ samples))

and nested with itself it does the same to m x m outputs of an r x r filter.
"""

import functools
import math
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np

# Small powers of two, and in pairs of both signs: exact in floating point, and half of the work is
# shared between the two of a pair. Errors grow with the spread of the points.
POINTS = (0, 1, -1, 2, -2, Fraction(1, 2), Fraction(-1, 2))
# Where spectra are rounded to bfloat16, tiles of 6 samples lose less than half as much by these:
# relative errors of 1.1 % instead of 2.4 % on noise. Those of 8 gain nothing by others.
COARSE_POINTS = {6: (0, Fraction(5, 8), Fraction(-5, 8), Fraction(3, 2), Fraction(-3, 2))}


class FilteringMatrices(NamedTuple):
    """What F(m, r) multiplies with; n = m + r - 1."""

    inputs: np.ndarray  # float64 (n, n)
    kernel: np.ndarray  # float64 (n, r)
    outputs: np.ndarray  # float64 (m, n)


@functools.cache
def filtering_matrices(
    taps: int, size: int = len(POINTS) + 1, coarse: bool = False
) -> FilteringMatrices:
    """Returns F(size + 1 - taps, taps), whose tiles of inputs have `size` samples.

    The filter is a correlation: output i is the sum of taps[k] * samples[i + k].

    Args:
      taps: 1 to `size`.
      size: 2 to 8.
      coarse: whether spectra are to be rounded to a few bits.

    Raises:
      ValueError: another number of taps, or of samples.
    """
    if not 2 <= size <= len(POINTS) + 1:
        raise ValueError(f"A tile must have 2 to {len(POINTS) + 1} samples, not {size}.")
    if not 1 <= taps <= size:
        raise ValueError(f"A filter must have 1 to {size} taps, not {taps}.")
    outputs = size + 1 - taps
    if taps == 1:
        # Nothing can be saved, and the identity rounds nothing.
        return FilteringMatrices(np.eye(size), np.ones((size, 1)), np.eye(size))
    chosen = COARSE_POINTS.get(size, POINTS) if coarse else POINTS
    points = [Fraction(point) for point in chosen[: size - 1]]
    inputs, kernel = [], []
    for point in points:
        others = [other for other in points if other != point]
        denominator = math.prod(point - other for other in others)
        inputs.append([*_polynomial(others), Fraction(0)])
        kernel.append([point**power / denominator for power in range(taps)])
    # The last "point" is infinity, where a polynomial is its leading coefficient.
    inputs.append(_polynomial(points))
    kernel.append([Fraction(int(power == taps - 1)) for power in range(taps)])
    evaluate = [
        [point**power for point in points] + [Fraction(int(power == outputs - 1))]
        for power in range(outputs)
    ]
    return FilteringMatrices(
        *(np.array(matrix, np.float64) for matrix in (inputs, kernel, evaluate))
    )


def transformed_kernel(
    kernel: np.ndarray, size: int = len(POINTS) + 1, coarse: bool = False
) -> np.ndarray:
    """Returns the float64 (size, size, in, out) spectrum of an (r, r, in, out) kernel."""
    matrix = filtering_matrices(kernel.shape[0], size, coarse).kernel
    return np.einsum("ai,bj,ijco->abco", matrix, matrix, kernel.astype(np.float64))


def _polynomial(roots: Sequence[Fraction]) -> list[Fraction]:
    """Returns the coefficients, lowest power first, of the monic polynomial with these roots."""
    coefficients = [Fraction(1)]
    for root in roots:
        shifted = [Fraction(0), *coefficients]
        scaled = [*(-root * c for c in coefficients), Fraction(0)]
        coefficients = [a + b for a, b in zip(shifted, scaled, strict=True)]
    return coefficients

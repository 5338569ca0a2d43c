"""Whether two methods differ: a paired bootstrap over the pictures of a dataset."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

_RESAMPLES = 10_000
_PERCENTILES = (2.5, 97.5)


class Difference(NamedTuple):
    """The mean difference between two methods on the same pictures.

    Attributes:
      mean: over the pictures, positive if the second is better.
      low: lower end of its 95 % interval.
      high: upper end.
      pictures: how many there are.
    """

    mean: float
    low: float
    high: float
    pictures: int

    @property
    def holds_zero(self) -> bool:
        """Whether the interval holds zero, so that the pictures do not tell which is better."""
        return self.low <= 0 <= self.high


def paired_difference(gains: Sequence[float], seed: int = 0) -> Difference | None:
    """Returns the mean of paired differences and its interval; None for fewer than two pictures.

    The percentile bootstrap (B. Efron, "Bootstrap methods: another look at the jackknife", 1979):
    pictures are drawn with replacement, 10,000 times, and the middle 95 % of the means are the
    interval. It speaks of pictures like these. Of a handful of pictures it is narrower than it
    should be: of five normally distributed differences the
    true coverage is 84 %, of fourteen 91 %.

    Args:
      gains: of each picture, in the order of pictures; those that are not finite are left out.
      seed: of the draws, so that the same scores have the same interval.
    """
    values = np.asarray(gains, np.float64)
    values = values[np.isfinite(values)]
    if len(values) < 2:
        return None
    random = np.random.Generator(np.random.PCG64(seed))
    draws = random.integers(0, len(values), (_RESAMPLES, len(values)))
    low, high = np.percentile(values[draws].mean(axis=1), _PERCENTILES)
    return Difference(float(values.mean()), float(low), float(high), len(values))

"""What a measurement should reach, and a sentence that says whether it did."""

import dataclasses
from typing import NamedTuple

from srcnn_tf.throughput.timing import Measurement


class Verdict(NamedTuple):
    """A sentence, and whether the target is met: None if a peer is missing."""

    sentence: str
    met: bool | None


@dataclasses.dataclass(frozen=True)
class Ratio:
    """`label` takes at most `at_most` times as long as `than`."""

    label: str
    than: str
    at_most: float

    def verdict(self, measurement: Measurement) -> Verdict:
        """Compares; see `timing.Measurement.ratio`."""
        ratio = measurement.ratio(self.label, self.than)
        return _verdict(
            f"{self.label} at most {self.at_most:.3g} x the time of {self.than}",
            None if ratio is None else f"{ratio:.3g} x",
            ratio is not None and ratio <= self.at_most,
        )


@dataclasses.dataclass(frozen=True)
class Rate:
    """`label` gets through at least `at_least` units a second."""

    label: str
    at_least: float

    def verdict(self, measurement: Measurement) -> Verdict:
        """Compares the median."""
        timing, unit = measurement.timing(self.label), measurement.case.unit
        rate = None if timing is None else measurement.case.amount / timing.median
        return _verdict(
            f"{self.label} at least {self.at_least:,.0f} {unit} a second",
            None if rate is None else f"{rate:,.0f}",
            rate is not None and rate >= self.at_least,
        )


@dataclasses.dataclass(frozen=True)
class Seconds:
    """`label` takes at most `at_most` seconds."""

    label: str
    at_most: float

    def verdict(self, measurement: Measurement) -> Verdict:
        """Compares the median."""
        timing = measurement.timing(self.label)
        return _verdict(
            f"{self.label} at most {self.at_most:.3g} s",
            None if timing is None else f"{timing.median:.3g} s",
            timing is not None and timing.median <= self.at_most,
        )


def _verdict(target, found, met) -> Verdict:
    if found is None:
        return Verdict(f"target: {target}: not measured, one of them is missing", None)
    return Verdict(f"target: {target}: {found}, {'met' if met else 'MISSED'}", met)

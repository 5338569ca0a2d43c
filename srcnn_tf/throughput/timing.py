"""Timing contenders on the same case: interleaved rounds, medians, ratios, and equal results."""

import dataclasses
import math
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

# A turn lasts at least this long, by repeating short work, so that clock resolution is negligible.
_TURN_SECONDS = 0.03
# A case that takes this long is warm after one run.
_LONG_SECONDS = 5
# Thread pools spin for a while after their work and would slow the next contender.
_PAUSE_SECONDS = 0.03


@dataclasses.dataclass(frozen=True)
class Contender:
    """One way to do some case.

    Attributes:
      label: what its row is called.
      run: does the work once and returns when it is done.
      check: returns what must agree with the other contenders, as an array; None if there is
        nothing to compare. Called once, before any timing.
      measures_itself: whether `run` returns its seconds, instead of being timed.
      kind: `ours`; `plain`, as a program without this library would have it; `peer`; or `limit`,
        what no program goes below.
    """

    label: str
    run: Callable[[], Any]
    check: Callable[[], np.ndarray] | None = None
    measures_itself: bool = False
    kind: str = "peer"


@dataclasses.dataclass(frozen=True)
class Case:
    """What several contenders do; the first of them is ours, and the others compare to it.

    Attributes:
      group: one of `throughput.GROUPS`.
      title: what is done, with its sizes.
      amount: how much one run gets through, in `unit`.
      unit: plural, such as "megapixels".
      contenders: made when their turn comes, since some hold much memory.
      targets: see `targets`.
      missing: why a contender did not run, by label.
      rounds: how many rounds at most; None for as many as the suite says.
      warm_up: whether contenders run before they are timed.
      headline: whether the table at the end has a row for it.
      series: names the growth that it is a part of, or "".
      operations: floating-point operations of one run, to compare with a card's peak; 0 for none.
    """

    group: str
    title: str
    amount: float
    unit: str
    contenders: Callable[[], Sequence[Contender]]
    targets: Sequence = ()
    missing: Mapping[str, str] = dataclasses.field(default_factory=dict)
    rounds: int | None = None
    warm_up: bool = True
    headline: bool = False
    series: str = ""
    operations: float = 0.0


@dataclasses.dataclass(frozen=True)
class Timing:
    """How long one contender took.

    Attributes:
      label, kind: the contender's.
      seconds: of one run, a figure for each round.
      difference: largest absolute difference of its result from ours; None if nothing compares.
    """

    label: str
    kind: str
    seconds: tuple[float, ...]
    difference: float | None = None

    @property
    def median(self) -> float:
        """Seconds of one run."""
        return statistics.median(self.seconds)


@dataclasses.dataclass(frozen=True)
class Measurement:
    """The result of a `Case`: timings in its contenders' order, and why others did not run."""

    case: Case
    timings: tuple[Timing, ...]
    missing: Mapping[str, str]

    def timing(self, label: str) -> Timing | None:
        """The timing of that contender, or None if it did not run."""
        return next((timing for timing in self.timings if timing.label == label), None)

    def ratio(self, label: str, than: str) -> float | None:
        """How many times as long `label` takes as `than`: the median over the rounds.

        Both ran within moments of each other in each round, so drift of the machine's speed affects
        both alike.
        """
        first, second = self.timing(label), self.timing(than)
        if first is None or second is None:
            return None
        pairs = zip(first.seconds, second.seconds, strict=True)
        return statistics.median(one / other for one, other in pairs)


def measure(
    case: Case,
    rounds: int = 7,
    clock: Callable[[], float] = time.perf_counter,
    sleep: Callable[[float], None] = time.sleep,
) -> Measurement:
    """Compares the contenders' results, warms them up, then times them in turns.

    In every round each contender has one turn; the order moves on by one from round to round. A
    contender that fails before the first round takes no part, and its error is the reason given.

    Args:
      case: what to measure.
      rounds: how many; fewer if the work asks for fewer.
      clock: seconds since any moment.
      sleep: pauses for some seconds before a turn.
    """
    rounds = min(rounds, case.rounds or rounds)
    missing, ready, reference = dict(case.missing), [], None
    for contender in case.contenders():
        try:
            result = None if contender.check is None else np.asarray(contender.check(), np.float64)
            difference = _difference(result, reference)
            repeats = _warm_up(contender, clock) if case.warm_up else 1
        except Exception as error:
            missing[contender.label] = f"failed: {type(error).__name__}: {_first_line(error)}"
            continue
        if reference is None and result is not None:
            reference, difference = result, 0.0
        ready.append((contender, repeats, difference))
    seconds: dict[str, list[float]] = {contender.label: [] for contender, _, _ in ready}
    for turn in range(rounds):
        start = turn % max(len(ready), 1)
        for contender, repeats, _ in ready[start:] + ready[:start]:
            sleep(_PAUSE_SECONDS)
            seconds[contender.label].append(_seconds(contender, repeats, clock))
    timings = tuple(
        Timing(contender.label, contender.kind, tuple(seconds[contender.label]), difference)
        for contender, _, difference in ready
    )
    return Measurement(case, timings, missing)


def _warm_up(contender, clock) -> int:
    """Runs it twice, perhaps compiling the first time; returns how many runs fill a turn."""
    before = clock()
    contender.run()
    if clock() - before > _LONG_SECONDS:
        return 1
    once = _seconds(contender, 1, clock)
    return max(1, math.ceil(_TURN_SECONDS / once)) if once > 0 else 1


def _seconds(contender, repeats, clock) -> float:
    if contender.measures_itself:
        return statistics.median(contender.run() for _ in range(repeats))
    before = clock()
    for _ in range(repeats):
        contender.run()
    return (clock() - before) / repeats


def _difference(result, reference) -> float | None:
    if result is None or reference is None:
        return None
    if result.shape != reference.shape:
        raise ValueError(
            f"Results to compare must be of one shape: {result.shape}, {reference.shape}"
        )
    return float(np.max(np.abs(result - reference)))


def _first_line(error) -> str:
    return (str(error).strip().splitlines() or ["no message"])[0][:200]

"""Contenders take turns, medians and ratios are of the same rounds, and results are compared."""

import numpy as np
import pytest

from srcnn_tf.throughput.targets import Rate, Ratio, Seconds
from srcnn_tf.throughput.timing import Case, Contender, Measurement, Timing, measure


class _Clock:
    """A clock that advances only when work is done."""

    def __init__(self):
        self.now = 0.0
        self.log = []

    def work(self, name, *seconds):
        """Returns a run that takes these seconds in turn; the last one repeats."""
        left = list(seconds)

        def run():
            self.log.append(name)
            self.now += left.pop(0) if len(left) > 1 else left[0]

        return run

    def measure(self, work, rounds):
        return measure(work, rounds, clock=lambda: self.now, sleep=lambda seconds: None)


def _case(*contenders, **options):
    return Case("resize", "some work", 10, "pixels", lambda: contenders, **options)


def test_contenders_take_turns():
    clock = _Clock()
    work = _case(*(Contender(name, clock.work(name, 1.0)) for name in "abc"))

    clock.measure(work, 3)

    # Each twice to warm up, then in rounds.
    assert "".join(clock.log) == "aabbcc" + "abc" + "bca" + "cab"


def test_median_ignores_warm_up_and_one_slow_round():
    clock = _Clock()
    work = _case(Contender("a", clock.work("a", 4.0, 4.0, 1.0, 9.0, 2.0)))

    measured = clock.measure(work, 3)

    assert measured.timing("a").seconds == (1.0, 9.0, 2.0)
    assert measured.timing("a").median == 2.0


def test_ratios_are_taken_round_by_round():
    # The machine is ten times slower in the second round, which the medians alone would show.
    first = Timing("a", "ours", (1.0, 10.0, 10.0))
    second = Timing("b", "peer", (2.0, 20.0, 2.0))
    measured = Measurement(_case(), (first, second), {})

    assert measured.ratio("a", "b") == pytest.approx(0.5)
    assert measured.ratio("b", "a") == pytest.approx(2.0)
    assert measured.ratio("a", "a") == 1
    assert measured.ratio("a", "absent") is None


def test_short_case_is_repeated():
    clock = _Clock()
    work = _case(Contender("a", clock.work("a", 0.01)))

    measured = clock.measure(work, 1)

    assert len(clock.log) == 2 + 3
    assert measured.timing("a").median == pytest.approx(0.01)


def test_case_may_time_itself():
    measured = measure(_case(Contender("a", lambda: 0.5, measures_itself=True)), 3)

    assert measured.timing("a").seconds == (0.5,) * 3


def test_results_are_compared_with_the_first():
    run = _Clock().work("any", 1.0)
    work = _case(
        Contender("ours", run, lambda: np.array([1.0, 2.0])),
        Contender("same", run, lambda: np.array([1.0, 2.0])),
        Contender("other", run, lambda: np.array([1.5, 1.0])),
        Contender("incomparable", run),
    )

    differences = {t.label: t.difference for t in measure(work, 1, sleep=lambda _: None).timings}

    assert differences == {"ours": 0, "same": 0, "other": 1, "incomparable": None}


def test_failed_or_missing_contender_is_left_out():
    def fail():
        raise RuntimeError("no such instruction\non this processor")

    run = _Clock().work("any", 1.0)
    work = _case(
        Contender("ours", run, lambda: np.zeros(3)),
        Contender("broken", fail),
        Contender("other shape", run, lambda: np.zeros(4)),
        missing={"absent": "not installed: torch"},
        targets=[Ratio("ours", "broken", 2)],
    )

    measured = measure(work, 2, sleep=lambda _: None)

    assert [timing.label for timing in measured.timings] == ["ours"]
    assert measured.missing["broken"] == "failed: RuntimeError: no such instruction"
    assert "of one shape" in measured.missing["other shape"]
    assert measured.missing["absent"] == "not installed: torch"
    assert work.targets[0].verdict(measured).met is None


@pytest.mark.parametrize(
    ("target", "met", "found"),
    [
        (Ratio("ours", "peer", 0.5), True, "0.5 x"),
        (Ratio("ours", "peer", 0.4), False, "0.5 x"),
        (Rate("ours", 5), True, "5"),
        (Rate("ours", 6), False, "5"),
        (Seconds("peer", 4), True, "4 s"),
        (Seconds("peer", 3.9), False, "4 s"),
        (Seconds("absent", 3), None, "not measured"),
    ],
)
def test_targets_say_whether_they_are_met(target, met, found):
    timings = Timing("ours", "ours", (2.0,)), Timing("peer", "peer", (4.0,))

    verdict = target.verdict(Measurement(_case(), timings, {}))

    assert verdict.met is met
    assert found in verdict.sentence
    assert ("MISSED" in verdict.sentence) == (met is False)

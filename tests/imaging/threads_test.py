"""Work is shared among as many threads as this process may use cores."""

import os

import pytest

from srcnn_tf.imaging.threads import share, usable_cores


def test_cores_are_those_that_this_process_may_use():
    if not hasattr(os, "sched_setaffinity"):
        pytest.skip("this system has no processor affinity")
    before = os.sched_getaffinity(0)
    assert usable_cores() == len(before)
    try:
        os.sched_setaffinity(0, {min(before)})
        assert usable_cores() == 1
    finally:
        os.sched_setaffinity(0, before)


@pytest.mark.parametrize("threads", [1, 2])
def test_every_item_is_worked_on_once(threads):
    done = []
    share(done.append, range(5), threads)
    assert sorted(done) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("threads", [1, 2])
def test_an_error_in_a_thread_reaches_the_caller(threads):
    with pytest.raises(ZeroDivisionError):
        share(lambda item: 1 // item, [1, 0, 2], threads)

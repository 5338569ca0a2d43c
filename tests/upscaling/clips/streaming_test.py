"""Three stages side by side: order, few items at a time, and one that fails ends the others."""

import threading

import pytest

from srcnn_tf.upscaling.clips.streaming import stream


def test_results_come_in_order_and_few_wait(tmp_path):
    read, written, most = [0], [], [0]

    def items():
        for number in range(200):
            read[0] += 1
            most[0] = max(most[0], read[0] - len(written))
            yield number

    stream(items(), lambda item: item * 2, lambda results: written.extend(_each(results)))
    assert written == [2 * number for number in range(200)]
    assert most[0] <= 15


def _each(results):
    yield from results


@pytest.mark.parametrize("stage", ["read", "work", "write"])
def test_what_one_stage_raises_ends_all(stage):
    def failing(name, item):
        if name == stage and item == 5:
            raise ValueError(f"in {name}")
        return item

    def items():
        for number in range(10**9):
            yield failing("read", number)

    def write(results):
        for result in results:
            failing("write", result)

    before = threading.active_count()
    with pytest.raises(ValueError, match=f"in {stage}"):
        stream(items(), lambda item: failing("work", item), write)
    assert threading.active_count() == before

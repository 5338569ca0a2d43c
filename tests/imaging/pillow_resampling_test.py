"""Resampling by Pillow gives the same bits however many threads share its bands."""

import math

import numpy as np
import pytest

from srcnn_tf.imaging import pillow_resampling


@pytest.mark.parametrize("scales", [(0.5, 0.5), (1 / 3, 1 / 3), (2, 2), (3, 0.5)])
@pytest.mark.parametrize("shape", [(1200, 1600), (900, 810, 3)])
def test_result_does_not_depend_on_threads(shape, scales):
    image = np.random.default_rng(0).random(shape, np.float32)
    size = tuple(math.ceil(scale * side) for scale, side in zip(scales, shape, strict=False))

    alone = pillow_resampling.resample(image, scales, size, threads=1)

    for threads in (None, 2, 16):
        shared = pillow_resampling.resample(image, scales, size, threads)
        np.testing.assert_array_equal(shared, alone)


def test_error_in_a_thread_is_raised(monkeypatch):
    def fail(*_):
        raise MemoryError

    monkeypatch.setattr(pillow_resampling, "_mirrored", fail)
    image = np.zeros((1200, 1200), np.float32)
    with pytest.raises(MemoryError):
        pillow_resampling.resample(image, (1.0, 1.0), (1200, 1200), threads=2)

"""Exact resampling gives the same bits however many threads share the work."""

import math

import numpy as np
import pytest

from srcnn_tf.imaging import exact_resampling


def _image(shape, dtype):
    random = np.random.default_rng(len(shape))
    if dtype == np.uint8:
        return random.integers(0, 256, shape, dtype)
    return random.uniform(-1, 1, shape).astype(dtype)


# Large enough that threads are used at all.
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
@pytest.mark.parametrize("scales", [(0.5, 0.5), (1 / 3, 1 / 3), (2, 2), (0.37, 0.9), (1.3, 0.6)])
@pytest.mark.parametrize("shape", [(701, 800), (500, 450, 3)])
def test_result_does_not_depend_on_threads(shape, scales, dtype, monkeypatch):
    image = _image(shape, dtype)
    size = tuple(math.ceil(scale * side) for scale, side in zip(scales, shape, strict=False))

    alone = exact_resampling.resample(image, scales, size, True, threads=1)

    for threads in (None, 2, 3, 16):
        shared = exact_resampling.resample(image, scales, size, True, threads)
        np.testing.assert_array_equal(shared, alone)
    # Nor do the blocks, the last of which has an odd number of rows.
    monkeypatch.setattr(exact_resampling, "_BLOCK_ELEMENTS", 1 << 12)
    monkeypatch.setattr(exact_resampling, "_BAND_ROWS", 37)
    np.testing.assert_array_equal(
        exact_resampling.resample(image, scales, size, True, threads=2), alone
    )


def test_few_rows_take_fewer_threads():
    image = _image((9, 200_000), np.float64)

    alone, shared = (
        exact_resampling.resample(image, (1 / 3, 0.5), (3, 100_000), True, threads)
        for threads in (1, 8)
    )

    np.testing.assert_array_equal(shared, alone)


def test_error_in_a_thread_is_raised(monkeypatch):
    def fail(*_):
        raise MemoryError

    monkeypatch.setattr(exact_resampling, "_resample_rows", fail)
    with pytest.raises(MemoryError):
        exact_resampling.resample(np.zeros((1000, 1000)), (0.5, 0.5), (500, 500), True, threads=2)

"""Floats become integers as MATLAB makes them."""

import numpy as np
import pytest

from srcnn_tf.imaging.rounding import quantize


@pytest.mark.parametrize("dtype, white", [(np.uint8, 255), (np.uint16, 65535)])
def test_halves_go_up_and_what_is_outside_is_clipped(dtype, white):
    levels = np.array([-3, -0.4, 0.5, 1.5, 2.4999, white - 0.5, white + 9])
    result = quantize(levels / white, dtype)
    assert result.dtype == dtype
    np.testing.assert_array_equal(result, [0, 0, 1, 2, 2, white, white])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_floats_are_passed_on(dtype):
    result = quantize(np.array([-0.25, 1.25]), dtype)
    assert result.dtype == dtype and result.tolist() == [-0.25, 1.25]

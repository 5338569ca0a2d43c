"""MS-SSIM is TensorFlow's, and that of identical planes is 1."""

import numpy as np
import pytest
import tensorflow as tf

from srcnn_tf.evaluation.metrics.ms_ssim import ms_ssim
from srcnn_tf.evaluation.metrics.ssim import ssim


@pytest.fixture
def plane():
    rows, columns = np.mgrid[:192, :208]
    texture = 40 * np.sin(rows * columns / 511) + 30 * np.sin(columns / 17)
    return np.clip(128 + texture, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("deviation", [3, 20, 80])
def test_it_is_tensorflows(plane, deviation):
    noise = np.random.default_rng(0).normal(0, deviation, plane.shape)
    noisy = np.clip(plane + noise, 0, 255).astype(np.uint8)
    # Sides that divide by 16, so that all halve alike.
    theirs = tf.image.ssim_multiscale(plane[..., None], noisy[..., None], 255)
    assert ms_ssim(plane, noisy) == pytest.approx(float(theirs), abs=2e-4)


def test_identical_planes_have_1_and_blur_counts_less_than_in_ssim(plane):
    assert ms_ssim(plane, plane) == pytest.approx(1)
    moved = np.roll(plane, 1, axis=1)
    assert ssim(plane, moved) < ms_ssim(plane, moved) < 1


def test_small_planes_are_refused():
    with pytest.raises(ValueError, match="at least 176 x 176"):
        ms_ssim(np.zeros((175, 200)), np.zeros((175, 200)))

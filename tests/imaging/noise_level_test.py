"""The noise that was added to a picture is the noise that is found."""

import numpy as np
import pytest

from srcnn_tf.imaging.noise_level import noise_level


@pytest.fixture(scope="module")
def clean():
    """Slow shading, an edge and a black part, without noise; 1.0 = 255."""
    rows, columns = np.mgrid[:240, :320]
    plane = 0.5 + 0.2 * np.sin(columns / 40) * np.cos(rows / 30)
    plane[rows > columns] += 0.2
    plane[:32] = 0
    return plane


@pytest.mark.parametrize("deviation", [0, 2, 5, 10])
def test_added_noise_is_found(clean, deviation):
    noise = np.random.default_rng(1).normal(0, deviation / 255, clean.shape)
    noisy = np.clip(clean + noise, 0, 1)
    assert noise_level(noisy) == pytest.approx(deviation, rel=0.2, abs=0.3)


def test_black_white_and_tiny_pictures_have_none():
    assert noise_level(np.zeros((64, 64))) == 0
    assert noise_level(np.ones((64, 64))) == 0
    assert noise_level(np.random.default_rng(0).random((7, 200))) == 0

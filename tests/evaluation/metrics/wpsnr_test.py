"""WPSNR beside SciPy's convolution with a filter from a sum of cosines."""

import math

import numpy as np
import pytest
import scipy.signal

from srcnn_tf.evaluation.metrics.psnr import psnr
from srcnn_tf.evaluation.metrics.wpsnr import wpsnr


def _sensitivity(u, v):
    """Of Miyahara's picture quality scale, as tutorials on WPSNR have it."""
    omega = 2 * math.pi * math.hypot(u, v) / 60
    radial = 1.5 * math.exp(-(2**2) * omega**2 / 2) - math.exp(-2 * 2**2 * omega**2 / 2)
    angle = math.atan(v / (u + 2**-52))
    high = math.exp(8 * (omega - 2 * math.pi * 11.13 / 60))
    return radial * (1 + high * math.cos(2 * angle) ** 4) / (1 + high)


def _kernel():
    """The filter of 41 x 41 that has these sensitivities at 41 x 41 frequencies."""
    places = np.arange(-20, 21)
    sensitivity = np.array([[_sensitivity(u, v) for v in places] for u in places])
    waves = np.exp(2j * np.pi * np.outer(places, places) / 41)
    return (waves @ sensitivity @ waves).real / 41**2


def test_it_is_psnr_of_the_filtered_error(photo):
    plane = photo[:70, :90, 0].astype(float)
    noisy = np.clip(np.rint(plane + np.random.default_rng(6).normal(0, 9, plane.shape)), 0, 255)
    error = scipy.signal.convolve2d(plane - noisy, _kernel(), mode="same")
    expected = 20 * math.log10(255 / math.sqrt(np.mean(error**2)))

    assert wpsnr(plane, noisy) == pytest.approx(expected, abs=1e-9)
    assert wpsnr(plane / 255, noisy / 255, peak=1) == pytest.approx(expected, abs=1e-9)
    assert wpsnr(plane.astype(np.uint8), noisy.astype(np.uint8)) == pytest.approx(expected)


def test_fine_errors_count_less_than_coarse_ones():
    plane = np.full((120, 120), 100.0)
    across = np.arange(120)
    fine, coarse = (plane + 8 * np.sin(2 * np.pi * across / period) for period in (3, 12))
    assert psnr(plane, fine) == pytest.approx(psnr(plane, coarse), abs=0.1)
    assert wpsnr(plane, fine) > wpsnr(plane, coarse) + 10


def test_identical_planes_are_infinite_and_color_is_refused(photo):
    assert wpsnr(photo[..., 0], photo[..., 0].copy()) == math.inf
    with pytest.raises(ValueError, match="WPSNR takes planes"):
        wpsnr(photo, photo)

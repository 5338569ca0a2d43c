"""Strength: from bicubic's plane to the network's, also in tiles."""

import numpy as np
import pytest

from srcnn_tf.engines.runners import runner
from srcnn_tf.engines.strength import with_strength
from srcnn_tf.imaging.resize import imresize
from srcnn_tf.imaging.tiling import Tiler
from srcnn_tf.networks.network import initial_network
from srcnn_tf.upscaling.enlarging import Enlarger


@pytest.fixture(scope="module")
def plane():
    return np.random.default_rng(0).random((23, 31), np.float32)


@pytest.mark.parametrize(("name", "scale"), [("slim-4x8", 3), ("slim-4x8", 1), ("srcnn-9-1-5", 2)])
def test_it_lies_between_bicubic_and_the_network(plane, name, scale):
    whole = runner(initial_network(name, scale, "he", seed=1), "numpy")
    untouched = imresize(plane, scale) if whole.architecture.upscale > 1 else plane
    np.testing.assert_allclose(with_strength(whole, 0)(plane), untouched, atol=1e-6)
    half = with_strength(whole, 0.5)
    np.testing.assert_allclose(half(plane), (untouched + whole(plane)) / 2, atol=1e-5)
    assert (half.grid, half.architecture) == (whole.grid, whole.architecture)
    assert with_strength(whole, 1) is whole


def test_tiles_leave_no_seams(plane):
    # One layer looks less far than bicubic does.
    whole = runner(initial_network("slim-1x4", 2, "he", seed=1), "numpy")
    halves = with_strength(whole, 0.5)
    results = [Enlarger(2, Tiler(side), halves).enlarge(plane) for side in (512, 8)]
    np.testing.assert_allclose(*results, atol=1e-6)


@pytest.mark.parametrize("strength", [-0.1, 1.1, float("nan")])
def test_other_strengths_are_refused(strength):
    with pytest.raises(ValueError, match="from 0 to 1"):
        with_strength(runner(initial_network("srcnn-9-1-5", 2), "numpy"), strength)

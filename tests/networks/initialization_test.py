"""Training starts where it is said to start: at the input, enlarged."""

import numpy as np
import pytest
from drawn_networks import EVERYTHING

from srcnn_tf.engines.runners import runner
from srcnn_tf.imaging.resize import imresize
from srcnn_tf.networks.architecture import Architecture, Layer
from srcnn_tf.networks.initialization import draw_arrays
from srcnn_tf.networks.network import Network


def _start(layers, scale, skip="none"):
    built = Architecture("start", layers, "low", scale, skip)
    return runner(Network(built, draw_arrays(built, "identity", 0)), "numpy")


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_large_filters_begin_as_bicubic(scale):
    run = _start((Layer(3, 8, "relu"), Layer(5, scale**2)), scale)
    plane = np.random.default_rng(0).random((9, 8), np.float32)
    inside = (slice(2 * scale, -2 * scale),) * 2
    np.testing.assert_allclose(run(plane)[inside], imresize(plane, scale)[inside], atol=0.01)


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_small_filters_begin_as_bilinear(scale):
    run = _start((Layer(3, 8, "prelu"), Layer(3, scale**2)), scale)
    ramp = np.add.outer(np.arange(9), 2 * np.arange(8)).astype(np.float32) / 30
    rows, columns = ((np.arange(scale * n) + 0.5) / scale - 0.5 for n in ramp.shape)
    expected = np.add.outer(rows, 2 * columns) / 30
    inside = (slice(scale, -scale),) * 2
    np.testing.assert_allclose(run(ramp)[inside], expected[inside], atol=0.01)


@pytest.mark.parametrize("skip", ["nearest", "bicubic"])
def test_with_a_global_skip_that_is_the_start(skip):
    run = _start((Layer(3, 8, "prelu"), Layer(3, 9)), 3, skip)
    plane = np.random.default_rng(0).random((9, 8), np.float32)
    nearest = plane.repeat(3, 0).repeat(3, 1)
    expected = nearest if skip == "nearest" else imresize(plane, 3)
    np.testing.assert_allclose(run(plane), expected, atol=0.01)


@pytest.mark.parametrize("architecture", EVERYTHING, ids=lambda each: each.name)
@pytest.mark.parametrize("initialization", ["identity", "he", "paper"])
def test_all_architectures_are_drawn_by_their_seed(architecture, initialization):
    one, same, other = (draw_arrays(architecture, initialization, seed) for seed in (0, 0, 1))
    assert {name: array.shape for name, array in one.items()} == architecture.array_shapes
    for name, array in one.items():
        assert array.dtype == np.float32
        np.testing.assert_array_equal(array, same[name])
    assert (one["conv1/kernel"] != other["conv1/kernel"]).any()

"""Networks of three planes: every engine gives TensorFlow's result, whole and in tiles."""

import numpy as np
import pytest
import tensorflow as tf
from drawn_networks import EVERYTHING, drawn

from srcnn_tf.engines.runners import runner, self_ensemble
from srcnn_tf.imaging.resize import imresize
from srcnn_tf.imaging.tiling import Tiler
from srcnn_tf.networks.families.family import find_architecture

_NAMED = [find_architecture(name, 3) for name in ("srcnn-9-1-5-rgb", "slim-4x8-ycbcr")]
_EACH = pytest.mark.parametrize(
    "architecture",
    [
        *_NAMED,
        *(pytest.param(each.in_color("rgb"), marks=pytest.mark.slow) for each in EVERYTHING),
    ],
    ids=lambda each: each.name,
)


def _planes(*shape, seed=0):
    return np.random.default_rng(seed).random((*shape, 3), np.float32)


@_EACH
@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (13, 10), (9, 530)])
def test_all_engines_agree(architecture, shape):
    network, planes = drawn(architecture), _planes(*shape)
    expected = runner(network, "tensorflow")(planes)
    assert expected.shape == (*(side * architecture.upscale for side in shape), 3)
    for engine in ("numpy", "cpu"):
        run = runner(network, engine)
        np.testing.assert_allclose(run(planes), expected, rtol=0, atol=2e-5)
        turned = np.swapaxes(_planes(*shape[::-1]), 0, 1)
        np.testing.assert_allclose(
            run(turned), run(np.ascontiguousarray(turned)), rtol=0, atol=1e-6
        )


@_EACH
def test_it_is_tensorflows_own_convolutions(architecture):
    network, planes = drawn(architecture), _planes(12, 11)
    results = [tf.constant(planes[None])]
    for number, layer in enumerate(architecture.layers, start=1):
        border = layer.side // 2
        around = ((0, 0), (border, border), (border, border), (0, 0))
        padded = np.pad(results[-1], around, mode="edge")
        kernel = network.arrays[f"conv{number}/kernel"]
        given = tf.nn.conv2d(padded, kernel, 1, "VALID") + network.arrays[f"conv{number}/bias"]
        if layer.skip:
            given += results[number - layer.skip]
        if layer.activation == "prelu":
            slope = network.arrays[f"conv{number}/slope"]
            given = tf.maximum(given, 0) + slope * tf.minimum(given, 0)
        elif layer.activation != "none":
            given = {"relu": tf.nn.relu, "tanh": tf.tanh}[layer.activation](given)
        results.append(given)
    upscale, result = architecture.upscale, results[-1]
    expected = tf.nn.depth_to_space(result, upscale) if upscale > 1 else result
    if architecture.global_skip != "none":
        repeated = np.repeat(np.repeat(planes, upscale, 0), upscale, 1)
        nearest = architecture.global_skip == "nearest" or upscale == 1
        expected += repeated if nearest else imresize(planes, upscale)
    np.testing.assert_allclose(runner(network, "cpu")(planes), expected[0], rtol=0, atol=2e-5)


@_EACH
@pytest.mark.parametrize("side", [5, 8, 32])
def test_tiles_have_no_seams(architecture, side):
    run, planes = runner(drawn(architecture), "numpy"), _planes(11, 9)
    for restore in (run, self_ensemble(run)):
        tiled = Tiler(side).run(planes, restore, architecture.halo, architecture.upscale)
        np.testing.assert_allclose(tiled, restore(planes), rtol=0, atol=1e-5)


def test_a_wrong_shape_is_one_sentence():
    run = runner(drawn(_NAMED[0]), "numpy")
    for wrong in (np.zeros((4, 4), np.float32), np.zeros((4, 4, 3), np.uint8)):
        with pytest.raises(ValueError, match=r"srcnn-9-1-5-rgb takes three planes \(H, W, 3\)"):
            run(wrong)
    with pytest.raises(ValueError, match=r"one plane \(H, W\)"):
        runner(drawn(EVERYTHING[0]), "numpy")(_planes(4, 4))

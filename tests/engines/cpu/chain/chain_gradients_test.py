"""Loss and gradients of any chain of convolutions on the CPU are TensorFlow's."""

import numpy as np
import pytest
import tensorflow as tf
from drawn_networks import EVERYTHING, drawn

from srcnn_tf.engines.cpu.chain.gradients import chain_gradients
from srcnn_tf.engines.keras_models import keras_model
from srcnn_tf.networks.families.family import find_architecture
from srcnn_tf.training.losses.loss import LOSSES


def _slow(*case):
    return pytest.param(*case, marks=pytest.mark.slow)


_CASES = [
    *(_slow(architecture, 37, "valid", "mse") for architecture in EVERYTHING),
    *(_slow(architecture, 18, "replicate", "mse") for architecture in EVERYTHING[2:]),
    *((architecture, 18, "replicate", "mse") for architecture in EVERYTHING[:2]),
    (find_architecture("slim-2x16", 2), 32, "replicate", "l1"),
    (find_architecture("slim-2x8", 4), 21, "replicate", "charbonnier"),
    _slow(find_architecture("slim-2x40", 3), 14, "valid", "mse"),
    _slow(find_architecture("fsrcnn", 3), 22, "replicate", "mse"),
    (find_architecture("espcn", 2), 20, "valid", "mse"),
    *(_slow(each.in_color("rgb"), 37, "valid", "l1") for each in EVERYTHING),
    *(_slow(each.in_color("ycbcr"), 18, "replicate", "mse") for each in EVERYTHING),
    (find_architecture("srcnn-9-1-5-rgb"), 19, "valid", "mse"),
    (find_architecture("slim-2x8-ycbcr", 3), 17, "replicate", "mse"),
]


def _batch(architecture, patch, padding, count=3):
    random = np.random.default_rng(1)
    inputs = random.random((count, patch, patch, architecture.channels), np.float32)
    border = architecture.halo if padding == "valid" else 0
    side = (patch - 2 * border) * architecture.upscale
    # Far from what comes out: where an error is near zero, l1's gradient turns over.
    return inputs, random.random((count, side, side, architecture.channels), np.float32) - 6


@pytest.mark.parametrize(
    ("architecture", "patch", "padding", "loss"),
    _CASES,
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_gradients_are_tensorflows(architecture, patch, padding, loss):
    network = drawn(architecture, seed=3)
    model = keras_model(network)
    inputs, targets = _batch(architecture, patch, padding)
    variables = model.named_variables()
    with tf.GradientTape() as tape:
        value = LOSSES[loss](model(inputs, padding=padding), targets)
    expected = tape.gradient(value, list(variables.values()))

    differentiate = chain_gradients(architecture, patch, loss, padding)
    found, gradients = differentiate(list(network.arrays.values()), inputs, targets)

    assert found == pytest.approx(float(value), rel=1e-5)
    for name, ours, theirs in zip(variables, gradients, expected, strict=True):
        theirs = np.reshape(theirs, ours.shape)
        tolerance = 5e-5 * max(np.abs(theirs).max(), 1e-3)
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=tolerance, err_msg=name)


def test_neither_threads_nor_what_came_before_change_a_bit():
    architecture = find_architecture("slim-1x8", 2)
    weights = list(drawn(architecture).arrays.values())
    inputs, targets = _batch(architecture, 19, "replicate", 11)
    results = []
    for threads in (1, 2, 5, 1):
        differentiate = chain_gradients(architecture, 19, "mse", "replicate", threads)
        differentiate(weights, np.full_like(inputs, np.nan), targets)
        results.append(differentiate(weights, inputs, targets))
    for loss, gradients in results[1:]:
        assert loss == results[0][0]
        for ours, first in zip(gradients, results[0][1], strict=True):
            np.testing.assert_array_equal(ours, first)

"""The vector kernels' loss and gradients are those of TensorFlow, for every network and crop."""

import numpy as np
import pytest
import tensorflow as tf
from drawn_networks import drawn_network

from srcnn_tf.engines.cpu import gradients as module
from srcnn_tf.engines.cpu.crop_kernels import compile_crop_kernels
from srcnn_tf.engines.cpu.gradients import cpu_gradients
from srcnn_tf.engines.cpu.patch_layout import PatchLayout
from srcnn_tf.engines.cpu.shape import KernelShape
from srcnn_tf.networks.families.family import find_architecture
from srcnn_tf.networks.families.srcnn import ARCHITECTURES
from srcnn_tf.training.config import TrainConfig
from srcnn_tf.training.train_step import TrainState, make_train_step


def _batch(network, count, patch):
    border = network.architecture.radius
    inputs = np.random.default_rng(1).random((count, patch, patch, 1), dtype=np.float32)
    return inputs, inputs[:, border : patch - border, border : patch - border] ** 2


def _expected(network, inputs, targets, loss):
    with tf.GradientTape() as tape:
        errors = network(inputs, padding="valid") - targets
        values = errors**2 if loss == "mse" else tf.sqrt(errors**2 + 1e-6)
        value = tf.reduce_mean(values)
    gradients = tape.gradient(value, network.trainable_variables)
    return float(value), [gradient.numpy() for gradient in gradients]


def _assert_close(found, expected):
    # Relative to each array's largest value: a bias' gradient sums thousands of both signs.
    for ours, theirs in zip(found, expected, strict=True):
        assert ours.shape == theirs.shape
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-5 * np.abs(theirs).max())


@pytest.mark.parametrize("name", sorted(ARCHITECTURES))
@pytest.mark.parametrize(
    ("patch", "loss"),
    # The smallest crop, one that fills no tile, and those of the recipes.
    [
        (26, "mse"),
        (33, "charbonnier"),
        *(pytest.param(side, "mse", marks=pytest.mark.slow) for side in (17, 33, 64)),
    ],
)
def test_gradients_are_tensorflows(name, patch, loss):
    # With seed 0 one second-layer sum of the 9-3-5 network's 279,936 is 2.9e-7: rounding decides on
    # which side of ReLU it falls, and the gradients differ by 9e-5 without either being wrong.
    network = drawn_network(name, seed=3)
    inputs, targets = _batch(network, 3, patch)
    if loss == "charbonnier":
        # Where an error is near zero the slope of this loss turns over, and rounding shows.
        targets = targets - 4
    value, expected = _expected(network, inputs, targets, loss)

    differentiate = cpu_gradients(network.architecture, patch, loss)
    found, gradients = differentiate(network.get_weights(), inputs, targets)

    assert found == pytest.approx(value, rel=1e-5)
    _assert_close(gradients, expected)


def test_neither_threads_nor_earlier_batches_change_a_bit():
    network = drawn_network("srcnn-9-5-5")
    inputs, targets = _batch(network, 11, 33)
    weights = network.get_weights()
    results = []
    for threads in (1, 3):
        differentiate = cpu_gradients(network.architecture, 33, "mse", threads)
        results += [differentiate(weights, inputs, targets) for _ in range(2)]
        differentiate(weights, inputs[::-1], targets)
    for loss, gradients in results[1:]:
        assert loss == results[0][0]
        for ours, first in zip(gradients, results[0][1], strict=True):
            np.testing.assert_array_equal(ours, first)


@pytest.mark.parametrize("lanes", [4, 8, 16])
@pytest.mark.slow
def test_code_for_other_registers_gives_the_same(lanes, monkeypatch):
    network = drawn_network("srcnn-9-5-5")
    inputs, targets = _batch(network, 2, 33)
    _, expected = _expected(network, inputs, targets, "mse")
    shape = KernelShape((9, 5, 5), (64, 32), lanes)
    monkeypatch.setattr(module, "KernelShape", lambda *_: shape)
    monkeypatch.setattr(module, "_compiled", compile_crop_kernels)

    differentiate = cpu_gradients(network.architecture, 33, "mse")

    _assert_close(differentiate(network.get_weights(), inputs, targets)[1], expected)


@pytest.mark.slow
def test_a_step_by_either_engine_ends_with_the_same_weights():
    states = {}
    for engine in ("vector", "tensorflow"):
        config = TrainConfig(scale=3, engine=engine, patch_size=33, warmup_steps=0, steps=100)
        states[engine] = TrainState(config, "float32")
        step = make_train_step(states[engine], config)
        for _ in range(3):
            inputs, targets = _batch(states[engine].network, 4, 33)
            step(tf.constant(inputs), tf.constant(targets))
    ours, theirs = (state.get_arrays() for state in states.values())
    for name, array in theirs.items():
        if name.startswith("network"):
            np.testing.assert_allclose(ours[name], array, rtol=0, atol=1e-4)


def test_what_the_kernels_cannot_train_is_refused():
    config = TrainConfig(scale=3, engine="vector", patch_size=33)
    with pytest.raises(ValueError, match=r"mixed_bfloat16.*--engine=tensorflow"):
        make_train_step(TrainState(config, "mixed_bfloat16"), config)


def test_tiles_cover_every_crop():
    for name in ARCHITECTURES:
        sizes = tuple(find_architecture(name).kernel_sizes)
        for patch in range(sum(sizes) - 2, 80):
            crop = PatchLayout(KernelShape(sizes, (64, 32)), patch)
            assert crop.second_rows >= crop.second_side > crop.second_rows - crop.shape.outputs
            assert crop.third_side == patch - sum(sizes) + 3

"""Tests of Muon for convolutions and of the schedule, against NumPy and Keras' own Adam."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from srcnn_tf.engines.keras_models import create_network
from srcnn_tf.training.config import TrainConfig
from srcnn_tf.training.convolution_muon import ConvolutionMuon, orthogonalize
from srcnn_tf.training.create_optimizer import create_optimizer
from srcnn_tf.training.recipes.recipe import preset
from srcnn_tf.training.train_step import learning_rate


@pytest.mark.parametrize("shape", [(81, 64), (1600, 32), (8, 40)])
def test_orthogonalize_evens_out_singular_values(shape):
    random = np.random.default_rng(0)
    left, _ = np.linalg.qr(random.normal(size=(shape[0], min(shape))))
    right, _ = np.linalg.qr(random.normal(size=(shape[1], min(shape))))
    values = np.geomspace(1, 0.02, min(shape))
    matrix = (left * values) @ right.T

    result = orthogonalize(tf.constant(matrix, tf.float32)).numpy()

    in_their_basis = left.T @ result @ right
    assert np.all((np.diag(in_their_basis) > 0.6) & (np.diag(in_their_basis) < 1.3))
    assert np.abs(in_their_basis - np.diag(np.diag(in_their_basis))).max() < 1e-3


def _gradients(network, seed):
    random = np.random.default_rng(seed)
    return [tf.constant(random.normal(size=v.shape), tf.float32) for v in network.variables]


def test_muon_leaves_the_rest_to_adam():
    network, twin = (create_network("srcnn-9-1-5", seed=3) for _ in range(2))
    muon = ConvolutionMuon(0.01, adam_ratio=0.5)
    adam = keras.optimizers.Adam(0.005)
    start = network.get_arrays()
    momentum = 0
    expected = start["conv1/kernel"].reshape(81, 64).astype(np.float64)
    for step in range(3):
        gradients = _gradients(network, step)
        muon.apply(gradients, network.trainable_variables)
        adam.apply(gradients, twin.trainable_variables)
        gradient = gradients[0].numpy().reshape(81, 64)
        momentum = 0.95 * momentum + gradient
        expected -= 0.01 * orthogonalize(tf.constant(gradient + 0.95 * momentum)).numpy()

    trained, by_adam = network.get_arrays(), twin.get_arrays()
    np.testing.assert_allclose(trained["conv1/kernel"].reshape(81, 64), expected, atol=1e-5)
    for name in ("conv1/bias", "conv2/bias", "conv3/kernel", "conv3/bias"):
        np.testing.assert_array_equal(trained[name], by_adam[name])
    assert np.abs(trained["conv2/kernel"] - by_adam["conv2/kernel"]).max() > 1e-3


def test_decay_takes_its_part_off_the_kernels_that_muon_has():
    plain, decayed = (create_network("srcnn-9-1-5", seed=3) for _ in range(2))
    start = plain.get_arrays()
    for network, decay in ((plain, 0.0), (decayed, 0.5)):
        optimizer = ConvolutionMuon(0.01, adam_ratio=0.5, kernel_decay=decay)
        optimizer.apply(_gradients(network, 0), network.trainable_variables)
    plain, decayed = plain.get_arrays(), decayed.get_arrays()
    for name, array in plain.items():
        part = 0.01 * 0.5 * start[name] if name in ("conv1/kernel", "conv2/kernel") else 0
        np.testing.assert_allclose(decayed[name], array - part, atol=1e-7)


def test_rate_rises_then_falls_by_half_a_cosine():
    config = TrainConfig(
        scale=3,
        network="srcnn-9-1-5",
        optimizer="adam",
        steps=110,
        warmup_steps=10,
        learning_rate=0.02,
        final_learning_rate=0.1,
    )
    network = create_network(config.network)
    optimizer = create_optimizer(config, network)
    rates = {}
    for step in range(111):
        rates[step] = learning_rate(optimizer)
        optimizer.iterations.assign_add(1)
    assert rates[0] == 0
    assert rates[5] == pytest.approx(0.01)
    assert rates[10] == pytest.approx(0.02)
    assert rates[60] == pytest.approx((0.02 + 0.002) / 2)
    assert rates[110] == pytest.approx(0.002)


def test_without_warm_up_the_first_rate_is_the_highest():
    config = TrainConfig(scale=3, network="srcnn-9-1-5", optimizer="adam", warmup_steps=0)
    optimizer = create_optimizer(config, create_network(config.network))
    assert learning_rate(optimizer) == pytest.approx(config.learning_rate)


def test_the_papers_sgd_is_its_equation_with_a_tenth_of_the_rate_in_the_last_layer():
    config = preset("srcnn_paper", scale=3)
    network = create_network("srcnn-9-1-5", seed=3)
    optimizer = create_optimizer(config, network)
    expected, steps = network.get_arrays(), {}
    for step in range(3):
        gradients = _gradients(network, step)
        optimizer.apply(gradients, network.trainable_variables)
        for name, gradient in zip(config.architecture.array_shapes, gradients, strict=True):
            rate = config.learning_rate * (0.1 if name.startswith("conv3") else 1)
            steps[name] = 0.9 * steps.get(name, 0) - rate * gradient.numpy()
            expected[name] = expected[name] + steps[name]
    assert config.learning_rate == pytest.approx(1e-4 * 21 * 21 / 2)
    assert learning_rate(optimizer) == pytest.approx(config.learning_rate)
    for name, array in network.get_arrays().items():
        np.testing.assert_allclose(array, expected[name], rtol=2e-5, atol=1e-5)

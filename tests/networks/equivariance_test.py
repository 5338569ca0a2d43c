"""A symmetric network treats all turns and flips alike, and training keeps it so."""

import numpy as np
import pytest
import tensorflow as tf

from srcnn_tf.engines.keras_models import create_network
from srcnn_tf.engines.runners import runner, self_ensemble
from srcnn_tf.networks import equivariance
from srcnn_tf.networks.families.family import find_architecture
from srcnn_tf.networks.families.srcnn import ARCHITECTURES, chain
from srcnn_tf.networks.initialization import draw_arrays
from srcnn_tf.training.config import TrainConfig
from srcnn_tf.training.train_step import TrainState, make_train_step

_TURNS = [lambda plane, q=q, f=f: np.rot90(plane[:, ::f], q) for q in range(4) for f in (1, -1)]


def _symmetric(name, initialization="he"):
    network = create_network(name)
    arrays = draw_arrays(find_architecture(name), initialization, seed=0)
    if initialization == "he":
        arrays["conv1/bias"] = np.linspace(-0.1, 0.1, 64, dtype=np.float32)
    network.set_arrays(equivariance.symmetric_start(find_architecture(name), arrays))
    return network


@pytest.mark.parametrize("name", sorted(ARCHITECTURES))
def test_turning_the_input_turns_the_output(name):
    run = runner(_symmetric(name), "tensorflow")
    plane = np.random.default_rng(0).random((24, 31), np.float32)
    expected = run(plane)

    for turn in _TURNS:
        np.testing.assert_allclose(run(turn(plane)), turn(expected), rtol=0, atol=1e-5)
    np.testing.assert_allclose(self_ensemble(run)(plane), expected, rtol=0, atol=1e-5)


def test_the_filters_of_a_group_are_the_turns_of_its_first():
    arrays = draw_arrays(find_architecture("srcnn-9-5-5"), "he", seed=0)
    kernel = equivariance.symmetric_start(find_architecture("srcnn-9-5-5"), arrays)["conv1/kernel"]

    np.testing.assert_array_equal(kernel[..., ::8], arrays["conv1/kernel"][..., ::8])
    for group in range(0, 64, 8):
        turned = {turn(kernel[:, :, 0, group]).tobytes() for turn in _TURNS}
        assert turned == {kernel[:, :, 0, group + member].tobytes() for member in range(8)}


def test_it_begins_at_the_quality_of_its_input():
    plane = np.random.default_rng(0).random((24, 31), np.float32)

    result = runner(_symmetric("srcnn-9-5-5", "identity"))(plane)

    assert np.sqrt(np.mean((result - plane) ** 2)) < 0.02


def test_a_gradients_symmetric_part_is_its_mean_over_turned_batches():
    network = _symmetric("srcnn-9-1-5")
    variables = network.trainable_variables
    random = np.random.default_rng(1)
    inputs = random.random((2, 20, 20), np.float32)
    targets = random.random((2, 8, 8), np.float32)

    def gradients(turn):
        turned = [
            np.stack([turn(plane) for plane in planes])[..., None] for planes in (inputs, targets)
        ]
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((network(turned[0], padding="valid") - turned[1]) ** 2)
        return tape.gradient(loss, variables)

    every = [gradients(turn) for turn in _TURNS]
    plain = gradients(lambda plane: plane)
    tables = equivariance.symmetric_tables(network.architecture)

    for number, (gradient, table) in enumerate(zip(plain, tables, strict=True)):
        mean = np.mean([each[number] for each in every], axis=0)
        part = equivariance.symmetric_part(gradient, table).numpy()
        largest = np.abs(mean).max()
        np.testing.assert_allclose(part, mean, rtol=0, atol=1e-4 * largest)
        if number < 5:  # the last layer's only bias is its own group
            assert np.abs(gradient.numpy() - mean).max() > 0.01 * largest


@pytest.mark.parametrize("optimizer", ["muon", "adam"])
@pytest.mark.parametrize("symmetric", [True, False])
@pytest.mark.slow
def test_training_keeps_what_it_is_told_to_keep(optimizer, symmetric):
    config = TrainConfig(
        scale=3, network="srcnn-9-1-5", optimizer=optimizer, equivariant=symmetric, steps=100,
        warmup_steps=0,
    )  # fmt: skip
    state = TrainState(config, "float32")
    before = state.network.get_arrays()
    step = make_train_step(state, config)
    random = np.random.default_rng(2)
    for _ in range(10):
        inputs = random.random((2, 20, 20, 1), np.float32)
        step(tf.constant(inputs), tf.constant(inputs[:, 6:-6, 6:-6] ** 2))

    after = state.network.get_arrays()
    assert np.abs(after["conv1/kernel"] - before["conv1/kernel"]).max() > 1e-3
    difference = equivariance.asymmetry(find_architecture("srcnn-9-1-5"), after)
    assert (difference < 1e-5) == symmetric


def test_filters_must_come_in_eights():
    assert all(equivariance.supports(known) for known in ARCHITECTURES.values())
    assert not equivariance.supports(chain("other", (9, 5, 5), (64, 30, 1)))

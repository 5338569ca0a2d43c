"""Tests of one training step: what it computes, and how half precision behaves."""

import numpy as np
import pytest
import tensorflow as tf

from srcnn_tf.training.config import TrainConfig
from srcnn_tf.training.train_step import TrainState, make_run_steps, make_train_step


def _config(**changes):
    defaults = {"network": "srcnn-9-1-5", "steps": 100, "optimizer": "adam", "warmup_steps": 0}
    return TrainConfig(scale=3, **{**defaults, **changes})


def _batch(seed=0, patch=25):
    random = np.random.default_rng(seed)
    inputs = random.uniform(size=(4, patch, patch, 1)).astype(np.float32)
    border = 6
    targets = inputs[:, border:-border, border:-border] ** 2
    return tf.constant(inputs), tf.constant(targets)


@pytest.mark.slow
def test_compiled_and_plain_steps_agree():
    states = []
    for jit_compile in (True, False):
        config = _config(jit_compile=jit_compile, learning_rate=1e-3)
        state = TrainState(config, "float32")
        step = make_train_step(state, config)
        losses = [float(step(*_batch(seed))) for seed in range(3)]
        states.append((losses, state.get_arrays()))
    (losses, arrays), (plain_losses, plain_arrays) = states
    np.testing.assert_allclose(losses, plain_losses, rtol=1e-5)
    for name, array in arrays.items():
        if name.startswith("network"):
            np.testing.assert_allclose(array, plain_arrays[name], atol=2e-5)


def test_the_gradient_is_that_of_the_mean_squared_error():
    """One step of Adam from rest shows the gradient: each weight moves by rate g / (|g| + e)."""
    rate, epsilon = 1e-3, 1e-7 / np.sqrt(1 - 0.999)
    config = _config(learning_rate=rate, initialization="he", equivariant=False)
    state = TrainState(config, "float32")
    inputs, targets = _batch()
    variables = state.network.trainable_variables
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((state.network(inputs, padding="valid") - targets) ** 2)
    gradients = [g.numpy() for g in tape.gradient(loss, variables)]
    before = [v.numpy() for v in variables]

    measured = float(make_train_step(state, config)(inputs, targets))

    assert measured == pytest.approx(float(loss), rel=1e-5)
    for old, variable, gradient in zip(before, variables, gradients, strict=True):
        expected = -rate * gradient / (np.abs(gradient) + epsilon)
        assert np.abs(expected).max() > rate / 2
        np.testing.assert_allclose(variable.numpy() - old, expected, atol=rate / 100)


def test_charbonnier_is_the_mean_of_smoothed_absolute_errors():
    config = _config(loss="charbonnier")
    state = TrainState(config, "float32")
    inputs, targets = _batch()
    outputs = state.network(inputs, padding="valid").numpy()
    expected = np.sqrt((outputs - targets.numpy()) ** 2 + 1e-6).mean()
    assert float(make_train_step(state, config)(inputs, targets)) == pytest.approx(
        expected, rel=1e-4
    )


def test_average_follows_its_formula():
    config = _config(ema_decay=0.5, learning_rate=0.01)
    state = TrainState(config, "float32")
    step = make_train_step(state, config)
    expected = state.network.get_arrays()
    for number in range(6):
        step(*_batch(number))
        decay = min(0.5, (1 + number) / (10 + number))
        for name, array in state.network.get_arrays().items():
            expected[name] = array + decay * (expected[name] - array)
    for name, array in state.average.get_arrays().items():
        np.testing.assert_allclose(array, expected[name], atol=1e-6)


def test_without_averaging_the_average_is_the_network():
    config = _config(ema_decay=0.0, learning_rate=0.01)
    state = TrainState(config, "float32")
    make_train_step(state, config)(*_batch())
    for name, array in state.network.get_arrays().items():
        np.testing.assert_array_equal(state.average.get_arrays()[name], array)


@pytest.mark.parametrize("precision", ["float32", "mixed_bfloat16", "mixed_float16"])
def test_every_precision_keeps_state_and_loss_in_float32(precision):
    config = _config(optimizer="muon")
    state = TrainState(config, precision)
    loss = make_train_step(state, config)(*_batch())
    assert loss.dtype == tf.float32
    assert state.network.convolutions[0].compute_dtype == precision.removeprefix("mixed_")
    assert state.network.convolutions[-1].compute_dtype == "float32"
    assert {layer.compute_dtype for layer in state.average.convolutions} == {"float32"}
    for layer in state.network.convolutions:
        assert layer.kernel.dtype == layer.bias.dtype == "float32"
    for name, array in state.get_arrays().items():
        counts = array.dtype in (np.int64, np.int32) and array.shape == ()
        assert array.dtype == np.float32 or counts, name
    # Metrics take what the averaged network gives.
    assert state.average(_batch()[0]).dtype == tf.float32


def test_overflow_skips_the_step_and_lowers_the_scale():
    config = _config()
    state = TrainState(config, "mixed_float16")
    step = make_train_step(state, config)
    inputs, targets = _batch()
    before, scale = state.network.get_arrays(), float(state.optimizer.dynamic_scale)

    step(inputs * 1e6, targets)  # 1e6 is beyond float16's 65504

    assert (int(state.step), int(state.optimizer.iterations)) == (1, 0)
    assert float(state.optimizer.dynamic_scale) < scale
    for name, array in state.network.get_arrays().items():
        np.testing.assert_array_equal(array, before[name])
    for name, array in state.average.get_arrays().items():
        np.testing.assert_array_equal(array, before[name])


def test_many_steps_in_one_call_are_the_same_steps():
    batches = [_batch(seed) for seed in range(5)]
    config = _config(optimizer="muon")
    one_by_one, together = TrainState(config, "float32"), TrainState(config, "float32")
    step = make_train_step(one_by_one, config)
    losses = [float(step(*batch)) for batch in batches]
    stacked = tuple(tf.stack(parts) for parts in zip(*batches, strict=True))
    iterator = iter(tf.data.Dataset.from_tensor_slices(stacked))
    mean_loss, waited = make_run_steps(make_train_step(together, config))(iterator, tf.constant(5))

    assert float(mean_loss) == pytest.approx(np.mean(losses), rel=1e-5)
    assert float(waited) >= 0
    expected = one_by_one.get_arrays()
    for name, array in together.get_arrays().items():
        np.testing.assert_array_equal(array, expected[name])


def test_waiting_is_over_before_the_step_begins():
    """Otherwise the step takes the cores, and its time is counted as waiting."""
    iterator = iter(tf.data.Dataset.from_tensors(_batch()).repeat())
    step = tf.function(lambda inputs, targets: tf.reduce_sum(inputs))
    graph = make_run_steps(step).get_concrete_function(iterator, tf.constant(2)).graph

    (body,) = (
        function.node_def
        for function in graph.as_graph_def().library.function
        if any(node.op == "IteratorGetNext" for node in function.node_def)
    )
    (request,) = (node.name for node in body if node.op == "IteratorGetNext")
    after = {f"^{node.name}" for node in body if f"^{request}" in node.input}
    steps = [node for node in body if any(each.startswith(f"{request}:") for each in node.input)]
    clocks = {f"^{node.name}" for node in body if node.op == "Timestamp"} & after
    assert clocks and steps
    assert all(clocks <= set(node.input) for node in steps)


def test_a_state_of_another_network_is_refused():
    small = TrainState(_config(), "float32").get_arrays()
    large = TrainState(_config(network="srcnn-9-3-5"), "float32")
    with pytest.raises(ValueError, match="another network"):
        large.set_arrays(small)

"""Losses are what they say they are, on TensorFlow and, where it has them, on the CPU engine."""

import numpy as np
import pytest
import tensorflow as tf

from srcnn_tf.engines.cpu.gradients import LOSSES as KERNEL_LOSSES
from srcnn_tf.training.losses.loss import LOSSES

_FORMULAS = {
    "mse": lambda errors: errors**2,
    "l1": np.abs,
    "charbonnier": lambda errors: np.sqrt(errors**2 + 1e-6),
}


@pytest.mark.parametrize("name", _FORMULAS)
def test_losses_are_their_formulas(name):
    outputs, targets = np.random.default_rng(0).random((2, 3, 5, 4, 1)).astype(np.float32)
    expected = _FORMULAS[name](outputs.astype(np.float64) - targets).mean()
    loss = LOSSES[name](tf.constant(outputs), tf.constant(targets))
    assert float(loss) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("name", KERNEL_LOSSES)
def test_the_cpu_engine_has_the_same_losses(name):
    errors = np.random.default_rng(1).normal(0, 1, (6, 7)).astype(np.float32)
    variable = tf.Variable(errors)
    with tf.GradientTape() as tape:
        loss = LOSSES[name](variable, tf.zeros_like(variable))
    total, slopes = KERNEL_LOSSES[name](errors)
    assert total / errors.size == pytest.approx(float(loss), rel=1e-5)
    expected = tape.gradient(loss, variable).numpy()
    np.testing.assert_allclose(slopes / errors.size, expected, atol=1e-6)


def test_an_unknown_loss_is_answered_with_the_known_ones():
    with pytest.raises(ValueError, match=r"no loss 'l3'.*charbonnier, l1, mse"):
        LOSSES["l3"]
